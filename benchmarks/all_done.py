"""Makes a spec look as if a build had rendered and downloaded all of it: a full lock, and small files.

python -m benchmarks.all_done SPEC SERVICE
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from specfile import load
from specfile.film import Video, token
from specfile.runner import Entry, LockFile, State, open_lock
from specfile.runner.lock.entries import Files
from specfile.runner.plan.planner import hashed_metadata


def finish(spec: Path, service: str) -> int:
    """Write files and lock as the runner writes them; gives the number of videos."""
    storyboard = load(spec)
    videos = storyboard.compile()
    for folder in {video.output.parent for video in videos}:
        folder.mkdir(parents=True, exist_ok=True)
    path = storyboard.lock_path()
    with open_lock(path, state=storyboard.state_folder, spec=spec.name, service=service) as lockfile:
        lockfile.write(*_entries(videos, lockfile))
        lockfile.compact()
    return len(videos)


def _entries(videos: tuple[Video, ...], lockfile: LockFile) -> Iterator[Entry]:
    [lock_id] = lockfile.lock.ids
    for number, video in enumerate(videos):
        content = b"x" * (1 + number % 50)
        video.output.write_bytes(content)
        yield Entry(
            key=video.key,
            digest=video.digest,
            state=State.DOWNLOADED,
            video_id=f"{number:032x}",
            token=token(lock_id, video.key, video.digest, 1),
            metadata=hashed_metadata(video),
            submitted_at="2026-11-28T08:00:00.000Z",
            completed_at="2026-11-28T08:05:00.000Z",
            downloaded_at="2026-11-28T08:05:10.000Z",
            duration_s=video.seconds,
            files=Files(Path(os.path.relpath(video.output, lockfile.folder)).as_posix()),
            sha256=hashlib.sha256(content).hexdigest(),
            bytes=len(content),
        )


if __name__ == "__main__":
    print(finish(Path(sys.argv[1]), sys.argv[2]))
