"""Worker processes: they work, and they never outlive their owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from specfile.engine import WORKERS_GONE, open_executor

OWNER = """
import os, sys, time
from pathlib import Path
from specfile.engine import WORKERS_GONE, open_executor
from test_engine_processes import write_pid_and_linger
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with open_executor(2) as pool:
        for name in ("a", "b"):
            pool.submit(write_pid_and_linger, folder / name)
        time.sleep(60)
"""


def write_pid_and_linger(path: Path) -> None:
    path.with_suffix(".part").write_text(str(os.getpid()), encoding="utf-8")
    path.with_suffix(".part").rename(path)
    time.sleep(60)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_work_is_done_elsewhere() -> None:
    with open_executor(1) as pool:
        assert pool.submit(os.getpid).result() != os.getpid()


def test_opening_starts_no_process() -> None:
    with open_executor(2) as pool:
        assert not pool._processes


def test_abandoning_ends_work_in_progress(tmp_path: Path) -> None:
    pool = open_executor(1)
    future = pool.submit(write_pid_and_linger, tmp_path / "a")
    wait_until((tmp_path / "a").exists)
    pool.abandon()
    assert isinstance(future.exception(), WORKERS_GONE)
    assert not alive(int((tmp_path / "a").read_text(encoding="utf-8")))
    pool.abandon()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
def test_workers_leave_when_their_owner_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "owner.py"
    script.write_text(OWNER, encoding="utf-8")
    path = os.pathsep.join((str(Path(__file__).parent), str(Path(__file__).parents[2])))
    owner = subprocess.Popen([sys.executable, script, tmp_path], env={**os.environ, "PYTHONPATH": path})
    wait_until(lambda: (tmp_path / "a").exists() and (tmp_path / "b").exists())
    workers = [int((tmp_path / name).read_text(encoding="utf-8")) for name in ("a", "b")]
    assert all(alive(pid) for pid in workers)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    wait_until(lambda: not any(alive(pid) for pid in workers))


def test_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    script = tmp_path / "three_lines.py"
    script.write_text(
        "from specfile.engine import open_executor\n"
        "with open_executor(1) as pool: print(pool.submit(len, 'abc').result())\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n", "")
