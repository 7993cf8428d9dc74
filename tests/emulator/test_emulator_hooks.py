"""Webhooks, received by a real server."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Fault, Faults, Progress
from specfile.emulator.films import CLIP
from tests.emulator.support import KEY, copy_clip, send, until

NOW = 1_800_000_000.0


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class Heard:
    """One message as it came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> Any:
        return json.loads(self.body)


@dataclass
class Listener:
    """A server that answers OPTIONS with `probe`, and messages with the next of `answers`, or 200."""

    url: str = ""
    probe: int = 200
    probe_seconds: float = 0
    answers: list[int] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    probed: list[str] = field(default_factory=list)

    def wait_for(self, number: int) -> list[Heard]:
        until(lambda: len(self.heard) >= number)
        return self.heard


class Handler(BaseHTTPRequestHandler):
    listener: Listener

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass

    def do_OPTIONS(self) -> None:
        self.listener.probed.append(self.path)
        time.sleep(self.listener.probe_seconds)
        self._answer(self.listener.probe)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.listener.heard.append(Heard(self.path, dict(self.headers), body))
        self._answer(self.listener.answers.pop(0) if self.listener.answers else 200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def listener() -> Iterator[Listener]:
    told = Listener()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"listener": told}))
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def service(clock: Clock | None = None, **changes: Any) -> Iterator[Emulator]:
    settings = EmulatorSettings(**{"progress": AT_ONCE, "speed": 1000, **changes})
    with Emulator(settings, renderer=copy_clip, clock=clock or Clock()) as running:
        yield running


