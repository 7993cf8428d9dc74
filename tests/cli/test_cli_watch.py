"""`specfile preview --watch` in a terminal: what it refuses, what it says, how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.running import Run

SPEC = """\
specfile: 1
defaults: {avatar: Anna, voice: 1bd001e7e50f421d891986aad5158bc8}
scenes:
  - say: Hello.
  - say: Goodbye.
"""


UNREACHABLE = (
    "https://host.invalid/wall.png: nothing was found there: there is no host host.invalid; "
    "a placeholder stands in"
)


@pytest.fixture(autouse=True)
def _spec(project: Path) -> None:
    (project / "welcome.yaml").write_text(SPEC, encoding="utf-8")


@contextmanager
def watching(
    *arguments: str, temporary: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The command in a process of its own, and what it said until its page was there."""
    command = [sys.executable, "-m", "specfile", "preview", "--watch", *arguments]
    environment = dict(os.environ)
    if temporary is not None:
        environment["TMPDIR"] = str(temporary)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        said: list[str] = []
        try:
            for line in process.stderr:
                said.append(line)
                if line.startswith("the page is at "):
                    break
            yield process, said
        finally:
            process.kill()


def timeless(lines: list[str]) -> str:
    """What was said, without the time of day and the port."""
    return re.sub(r":\d{5}\b", ":PORT", re.sub(r"(?m)^\d\d:\d\d:\d\d ", "", "".join(lines)))


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    return process.stderr.readline()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_what_happens_and_ends_cleanly(
    project: Path, tmp_path_factory: pytest.TempPathFactory, number: signal.Signals
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    with watching("--port", "0", "welcome.yaml", temporary=temporary) as (process, said):
        assert timeless(said) == (
            "welcome.yaml: 2 scenes, 0:01, $0.02\nthe page is at http://127.0.0.1:PORT (Ctrl-C stops it)\n"
        )
        url = said[-1].split()[4]
        assert requests.get(url, timeout=20).status_code == 200
        (project / "welcome.yaml").write_text(SPEC.replace("Goodbye", "See you"), encoding="utf-8")
        assert timeless([next_line(process)]) == "welcome.yaml changed: scene 2\n"
        (project / "welcome.yaml").write_text(SPEC.replace("scenes:", "scemes:"), encoding="utf-8")
        assert timeless([next_line(process)]) == "welcome.yaml changed:\n"
        assert next_line(process) == "error[no-scenes]: there are no scenes\n"
        process.send_signal(number)
        assert process.wait(20) == 0
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in project.iterdir()) == [".git", "welcome.yaml"]


def test_with_its_page_open_it_ends_too() -> None:
    with (
        watching("--port", "0", "welcome.yaml") as (process, said),
        requests.get(said[-1].split()[4] + "/events", stream=True, timeout=20) as events,
    ):
        assert next(events.iter_lines()) == b"retry: 500"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_quietly_it_says_the_address_and_what_is_wrong(project: Path) -> None:
    with watching("--port", "0", "--quiet", "welcome.yaml") as (process, said):
        assert timeless(said) == "the page is at http://127.0.0.1:PORT (Ctrl-C stops it)\n"
        (project / "welcome.yaml").write_text(SPEC.replace("Goodbye", "See you"), encoding="utf-8")
        (project / "welcome.yaml").write_text(SPEC.replace("scenes:", "scemes:"), encoding="utf-8")
        assert next_line(process) == "error[no-scenes]: there are no scenes\n"


