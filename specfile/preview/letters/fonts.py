"""Text as it is written: stretches of one font and one direction, measured and drawn.

Font libraries lay out one font at a time. A line such as `Willkommen 日本 שלום` needs three, on one baseline,
and one of them from right to left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import regex
from PIL import ImageDraw

from specfile.preview.letters import faces
from specfile.preview.letters.bidi import levels_of, runs_left, visual_order
from specfile.preview.letters.breaking import characters_of
from specfile.preview.letters.faces import SHAPES, Face, load
from specfile.preview.letters.typesetting import Reach, Widths

REGULAR: Final = 400
MEDIUM: Final = 500
SEMIBOLD: Final = 600

_THICKER: Final = 0.018
"""How thick a stroke is added, in font sizes, where a font has no bold weight."""

_BOX: Final = "\u25a1"
"""Stands for a coloured picture, which is one box, of however many characters it is made."""

_UNWRITTEN = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u20e3]")

_JOINED = regex.compile(
    r"[\p{Arabic}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}"
    r"\p{Malayalam}\p{Sinhala}\p{Khmer}\p{Myanmar}]"
)
"""Letters that are joined or put together, which takes more than a font."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line in one font and one direction.

    `text` is as typed and `start` its place in the line; `shown` is what is drawn for it.
    """

    text: str
    start: int
    shown: str
    face: Face
    leftwards: bool

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.start + len(self.text)

    def length(self, size: int, weight: int, until: int | None = None) -> float:
        """The width of its first `until` characters in pixels, or of all."""
        shown = self.shown
        if until is not None and shown != _BOX:
            shown = _written(self.text[:until], leftwards=self.leftwards)
        if not shown or until == 0:
            return 0.0
        return _length_of(shown, self.face, size, weight, leftwards=self.leftwards)


@lru_cache(maxsize=4096)  # captions measure the beginnings of their lines again and again
def _length_of(shown: str, face: Face, size: int, weight: int, *, leftwards: bool) -> float:
    return load(face, size, weight).getlength(shown, **_direction(leftwards=leftwards))


def widths(size: int, weight: int = REGULAR, text: str = "") -> Widths:
    """How far lines of `text` reach in the fonts that write it, in pixels."""
    if faces.is_plain(text):
        return lambda line: (
            _length_of(line, faces.OWN, size, weight, leftwards=False)
            if faces.is_plain(line)
            else _length(line, size, weight)
        )
    return lambda line: _length(line, size, weight)


def reach_of(lines: Sequence[str], weight: int = REGULAR) -> Reach:
    """How far the ink of lines goes above and below their baselines, in font sizes; 0 where that is usual."""
    above = below = 0.0
    for run in (run for line in lines if not faces.is_plain(line) for run in runs_of(line) if run.shown):
        face = load(run.face, 100, weight)
        _, top, _, bottom = face.getbbox(run.shown, anchor="ls", **_direction(leftwards=run.leftwards))
        above, below = max(above, -top / 100), max(below, bottom / 100)
    return above, below


def write(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    *,
    ink: int | tuple[int, ...],
    size: int,
    weight: int = REGULAR,
) -> None:
    """Draw a line; `place` is its left end and the baseline."""
    left, baseline = place
    for run in (run for run in runs_of(text) if run.shown):
        face, direction = load(run.face, size, weight), _direction(leftwards=run.leftwards)
        if weight >= SEMIBOLD and run.face.weights is None:
            stroke = _THICKER * size
            draw.text((left, baseline), run.shown, ink, face, "ls", stroke_width=stroke, **direction)
        draw.text((left, baseline), run.shown, ink, face, "ls", **direction)
        left += run.length(size, weight)


def spans(text: str, start: int, end: int, size: int, weight: int) -> tuple[tuple[float, float], ...]:
    """From where to where the characters from `start` to `end` reach, in pixels from the line's left end.

    There are several stretches where they are of both directions.
    """
    found: list[tuple[float, float]] = []
    left = 0.0
    for run in runs_of(text):
        whole = run.length(size, weight)
        first, last = max(start, run.start) - run.start, min(end, run.end) - run.start
        if first < last:
            near, far = run.length(size, weight, first), run.length(size, weight, last)
            found.append(
                (left + whole - far, left + whole - near) if run.leftwards else (left + near, left + far)
            )
        left += whole
    return tuple(found)


def missing_scripts(text: str) -> tuple[str, ...]:
    """What no font here can write, such as `Egyptian` or `emoji`; boxes stand in for it."""
    if faces.is_plain(text):
        return ()
    lacking = (one for one in characters_of(text) if not faces.writes(faces.face_of(one, text), one))
    return tuple(sorted({faces.script_of(one) for one in lacking}))


def note_on(text: str) -> str | None:
    """What there is to be said of how a text comes out: scripts that are missing, letters that don't join."""
    missing = missing_scripts(text)
    if missing:
        hint = "" if faces.EAST_ASIAN.isdisjoint(missing) else " (the extra preview-cjk brings fonts)"
        return f"no font here has letters for {', '.join(missing)}; boxes stand in{hint}"
    if not SHAPES and _JOINED.search(text):
        return "letters that join stand apart, since the system's FriBidi library is missing"
    return None


