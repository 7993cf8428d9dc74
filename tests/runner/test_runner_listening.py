"""A build that takes webhooks: it is done sooner for them, and done all the same without them."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import requests

from specfile.cli.listen_option import listen_at
from specfile.heygen import WebhookRefused
from specfile.runner import (
    DEFAULT_PORT,
    BuildOptions,
    BuildResult,
    Listen,
    Result,
    build,
    events,
    open_lock,
)
from specfile.runner.following.listening import Server
from tests.heygen.scripted_service import GENERATE, STATUS, ScriptedService, answer, serving
from tests.runner.project import Project

SECRET = "whsec_test"
HOOKS = "/v3/webhooks/endpoints"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project in real time."""
    with serving(ScriptedService()) as service:
        yield Project(folder=tmp_path, service=service)


def tell(url: str, video_id: str, *, secret: str = SECRET) -> int:
    """Send a webhook as the service would; gives the status of the answer."""
    body = json.dumps({"event_type": "avatar_video.success", "event_data": {"video_id": video_id}}).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Heygen-Signature": signature, "Heygen-Timestamp": str(int(time.time()))}
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, data=body, headers=headers, timeout=5).status_code


def listening(project: Project, listen: Listen, *, secret: str = SECRET) -> tuple[BuildResult, list[int]]:
    """Build one video; as soon as it is accepted, a webhook says that it is over."""
    answers: list[int] = []
    urls: list[str] = []

    def heard(event: events.Event) -> None:
        project.events.append(event)
        if isinstance(event, events.Listening) and event.trouble is None:
            urls.append(f"http://127.0.0.1:{event.url.rpartition(':')[2]}")
        if isinstance(event, events.Accepted) and urls:
            answers.append(tell(urls[0], event.video_id, secret=secret))

    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        result = build(
            project.plan([project.video("a")]),
            lockfile,
            project.connect,
            options=BuildOptions(listen=listen),
            notify=heard,
        )
    return result, answers


def test_a_webhook_makes_the_build_ask_at_once(project: Project) -> None:
    begun = time.monotonic()
    result, answers = listening(project, Listen(port=0, secret=SECRET))
    # The first question after a new video is due only after 10 s.
    assert time.monotonic() - begun < 8
    assert (result.counts, answers, project.service.count(STATUS)) == ({Result.SAVED: 1}, [200], 1)
    assert project.service.count(HOOKS) == 0


def test_a_message_of_somebody_else_hurries_nothing(project: Project) -> None:
    project.service.response_headers["X-Emulator-Speed"] = "20"
    result, answers = listening(project, Listen(port=0, secret=SECRET), secret="guess")
    assert (result.counts, answers) == ({Result.SAVED: 1}, [401])


def test_an_emulator_is_given_the_address_and_forgets_it_at_the_end(project: Project) -> None:
    told = {"data": {"endpoint_id": "ep_1", "secret": SECRET}}
    project.service.faults = [
        answer(f"POST {HOOKS}", 200, told),
        answer(f"DELETE {HOOKS}/ep_1", 200, {"data": {}}),
    ]
    project.service.response_headers["X-Emulator-Speed"] = "20"
    result, _ = listening(project, Listen(port=0))
    assert result.counts == {Result.SAVED: 1}
    hooks = [call for call in project.service.calls if HOOKS in call]
    assert hooks == [f"POST {HOOKS}", f"DELETE {HOOKS}/ep_1"]


def test_an_interrupted_build_records_first_and_then_has_its_address_forgotten(project: Project) -> None:
    at_delete: list[dict[str, str]] = []
    told = {"data": {"endpoint_id": "ep_1", "secret": SECRET}}
    project.service.faults = [
        answer(f"POST {HOOKS}", 200, told),
        answer(f"DELETE {HOOKS}/ep_1", 200, {"data": {}}),
    ]

    def look(path: str) -> None:
        if path.endswith("/ep_1"):
            at_delete.append(project.states())

    def interrupt(event: events.Event) -> None:
        project.events.append(event)
        if isinstance(event, events.Listening):
            heard.set()
        if isinstance(event, events.Accepted):
            raise KeyboardInterrupt

    heard = threading.Event()
    project.service.on_call = lambda path: look(path) if path != GENERATE else heard.wait(5)
    with open_lock(project.lock_path, state=project.state, spec="welcome.yaml", service="local") as lockfile:
        plan = project.plan([project.video("a")])
        options = BuildOptions(listen=Listen(port=0))
        with pytest.raises(KeyboardInterrupt):
            build(plan, lockfile, project.connect, options=options, notify=interrupt)
    assert at_delete == [{"a": "submitted"}]


