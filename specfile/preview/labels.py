"""What a film can't show or say by itself, in a few words for a corner of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_LONGEST_PROMPT: Final = 48

_ELEVENLABS: Final = ("similarity_boost", "stability", "style")


def labels_of(scene: Mapping[str, Any]) -> tuple[str, ...]:
    """A line on how the character is to look and act, one on how the voice is to sound, one on the typeface.

    There is none for nothing.
    """
    lines = (
        _acting(scene.get("character") or {}),
        _speaking(scene.get("voice") or {}),
        _lettering(scene.get("text") or {}),
    )
    return tuple(text for line in lines if (text := " · ".join(line)))


def is_marked(payload: Mapping[str, Any]) -> bool:
    """Whether the film bears a watermark: as asked for, or since it is a test."""
    return bool(payload.get("enable_watermark") or payload.get("test"))


def _acting(character: Mapping[str, Any]) -> Iterator[str]:
    if character.get("use_avatar_iv_model"):
        yield "Avatar IV"
    if character.get("matting"):
        yield "cut out"
    if character.get("super_resolution"):
        yield "super resolution"
    for field in ("talking_style", "expression"):
        if character.get(field):
            yield f"{field.replace('_', ' ')} {character[field]}"
    if prompt := " ".join(str(character.get("prompt") or "").split()):
        short = prompt if len(prompt) <= _LONGEST_PROMPT else f"{prompt[: _LONGEST_PROMPT - 1].rstrip()}…"
        yield f"“{short}”{' as written' if character.get('keep_original_prompt') else ''}"


def _speaking(voice: Mapping[str, Any]) -> Iterator[str]:
    if voice.get("emotion"):
        yield str(voice["emotion"])
    settings = voice.get("elevenlabs_settings") or {}
    if settings.get("model"):
        yield str(settings["model"])
    for field in _ELEVENLABS:
        if settings.get(field) is not None:
            yield f"{field.partition('_')[0]} {float(settings[field]):g}"


def _lettering(text: Mapping[str, Any]) -> Iterator[str]:
    if family := " ".join(str(text.get("font_family") or "").split()):
        yield f"text in {family}"