def fonts_beside_own(text: str) -> tuple[str, ...]:
    """What of this machine has a say in how a text looks: fonts as they are now, and whether letters join."""
    if faces.is_plain(text):
        return ()
    used = {faces.face_of(one, text) for one in characters_of(text)}
    return (
        *sorted({_state_of(face.file) for face in used if not faces.comes_along(face)}),
        *(() if SHAPES else ("apart",)),
    )


def _state_of(file: str) -> str:
    """A font file and its state: a system's updates change fonts where they are."""
    about = Path(file).stat()
    return f"{file} {about.st_size} {about.st_mtime_ns}"


@lru_cache(maxsize=1024)
def runs_of(text: str) -> tuple[Run, ...]:
    """The stretches of a line from left to right."""
    if faces.is_plain(text):
        return (Run(text, 0, text, faces.OWN, leftwards=False),) if text else ()
    levels = levels_of(text, leftwards=runs_left(text))
    logical = list(_logical(text, levels))
    order = visual_order([levels[run.start] for run in logical])
    return tuple(logical[index] for index in order)


def _logical(text: str, levels: Sequence[int]) -> Iterator[Run]:
    """The stretches in the order in which they are read."""
    for (face, level, _), group in groupby(
        _faces(text), key=lambda part: (part[2], levels[part[0]], part[3])
    ):
        members = list(group)
        typed, leftwards = "".join(part[1] for part in members), level % 2 == 1
        shown = _BOX if members[0][3] else _written(typed, leftwards=leftwards)
        yield Run(typed, members[0][0], shown, face, leftwards)


def _faces(text: str) -> Iterator[tuple[int, str, Face, int]]:
    """Each character as people see it: its place, what was typed, its font, and a number where it is a box.

    Spaces and punctuation stay in the font of what is before them where that has them.
    """
    place, face = 0, faces.OWN
    for cluster in characters_of(text):
        boxed = 0
        if cluster[0].isalnum() or not faces.writes(face, cluster):
            face = faces.face_of(cluster, text)
            if faces.is_picture(cluster) and not faces.writes(face, cluster):
                face, boxed = faces.SYMBOLS, place + 1
        yield place, cluster, face, boxed
        place += len(cluster)


def _written(typed: str, *, leftwards: bool) -> str:
    """What to hand to the font: without FriBidi it lays out everything from left to right.

    Control characters can't be written; of a digit on a key the digit is.
    """
    typed = _UNWRITTEN.sub("", typed)
    if SHAPES:
        return typed
    seen = [faces.without_hidden(cluster) for cluster in characters_of(typed)]
    return "".join(reversed(seen) if leftwards else seen)


def _length(line: str, size: int, weight: int) -> float:
    return sum(run.length(size, weight) for run in runs_of(line))


def _direction(*, leftwards: bool) -> dict[str, Any]:
    if not SHAPES:
        return {}
    return {"direction": "rtl" if leftwards else "ltr"}
