"""Where a field belongs that stands in the wrong place: `speed` in a character, `prompt` in an avatar."""

from __future__ import annotations

from collections.abc import Mapping

from specfile.schemas import Shape, shape


def where_it_belongs(path: tuple[str | int, ...]) -> str | None:
    """What to do about the unknown key at the end of `path`; None where no part of a scene has it."""
    match path:
        case ("video_inputs", int(), str() as part, str() as name) if part in _parts():
            return _other_kind(part, name) or _other_part(part, name)
    return None


def _other_kind(part: str, name: str) -> str | None:
    """The kind of the same part that has the field."""
    kinds = [f"`type: {kind}`" for kind, fields in _parts()[part].members.items() if name in fields]
    return f"`{name}` goes with {' or '.join(kinds)}: leave it out, or change the type" if kinds else None


def _other_part(part: str, name: str) -> str | None:
    """The part of a scene that has the field. What a text on the screen has goes by names that say little."""
    found = [other for other in ("character", "voice", "background") if name in _parts()[other].fields]
    return f"`{name}` belongs in `{found[0]}`" if found and found != [part] else None


def _parts() -> Mapping[str, Shape]:
    scene = shape("v2").fields["video_inputs"].item
    return scene.fields if scene is not None else {}
