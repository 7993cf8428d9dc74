"""Texts on screen that don't go where they are meant to: beyond the frame, or under the captions.

How wide letters are decides, so that this needs the fonts. The service says neither how it breaks lines nor
whether it moves a text that is too large; it is judged as the preview draws it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Literal

import regex

from specfile.film import canonical_json
from specfile.preview.board.storyboard import passages
from specfile.preview.caption_style import CaptionStyle, caption_style_of
from specfile.preview.captions import Cue, cues_of
from specfile.preview.drawing.captioning import CAPTION_WIDTH, caption_box, caption_widths
from specfile.preview.film.rendering import LOOKS, captions_wanted
from specfile.preview.layout import Box, Frame, frame_of
from specfile.preview.letters import fonts
from specfile.preview.letters.typesetting import TextBlock, place_text
from specfile.preview.speech.speaker import SAMPLE_RATE, Word

_LEEWAY: Final = 2
"""Pixels that don't count: boxes are rounded to whole ones."""

_SHARE: Final = 0.92
"""Part of the frame's width that a word may take without touching its sides."""

_PARTED: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
"""Letters of scripts that write words without spaces, so that a line may end between them."""

_SIDES: Final = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """What is wrong with the text on screen of a scene, by its index, and what to do.

    `field` is what to look at: a coordinate of its place, or the text; `text` is that after templating.
    """

    scene: int
    kind: Literal["leaves", "captions"]
    field: str
    message: str
    hint: str
    text: str


def misfits(content: Mapping[str, Any], scenes_name: str = "scenes") -> Iterator[Misfit]:
    """What is wrong with the texts on screen of a film, in the order of its scenes.

    Args:
        content: the film's content, in the words of v2.
        scenes_name: the field that holds the scenes.
    """
    frame = frame_of(content)
    captioned, style = "captioned" in LOOKS[captions_wanted(content)], caption_style_of(content)
    for number, scene in enumerate(content[scenes_name]):
        text = scene.get("text")
        if not text or not str(text.get("text", "")).strip():
            continue
        block, outside = _looked_at(canonical_json(text), frame)
        if outside is not None:
            yield replace(outside, scene=number)
        if captioned and (below := _captions(scene, frame, style)) is not None and block.box.meets(below):
            yield _overlapping(number, text, block, below, frame)


@lru_cache(maxsize=2048)
def _looked_at(written: bytes, frame: Frame) -> tuple[TextBlock, Misfit | None]:
    """Where a text goes, and what is wrong with that, as if it were the first scene's.

    Rows share texts, and a page that follows the file asks for all of them at every save.
    """
    text: Mapping[str, Any] = json.loads(written)
    block = _placed(text, frame)
    return block, _too_large(0, text, block, frame) or _misplaced(0, text, block, frame)


def _placed(text: Mapping[str, Any], frame: Frame) -> TextBlock:
    return place_text(
        text, frame, lambda size, weight: fonts.widths(size, weight, text["text"]), fonts.reach_of
    )


def _too_large(number: int, text: Mapping[str, Any], block: TextBlock, frame: Frame) -> Misfit | None:
    """Whether the text had to be made smaller, or a word of it broken."""
    points = text.get("font_size")
    asked = frame.size(float(points)) if points else _placed({**text, "text": "x"}, frame).size
    widths = fonts.widths(asked, block.weight, text["text"])
    widest = max((widths(word) for word in text["text"].split() if not _PARTED.search(word)), default=0.0)
    fitting = min(float(block.size), asked * _SHARE * frame.width / max(widest, 1.0))
    if block.size >= asked and widest <= frame.width:
        return None
    size = f"at {points:g} points" if points else "at the usual size"
    return Misfit(
        scene=number,
        kind="leaves",
        field="text",
        message=f"text leaves the frame at {frame.width}x{frame.height}: it doesn't fit {size}",
        hint=f"shorten it, or write `font_size: {math.floor(fitting / frame.unit)}`",
        text=text["text"],
    )


