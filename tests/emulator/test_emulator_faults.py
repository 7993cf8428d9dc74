"""Faults over real connections: what the client sees, and what becomes of the call."""

from __future__ import annotations

import io
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Fault, Faults, Strangers
from specfile.emulator.films import CLIP
from tests.emulator.support import BODY, KEY, ask, copy_clip, send

CLIP_BYTES = (CLIP / "video.mp4").read_bytes()
NOW = 1_800_000_000.0


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@contextmanager
def wrong(
    *faults: Fault, clock: Clock | None = None, clock_ahead: float = 0, **account: Any
) -> Iterator[Emulator]:
    """An emulator with these faults."""
    settings = EmulatorSettings(progress=AT_ONCE, faults=Faults(faults=faults, clock=clock_ahead, **account))
    with Emulator(settings, renderer=copy_clip, clock=clock or Clock()) as running:
        yield running


def post(emulator: Emulator, **changes: Any) -> requests.Response:
    address = f"{emulator.url}/v2/video/generate"
    return requests.post(address, json={**BODY, **changes}, headers=KEY, timeout=10)


def listed(emulator: Emulator) -> list[str]:
    answer = requests.get(f"{emulator.url}/v1/video.list", headers=KEY, timeout=10)
    return [video["video_id"] for video in answer.json()["data"]["videos"]]


def film(emulator: Emulator, **headers: str) -> requests.Response:
    """The first film of an account, fetched by a fresh link."""
    video_id = listed(emulator)[0] if listed(emulator) else send(emulator.url)
    return requests.get(ask(emulator.url, video_id)["video_url"], headers=headers, timeout=10)


@pytest.mark.parametrize(
    ("fault", "status", "body", "retry_after"),
    [
        pytest.param(
            {"status": 429, "retry_after": 3},
            429,
            {
                "data": None,
                "error": {
                    "code": "rate_limit_exceeded",
                    "message": "Too many requests, please try again later.",
                },
            },
            "3",
            id="429 with seconds",
        ),
        pytest.param(
            {"status": 429, "code": "quota_exceeded", "message": "No more.", "retry_after_date": 60},
            429,
            {"data": None, "error": {"code": "quota_exceeded", "message": "No more."}},
            "Fri, 15 Jan 2027 08:01:00 GMT",
            id="429 with a date",
        ),
        pytest.param(
            {"status": 503},
            503,
            {
                "error": {
                    "code": "service_unavailable",
                    "message": "The service is unavailable, please try again later.",
                }
            },
            None,
            id="503",
        ),
    ],
)
def test_a_refusal(fault: dict[str, Any], status: int, body: Any, retry_after: str | None) -> None:
    with wrong(Fault(call="generate", nth=1, do="refuse", **fault)) as emulator:
        answer = post(emulator)
        assert (answer.status_code, answer.json(), answer.headers.get("Retry-After")) == (
            status,
            body,
            retry_after,
        )
        assert listed(emulator) == []
        assert post(emulator).status_code == 200


def test_an_older_call_refuses_in_its_own_way() -> None:
    with wrong(Fault(call="list", do="refuse", status=402, code=400664)) as emulator:
        answer = requests.get(f"{emulator.url}/v1/video.list", headers=KEY, timeout=10)
        assert answer.json() == {
            "code": 400664,
            "data": None,
            "message": "Insufficient credit. Please top up your account.",
        }


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_after_the_effect(status: int) -> None:
    with wrong(Fault(call="generate", nth=1, do="refuse", status=status, effect="done")) as emulator:
        assert post(emulator, callback_id="mine").status_code == status
        assert [ask(emulator.url, video_id)["callback_id"] for video_id in listed(emulator)] == ["mine"]


@pytest.mark.parametrize(("effect", "made"), [("none", 0), ("done", 1)])
def test_a_reset(effect: Any, made: int) -> None:
    with wrong(Fault(call="generate", do="reset", effect=effect)) as emulator:
        with pytest.raises(requests.ConnectionError, match="reset by peer"):
            post(emulator, callback_id="mine")
        assert len(listed(emulator)) == made
        assert emulator.counts().paid("mine") == made


