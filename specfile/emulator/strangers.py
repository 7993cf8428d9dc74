"""Videos that somebody else makes in the same account."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import Any, Final

from specfile.emulator.faults import Strangers
from specfile.emulator.store import Video

_TITLE: Final = "Somebody else's video"


def from_start(groups: Iterable[Strangers], now: float) -> Iterator[Video]:
    """Those that are there when the faults are set, the oldest first."""
    for group in sorted(groups, key=lambda group: -group.age):
        for _ in range(group.count):
            yield _video(group, group.title or _TITLE, now - group.age)


def with_video(groups: Iterable[Strangers], video: Video) -> Iterator[Video]:
    """Those that appear together with a video."""
    own: str | None = video.payload.get("title")
    for group in groups:
        title = own if group.same_title else group.title or _TITLE
        for _ in range(group.per_video):
            yield _video(group, title, video.created_at)


def _video(group: Strangers, title: str | None, created_at: float) -> Video:
    payload: dict[str, Any] = {"video_inputs": [{"voice": {"type": "silence"}}]}
    return Video(
        seq=0,
        id=secrets.token_hex(16),
        created_at=created_at,
        payload=payload if title is None else {**payload, "title": title},
        outcome="completed",
        clip=True,
        seconds=1.0,
        files=("video.mp4",),
        error=None,
        reads=0,
        stranger="unreadable" if group.unreadable else "readable",
    )
