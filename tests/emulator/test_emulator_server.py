"""Starting, stopping, and being killed."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.errors import MissingExtra, UsageError
from tests.emulator.support import KEY, await_end, copy_clip, copy_clip_when_told, send, until

PROC = Path("/proc/self/stat")
SERVE = """
import sys
from pathlib import Path
from specfile.emulator import EmulatorSettings, serve
if __name__ == "__main__":
    state = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    serve(EmulatorSettings(state=state), announce=lambda url: print(url, flush=True))
    print("stopped", flush=True)
"""


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """An emulator in a process of its own, and its address."""
    script = folder / "serve.py"
    script.write_text(SERVE, encoding="utf-8")
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(
        [sys.executable, script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def rest_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.read()


def running_in_session(session: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as refusal, Emulator(EmulatorSettings(port=port)):
            pass
    assert str(refusal.value) == f"port {port} is in use"
    assert refusal.value.hint == "--port 0 takes a free one"


def test_a_port_can_be_chosen_and_taken_again() -> None:
    with Emulator() as first:
        port = int(first.url.rpartition(":")[2])
    with Emulator(EmulatorSettings(port=port)) as second:
        assert second.url == first.url


def test_two_emulators_cannot_share_a_state_folder(tmp_path: Path) -> None:
    settings = EmulatorSettings(state=tmp_path)
    with Emulator(settings), pytest.raises(UsageError) as refusal, Emulator(settings):
        pass
    assert str(refusal.value) == f"another emulator is using {tmp_path}"
    with Emulator(settings):
        pass


def test_temporary_state_goes_away_on_stop() -> None:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as running:
        send(running.url)
        assert (running.state / "emulator.db").exists()
    assert not running.state.exists()


def test_it_stops_while_a_film_is_rendering(tmp_path: Path) -> None:
    with Emulator(renderer=copy_clip_when_told) as running:
        send(running.url, title=str(tmp_path / "never"))
        until((tmp_path / "never.begun").exists)
    worker = int((tmp_path / "never.begun").read_text(encoding="utf-8"))
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_it_leaves_signals_to_the_program() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with Emulator():
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("specfile.emulator.running", "specfile.serving"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(MissingExtra) as refusal, Emulator():
        pass
    assert str(refusal.value) == "the emulator needs the optional 'emulator' part of specfile"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_served_it_stops_cleanly_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path) as (process, url):
        assert requests.get(url, timeout=10).status_code == 200
        process.send_signal(number)
        assert rest_of(process) == "stopped\n"
        assert process.wait() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["serve.py"]


@pytest.mark.skipif(not PROC.exists(), reason="looks at processes through /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_it(tmp_path: Path, number: signal.Signals) -> None:
    pytest.importorskip("av")
    with served(tmp_path) as (process, url):
        await_end(url, send(url, dimension={"width": 128, "height": 128}))
        assert len(running_in_session(process.pid)) > 1
        process.send_signal(number)
        process.wait()
        until(lambda: not running_in_session(process.pid))


def test_a_video_is_on_disk_before_it_is_answered(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with served(tmp_path, str(state)) as (process, url):
        sent = [send(url, video_inputs=[{"voice": {"type": "silence"}}]) for _ in range(5)]
        process.kill()
        process.wait()
    with Emulator(EmulatorSettings(state=state), renderer=copy_clip) as running:
        assert {await_end(running.url, video_id)["status"] for video_id in sent} == {"completed"}


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "emulator.db"
    database.write_text("not a database, but long enough to be looked at as one" * 20, encoding="utf-8")
    with pytest.raises(UsageError) as refusal, Emulator(EmulatorSettings(state=tmp_path)):
        pass
    assert str(refusal.value) == f"{database} can't be used: file is not a database"


def test_state_of_another_version_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "emulator.db")) as connection:
        connection.execute("PRAGMA user_version = 7")
    with pytest.raises(UsageError) as refusal, Emulator(EmulatorSettings(state=tmp_path)):
        pass
    assert str(refusal.value).endswith(": its format is 7, and this version of specfile knows 2")


def test_state_of_the_version_before_is_taken_over(tmp_path: Path) -> None:
    with Emulator(EmulatorSettings(state=tmp_path, progress=AT_ONCE), renderer=copy_clip) as running:
        video_id = send(running.url, title="Welcome")
    with closing(sqlite3.connect(tmp_path / "emulator.db")) as connection:
        connection.executescript(
            "ALTER TABLE videos DROP COLUMN api; ALTER TABLE videos DROP COLUMN stranger;"
            "ALTER TABLE videos DROP COLUMN title; ALTER TABLE videos DROP COLUMN ended_at;"
            "DROP TABLE renders; DROP TABLE answers; DROP INDEX videos_by_age; PRAGMA user_version = 1"
        )
    with Emulator(EmulatorSettings(state=tmp_path, progress=AT_ONCE), renderer=copy_clip) as running:
        assert await_end(running.url, video_id)["status"] == "completed"
        query = {"title": "elcom"}
        found = requests.get(f"{running.url}/v3/videos", params=query, headers=KEY, timeout=10).json()
        assert [video["id"] for video in found["data"]] == [video_id]


def test_the_temporary_folder_is_the_systems() -> None:
    with Emulator() as running:
        assert running.state.parent == Path(tempfile.gettempdir())