def test_an_error_in_a_success() -> None:
    with wrong(Fault(call="generate", do="error", code=400, message="So sorry.")) as emulator:
        answer = post(emulator)
        assert (answer.status_code, answer.json()) == (
            200,
            {"data": None, "error": {"code": 400, "message": "So sorry."}},
        )


def test_html_in_place_of_json() -> None:
    with wrong(
        Fault(call="generate", nth=1, do="html"), Fault(call="generate", nth=2, do="html", status=410)
    ) as emulator:
        answers = [post(emulator) for _ in range(2)]
    assert [(one.status_code, one.headers["Content-Type"], one.text) for one in answers] == [
        (200, "text/html; charset=utf-8", "<!DOCTYPE html><title>200 OK</title><h1>200 OK</h1>"),
        (410, "text/html; charset=utf-8", "<!DOCTYPE html><title>410 Gone</title><h1>410 Gone</h1>"),
    ]


def test_torn_json_is_a_whole_answer_of_half_the_text() -> None:
    with wrong(Fault(call="generate", nth=1, do="tear", at=0.9)) as emulator:
        answer = post(emulator)
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer.text)
        assert len(listed(emulator)) == 1


def test_an_answer_can_say_something_else() -> None:
    quirks = {"data.video_url": None, "data.error": {"code": "odd"}, "data.none.deeper": 1, "code.0": 1}
    other = {"data.videos.0.status": "completed", "data.videos.7.status": "completed"}
    faults = (
        Fault(call="status", nth=1, do="edit", set=quirks),
        Fault(call="list", do="edit", set=other),
    )
    with wrong(*faults) as emulator:
        video_id = send(emulator.url, dimension={"width": 3840, "height": 2160})
        first, second = ask(emulator.url, video_id), ask(emulator.url, video_id)
        assert first == {**second, "video_url": None, "error": {"code": "odd"}}
        answer = requests.get(f"{emulator.url}/v1/video.list", headers=KEY, timeout=10).json()
        assert [video["status"] for video in answer["data"]["videos"]] == ["completed"]


def test_an_answer_can_have_other_headers() -> None:
    headers = {"Deprecation": "true", "content-type": "text/plain"}
    faults = (
        Fault(call="list", do="edit", headers=headers, set={"warning": {"message": "Legacy"}}),
        Fault(call="download", do="edit", headers={"ETag": None}),
    )
    with wrong(*faults) as emulator:
        answer = requests.get(f"{emulator.url}/v1/video.list", headers=KEY, timeout=10)
        assert (answer.headers["Deprecation"], answer.headers["Content-Type"]) == ("true", "text/plain")
        assert answer.json()["warning"] == {"message": "Legacy"}
        download = film(emulator)
        assert (download.headers.get("ETag"), download.content) == (None, CLIP_BYTES)


def test_a_stall_holds_the_answer_back() -> None:
    with wrong(Fault(call="generate", do="stall", seconds=0.2)) as emulator:
        begun = time.monotonic()
        assert post(emulator).status_code == 200
        assert 0.2 <= time.monotonic() - begun < 5


def test_who_gives_up_on_a_stall_has_paid_all_the_same() -> None:
    with wrong(Fault(call="generate", do="stall", seconds=60)) as emulator:
        with pytest.raises(requests.ReadTimeout):
            requests.post(f"{emulator.url}/v2/video/generate", json=BODY, headers=KEY, timeout=0.2)
        assert len(listed(emulator)) == 1


def test_a_stall_without_effect_ends_in_a_reset() -> None:
    with wrong(Fault(call="generate", do="stall", seconds=0.05, effect="none")) as emulator:
        with pytest.raises(requests.ConnectionError, match="reset by peer"):
            post(emulator)
        assert listed(emulator) == []