def _misplaced(number: int, text: Mapping[str, Any], block: TextBlock, frame: Frame) -> Misfit | None:
    """Whether the text had to be moved to be seen whole."""
    position = text.get("position") or {}
    x, y = float(position.get("x") or 0), float(position.get("y") or 0)
    left = frame.width / 2 + frame.length(x, frame.width) - block.box.width / 2
    top = frame.height / 2 + frame.length(y, frame.height) - block.box.height / 2
    beyond = (-left, -top, left + block.box.width - frame.width, top + block.box.height - frame.height)
    over, side = max(zip(beyond, _SIDES, strict=True))
    if over <= _LEEWAY:
        return None
    axis, value = ("x", x) if side in ("left", "right") else ("y", y)
    where = {"left": "on the left", "right": "on the right"}.get(side, f"at the {side}")
    room = (frame.width - block.box.width) / 2 if axis == "x" else (frame.height - block.box.height) / 2
    fitting = _written(math.copysign(max(0.0, room), value), value, axis, frame)
    return Misfit(
        scene=number,
        kind="leaves",
        field=f"position.{axis}",
        message=f"text leaves the frame at {frame.width}x{frame.height} by {over:.0f} pixels {where}",
        hint=f"places count from the middle of the frame; `{axis}: {fitting}` is as far as it fits",
        text=text["text"],
    )


def _captions(scene: Mapping[str, Any], frame: Frame, style: CaptionStyle) -> Box | None:
    """Where the captions of a scene go, whenever each of its words is spoken; None where it has none."""
    voice = scene.get("voice") or {}
    if voice.get("type") != "text":
        return None
    return _captions_of(str(voice.get("input_text") or ""), frame, style)


@lru_cache(maxsize=2048)
def _captions_of(script: str, frame: Frame, style: CaptionStyle) -> Box | None:
    words = tuple(_words(script))
    if not words:
        return None
    widths = caption_widths(frame, "".join(word.text for word in words), style)
    cues: tuple[Cue, ...] = cues_of(words, CAPTION_WIDTH * frame.width, widths)
    return caption_box(cues, frame, style)


def _words(text: str) -> Iterator[Word]:
    """The words of a script, with no time but the pauses that tags ask for."""
    moment = 0
    for passage in passages(text):
        for word in passage.text.split():
            yield Word(text=word, start=moment, end=moment)
        moment += round(passage.pause * SAMPLE_RATE)


def _overlapping(
    number: int, text: Mapping[str, Any], block: TextBlock, captions: Box, frame: Frame
) -> Misfit:
    position = text.get("position") or {}
    is_low = captions.top + captions.bottom >= frame.height
    beside = captions.top - block.box.height / 2 if is_low else captions.bottom + block.box.height / 2
    rounded = math.floor if is_low else math.ceil
    y = _written(beside - frame.height / 2, float(position.get("y") or 0), "y", frame, rounded)
    fits = block.box.height / 2 <= beside <= frame.height - block.box.height / 2
    where = f"`position: {{y: {y}}}` is {'above' if is_low else 'below'} them" if fits else "shorten it"
    return Misfit(
        scene=number,
        kind="captions",
        field="position.y" if "y" in position else "text",
        message=f"text overlaps the captions at {frame.width}x{frame.height}",
        hint=f"{where}; or make it smaller, or leave the captions out",
        text=text["text"],
    )


def _written(
    pixels: float, like: float, axis: str, frame: Frame, rounded: Callable[[float], int] = math.trunc
) -> str:
    """Pixels from the middle as a spec has them: by fractions, or in pixels where `like` is in those."""
    side = frame.width if axis == "x" else frame.height
    if abs(like) > 2:
        return f"{rounded(pixels / frame.unit)}"
    return f"{rounded(pixels / side * 100) / 100:g}"
