"""Placeholders of other tools in texts: they stay as they stand, with a word on how to fill them in here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from specfile.diagnostics.wording import show
from specfile.film import Json
from specfile.importing.notes import Note
from specfile.importing.paths import Path, last_name

_PLACEHOLDER: Final = re.compile(
    r"\{\{(?P<inner>(?:(?!\{\{|\}\}).){0,500})\}\}|\$\{(?P<shell>\w+)\}|(?<![{\w])\{(?P<single>[A-Za-z_]\w{0,40})\}(?!\})"
    r"|\$(?P<bare>[A-Z][A-Z0-9_]{2,40})\b",
    re.DOTALL,
)
_SPOKEN: Final = frozenset({"input_text", "text", "title"})


def placeholders(film: Mapping[str, Json]) -> Iterator[Note]:
    """A note for each text that holds something another tool would have filled in."""
    for path, text in _texts(film, ()):
        found = _PLACEHOLDER.search(text)
        if found is not None:
            yield _note(path, found)


def _texts(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, number))
    elif isinstance(value, str):
        yield path, value


def _note(path: Path, found: re.Match[str]) -> Note:
    shown, name = show(found[0], 40), _variable(found)
    kept = "is spoken or shown as it stands" if last_name(path) in _SPOKEN else "is sent as it stands"
    return Note(
        code="import-placeholder",
        message=f"{shown} {kept}",
        hint=f"to fill it in, write `{{{{ {name} }}}}` and declare `{name}` under `variables`",
        path=path,
        target=path,
        remark=f"{shown} stays as it is; to fill it in, write {{{{ {name} }}}} and declare it",
    )


def _variable(found: re.Match[str]) -> str:
    """A name for a variable: the last word of the placeholder."""
    inner = found["inner"] or found["shell"] or found["single"] or found["bare"] or ""
    words = re.findall(r"[A-Za-z_]\w*", inner.split("|")[0], re.ASCII)
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", words[-1]).lower() if words else "name"
    return name if name not in ("key", "row", "loop") else f"{name}_"
