"""Films from v2 payloads, for the tests of lowering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specfile.compiler.lower import Loss, lower
from specfile.film import FILM_SETTINGS, METADATA_FIELDS, Film, Scene, VideoFormat
from specfile.schemas import Dialect, violations

SAID = {"type": "text", "voice_id": "v", "input_text": "Hello"}
ANNA = {"type": "avatar", "avatar_id": "Anna"}
LOOK = {"type": "talking_photo", "talking_photo_id": "p-1"}
OWN = {"type": "talking_photo", "talking_photo_id": "specfile-asset:" + "f" * 64}
IMAGE = {"type": "image", "url": "https://example.com/a.png"}
CLIP = {"type": "video", "video_asset_id": "clip"}
RED = {"type": "color", "value": "#ff0000"}
RECORDED = {"type": "audio", "audio_asset_id": "sound"}
SILENT = {"type": "silence", "duration": 2.5}


def film(*scenes: Mapping[str, Any], video_format: VideoFormat = "mp4", **settings: Any) -> Film:
    """A film that speaks where nothing else is said."""
    return Film(
        scenes=tuple(Scene(**({"voice": SAID} | dict(scene))) for scene in scenes),
        settings=settings,
        format=video_format,
    )


def film_of(payload: Mapping[str, Any], video_format: VideoFormat = "mp4") -> tuple[Film, dict[str, str]]:
    """The film and metadata of a v2 payload."""
    film = Film(
        scenes=tuple(Scene(**scene) for scene in payload["video_inputs"]),
        settings={name: payload[name] for name in FILM_SETTINGS if name in payload},
        format=video_format,
    )
    return film, {name: payload[name] for name in METADATA_FIELDS if name in payload}


def body(dialect: Dialect, film: Film, **metadata: str) -> Any:
    """The body of a film that says nothing a dialect can't; it is valid."""
    lowered = lower(dialect, film, metadata)
    assert lowered.findings == ()
    assert violations(dialect, lowered.payload) == ()
    return lowered.payload


def losses(dialect: Dialect, film: Film, **metadata: str) -> list[Loss]:
    """What a dialect can't say of a film."""
    return list(lower(dialect, film, metadata).findings)