def call(emulator: Emulator, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    answer = requests.request(method, f"{emulator.url}{path}", json=body, headers=KEY, timeout=10)
    return answer.status_code, answer.json()


def add(emulator: Emulator, url: str, **more: Any) -> Any:
    status, answer = call(emulator, "POST", "/v1/webhook/endpoint.add", {"url": url, **more})
    assert status == 200, answer
    return answer["data"]


def create(emulator: Emulator, url: str, **more: Any) -> Any:
    status, answer = call(emulator, "POST", "/v3/webhooks/endpoints", {"url": url, **more})
    assert status == 200, answer
    return answer["data"]


def hexdigest(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_a_finished_video_is_told_and_signed_as_the_older_api_does(listener: Listener) -> None:
    with service() as emulator:
        endpoint = add(emulator, f"{listener.url}/hook?a=1", events=["avatar_video.success"])
        assert listener.probed == ["/hook?a=1"]
        video_id = send(emulator.url, callback_id="mine", folder_id="f")
        (message,) = listener.wait_for(1)
        url = message.event["event_data"]["url"]
        assert message.event == {
            "event_type": "avatar_video.success",
            "event_data": {
                "video_id": video_id,
                "url": url,
                "gif_download_url": None,
                "video_page_url": f"{emulator.url}/",
                "video_share_page_url": f"{emulator.url}/",
                "folder_id": "f",
                "callback_id": "mine",
            },
        }
        assert requests.get(url, timeout=10).content == (CLIP / "video.mp4").read_bytes()
    assert message.path == "/hook?a=1"
    assert message.headers["Content-Type"] == "application/json"
    assert message.headers["Signature"] == hexdigest(endpoint["secret"], message.body)
    assert "Heygen-Signature" not in message.headers


def test_v3_signs_with_three_headers(listener: Listener) -> None:
    with service() as emulator:
        endpoint = create(emulator, listener.url)
        send(emulator.url)
        (message,) = listener.wait_for(1)
        (event,) = call(emulator, "GET", "/v3/webhooks/events")[1]["data"]
    assert endpoint["secret"].startswith("whsec_")
    assert message.headers["Heygen-Signature"] == hexdigest(endpoint["secret"], message.body)
    assert message.headers["Heygen-Timestamp"] == "1800000000"
    assert message.headers["Heygen-Event-Id"] == event["event_id"]
    assert {"event_type": event["event_type"], "event_data": event["event_data"]} == message.event
    assert "Signature" not in message.headers


def test_a_failed_video_is_told_with_its_reason(listener: Listener) -> None:
    with service() as emulator:
        add(emulator, listener.url)
        video_id = send(emulator.url, dimension={"width": 3840, "height": 2160}, callback_id="mine")
        (message,) = listener.wait_for(1)
    assert message.event == {
        "event_type": "avatar_video.fail",
        "event_data": {"video_id": video_id, "msg": "Resolution not allowed", "callback_id": "mine"},
    }


def test_the_address_that_comes_with_a_video_is_told_too_unsigned(listener: Listener) -> None:
    with service() as emulator:
        add(emulator, f"{listener.url}/registered")
        send(emulator.url, callback_url=f"{listener.url}/own")
        messages = listener.wait_for(2)
    assert sorted((one.path, "Signature" in one.headers) for one in messages) == [
        ("/own", False),
        ("/registered", True),
    ]


def test_events_that_nobody_asked_for_are_not_sent(listener: Listener) -> None:
    with service() as emulator:
        add(emulator, f"{listener.url}/fail", events=["avatar_video.fail"])
        add(emulator, f"{listener.url}/all")
        send(emulator.url)
        listener.wait_for(1)
        until(lambda: len(emulator.counts().deliveries) == 1)
    assert [one.path for one in listener.heard] == ["/all"]


def test_what_was_not_heard_is_told_again_in_the_same_words(listener: Listener) -> None:
    listener.answers = [500, 404, 302]
    with service() as emulator:
        create(emulator, listener.url)
        video_id = send(emulator.url)
        messages = listener.wait_for(4)
        until(lambda: len(emulator.counts().deliveries) == 4)
        deliveries = emulator.counts().deliveries
    assert (
        len({one.body for one in messages}) == len({one.headers["Heygen-Event-Id"] for one in messages}) == 1
    )
    assert [(one.video_id, one.attempt, one.status) for one in deliveries] == [
        (video_id, 1, 500),
        (video_id, 2, 404),
        (video_id, 3, 302),
        (video_id, 4, 200),
    ]


def test_a_video_is_told_of_when_it_ends_and_not_before(listener: Listener) -> None:
    clock = Clock()
    with service(clock, progress=Progress(seconds=60, render=False)) as emulator:
        before = send(emulator.url)
        create(emulator, listener.url)
        after = send(emulator.url)
        clock.now += 60
        messages = listener.wait_for(2)
    assert {one.event["event_data"]["video_id"] for one in messages} == {before, after}
    assert {one.headers["Heygen-Timestamp"] for one in messages} == {str(int(NOW + 60))}


def test_a_video_that_ended_before_anybody_listened_is_not_told(listener: Listener) -> None:
    with service() as emulator:
        send(emulator.url)
        add(emulator, listener.url)
        video_id = send(emulator.url)
        (message,) = listener.wait_for(1)
    assert message.event["event_data"]["video_id"] == video_id


def test_an_emulator_that_starts_again_goes_on_telling(listener: Listener, tmp_path: Path) -> None:
    clock = Clock()
    rule = Progress(seconds=60, render=False)
    with service(clock, progress=rule, state=tmp_path) as emulator:
        add(emulator, listener.url)
        video_id = send(emulator.url)
    clock.now += 30
    with service(clock, progress=rule, state=tmp_path):
        clock.now += 30
        (message,) = listener.wait_for(1)
    assert message.event["event_data"]["video_id"] == video_id


def test_messages_can_be_lost_repeated_and_forged(listener: Listener) -> None:
    faults = Faults(
        faults=(
            Fault(call="deliver", title="Ada", do="lose"),
            Fault(call="deliver", title="Bob", do="repeat"),
            Fault(call="deliver", title="Cleo", do="forge"),
        )
    )
    with service(faults=faults) as emulator:
        endpoint = create(emulator, listener.url)
        sent = {name: send(emulator.url, title=name) for name in ("Ada", "Bob", "Cleo", "Dan")}
        until(lambda: len(emulator.counts().deliveries) == 4)
        assert [hits for _, hits in emulator.counts().faults] == [1, 1, 1]
    names = {video_id: name for name, video_id in sent.items()}
    heard = sorted(
        (
            names[one.event["event_data"]["video_id"]],
            one.headers["Heygen-Signature"] == hexdigest(endpoint["secret"], one.body),
        )
        for one in listener.heard
    )
    assert heard == [("Bob", True), ("Bob", True), ("Cleo", False), ("Dan", True)]


def test_a_message_can_come_after_those_that_were_sent_later(listener: Listener) -> None:
    late = Fault(call="deliver", nth=1, do="stall", seconds=1)
    with service(faults=Faults(faults=(late,))) as emulator:
        create(emulator, listener.url)
        first = send(emulator.url)
        until(lambda: emulator.counts().faults[0][1] == 1)
        second = send(emulator.url)
        messages = listener.wait_for(2)
    assert [one.event["event_data"]["video_id"] for one in messages] == [second, first]


@pytest.mark.parametrize("path", ["/v1/webhook/endpoint.add", "/v3/webhooks/endpoints"])
@pytest.mark.parametrize(
    ("probe", "seconds", "problem"),
    [
        (405, 0, "it answered OPTIONS with 405"),
        (200, 1.2, "it must answer OPTIONS within 1 second"),
    ],
)
def test_an_address_that_fails_the_probe_is_refused(
    listener: Listener, path: str, probe: int, seconds: float, problem: str
) -> None:
    listener.probe, listener.probe_seconds = probe, seconds
    with service() as emulator:
        status, answer = call(emulator, "POST", path, {"url": listener.url})
        message = answer["message"] if path.startswith("/v1") else answer["error"]["message"]
        assert (status, message) == (400, f"url is invalid: {problem}")
        assert call(emulator, "GET", "/v3/webhooks/endpoints")[1]["data"] == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "url is invalid: Field required"),
        ({"url": "nowhere"}, "url is invalid: it must answer OPTIONS within 1 second"),
        ({"url": 5}, "url is invalid: Input should be a valid string"),
        ({"url": "http://x", "events": "all"}, "events is invalid: Input should be a valid list of strings"),
        ([], "body is invalid: Input should be a valid dictionary"),
    ],
)
def test_what_is_no_endpoint_is_refused(body: Any, problem: str) -> None:
    with service() as emulator:
        assert call(emulator, "POST", "/v1/webhook/endpoint.add", body) == (
            400,
            {"code": 40001, "data": None, "message": problem},
        )


