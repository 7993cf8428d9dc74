"""The API key, signed links and texts of rows stay out of everything that a build writes or prints.

Each is a string that nobody else would write. The service repeats the key and links in codes, messages,
headers and pages, wherever it can. All that a project holds and prints is searched for them afterwards.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import urllib3

from tests.heygen.scripted_service import (
    GENERATE,
    LIST,
    STATUS,
    Fault,
    ScriptedService,
    answer,
    reset,
    serving,
)
from tests.running import Ran, Run

KEY: Final = "canary-key-not-a-real-one"
SIGNATURE: Final = "canary-signature"
ROW: Final = "canary-text-of-a-row"

SPEC: Final = """\
specfile: 1
title: For {{ name }}, {{ wish }}
variables:
  name: {type: string}
  wish: {type: string}
data: people.csv
key: "{{ name }}"
dimension: 720p
defaults:
  character: {type: avatar, avatar_id: Anna}
  voice: {voice_id: v-anna}
scenes:
  - say: Hello {{ name }}, {{ wish }}!
"""

LINK: Final = f"https://files.example.com/film.mp4?Expires=1&Signature={SIGNATURE}"
ECHO: Final = f"key {KEY} is wrong for {LINK}, and you said {ROW}"
PAGE: Final = f"<html><body>{ECHO}</body></html>".encode()
HEADERS: Final = {"X-Echo": KEY, "Location": LINK}
COMPLAINT: Final = {"error": {"code": "invalid_parameter", "message": ECHO, "param": KEY}}


def echo(path: str, status: int, code: str, **more: Any) -> Fault:
    body = {"error": {"code": code, "message": ECHO, "param": KEY}}
    return answer(path, status, body, headers=HEADERS, **more)


FAULTS: Final[dict[str, list[Fault]]] = {
    "nothing": [],
    "a refused video": [echo(GENERATE, 400, "invalid_parameter")],
    "a code that is the key": [echo(GENERATE, 400, KEY)],
    "a refused account": [echo(GENERATE, 401, "unauthorized", times=9)],
    "a lost answer": [echo(GENERATE, 500, "internal_error", takes_effect=True)],
    "too many requests": [echo(GENERATE, 429, "rate_limit_exceeded")],
    "a page in place of an answer": [Fault(path=GENERATE, body=PAGE, headers={"Content-Type": "text/html"})],
    "a redirect": [Fault(path=GENERATE, status=302, headers=HEADERS)],
    "no status": [echo(STATUS, 503, "service_unavailable", times=40)],
    "a status refused": [echo(STATUS, 403, "forbidden", times=9)],
    "a list refused": [reset(GENERATE, takes_effect=True), echo(LIST, 403, "forbidden", times=9)],
    "an expired link": [Fault(path="/files/", status=403, body=PAGE, headers=HEADERS, times=60)],
    "a file host that is away": [Fault(path="/files/", resets=True, times=60)],
    "a file host in circles": [Fault(path="/files/", status=302, headers={"Location": "?" + LINK}, times=99)],
    "a warning of the end": [
        answer(
            GENERATE,
            200,
            {"error": None, "data": {"video_id": "none"}, "warning": {"message": ECHO}},
            headers={"Deprecation": "true", "Sunset": ECHO},
        ),
    ],
}

COMMANDS: Final = (
    ("plan",),
    ("plan", "--format", "json"),
    ("plan", "-o", "saved.plan"),
    ("build", "--yes", "--verbose"),
    ("build", "--yes", "--format", "json"),
    ("build", "--yes", "--again", "--only", "ada"),
    ("status", "--all"),
    ("status", "--format", "json"),
    ("status", "--format", "csv"),
    ("lock", "repair"),
)


@pytest.fixture
def service(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedService]:
    """A service on this machine that says that it is very fast, and signs its links with the canary."""
    (project / "people.csv").write_text(f"name,wish\nada,{ROW}\ngrace,{ROW} too\n", encoding="utf-8")
    (project / "welcome.yaml").write_text(SPEC, encoding="utf-8")
    with serving(ScriptedService()) as service:
        service.response_headers = {"X-Emulator-Speed": "5000"}
        service.on_call = lambda _path: _sign(service)
        monkeypatch.setenv("HEYGEN_API_BASE", service.url)
        monkeypatch.setenv("HEYGEN_API_KEY", KEY)
        yield service


def _sign(service: ScriptedService) -> None:
    for made in service.videos.values():
        made.extra = {"video_url": f"{service.url}/files/{made.video_id}/film.mp4?Signature={SIGNATURE}"}


def search(folder: Path, printed: dict[str, Ran]) -> None:
    """Look for the canaries in every file of a project and in all that was printed there."""
    everything = {name: f"{ran.out}\n{ran.err}" for name, ran in printed.items()}
    everything |= {
        str(path): path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()
    }
    for name, text in everything.items():
        assert KEY not in text, f"the key is in {name}"
        assert SIGNATURE not in text, f"a signed link is in {name}"
    for name, text in everything.items():
        if name.endswith((".lock", ".plan")):
            assert ROW not in text, f"the text of a row is in {name}"
        elif "--format" in name:
            told = without_words(text) if name.startswith("build") else text
            assert ROW not in told, f"the text of a row is in {name}"


def without_words(text: str) -> str:
    """What a program reads, but for the fields that may quote the service."""
    lines = [line for line in text.splitlines() if line.startswith("{")]
    return "".join(
        json.dumps(
            json.loads(line, object_hook=lambda told: {**told, "message": "", "reason": "", "text": ""})
        )
        for line in lines
    )


@pytest.mark.parametrize("name", FAULTS)
def test_nothing_secret_is_written_or_printed(
    service: ScriptedService, project: Path, run: Run, name: str
) -> None:
    service.faults = [Fault(**vars(fault)) for fault in FAULTS[name]]
    search(project, {" ".join(words): run(*words, "welcome.yaml") for words in COMMANDS})


def test_a_saved_plan_and_its_build_hold_no_text(service: ScriptedService, project: Path, run: Run) -> None:
    printed = {"plan": run("plan", "-o", "saved.plan", "welcome.yaml"), "build": run("build", "saved.plan")}
    assert [ran.code for ran in printed.values()] == [0, 0]
    assert service.count("/files/") == 2
    search(project, printed)


def test_a_render_that_fails_in_the_words_of_the_service(
    service: ScriptedService, project: Path, run: Run
) -> None:
    service.render_error = {"code": KEY, "message": ECHO, "detail": ECHO}
    printed = {" ".join(words): run(*words, "welcome.yaml") for words in COMMANDS}
    assert printed["build --yes --verbose"].code == 3
    search(project, printed)


def test_a_traceback_holds_neither_the_key_nor_a_link(
    service: ScriptedService, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise ValueError(ECHO)

    monkeypatch.setattr(sys.modules["specfile.runner.build"], "keep_film", break_down)
    ran = run("build", "--yes", "--format", "json", "welcome.yaml")
    assert ran.code == 70
    assert "ValueError: key … is wrong for https://files.example.com/film.mp4?…" in ran.err
    assert json.loads(ran.out.splitlines()[-1])["exit"] == 70
    search(project, {"build --format json": Ran(ran.code, ran.out, ""), "stderr": Ran(0, "", ran.err)})


def test_a_link_that_the_http_library_chokes_on_is_not_shown(
    service: ScriptedService, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = urllib3.HTTPConnectionPool.urlopen

    def choke(
        pool: urllib3.HTTPConnectionPool, method: str, url: str, *, headers: dict[str, str], **more: Any
    ) -> urllib3.BaseHTTPResponse:
        if "X-Api-Key" not in headers:
            raise urllib3.exceptions.LocationParseError(f"http://{pool.host}{url}")
        return send(pool, method, url, headers=headers, **more)

    monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", choke)
    ran = run("build", "--yes", "--verbose", "welcome.yaml")
    assert ran.code == 3
    search(project, {"build --yes --verbose": ran})
