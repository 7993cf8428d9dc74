"""What pages of no authority and older references say of a request, and what the service says instead.

These are met in working code, written after a page that was wrong or has aged: captions as a mapping, names
of a text on screen, ranges that were other ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from specfile.film import Json
from specfile.importing.paths import Path

_ON_SCREEN: Final[Mapping[str, str]] = {
    **dict.fromkeys(("x", "y"), "its place is a field of its own: `position: {x: …, y: …}`"),
    **dict.fromkeys(
        ("duration", "start", "start_time", "end", "end_time"),
        "a text on screen is there for its whole scene; make a scene of the time that it is to be seen",
    ),
    **dict.fromkeys(("animation", "effect", "transition"), "a text on screen does not move"),
    **dict.fromkeys(("size", "fontSize"), "the service calls it `font_size`"),
    **dict.fromkeys(("align", "alignment"), "the service calls it `text_align`"),
}
"""Names that such pages give to what a text on screen has, or hasn't."""

_CAPTIONS: Final = frozenset({"caption_style", "caption_settings", "caption_position", "subtitle_style"})

_OLDER_VALUES: Final[Mapping[tuple[str, Json], str]] = {
    ("avatar_style", "voice_only"): "leave `character` out of the scene: then nobody is seen",
    ("speed", 0): "delete it: 0 stands in a template of the pages, and 1 is the voice's own speed",
}
"""Values that such pages name, and what to write instead."""

CAPTION_HINT: Final = (
    "write true or false; how captions look is said by `subtitles`, such as "
    '"subtitles": {"preset_name": "classic"}'
)


def misnamed(name: str, value: Json, fields: Mapping[str, object]) -> str | None:
    """What to say of a name that such pages invented, beside the fields that there are; None of any other."""
    if "line_height" in fields and name in _ON_SCREEN:
        return _ON_SCREEN[name]
    if "caption" in fields and name in _CAPTIONS:
        return "how captions look is said by `subtitles`"
    if "input_text" in fields and name in ("text", "script") and isinstance(value, dict):
        return "`input_text` belongs in `voice` itself, not in a mapping there"
    return None


def misshapen(value: Json, path: Path) -> str | None:
    """What to write in place of a value of the wrong shape that such pages show; None of any other."""
    name = path[-1] if path else None
    if name == "caption" and isinstance(value, dict):
        return CAPTION_HINT
    if name == "text" and isinstance(value, list):
        return "write one mapping: a scene has one text on screen, so make a scene of each"
    if name == "position" and isinstance(value, str):
        return 'write "position": {"x": 0, "y": 0}; there are no names for places'
    return None


def outdated(name: str, value: Json) -> str | None:
    """What to do about a value that older pages allow and the service refuses; None of any other."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if (name, value) in _OLDER_VALUES:
        return _OLDER_VALUES[name, value]
    if name == "speed" and isinstance(value, int | float) and 1.5 < value <= 2:
        return "write at most 1.5; pages that name 2.0 are wrong"
    return None
