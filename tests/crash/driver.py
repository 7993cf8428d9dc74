"""Builds a small project and kills itself at a chosen instant.

Reads jobs as JSON lines from stdin and runs each in a fork of its own, so that Python starts only once. A job
names the instant as the k-th fsync or HTTP exchange, before or after it. `cut` also throws away whatever was
not synced by then, as a power cut would; `interrupt` is Ctrl-C instead of a kill. Answers with the status of
the fork and how many instants it passed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import requests.adapters

from specfile.film import Scene, Video
from specfile.heygen import connect
from specfile.runner import BuildOptions, build, make_plan, open_lock
from tests.runner.project import make_asset, make_video, video_of


class Instants:
    """Counts what a build does, and ends it where it was told to."""

    def __init__(self, job: dict[str, Any], counts: Path) -> None:
        self.job = job
        self.counts = counts
        self.passed = {"fsync": 0, "http": 0}
        self.synced: dict[str, int] = {}
        self.guard = threading.Lock()

    def install(self) -> None:
        fsync, send = os.fsync, requests.adapters.HTTPAdapter.send

        def counted_fsync(descriptor: int) -> None:
            with self.guard:
                number = self.pass_one("fsync")
                fsync(descriptor)
                self.synced[str(Path(f"/proc/self/fd/{descriptor}").readlink())] = os.fstat(
                    descriptor
                ).st_size
                self.after("fsync", number)

        def counted_send(*args: Any, **kwargs: Any) -> Any:
            with self.guard:
                number = self.pass_one("http")
            answer = send(*args, **kwargs)
            with self.guard:
                self.after("http", number)
            return answer

        os.fsync = counted_fsync  # type: ignore[assignment]
        requests.adapters.HTTPAdapter.send = counted_send  # type: ignore[method-assign]

    def pass_one(self, kind: str) -> int:
        self.passed[kind] += 1
        self.counts.write_text(json.dumps(self.passed))
        self.die_if(kind, self.passed[kind], "before")
        return self.passed[kind]

    def after(self, kind: str, number: int) -> None:
        self.die_if(kind, number, "after")

    def die_if(self, kind: str, number: int, when: str) -> None:
        if self.job.get("at") != [kind, number, when]:
            return
        if self.job["cut"]:
            self.cut()
        os.kill(os.getpid(), signal.SIGINT if self.job["interrupt"] else signal.SIGKILL)

    def cut(self) -> None:
        """Lose what was appended to the lock since it was last synced."""
        lock = str(Path(self.job["folder"]) / "welcome.lock")
        # A lock that this build hasn't touched, or has just renamed into place, is safe as it is.
        if lock in self.synced:
            os.truncate(lock, self.synced[lock])


def videos(folder: Path, phase: int) -> list[Video]:
    """The first phase has two videos; the second changes one and adds two with one film and a picture."""
    if phase == 1:
        return [make_video(folder, "a", "old"), make_video(folder, "x")]
    image = make_asset(folder / "bg.png", "image")
    background = {"type": "image", "image_asset_id": image.placeholder}
    scene = Scene(voice={"type": "text", "voice_id": "v", "input_text": "b"}, background=background)
    with_picture = [video_of(folder, key, scene, (image,)) for key in "bc"]
    return [make_video(folder, "a", "new"), *with_picture, make_video(folder, "x"), make_video(folder, "d")]


def run(job: dict[str, Any]) -> None:
    folder = Path(job["folder"])
    Instants(job, folder / "counts.json").install()
    state, path = folder / ".specfile", folder / "welcome.lock"
    with open_lock(path, state=state, spec="welcome.yaml", service="local", timeout=5) as lockfile:
        plan = make_plan(videos(folder, job["phase"]), lockfile.lock, lock_folder=folder, whole=True)
        result = build(
            plan,
            lockfile,
            lambda: connect(job["url"], job["url"], "test-key", print),
            options=BuildOptions(concurrency=2),
        )
    os._exit(0 if result.is_complete else 3)


def main() -> None:
    # A shell that runs the tests in the background lets them inherit that Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                run(job)
            except KeyboardInterrupt:
                os._exit(130)
        _, status = os.waitpid(child, 0)
        passed = json.loads((Path(job["folder"]) / "counts.json").read_text())
        print(json.dumps({"status": status, "passed": passed}), flush=True)


if __name__ == "__main__":
    main()