def test_a_service_that_takes_no_address_leaves_the_build_asking(project: Project) -> None:
    project.service.faults = [answer(f"POST {HOOKS}", 403, {"error": {"code": "insufficient_api_key_scope"}})]
    project.service.response_headers["X-Emulator-Speed"] = "20"
    result, _ = listening(project, Listen(port=0, url="https://hooks.example/in"))
    assert result.counts == {Result.SAVED: 1}
    assert [one for one in project.events if isinstance(one, events.Listening)] == [
        events.Listening(
            url="https://hooks.example/in",
            trouble="the service refuses this account: insufficient_api_key_scope",
        )
    ]


def test_a_port_that_is_taken_leaves_the_build_asking(project: Project) -> None:
    project.service.response_headers["X-Emulator-Speed"] = "20"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result, _ = listening(project, Listen(port=port, secret=SECRET))
    assert result.counts == {Result.SAVED: 1}
    [told] = [one for one in project.events if isinstance(one, events.Listening)]
    assert told.trouble == f"port {port} can't be opened (Address already in use)"


def test_nothing_is_listened_to_where_there_is_nothing_to_ask(project: Project) -> None:
    project.service.response_headers["X-Emulator-Speed"] = "20"
    listening(project, Listen(port=0, secret=SECRET))
    project.events.clear()
    result, _ = listening(project, Listen(port=0, secret=SECRET))
    assert (result.counts, project.events) == ({Result.KEPT: 1}, [])


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that refuses every message but `good`."""

    def take(_headers: object, body: bytes) -> None:
        if body != b"good":
            raise WebhookRefused("no", code="bad_signature")

    server = Server("127.0.0.1", 0, take)
    yield server
    server.close()


def test_options_is_answered_within_a_second_while_another_message_drags_on(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nnot all of it")
        with requests.Session() as session:
            session.trust_env = False
            told = session.options(server.url, timeout=1)
    assert (told.status_code, told.headers["Allow"]) == (200, "OPTIONS, POST")


@pytest.mark.parametrize(
    ("body", "status"), [(b"good", 200), (b"bad", 401), (b"x" * 1_000_001, 413), (None, 411)]
)
def test_a_message_is_answered_by_what_becomes_of_it(server: Server, body: bytes | None, status: int) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    length = "" if body is None else f"Content-Length: {len(body)}\r\n"
    with socket.create_connection((host, int(port)), timeout=5) as one:
        one.sendall(f"POST / HTTP/1.1\r\nHost: x\r\n{length}\r\n".encode() + (body or b"")[:1000])
        assert one.recv(100).startswith(f"HTTP/1.1 {status} ".encode())


def test_what_listen_says_on_the_command_line() -> None:
    given = {"HEYGEN_WEBHOOK_SECRET": SECRET}
    assert listen_at([], given) is None
    assert listen_at([""], given) == Listen(port=DEFAULT_PORT, secret=SECRET)
    assert listen_at(["0.0.0.0:9000"], {}) == Listen(host="0.0.0.0", port=9000)
    assert listen_at(["[::1]:9000"], {}) == Listen(host="::1", port=9000)
    assert listen_at([":9000", "https://x.example/in"], {}) == Listen(port=9000, url="https://x.example/in")
    assert SECRET not in repr(listen_at([""], given))


@pytest.mark.parametrize("value", ["nowhere", "host:port", "ftp://x.example", ":99999"])
def test_an_address_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(click.BadParameter):
        listen_at([value], {})
