"""What a scene shows, put together: its stage and, tick by tick, the states of what moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageStat

from specfile.preview.caption_style import CLASSIC, CaptionStyle
from specfile.preview.captions import Cue, cues_of
from specfile.preview.drawing import backdrop, captioning, lettering
from specfile.preview.drawing.character import character_id, draw_figure, draw_photo
from specfile.preview.drawing.figure import Mood
from specfile.preview.drawing.stage import Sprite, Stage
from specfile.preview.film.canvas import State
from specfile.preview.footage import Playing, UnreadableFootage, open_footage
from specfile.preview.labels import labels_of
from specfile.preview.layout import Box, Fit, Frame
from specfile.preview.letters import fonts
from specfile.preview.letters.typesetting import place_text
from specfile.preview.model import Note
from specfile.preview.references import SceneFiles, label_of
from specfile.preview.sound import Sound, is_heard, mouth_levels, prolonged
from specfile.preview.speech.speaker import SAMPLE_RATE

Behind = Literal["moving", "still", "none"]

_MOODS: Final[Mapping[str, Mood]] = {
    "Excited": "happy",
    "Friendly": "happy",
    "Serious": "serious",
    "Broadcaster": "serious",
}

_BLINK_EVERY: Final = 4.0
_BLINK_FIRST: Final = 1.8
_BLINK_SECONDS: Final = 0.16


def cues_for(sound: Sound, frame: Frame, style: CaptionStyle = CLASSIC) -> tuple[Cue, ...]:
    """The captions of a scene."""
    text = "".join(word.text for word in sound.words)
    widths = captioning.caption_widths(frame, text, style)
    return cues_of(sound.words, captioning.CAPTION_WIDTH * frame.width, widths)


def build_stage(
    scene: Mapping[str, Any],
    files: SceneFiles,
    frame: Frame,
    *,
    pill: bool,
    note: Note,
    behind: Behind = "still",
    watermark: bool = False,
) -> Stage:
    """Draw a scene's layers; `note` is told what stands in for something.

    Of a background `behind` says whether a video plays, whether all of it is still, or whether there is none.
    """
    background = scene.get("background") or {}
    footage = _footage(background, files.background, frame) if behind == "moving" else None
    nothing = Image.new("RGBA", (frame.width, frame.height))
    drawn = behind == "none" or footage is not None
    under = nothing if drawn else _background(background, files.background, frame, note)
    character = scene.get("character")
    moving = _character(under, scene, files.photo, frame, note) if character else ()
    over: list[tuple[Image.Image, Box]] = []
    if scene.get("text"):
        _note_boxes(scene["text"]["text"], note)
        ground = under if footage is None else _on_footage(under, footage)
        over.append(_overlay(scene["text"], ground, frame))
    if watermark:
        over.append(lettering.draw_watermark(frame))
    if pill:
        over += lettering.draw_pills([_pill_label(character), *labels_of(scene)], frame)
    return Stage(under, moving, tuple(over), footage=footage)


def lasting(sound: Sound, stage: Stage) -> Sound:
    """The sound, made as long as a video behind the scene has the scene last."""
    if stage.footage is None:
        return sound
    missing = stage.footage.seconds_of(sound.seconds) - sound.seconds
    return prolonged(sound, missing) if missing > 0 else sound


def with_captions(
    stage: Stage, cues: Sequence[Cue], frame: Frame, note: Note, style: CaptionStyle = CLASSIC
) -> Stage:
    """The same stage with captions on top of everything; `note` is told of letters that can't be written."""
    if not cues:
        return stage
    _note_boxes("".join(cue.text for cue in cues), note)
    if style.note:
        note(style.note)
    box = captioning.caption_box(tuple(cues), frame, style)
    words = [(cue, index) for cue in cues for index in range(len(cue.words))]

    def draw(number: int) -> Image.Image | None:
        return captioning.draw_caption(*words[number - 1], box, frame, style=style) if number else None

    return replace(stage, captions=Sprite("captions", box, draw))


