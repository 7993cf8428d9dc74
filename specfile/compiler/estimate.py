"""How long a film will be, and what it will cost, before it exists.

The service bills seconds of output. Speech takes about 15 characters a second at speed 1 (150 words a
minute); recorded audio takes as long as it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from specfile.compiler.lower.engines import NONE_KNOWN, Engines, engine_of
from specfile.compiler.prices import rate_of
from specfile.film import Asset, Film, Scene
from specfile.schemas import Dialect

CHARACTERS_PER_SECOND: Final = 15.0
UNKNOWN_AUDIO_SECONDS: Final = 10.0
"""Assumed for recorded audio whose length can't be told without playing it."""

_DIGITS: Final = b"0123456789"
_EXTRA_OF_DIGITS: Final = 3.0
_SIGNS: Final = b"%$&@+="
_MORE_SIGNS: Final = "€£¥"
_EXTRA_OF_SIGNS: Final = 6.0
"""Characters that are read as words count for as many letters as those words have, roughly."""

MOST_PER_CHARACTER: Final = (1 + _EXTRA_OF_SIGNS) / CHARACTERS_PER_SECOND
"""Seconds that one character takes at most, at speed 1, tags left out."""

BREAK: Final = re.compile(r'<break\s+time="(?P<seconds>\d+(?:\.\d+)?)s"\s*/>')
"""The tag that asks for a pause in a text."""


def scene_seconds(scene: Scene, audio_seconds: Mapping[str, float]) -> float:
    """The length of one scene. `audio_seconds` tells the length behind an audio id, where it is known."""
    voice = scene.voice or {}
    match voice.get("type"):
        case "silence":
            return float(voice.get("duration", 1))
        case "audio":
            return audio_seconds.get(str(voice.get("audio_asset_id")), UNKNOWN_AUDIO_SECONDS)
    return speech_seconds(str(voice.get("input_text", "")), float(voice.get("speed", 1)))


def speech_seconds(text: str, speed: float) -> float:
    """How long a text takes to say, pauses included."""
    pauses = 0.0
    if "<" in text:
        pauses = sum(float(match["seconds"]) for match in BREAK.finditer(text))
        text = BREAK.sub("", text)
    plain = text.encode("utf-8", "surrogatepass")
    digits = len(plain) - len(plain.translate(None, _DIGITS))
    signs = len(plain) - len(plain.translate(None, _SIGNS)) + sum(map(text.count, _MORE_SIGNS))
    spoken = len(text) + digits * _EXTRA_OF_DIGITS + signs * _EXTRA_OF_SIGNS
    return spoken / CHARACTERS_PER_SECOND / speed + pauses


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a film is expected to take: its length in seconds, its price in US dollars."""

    seconds: float
    cost_usd: float


def estimate(
    film: Film, assets: Iterable[Asset], dialect: Dialect = "v2", engines: Engines = NONE_KNOWN
) -> Estimate:
    """The length of a film, and its price in this dialect by the dated table in `schemas/prices.json`.

    A test is free. `engines` are what animates the avatars of which that is known.
    """
    scenes = scene_estimates(film, assets, dialect, engines)
    return Estimate(sum(one.seconds for one in scenes), round(sum(one.cost_usd for one in scenes), 4))


def scene_estimates(
    film: Film, assets: Iterable[Asset], dialect: Dialect, engines: Engines
) -> tuple[Estimate, ...]:
    """The same for each scene of a film; prices are not rounded, so that they sum up to the film's."""
    lengths, is_test = sound_lengths(assets), bool(film.settings.get("test"))
    seconds = [scene_seconds(scene, lengths) for scene in film.scenes]
    rates = [0.0 if is_test else scene_rate(scene, dialect, engines) for scene in film.scenes]
    return tuple(Estimate(length, length * rate) for length, rate in zip(seconds, rates, strict=True))


def scene_rate(scene: Scene, dialect: Dialect, engines: Engines) -> float:
    """US dollars that a second of a scene costs."""
    character = scene.character or {}
    return rate_of(character, engine_of(character, dialect, engines))


def sound_lengths(assets: Iterable[Asset]) -> dict[str, float]:
    """The lengths of recordings in seconds, by what stands for them in a request."""
    return {asset.placeholder: _sound_seconds(asset) for asset in assets if asset.kind == "audio"}


def _sound_seconds(asset: Asset) -> float:
    """The length of an MP3 or WAV file, as its headers tell it."""
    from tinytag import TinyTag, TinyTagException  # noqa: PLC0415 - few films have recordings

    try:
        seconds = TinyTag.get(asset.path, tags=False).duration
    except (TinyTagException, OSError):
        seconds = None
    return UNKNOWN_AUDIO_SECONDS if seconds is None else seconds