def test_endpoints_of_the_older_api_are_listed_changed_and_deleted(listener: Listener) -> None:
    with service(user="ada") as emulator:
        endpoint = add(emulator, f"{listener.url}/a", events=["avatar_video.fail"], entity_id="e")
        assert endpoint == {
            "endpoint_id": endpoint["endpoint_id"],
            "url": f"{listener.url}/a",
            "secret": endpoint["secret"],
            "status": "enabled",
            "events": ["avatar_video.fail"],
            "entity_id": "e",
            "username": "ada",
            "created_at": "2027-01-15T08:00:00+00:00",
        }
        assert call(emulator, "GET", "/v1/webhook/endpoint.list")[1]["data"] == [endpoint]
        change = {"endpoint_id": endpoint["endpoint_id"], "url": f"{listener.url}/b", "events": []}
        changed = call(emulator, "PATCH", "/v1/webhook/endpoint.update", change)[1]["data"]
        assert changed == {**endpoint, "url": f"{listener.url}/b", "events": None}
        path = f"/v1/webhook/endpoint.delete?endpoint_id={endpoint['endpoint_id']}"
        assert call(emulator, "DELETE", path) == (200, {"code": 100, "data": None, "message": "Success"})
        assert call(emulator, "DELETE", path) == (
            404,
            {"code": 40010, "data": None, "message": "Webhook endpoint not found"},
        )
        assert call(emulator, "GET", "/v1/webhook/webhook.list")[1]["data"] == [
            "avatar_video.success",
            "avatar_video.fail",
        ]


def test_endpoints_of_v3_show_their_secret_once(listener: Listener) -> None:
    with service() as emulator:
        endpoint = create(emulator, listener.url)
        path = f"/v3/webhooks/endpoints/{endpoint['endpoint_id']}"
        assert call(emulator, "GET", "/v3/webhooks/endpoints") == (
            200,
            {"data": [{**endpoint, "secret": None}], "has_more": False, "next_token": None},
        )
        status, rotated = call(emulator, "POST", f"{path}/rotate-secret")
        assert (status, rotated["data"]["endpoint_id"]) == (200, endpoint["endpoint_id"])
        assert rotated["data"]["secret"] != endpoint["secret"]
        send(emulator.url)
        (message,) = listener.wait_for(1)
        assert message.headers["Heygen-Signature"] == hexdigest(rotated["data"]["secret"], message.body)
        assert call(emulator, "PATCH", path, {"events": ["avatar_video.fail"]})[1]["data"]["events"] == [
            "avatar_video.fail"
        ]
        assert call(emulator, "DELETE", path) == (200, {"data": {}, "error": None})
        assert call(emulator, "DELETE", path) == (
            404,
            {"error": {"code": "webhook_endpoint_not_found", "message": "Webhook endpoint not found"}},
        )
        assert [
            one["event_type"] for one in call(emulator, "GET", "/v3/webhooks/event-types")[1]["data"]
        ] == [
            "avatar_video.success",
            "avatar_video.fail",
        ]