def test_a_download_can_stall_half_way() -> None:
    with wrong(Fault(call="download", do="stall", seconds=60, at=0.5)) as emulator:
        link = ask(emulator.url, send(emulator.url))["video_url"]
        got = bytearray()

        def read(answer: requests.Response) -> None:
            for byte in answer.iter_content(1):
                got.extend(byte)

        gave_up = pytest.raises(requests.ConnectionError, match="Read timed out")
        with requests.get(link, stream=True, timeout=0.3) as answer, gave_up:
            read(answer)
    assert bytes(got) == CLIP_BYTES[: round(len(CLIP_BYTES) / 2)]


def test_a_late_effect_comes_whether_or_not_anybody_waits() -> None:
    clock = Clock()
    late = Fault(call="generate", nth=1, do="reset", effect="late", late=60)
    with wrong(late, clock=clock) as emulator:
        with pytest.raises(requests.ConnectionError):
            post(emulator, callback_id="mine")
        clock.now += 59.9
        assert (listed(emulator), emulator.counts().paid("mine")) == ([], 0)
        clock.now += 100
        assert emulator.counts().paid("mine") == 1
        (video_id,) = listed(emulator)
        assert ask(emulator.url, video_id)["created_at"] == NOW + 60


def test_an_expired_link_is_replaced_by_asking_again() -> None:
    with wrong(Fault(call="download", nth=1, do="expire")) as emulator:
        first = film(emulator)
        assert (first.status_code, "Request has expired" in first.text) == (403, True)
        assert film(emulator).content == CLIP_BYTES


@pytest.mark.parametrize("length", ["whole", "short", "long", "none"])
def test_a_body_that_is_not_what_it_says(length: Any) -> None:
    with wrong(Fault(call="download", do="cut", length=length)) as emulator:
        parts = urlsplit(ask(emulator.url, send(emulator.url))["video_url"])
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
            request = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n"
            connection.sendall(request.encode())
            received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
    half, whole = round(len(CLIP_BYTES) / 2), len(CLIP_BYTES)
    says, sends = {
        "whole": (str(whole), half),
        "short": (str(half), half),
        "long": (str(whole + 1024), whole),
        "none": (None, half),
    }[length]
    assert (headers.get("content-length"), body) == (says, CLIP_BYTES[:sends])


def test_another_file_in_the_place_of_the_first() -> None:
    with wrong(Fault(call="download", nth=2, do="change")) as emulator:
        first, second, third = (film(emulator) for _ in range(3))
    assert first.content == CLIP_BYTES
    assert second.content[4:8] == b"ftyp"
    assert len(second.content) == len(CLIP_BYTES) + 12
    assert second.content[: len(CLIP_BYTES)] != CLIP_BYTES
    assert second.headers["ETag"] != first.headers["ETag"]
    assert (third.content, third.headers["ETag"]) == (second.content, second.headers["ETag"])


def test_a_changed_film_still_plays() -> None:
    av = pytest.importorskip("av")
    with wrong(Fault(call="download", do="change")) as emulator:
        answer = film(emulator)
    with av.open(io.BytesIO(answer.content)) as container:
        frames = sum(1 for _ in container.decode(video=0))
    with av.open(str(CLIP / "video.mp4")) as container:
        assert frames == sum(1 for _ in container.decode(video=0))


def test_a_part_of_a_changed_film_is_refused_by_its_tag() -> None:
    with wrong(Fault(call="download", nth=2, do="change")) as emulator:
        first = film(emulator)
        second = film(emulator, **{"Range": "bytes=100-", "If-Range": first.headers["ETag"]})
        assert (second.status_code, len(second.content)) == (200, len(CLIP_BYTES) + 12)


def test_a_refused_download_speaks_as_the_file_host() -> None:
    with wrong(Fault(call="download", do="refuse", status=404, code="NoSuchKey")) as emulator:
        answer = film(emulator)
        assert (answer.status_code, "<Code>NoSuchKey</Code>" in answer.text) == (404, True)


def test_a_list_that_lags() -> None:
    clock = Clock()
    with wrong(clock=clock, list_lag=20) as emulator:
        video_id = send(emulator.url)
        assert ask(emulator.url, video_id)["status"] == "completed"
        assert listed(emulator) == []
        clock.now += 20
        assert listed(emulator) == [video_id]


