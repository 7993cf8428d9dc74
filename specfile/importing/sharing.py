"""What most scenes have in common, to be written once under `defaults`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from specfile.film import Json, canonical_json

Part = Mapping[str, Json]

_SHARED: Final = ("character", "voice", "background")
_OWN: Final = frozenset({"type", "input_text"})
"""Fields that are each scene's own; the type goes with the others."""

_LOOKS: Final = frozenset({"value", "fit", "play_style"})
"""Fields of a background that name no file."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Parts for `defaults`, and what each scene still says itself; None takes a default away."""

    defaults: dict[str, dict[str, Json]]
    scenes: list[dict[str, dict[str, Json] | None]]


def share(scenes: Iterable[Mapping[str, Part]]) -> Shared:
    """Take out of the scenes what most of them share; laid over the defaults, they are what they were."""
    scenes = list(scenes)
    chosen = {name: _common([scene.get(name) for scene in scenes], name) for name in _SHARED}
    defaults = {name: part for name, part in chosen.items() if part}
    return Shared(defaults, [_remaining(scene, defaults) for scene in scenes])


def _common(parts: list[Part | None], name: str) -> dict[str, Json]:
    """The fields of a part that are worth a default; nothing where too few scenes share them."""
    kinds = Counter(part["type"] for part in parts if part is not None)
    kind = kinds.most_common(1)[0][0] if kinds else None
    if kind is None or (name == "voice" and kind != "text"):
        return {}
    alike = [part for part in parts if part is not None and part["type"] == kind]
    if len(alike) < 2 or 2 * len(alike) <= len(parts):
        return {}
    fields: dict[str, Json] = {"type": kind}
    saved = 0
    for field in dict.fromkeys(field for part in alike for field in part if field not in _OWN):
        value, count = _most_common([part[field] for part in alike if field in part])
        lacking = sum(field not in part for part in alike)
        if 2 * count > len(alike) and count - 1 - 2 * lacking > 0:
            fields[field] = value
            saved += count - 1 - 2 * lacking
    without = sum(part is None for part in parts)
    return fields if saved > without else {}


def _most_common(values: list[Json]) -> tuple[Json, int]:
    counts: Counter[bytes] = Counter(canonical_json(value) for value in values)
    written, count = counts.most_common(1)[0]
    return next(value for value in values if canonical_json(value) == written), count


def _remaining(scene: Mapping[str, Part], defaults: Mapping[str, Part]) -> dict[str, dict[str, Json] | None]:
    own: dict[str, dict[str, Json] | None] = {}
    for name in (*_SHARED, "text"):
        part, default = scene.get(name), defaults.get(name)
        if part is None:
            if default is not None:
                own[name] = None
        elif default is None or default["type"] != part["type"]:
            own[name] = dict(part)
        elif differing := _difference(default, part):
            # Without its type, a file's ending would decide what a background is.
            is_other_file = name == "background" and not differing.keys() <= _LOOKS
            own[name] = {"type": part["type"], **differing} if is_other_file else differing
    return own


def _difference(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Json]:
    """What must be laid over `under` to give `over`: null takes a field away."""
    result: dict[str, Json] = {}
    for name, value in over.items():
        below = under.get(name)
        if isinstance(value, dict) and isinstance(below, dict):
            if inner := _difference(below, value):
                result[name] = inner
        elif name not in under or value != below:
            result[name] = value
    return result | {name: None for name in under if name not in over}