def test_values_from_a_file_are_followed(project: Path) -> None:
    variable = SPEC.replace("defaults", "variables: {stage: {type: string}}\ndefaults", 1)
    (project / "welcome.yaml").write_text(variable.replace("Hello", "Hello {{ stage }}"), encoding="utf-8")
    values = project / "prod.yaml"
    values.write_text("stage: prod\n", encoding="utf-8")
    with watching("--port", "0", "--vars", "prod.yaml", "welcome.yaml") as (process, said):
        url = said[-1].split()[4]
        values.write_text("stage: test\n", encoding="utf-8")
        assert timeless([next_line(process)]) == "prod.yaml changed: scene 1\n"
        assert "Hello test." in requests.get(url, timeout=20).text
        values.write_text("- test\n", encoding="utf-8")
        assert timeless([next_line(process)]) == "prod.yaml changed:\n"
        assert next_line(process) == "error: --vars prod.yaml holds no names with values\n"
        values.write_text("stage: test\n", encoding="utf-8")
        assert next_line(process).startswith("hint: ")
        assert timeless([next_line(process)]) == "prod.yaml changed: all is well again\n"


def test_what_cannot_be_fetched_is_said_and_keeps_nobody_waiting(project: Path) -> None:
    picture = '    background: {type: image, url: "https://host.invalid/wall.png?signature=abc"}\n'
    (project / "welcome.yaml").write_text(SPEC + picture, encoding="utf-8")
    with watching("--port", "0", "--online", "--quiet", "welcome.yaml") as (process, said):
        assert process.stderr is not None
        told = [*said, next(process.stderr)] if len(said) == 1 else said
        assert sorted(timeless(told).splitlines()) == [
            UNREACHABLE,
            "the page is at http://127.0.0.1:PORT (Ctrl-C stops it)",
        ]


def test_it_begins_with_a_spec_that_is_wrong(project: Path) -> None:
    (project / "welcome.yaml").write_text(SPEC.replace("scenes:", "scemes:"), encoding="utf-8")
    with watching("--port", "0", "welcome.yaml") as (_, said):
        assert said[0] == "error[no-scenes]: there are no scenes\n"
        assert timeless(said[-1:]) == "the page is at http://127.0.0.1:PORT (Ctrl-C stops it)\n"


def test_where_the_usual_port_is_in_use_a_free_one_is_taken() -> None:
    with watching("welcome.yaml") as (_, first), watching("welcome.yaml") as (_, second):
        assert first[-1] != second[-1]


def test_a_port_that_is_named_and_in_use_is_refused(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = run("preview", "--watch", "--port", str(port), "welcome.yaml")
    assert (ran.code, ran.err) == (2, f"error: port {port} is in use\nhint: --port 0 takes a free one\n")


def test_a_spec_that_is_not_there_is_refused(run: Run) -> None:
    ran = run("preview", "--watch", "--port", "0", "missing.yaml")
    assert ran.code == 1
    assert "missing.yaml can't be read: there is no such file" in ran.err


@pytest.mark.parametrize(
    ("arguments", "others"),
    [
        (["-o", "page.html", "--png", "sheet.png"], "-o and --png"),
        (["--mp4"], "--mp4"),
        (["--bad-rows", "bad.csv"], "--bad-rows"),
    ],
)
def test_it_writes_no_file(run: Run, arguments: list[str], others: str) -> None:
    ran = run("preview", "--watch", "welcome.yaml", *arguments)
    assert ran.code == 2
    assert ran.err == (
        f"error: --watch serves a page and writes no file; it doesn't go with {others}\n"
        "hint: run the command without --watch for the files\n"
    )


def test_it_follows_one_spec(run: Run) -> None:
    ran = run("preview", "--watch", "welcome.yaml", "other.yaml")
    assert ran.code == 2
    assert ran.err == (
        "error: --watch follows one spec, and here are 2\n"
        "hint: run the command once for each spec, in a terminal of its own\n"
    )


def test_a_port_is_for_watching(run: Run) -> None:
    ran = run("preview", "--port", "8000", "welcome.yaml")
    assert (ran.code, ran.err) == (2, "error: --port is where --watch serves\nhint: add --watch\n")


def test_without_the_extra_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("specfile.watching._NEEDED", ("starlette", "there_is_no_such_module"))
    ran = run("preview", "--watch", "welcome.yaml")
    assert ran.code == 2
    assert ran.err == (
        "error: --watch needs the optional 'preview' part of specfile\n"
        "hint: pip install 'specfile-video[preview]'\n"
    )