def test_a_clock_that_is_off() -> None:
    with wrong(clock_ahead=-120) as emulator:
        answer = post(emulator)
        assert ask(emulator.url, answer.json()["data"]["video_id"])["created_at"] == NOW - 120
        assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == NOW - 120


def test_a_clock_set_back_leaves_what_is_done_done() -> None:
    with wrong() as emulator:
        video_id = send(emulator.url)
        emulator.misbehave(Faults(clock=-3600))
        assert ask(emulator.url, video_id)["status"] == "completed"


def test_strangers_are_in_the_list_and_never_paid_for() -> None:
    groups = (
        Strangers(count=3, age=60, title="Welcome"),
        Strangers(per_video=1, same_title=True, unreadable=True),
    )
    with wrong(strangers=groups) as emulator:
        own = send(emulator.url, title="Hello")
        answer = requests.get(f"{emulator.url}/v1/video.list", headers=KEY, timeout=10)
        videos = answer.json()["data"]["videos"]
        assert [(one["video_title"], one["created_at"] - NOW) for one in videos] == [
            ("Hello", 0),
            ("Hello", 0),
            ("Welcome", -60),
            ("Welcome", -60),
            ("Welcome", -60),
        ]
        (stranger,) = {one["video_id"] for one in videos[:2]} - {own}
        address = f"{emulator.url}/v1/video_status.get"
        refused = requests.get(address, params={"video_id": stranger}, headers=KEY, timeout=10)
        assert (refused.status_code, refused.json()) == (
            403,
            {
                "error": {
                    "code": "resource_access_denied",
                    "message": "You do not have access to this resource.",
                }
            },
        )
        assert ask(emulator.url, videos[2]["video_id"])["status"] == "completed"
        assert [render.video_id for render in emulator.counts().renders] == [own]


def test_pages_of_strangers_hold_each_video_once() -> None:
    with wrong(strangers=(Strangers(count=25), Strangers(count=25, age=5))) as emulator:
        own = send(emulator.url)
        seen: list[str] = []
        token: str | None = ""
        while token is not None:
            query = {"limit": "10", "token": token}
            data = requests.get(
                f"{emulator.url}/v1/video.list", params=query, headers=KEY, timeout=10
            ).json()["data"]
            seen += [video["video_id"] for video in data["videos"]]
            token = data["token"]
    assert seen[0] == own
    assert len(seen) == len(set(seen)) == 51


def statuses(emulator: Emulator, times: int) -> list[int]:
    return [post(emulator).status_code for _ in range(times)]


REFUSE: dict[str, Any] = {"call": "generate", "do": "refuse", "status": 500}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, [500] * 6),
        ({"nth": 2}, [200, 500, 200, 200, 200, 200]),
        ({"nth": (1, 4)}, [500, 200, 200, 500, 200, 200]),
        ({"first": 2}, [500, 500, 200, 200, 200, 200]),
        ({"every": 3}, [200, 200, 500, 200, 200, 500]),
        ({"every": 2, "times": 1}, [200, 500, 200, 200, 200, 200]),
        ({"rate": 1.0}, [500] * 6),
        ({"rate": 0.0}, [200] * 6),
        ({"times": 3}, [500, 500, 500, 200, 200, 200]),
    ],
)
def test_when_a_fault_strikes(when: dict[str, Any], expected: list[int]) -> None:
    with wrong(Fault(**REFUSE, **when)) as emulator:
        assert statuses(emulator, 6) == expected


def test_a_rate_draws_the_same_lots_for_the_same_seed() -> None:
    drawn = []
    for seed in (1, 1, 2):
        with wrong(Fault(**REFUSE, rate=0.5), seed=seed) as emulator:
            drawn.append(statuses(emulator, 24))
    assert drawn[0] == drawn[1] != drawn[2]
    assert 4 < drawn[0].count(500) < 20


def test_a_fault_can_last_for_a_while() -> None:
    clock = Clock()
    with wrong(Fault(**REFUSE, after=10, until=20), clock=clock) as emulator:
        seen = []
        for clock.now in (NOW + 9, NOW + 10, NOW + 19, NOW + 20):
            seen += statuses(emulator, 1)
    assert seen == [200, 500, 500, 200]


