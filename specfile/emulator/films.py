"""The finished files of videos."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from specfile.emulator.changed import changed
from specfile.emulator.store import Video
from specfile.emulator.subtitles import srt_of

CLIP: Final = Path(__file__).with_name("clip")
"""The files that stand for videos that aren't rendered: a second of a plain slate."""

CLIP_SECONDS: Final = 1.022

ASS: Final = "captions.ass"
SRT: Final = "captions.srt"
"""Captions, as the older API has them and as v3 has them."""


@dataclass(frozen=True, slots=True)
class Films:
    """The folder with a folder for each video that has files of its own."""

    folder: Path

    def path(self, video: Video, name: str) -> Path | None:
        """A finished file of a video, if it has one of that name."""
        if name not in files_of(video):
            return None
        own = self.folder / video.id / name
        if name == SRT and not own.exists():
            source = (CLIP if video.clip else own.parent) / ASS
            _put(own, srt_of(source.read_text(encoding="utf-8")).encode())
        return CLIP / name if video.clip and not own.exists() else own

    def change(self, video: Video, name: str) -> None:
        """Put another file in the place of a finished one, as if the service had made it anew."""
        path = self.path(video, name)
        if path is not None:
            _put(self.folder / video.id / name, changed(path.read_bytes(), path.suffix))

    def remove(self, video_id: str) -> None:
        """Remove all files of a video."""
        shutil.rmtree(self.folder / video_id, ignore_errors=True)


def is_transparent(payload: Mapping[str, Any]) -> bool:
    """Whether a video has nothing behind it, and so is a WebM."""
    return payload.get("output_format") == "webm"


def clip_files(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the ready-made files that stand for a video."""
    suffix = ".webm" if is_transparent(payload) else ".mp4"
    if payload.get("caption_mode") or payload.get("subtitles"):
        return (f"video{suffix}", ASS)
    return (f"video{suffix}", *((f"captioned{suffix}", ASS) if payload.get("caption") else ()))


def files_of(video: Video) -> tuple[str, ...]:
    """The names of a video's finished files; captions that it has, it has in both formats."""
    return (*video.files, SRT) if ASS in video.files else video.files


def _put(path: Path, content: bytes) -> None:
    """Write a file whole, also where another answer is writing it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{secrets.token_hex(4)}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
