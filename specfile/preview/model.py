"""The values that a render takes and gives."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

AssetSource = Callable[[str], Path | None]
"""Gives the local file behind a URL, an asset id or a talking photo id, or None if it isn't at hand."""

Note = Callable[[str], None]
"""Told, in one sentence, what stands in for something that can't be shown or heard as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderSettings:
    """How a preview is rendered, apart from what its payload says.

    `tick_hz` is how often mouth and captions may change where the request has no `fps`; before a video it is
    25 or more. A picture that doesn't change sends no frame.
    `pill` names the avatar in a corner, so that nobody takes the preview for the film. `cache` keeps rendered
    scenes; None is the user's cache folder. `workers` scenes are rendered at a time. `longest_side`, in
    pixels, makes a draft of a film that is larger: it shows the same on fewer of them.
    """

    tick_hz: float = 12.5
    pill: bool = True
    cache: Path | None = None
    workers: int = min(2, os.cpu_count() or 1)
    longest_side: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A finished preview.

    `captioned` and `subtitles` are there where the payload asked for captions in a file of their own.
    `notes` say, one sentence each, what stands in for something that wasn't at hand.
    `encoded_scenes` counts the scenes that did not come from the cache.
    """

    seconds: float
    width: int
    height: int
    video: Path
    captioned: Path | None = None
    subtitles: Path | None = None
    notes: tuple[str, ...] = ()
    encoded_scenes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A frame of a scene: a WebP picture as bytes, its size in pixels, and notes as a render gives them."""

    picture: bytes
    width: int
    height: int
    notes: tuple[str, ...] = ()
