"""Builds a small project and kills itself at a chosen instant.

Reads jobs as JSON lines from stdin and runs each in a fork of its own, so that Python starts only once. A job
names the instant as the n-th of a kind (`write`, `fsync`, `rename`, `unlink`, `create`, `http`, `generate`),
before or after it, or with a write half done, and what a power cut takes then. `interrupt` is Ctrl-C instead
of a kill. Answers with the status of the fork and how many instants of each kind it passed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import urllib3

from specfile.heygen import connect
from specfile.runner import BuildOptions, build, kept_film, make_plan, open_lock
from tests.crash.power import Disk
from tests.crash.project import videos


class Instants:
    """Counts what a build does, and ends it where it was told to."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.passed: Counter[str] = Counter()
        self.disk = Disk(Path(job["folder"]), self.disk_instant)

    def install(self) -> None:
        self.disk.install()
        send = urllib3.HTTPConnectionPool.urlopen

        def counted_send(pool: Any, method: str, url: str, **more: Any) -> Any:
            numbers = {kind: self.pass_one(kind) for kind in _kinds_of(url)}
            try:
                return send(pool, method, url, **more)
            finally:
                for kind, number in numbers.items():
                    self.die_if(kind, number, "after")

        urllib3.HTTPConnectionPool.urlopen = counted_send  # type: ignore[method-assign, assignment]

    def disk_instant(self, kind: str, when: str) -> None:
        if when == "before":
            self.pass_one(kind)
        else:
            self.die_if(kind, self.passed[kind], when)

    def pass_one(self, kind: str) -> int:
        with self.disk.guard:
            self.passed[kind] += 1
            self.die_if(kind, self.passed[kind], "before")
            return self.passed[kind]

    def die_if(self, kind: str, number: int, when: str) -> None:
        if self.job.get("at") != [kind, number, when]:
            return
        with self.disk.guard:
            self.disk.watch = _nobody
            self.disk.lose(self.job["loss"])
            os.kill(os.getpid(), signal.SIGINT if self.job["interrupt"] else signal.SIGKILL)


def _nobody(_kind: str, _when: str) -> None:
    """The power cut itself is watched by nobody."""


def _kinds_of(url: str) -> list[str]:
    return ["http", "generate"] if url.endswith("/video/generate") else ["http"]


def run(job: dict[str, Any]) -> None:
    folder = Path(job["folder"])
    instants = Instants(job)
    instants.install()
    state, path = folder / ".specfile", folder / "welcome.lock"
    with open_lock(path, state=state, spec="welcome.yaml", service="local", timeout=5) as lockfile:
        plan = make_plan(
            videos(folder, job["phase"]),
            lockfile.lock,
            lock_folder=folder,
            whole=True,
            old_film=lambda digest: kept_film(state, digest),
        )
        result = build(
            plan,
            lockfile,
            lambda: connect(job["url"], job["url"], "test-key", print),
            options=BuildOptions(concurrency=job["concurrency"]),
        )
    if not result.is_complete:
        print(result, file=sys.stderr)
    Path(job["counts"]).write_text(json.dumps(instants.passed))
    os._exit(0 if result.is_complete else 3)


def _run_and_exit(job: dict[str, Any]) -> None:
    try:
        run(job)
    except KeyboardInterrupt:
        os._exit(130)
    finally:
        # Reached by an error only: this process is a copy of the driver and must not go on as it.
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)


def main() -> None:
    # A shell that runs the tests in the background lets them inherit that Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            _run_and_exit(job)
        _, status = os.waitpid(child, 0)
        counts = Path(job["counts"])
        passed = json.loads(counts.read_text()) if counts.exists() else {}
        counts.unlink(missing_ok=True)
        print(json.dumps({"status": status, "passed": passed}), flush=True)


if __name__ == "__main__":
    main()
