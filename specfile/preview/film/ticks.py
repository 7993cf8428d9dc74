"""How often the pictures of a film may change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from specfile.preview.model import RenderSettings
from specfile.preview.references import SceneFiles

_FOOTAGE_HZ: Final = 25.0
"""Ticks per second before a video, which is what the service films with."""

_SLOWEST: Final = 1.0
_FASTEST: Final = 60.0
"""The most that the service's pages name; a frame of what is drawn here lasts no shorter."""


def tick_hz_of(
    payload: Mapping[str, Any], scene: Mapping[str, Any], files: SceneFiles, settings: RenderSettings
) -> float:
    """Ticks per second: as many as the request has frames, else few, which is enough for a mouth."""
    if payload.get("fps"):
        return min(max(float(payload["fps"]), _SLOWEST), _FASTEST)
    plays = (scene.get("background") or {}).get("type") == "video" and files.background is not None
    return max(settings.tick_hz, _FOOTAGE_HZ) if plays else settings.tick_hz
