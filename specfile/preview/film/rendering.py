"""A payload becomes a video: find files, render the scenes that the cache doesn't have, join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Literal

from specfile.preview.caption_style import CaptionStyle, caption_style_of
from specfile.preview.captions import subtitle_file
from specfile.preview.files import replacing
from specfile.preview.film.cache import Look, SceneCache, SceneJob, Take
from specfile.preview.film.joining import join
from specfile.preview.film.ticks import tick_hz_of
from specfile.preview.labels import is_marked
from specfile.preview.layout import Frame, frame_of
from specfile.preview.model import AssetSource, Rendered, RenderSettings
from specfile.preview.references import resolve
from specfile.preview.speech.speaker import SAMPLE_RATE, Speaker

Captions = Literal["none", "beside", "burn_in", "file_only"]
"""Where captions go: nowhere, into a film beside the clean one, into the film, or only into their file."""

LOOKS: Final[dict[Captions, tuple[Look, ...]]] = {
    "none": ("clean",),
    "beside": ("clean", "captioned"),
    "burn_in": ("captioned",),
    "file_only": ("clean",),
}
"""The films that are made for them, the main one first."""

_FILMS: Final = (("video", "video.mp4"), ("captioned", "captioned.mp4"))


def render(
    payload: Mapping[str, Any], folder: Path, *, assets: AssetSource, settings: RenderSettings
) -> Rendered:
    """See `specfile.preview.render_video`."""
    frame = frame_of(payload, settings.longest_side)
    wanted = captions_wanted(payload)
    files_of = [resolve(scene, assets) for scene in payload["video_inputs"]]
    jobs = [
        SceneJob(
            scene=scene,
            files=files,
            frame=frame,
            looks=LOOKS[wanted],
            tick_hz=tick_hz_of(payload, scene, files, settings),
            pill=settings.pill,
            watermark=is_marked(payload),
            style=caption_style_of(payload),
        )
        for scene, files in zip(payload["video_inputs"], files_of, strict=True)
    ]
    takes = _take_all(jobs, settings)
    folder.mkdir(parents=True, exist_ok=True)
    written = _write(takes, folder, frame, wanted, caption_style_of(payload))
    return Rendered(
        seconds=sum(take.samples for take in takes) / SAMPLE_RATE,
        width=frame.width,
        height=frame.height,
        notes=tuple(f"scene {number}: {note}" for number, take in enumerate(takes, 1) for note in take.notes),
        encoded_scenes=sum(take.is_new for take in set(takes)),
        **written,
    )


def _take_all(jobs: Sequence[SceneJob], settings: RenderSettings) -> list[Take]:
    """A take for each job; a scene that a film shows twice is rendered once."""
    cache = SceneCache(settings.cache)
    keys = [job.key() for job in jobs]
    unique = dict(zip(keys, jobs, strict=True))
    with Speaker() as speaker, ThreadPoolExecutor(settings.workers) as pool:
        if any(key not in cache for key in unique):
            speaker.start()
        takes = pool.map(lambda key: cache.take(key, unique[key], speaker), unique)
        by_key = dict(zip(unique, takes, strict=True))
    return [by_key[key] for key in keys]


def captions_wanted(payload: Mapping[str, Any]) -> Captions:
    """Where a payload wants its captions."""
    mode: Captions | None = payload.get("caption_mode")
    if mode:
        return mode
    if payload.get("subtitles"):
        return "burn_in"
    return "beside" if payload.get("caption") else "none"


def _write(
    takes: Sequence[Take], folder: Path, frame: Frame, wanted: Captions, style: CaptionStyle
) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for look, (kind, name) in zip(LOOKS[wanted], _FILMS, strict=False):
        files[kind] = folder / name
        join([take.clip(look) for take in takes], files[kind])
    if wanted != "none":
        files["subtitles"] = folder / "captions.ass"
        with replacing(files["subtitles"]) as part:
            part.write_text(_subtitles(takes, frame, style), encoding="utf-8")
    return files


def _subtitles(takes: Sequence[Take], frame: Frame, style: CaptionStyle) -> str:
    lines: list[tuple[float, float, str]] = []
    start = 0
    for take in takes:
        for cue_start, cue_end, text in take.cues:
            lines.append(((start + cue_start) / SAMPLE_RATE, (start + cue_end) / SAMPLE_RATE, text))
        start += take.samples
    return subtitle_file(lines, frame, style)
