"""What becomes of every field, found out anew: its storyboard is compiled, and what comes of it handed on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

import specfile
from specfile.emulator.catalogue import load_catalogue
from specfile.emulator.errors import ApiError
from specfile.emulator.models import parse_generate
from specfile.emulator.v3_films import Account, payload_of
from specfile.emulator.v3_models import CinematicRequest, parse_create
from specfile.emulator.webm_models import parse_webm
from specfile.film import Json
from specfile.preview.fields import RENDERED
from specfile.schemas import Dialect, is_valid
from tests.coverage.leaves import Leaf, leaves, value_at
from tests.coverage.leaves import Path as Place
from tests.coverage.v2 import as_spec, samples
from tests.coverage.v3 import OWN_PICTURE, UPLOADED, v3_samples, webm_samples

ME: Final = Path(__file__).parents[2] / "specs-examples" / "images" / OWN_PICTURE

_V2_PLACES: Final[Mapping[str, Place]] = {leaf.name: leaf.at for leaf in leaves("v2")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found of one field.

    Attributes:
        dialect: whose field it is.
        name: what it is called here.
        schema: whether the schema takes it.
        compiled: whether it is in the body that is compiled, with its value.
        emulated: whether the emulator reads it there.
        rendered: whether it shows in the preview; None where there is nothing to show.
    """

    dialect: Dialect
    name: str
    schema: bool
    compiled: bool
    emulated: bool
    rendered: bool | None


def all_evidence(folder: Path) -> list[Evidence]:
    """Of every field that storyboards lead to. Writes into an empty folder."""
    shutil.copy(ME, folder / OWN_PICTURE)
    (folder / ".git").mkdir()
    return [*_v2(folder), *_others(folder)]


def _v2(folder: Path) -> Iterator[Evidence]:
    for one in samples():
        body = _compiled(as_spec(one.spec), folder)
        yield Evidence(
            dialect="v2",
            name=one.leaf.name,
            schema=is_valid("v2", body),
            compiled=_has(body, one.leaf.at, one.value),
            emulated=_has(_read("v2", body), one.leaf.at, one.value),
            rendered=one.leaf.name in RENDERED,
        )


def _others(folder: Path) -> Iterator[Evidence]:
    for one in (*v3_samples(), *webm_samples()):
        body = _compiled(one.spec, folder)
        yield Evidence(
            dialect=one.dialect,
            name=one.leaf.name,
            schema=is_valid(one.dialect, body),
            compiled=_has(body, one.leaf.at, one.value),
            emulated=_is_read(one.dialect, body, one.leaf, one.of, one.value),
            rendered=_is_shown(one.dialect, body, one.of) if one.of else None,
        )


def _is_read(dialect: Dialect, body: Json, leaf: Leaf, of: str, value: Any) -> bool:
    """The flat body of v1 is read into the words of v2 at once."""
    at = _V2_PLACES[of] if dialect == "webm" else leaf.at
    return _has(_read(dialect, body), at, value)


def _is_shown(dialect: Dialect, body: Json, of: str) -> bool:
    """Whether what the emulator gives its renderer has v2's field, and the preview shows that."""
    try:
        payload = parse_webm(orjson.dumps(body)) if dialect == "webm" else _as_v2(body)
        value_at(payload, _V2_PLACES[of])
    except (ApiError, LookupError):
        return False
    return of in RENDERED


def _compiled(spec: Mapping[str, Any], folder: Path) -> Json:
    path = folder / "spec.yaml"
    path.write_text(json.dumps(spec), encoding="utf-8")
    [video] = specfile.load(path).compile()
    return orjson.loads(orjson.dumps(video.request.payload))


def _read(dialect: Dialect, body: Json) -> Json:
    """A body as the emulator reads it; nothing where it refuses it."""
    content = orjson.dumps(body)
    try:
        match dialect:
            case "v2":
                return parse_generate(content).payload()
            case "v3":
                return parse_create(content).model_dump(exclude_none=True)
        return parse_webm(content)
    except ApiError:
        return {}


def _as_v2(body: Json) -> Json:
    request = parse_create(orjson.dumps(body))
    assert not isinstance(request, CinematicRequest)  # no storyboard becomes one
    return payload_of(request, Account(lambda _: "kept", load_catalogue().stand_in))


def _has(body: Json, at: Place, value: Any) -> bool:
    try:
        found = value_at(body, at)
    except LookupError:
        return False
    return isinstance(found, str) if value is UPLOADED else bool(found == value)