def states_of(stage: Stage, sound: Sound, cues: Sequence[Cue], tick_hz: float) -> list[State]:
    """For each tick, the state of each of the stage's sprites."""
    levels = mouth_levels(sound.samples, tick_hz)
    seconds = np.arange(len(levels)) / tick_hz
    columns = {
        "mouth": levels,
        "eyes": (seconds - _BLINK_FIRST) % _BLINK_EVERY < _BLINK_SECONDS,
        "captions": _caption_states(cues, seconds * SAMPLE_RATE),
    }
    chosen = [columns[sprite.kind].astype(int).tolist() for sprite in stage.sprites]
    return list(zip(*chosen, strict=True)) if chosen else [()] * len(levels)


def _caption_states(cues: Sequence[Cue], moments: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """0 where no caption shows, else the number of the spoken word, counting from 1."""
    words = [word for cue in cues for word in cue.words]
    if not words:
        return np.zeros(len(moments), np.int64)
    starts, ends = np.array([word.start for word in words]), np.array([word.end for word in words])
    spoken = np.searchsorted(starts, moments, side="right")
    shows = (spoken > 0) & (moments < ends[spoken - 1])
    return np.where(shows, spoken, 0)


def _footage(background: Mapping[str, Any], file: Path | None, frame: Frame) -> Playing | None:
    """The video behind a scene; one that can't be read is told of where a placeholder is drawn for it."""
    if background.get("type") != "video" or file is None:
        return None
    try:
        footage = open_footage(file)
    except UnreadableFootage:
        return None
    return Playing(footage, background.get("fit") or "cover", background.get("play_style") or "freeze", frame)


def _on_footage(under: Image.Image, footage: Playing) -> Image.Image:
    """A still before which the text on screen is to be read."""
    ground = footage.still()
    ground.paste(under, mask=under)
    return ground


def _background(background: Mapping[str, Any], file: Path | None, frame: Frame, note: Note) -> Image.Image:
    if background.get("type", "color") == "color":
        return backdrop.draw_colour(background, frame)
    if footage := _footage(background, file, frame):
        return footage.still()
    fit: Fit = background.get("fit") or "cover"
    enough = (frame.width, frame.height) if fit in ("cover", "contain") else None
    picture = _read(file, note, partial(backdrop.read_picture, at_least=enough)) if file else None
    if picture is not None:
        return backdrop.draw_picture(picture, fit, frame)
    if file is None:
        note(f"{label_of(background)} isn't at hand; a placeholder stands in")
    return backdrop.draw_placeholder(label_of(background), frame)


def _character(
    under: Image.Image, scene: Mapping[str, Any], photo: Path | None, frame: Frame, note: Note
) -> tuple[Sprite, ...]:
    character = scene["character"]
    picture = _read(photo, note, backdrop.read_photo) if photo else None
    if picture is None:
        if photo is None and character.get("type") == "talking_photo":
            note(f"talking photo {character_id(character)} isn't at hand; a drawn figure stands in")
        return draw_figure(under, character, frame, _mood(scene))
    if character.get("matting") and picture.mode == "RGB":
        note(f"talking photo {character_id(character)} is shown whole; the service removes its background")
    return draw_photo(under, picture, character, frame, speaks=is_heard(scene.get("voice")))


def _mood(scene: Mapping[str, Any]) -> Mood:
    """What a face shows of an expression, or else of a voice's emotion."""
    if scene["character"].get("expression") == "happy":
        return "happy"
    return _MOODS.get(str((scene.get("voice") or {}).get("emotion")), "calm")


def _read(
    file: Path, note: Note, read: Callable[[Path], Image.Image] = backdrop.read_picture
) -> Image.Image | None:
    try:
        return read(file)
    except backdrop.UnreadablePicture:
        note(f"{file.name} holds no picture that can be read; a placeholder stands in")
        return None


def _note_boxes(text: str, note: Note) -> None:
    if said := fonts.note_on(text):
        note(said)


def _overlay(text: Mapping[str, Any], under: Image.Image, frame: Frame) -> tuple[Image.Image, Box]:
    block = place_text(
        text, frame, lambda size, weight: fonts.widths(size, weight, text["text"]), fonts.reach_of
    )
    colour = text.get("color") or _readable_on(under.crop(block.box.corners))
    return lettering.draw_text(block, colour), block.box


def _readable_on(ground: Image.Image) -> str:
    """Black or white, for text whose colour isn't given."""
    return "#000000" if ImageStat.Stat(ground.convert("L")).mean[0] > 140 else "#FFFFFF"


def _pill_label(character: Mapping[str, Any] | None) -> str:
    return f"preview · {character_id(character)}" if character else "preview"
