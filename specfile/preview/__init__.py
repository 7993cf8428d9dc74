"""Renders a request into a real video, with no account and no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from specfile.errors import MissingExtra
from specfile.preview.model import AssetSource, Rendered, RenderSettings, Still

__all__ = ["AssetSource", "RenderSettings", "Rendered", "Still", "render_transparent", "render_video"]

_DEFAULT = RenderSettings()
_EXTRA_MODULES = ("av", "PIL", "numpy", "espeakng_loader")


def render_video(
    payload: Mapping[str, Any],
    folder: Path,
    *,
    assets: AssetSource,
    settings: RenderSettings = _DEFAULT,
) -> Rendered:
    """Render a v2 generate body into `folder`.

    Writes `video.mp4` (H.264 and AAC, index in front). `caption: true` adds `captioned.mp4` and
    `captions.ass`; `caption_mode` `burn_in` puts the captions into `video.mp4`, `file_only` writes only the
    subtitle file. Each file appears whole or not at all. The same request gives the same bytes on one
    machine.

    Args:
        payload: the body, valid and with its types already coerced; unknown fields are ignored.
        folder: where the files go; made if it isn't there.
        assets: finds local files for the URLs and ids in the payload. What it doesn't know is drawn as a
            labelled placeholder, or heard as silence, and named in the result's notes.
        settings: how to render.

    Raises:
        MissingExtra: the `preview` extra isn't installed.
        RenderFailed: the speech engine failed.
        OSError: the folder or cache can't be written.
    """
    with _needs_extra():
        from specfile.preview.film.rendering import render  # noqa: PLC0415 - heavy, and only in the extra
    return render(payload, folder, assets=assets, settings=settings)


def render_transparent(
    payload: Mapping[str, Any],
    folder: Path,
    *,
    assets: AssetSource,
    settings: RenderSettings = _DEFAULT,
) -> Rendered:
    """Render a v2 generate body of one scene with nothing behind it.

    Writes `video.webm` (VP9 with an alpha plane, and Opus); a background in the payload isn't drawn. Captions
    go where `render_video` puts them, in `captioned.webm`, `captions.ass` and so on. Everything else is as
    there.

    Args:
        payload: the body, of one scene.
        folder: where the files go; made if it isn't there.
        assets: finds local files for the URLs and ids in the payload.
        settings: how to render. Nothing is taken from the cache: such films are made of one scene only.

    Raises:
        MissingExtra: the `preview` extra isn't installed.
        RenderFailed: the speech engine failed.
        OSError: the folder can't be written.
    """
    with _needs_extra():
        from specfile.preview.film.transparent import render_scene  # noqa: PLC0415 - heavy, and only in the extra
    return render_scene(payload, folder, assets=assets, settings=settings)


@contextmanager
def _needs_extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name in _EXTRA_MODULES:
            raise MissingExtra("the preview renderer", "preview") from error
        raise
