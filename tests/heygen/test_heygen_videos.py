"""The two dialects against a real socket: one service, the same values from each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from specfile.film import Api
from specfile.heygen import ApiRetired, NotFound, OutcomeUnknown, RenderError, Service, Unreachable, connect
from specfile.heygen.v3_videos import v3_status
from tests.heygen.scripted_service import (
    GENERATE,
    LIST,
    STATUS,
    V3,
    Fault,
    ScriptedService,
    answer,
    serving,
    uploading,
)

ENDPOINTS: dict[Api, str] = {"v2": GENERATE, "v3": V3}
TOKEN = "sf-a1b2-0123456789abcdef-1"


@pytest.fixture
def scripted() -> Iterator[ScriptedService]:
    with serving(ScriptedService()) as service:
        yield service


@pytest.fixture
def service(scripted: ScriptedService) -> Service:
    return connect(scripted.url, scripted.url, "test-key", print, sleep=lambda _: None)


@pytest.mark.parametrize("api", ["v2", "v3"])
def test_a_video_is_created_followed_listed_and_deleted(
    scripted: ScriptedService, service: Service, api: Api
) -> None:
    videos = service.videos(api)
    video_id = videos.create(ENDPOINTS[api], {"title": "Welcome"}, TOKEN)
    status = videos.status(video_id)
    assert (status.video_id, status.progress, status.duration_s) == (video_id, "completed", 2.5)
    [listed] = videos.list().videos
    assert (listed.video_id, listed.progress) == (video_id, "completed")
    assert listed.created_at == datetime.fromtimestamp(int(scripted.videos[video_id].created_at), UTC)
    assert listed.title == ("Welcome" if api == "v3" else None)
    assert videos.statuses([video_id, "nobody"]) == {video_id: "completed", "nobody": "missing"}
    videos.delete(video_id)
    with pytest.raises(NotFound):
        videos.status(video_id)


@pytest.mark.parametrize("api", ["v2", "v3"])
def test_a_list_is_read_page_by_page(scripted: ScriptedService, service: Service, api: Api) -> None:
    made = [scripted.make({"title": str(number)}).video_id for number in range(5)]
    scripted.page_size = 2
    found, token = [], None
    while True:
        page = service.videos(api).list(token)
        found += [one.video_id for one in page.videos]
        token = page.next
        if token is None:
            break
    assert sorted(found) == sorted(made)


def test_a_create_of_v3_carries_the_token_as_its_key_and_again_gives_the_same_video(
    scripted: ScriptedService, service: Service
) -> None:
    videos = service.videos("v3")
    assert videos.create(V3, {}, TOKEN) == videos.create(V3, {}, TOKEN)
    assert len(scripted.videos) == 1
    assert [headers["Idempotency-Key"] for _, headers in scripted.headers] == [TOKEN, TOKEN]
    assert (videos.is_replaying, service.videos("v2").is_replaying) == (True, False)


@pytest.mark.parametrize("api", ["v2", "v3"])
def test_a_create_whose_answer_names_no_video_is_open(
    scripted: ScriptedService, service: Service, api: Api
) -> None:
    scripted.faults = [answer(ENDPOINTS[api], 200, {"error": None, "data": {}})]
    with pytest.raises(OutcomeUnknown):
        service.videos(api).create(ENDPOINTS[api], {}, TOKEN)


def test_where_v3_itself_is_gone_nobody_is_sent_to_v3(scripted: ScriptedService, service: Service) -> None:
    scripted.faults = [Fault(path=V3, status=404, body=b"<html>moved</html>")]
    with pytest.raises(ApiRetired) as caught:
        service.videos("v3").create(V3, {}, TOKEN)
    assert caught.value.hint == "a newer specfile may speak what took its place"


def test_many_videos_of_v3_are_asked_after_a_hundred_at_a_time(
    scripted: ScriptedService, service: Service
) -> None:
    made = [scripted.make({"number": number}).video_id for number in range(205)]
    told = service.videos("v3").statuses(made)
    assert told == dict.fromkeys(sorted(made), "running")
    assert scripted.calls == [f"GET {V3}/statuses"] * 3


def test_an_answer_of_v3_that_leaves_videos_out_is_no_answer(
    scripted: ScriptedService, service: Service
) -> None:
    scripted.faults = [answer(f"{V3}/statuses", 200, {"data": [{"video_id": "a", "status": "queued"}]})]
    with pytest.raises(Unreachable) as caught:
        service.videos("v3").statuses(["a", "b"])
    assert str(caught.value) == "the service's answer leaves out some videos"


def test_many_videos_of_v2_are_found_by_a_sweep_of_the_list(
    scripted: ScriptedService, service: Service
) -> None:
    made = [scripted.make({"number": number}).video_id for number in range(200)]
    for number in range(100):
        scripted.make({"stranger": number})
    assert set(service.videos("v2").statuses(made).values()) == {"completed"}
    assert set(scripted.calls) == {f"GET {LIST}"}
    assert len(scripted.calls) <= 3


def test_a_sweep_never_costs_more_than_it_can_save(scripted: ScriptedService, service: Service) -> None:
    made = [scripted.make({"number": number}).video_id for number in range(20)]
    scripted.hidden = set(made)
    for number in range(500):
        scripted.make({"stranger": number})
    assert set(service.videos("v2").statuses(made)) == set(made)
    assert (scripted.count(LIST), scripted.count(STATUS)) == (2, 20)


def test_a_few_videos_of_v2_are_asked_after_one_by_one(scripted: ScriptedService, service: Service) -> None:
    made = [scripted.make({"number": number}).video_id for number in range(3)]
    service.videos("v2").statuses(made)
    assert (scripted.count(LIST), scripted.count(STATUS)) == (0, 3)


def test_a_video_of_v3_that_failed_says_why_or_does_not() -> None:
    told = {"status": "failed", "failure_code": "rendering_failed", "failure_message": "see https://x/?k=1"}
    assert v3_status("v1", told).error == RenderError("rendering_failed", "see https://x/?…")
    assert v3_status("v1", {"status": "failed", "failure_code": None}).error == RenderError("unknown")
    assert v3_status("v1", {"status": "completed", "failure_code": "x"}).error is None
    assert v3_status("v1", {"status": "waiting"}).progress == "running"


def test_translations_are_nobodys_create(scripted: ScriptedService, service: Service) -> None:
    listed = [{"id": "a", "status": "completed"}, {"id": "b", "status": "completed", "output_language": "de"}]
    scripted.faults = [answer(V3, 200, {"data": listed, "has_more": False, "next_token": "old"})]
    page = service.videos("v3").list()
    assert [one.video_id for one in page.videos] == ["a"]
    assert page.next is None


def test_v3_takes_files_of_every_kind_as_a_form(scripted: ScriptedService, service: Service) -> None:
    assert service.upload(uploading(b"picture", "image/png"), kind="image", api="v3")
    [(path, media_type, body)] = scripted.uploads
    assert (path, media_type) == ("/v3/assets", "multipart/form-data")
    assert b'name="file"; filename="file.png"' in body
    assert b"Content-Type: image/png\r\n\r\npicture\r\n" in body