def test_a_fault_can_be_about_some_videos_only() -> None:
    reads = Fault(call="status", title="Welcome, B*", do="refuse", status=500)
    files = Fault(call="download", title="Welcome, B*", do="expire")
    with wrong(Fault(**REFUSE, title="Welcome, C*"), reads, files) as emulator:
        assert post(emulator, title="Welcome, Cleo").status_code == 500
        ada, bob = (send(emulator.url, title=f"Welcome, {name}") for name in ("Ada", "Bob"))
        assert ask(emulator.url, ada)["status"] == "completed"
        address = f"{emulator.url}/v1/video_status.get"
        refused = requests.get(address, params={"video_id": bob}, headers=KEY, timeout=10)
        assert refused.status_code == 500
        assert requests.get(ask(emulator.url, ada)["video_url"], timeout=10).status_code == 200


def test_any_call_of_the_api_can_fail() -> None:
    with wrong(Fault(call="any", do="refuse", status=503)) as emulator:
        refused = [
            requests.get(f"{emulator.url}/{path}", headers=KEY, timeout=10).status_code
            for path in ("v1/video.list", "v2/avatars", "v2/user/remaining_quota")
        ]
        assert refused == [503] * 3
        assert requests.get(emulator.url, timeout=10).status_code == 200


def test_the_first_of_several_faults_strikes() -> None:
    both = Fault(**REFUSE, nth=2), Fault(**{**REFUSE, "status": 502}, nth=(2, 3))
    with wrong(*both) as emulator:
        assert statuses(emulator, 4) == [200, 500, 502, 200]
        assert emulator.counts().faults == (("generate: refuse 500", 1), ("generate: refuse 502", 1))


def test_faults_can_be_set_while_it_runs() -> None:
    with wrong() as emulator:
        assert statuses(emulator, 1) == [200]
        emulator.misbehave(Faults(faults=(Fault(**REFUSE, nth=1),), strangers=(Strangers(count=2),)))
        assert statuses(emulator, 2) == [500, 200]
        assert len(listed(emulator)) == 4
        emulator.misbehave(Faults())
        assert statuses(emulator, 1) == [200]
        assert len(listed(emulator)) == 3


def test_counts_are_told_to_anybody_on_this_machine() -> None:
    with wrong(Fault(call="status", do="refuse", status=500, nth=1)) as emulator:
        video_id = send(emulator.url, callback_id="mine", title="Welcome", test=True)
        address = f"{emulator.url}/v1/video_status.get"
        for _ in range(2):
            requests.get(address, params={"video_id": video_id}, headers=KEY, timeout=10)
        removal = f"{emulator.url}/v1/video.delete?video_id={video_id}"
        assert requests.delete(removal, headers=KEY, timeout=10).status_code == 200
        counts = emulator.counts()
        assert requests.get(f"{emulator.url}/emulator/counts", timeout=10).json() == {
            "calls": {"v2.delete": 1, "v2.generate": 1, "v2.status": 2},
            "faults": [{"fault": "status: refuse 500", "hits": 1}],
            "renders": [
                {
                    "video_id": video_id,
                    "api": "v2",
                    "callback_id": "mine",
                    "key": None,
                    "title": "Welcome",
                    "test": True,
                    "created_at": NOW,
                }
            ],
            "deliveries": [],
        }
    assert (counts.of("status"), counts.of("v2.status"), counts.of("v3.status")) == (2, 2, 0)
    assert (counts.paid("mine"), counts.paid("other")) == (1, 0)


def test_the_log_says_what_was_struck() -> None:
    with wrong(Fault(call="generate", nth=1, do="reset", effect="done"), Fault(**REFUSE)) as emulator:
        with pytest.raises(requests.ConnectionError):
            post(emulator)
        post(emulator)
        lines = [json.loads(line) for line in (emulator.state / "requests.jsonl").read_bytes().splitlines()]
    assert [(line["status"], line["fault"]) for line in lines] == [
        (None, "generate: reset, effect done"),
        (500, "generate: refuse 500"),
    ]
