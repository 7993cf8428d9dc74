"""What the service and the network do wrong, and that no video is paid twice or lost for it."""

from __future__ import annotations

from typing import Any

import pytest

from specfile.errors import ServiceRefused, ServiceUnreachable, UsageError
from specfile.runner import BuildOptions, Kind, Result, State, events
from specfile.runner.build import _Builder
from tests.heygen.scripted_service import GENERATE, LIST, STATUS, Fault, answer, reset
from tests.runner.project import Project

UNCLEAR = {
    "reset": reset(GENERATE),
    "500": answer(GENERATE, 500, {"error": {"code": "internal_error"}}),
    "torn": Fault(path=GENERATE, body=b'{"error": null, "data": {"vid'),
    "no id": answer(GENERATE, 200, {"error": None, "data": {}}),
    "gateway page": Fault(path=GENERATE, status=502, body=b"<html>bad gateway</html>"),
}


def fault(name: str, **changes: Any) -> Fault:
    return Fault(**{**UNCLEAR[name].__dict__, **changes})


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_video_whose_answer_was_lost_is_found_and_paid_once(project: Project, name: str) -> None:
    project.service.faults = [fault(name, takes_effect=True)]
    result = project.build(*(project.video(key) for key in "ab"))
    assert result.counts == {Result.SAVED: 2}
    assert len(project.service.paid("a")) == 1
    assert any(isinstance(one, events.Accepted) and one.adopted for one in project.events)


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_video_that_was_never_made_is_sent_again_after_the_wait(project: Project, name: str) -> None:
    project.service.faults = [fault(name)]
    result = project.build(*(project.video(key) for key in "ab"))
    assert result.counts == {Result.SAVED: 2}
    assert len(project.service.paid("a")) == 1
    assert project.service.count(GENERATE) == 3
    assert project.entry("a").attempt == 1
    assert project.clock.seconds >= 120


def test_a_list_that_lags_does_not_make_a_video_paid_twice(project: Project) -> None:
    project.service.faults = [reset(GENERATE, takes_effect=True)]
    hidden = project.service.hidden

    def lag(path: str) -> None:
        hidden.update(project.service.videos)
        if project.clock.seconds >= 100:
            hidden.clear()

    project.service.on_call = lag
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1


def test_a_search_reads_all_pages_and_skips_what_the_lock_knows(project: Project) -> None:
    project.build(project.video("known"))
    for number in range(5):
        project.service.make({"callback_id": f"stranger-{number}"})
    project.service.page_size = 2
    project.service.faults = [reset(GENERATE, takes_effect=True)]
    before = project.service.count(STATUS)
    project.build(project.video("known"), project.video("a"))
    assert len(project.service.paid("a")) == 1
    # Five strangers and the lost video are read once each, and the lost one once more to follow it.
    assert project.service.count(STATUS) - before == 7


def test_a_list_that_cannot_be_read_holds_the_video_and_the_next_build_finds_it(project: Project) -> None:
    project.service.faults = [
        reset(GENERATE, takes_effect=True),
        answer(LIST, 403, {"error": {"code": "insufficient_api_key_scope"}}),
    ]
    result = project.build(project.video("a"), project.video("b"))
    assert result.counts == {Result.SAVED: 1, Result.HELD: 1}
    assert result.held == {
        "a": "may have been sent, and the service's list can't be read:"
        " the service refuses this account: insufficient_api_key_scope"
    }
    assert project.states() == {"a": "submitting", "b": "downloaded"}
    assert project.build(project.video("a"), project.video("b")).is_complete
    assert len(project.service.paid("a")) == 1


def test_a_users_own_callback_id_is_kept_and_serves_the_search(project: Project) -> None:
    project.service.faults = [reset(GENERATE, takes_effect=True)]
    project.build(project.video("a", callback_id="crm-17"))
    [made] = project.service.paid()
    assert made.payload["callback_id"] == "crm-17"
    assert project.entry("a").state is State.DOWNLOADED
    assert "crm-17" not in project.lock_path.read_text()


def test_an_empty_callback_id_counts_as_none(project: Project) -> None:
    project.service.faults = [reset(GENERATE, takes_effect=True)]
    project.build(project.video("a", callback_id=""))
    [made] = project.service.paid()
    assert made.payload["callback_id"] == project.entry("a").token


def test_an_answer_lost_by_a_killed_build_is_searched_for_before_anything_is_sent(project: Project) -> None:
    project.service.faults = [
        reset(GENERATE, takes_effect=True),
        answer(LIST, 403, {"error": {"code": "forbidden"}}),
    ]
    project.build(project.video("a"), project.video("b"))
    project.clock.seconds += 86_400
    calls = len(project.service.calls)
    assert project.build(project.video("a"), project.video("b")).is_complete
    assert project.service.calls[calls] == f"GET {LIST}"
    assert project.service.count(GENERATE) == 2


def test_a_superseded_intent_is_searched_for_and_then_dropped_but_never_sent(project: Project) -> None:
    project.service.faults = [reset(GENERATE), answer(LIST, 403, {"error": {"code": "forbidden"}})]
    project.build(project.video("a", "one"))
    assert project.states() == {"a": "submitting"}
    project.build(project.video("a", "two"))
    assert [made.payload["video_inputs"][0]["voice"]["input_text"] for made in project.service.paid()] == [
        "two"
    ]
    assert project.states() == {"a": "downloaded"}


def test_too_many_requests_are_waited_out_as_the_service_asks(project: Project) -> None:
    limited = {"error": {"code": "rate_limit_exceeded"}}
    project.service.faults = [answer(GENERATE, 429, limited, headers={"Retry-After": "40"}, skip=1)]
    result = project.build(*(project.video(key) for key in "abc"))
    assert result.counts == {Result.SAVED: 3}
    assert [one.seconds for one in project.events if isinstance(one, events.Waiting)] == [40.0]
    assert len(project.service.paid()) == 3
    assert project.clock.seconds >= 40


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "unauthorized"), (402, "insufficient_credit"), (429, "quota_exceeded"), (200, "unauthorized")],
)
def test_a_refused_account_stops_after_one_request(project: Project, status: int, code: str) -> None:
    project.service.faults = [answer(GENERATE, status, {"error": {"code": code}}, times=9)]
    result = project.build(*(project.video(key) for key in "abc"))
    assert isinstance(result.stopped, ServiceRefused)
    assert result.counts == {Result.HELD: 3}
    assert project.service.count(GENERATE) == 1
    assert project.states() == {}
    assert project.plan([project.video("a")]).actions[0].kind is Kind.CREATE


def test_what_runs_is_followed_to_its_end_when_credit_runs_out(project: Project) -> None:
    project.service.faults = [answer(GENERATE, 402, {"error": {"code": "insufficient_credit"}}, skip=1)]
    project.service.reads_until_done = 3
    result = project.build(*(project.video(key) for key in "ab"), options=BuildOptions(concurrency=1))
    assert isinstance(result.stopped, ServiceRefused)
    assert result.counts == {Result.SAVED: 1, Result.HELD: 1}


@pytest.mark.parametrize(
    "gone",
    [
        Fault(path=GENERATE, status=404, body=b"<html>moved</html>", times=9),
        answer(GENERATE, 410, {"error": {"code": "gone"}}, times=9),
        Fault(path=GENERATE, body=b"<!doctype html><p>docs", headers={"Content-Type": "text/html"}, times=9),
        Fault(path=GENERATE, status=301, headers={"Location": "https://example.com/"}, times=9),
    ],
)
def test_a_retired_api_stops_before_a_second_video_and_names_the_way_out(
    project: Project, gone: Fault
) -> None:
    gone.times = 9
    project.service.faults = [gone]
    result = project.build(*(project.video(key) for key in "abc"))
    assert result.stopped is not None
    assert result.stopped.hint == "put `api: v3` in the spec, and try `specfile check --api v3` first"
    assert project.service.count(GENERATE) == 1


def test_a_service_that_is_away_leaves_everything_for_the_next_build(project: Project) -> None:
    url, project.service.url = project.service.url, "http://127.0.0.1:9"
    result = project.build(*(project.video(key) for key in "ab"))
    assert isinstance(result.stopped, ServiceUnreachable)
    assert project.states() == {}
    project.service.url = url
    assert project.build(*(project.video(key) for key in "ab")).counts == {Result.SAVED: 2}


def test_a_render_that_fails_is_recorded_by_code_without_the_services_words(project: Project) -> None:
    project.service.render_error = {"code": 40119, "message": "Video is too long", "detail": "upgrade"}
    result = project.build(project.video("a"))
    [failure] = result.failures
    assert (failure.code, failure.words) == ("40119", "Video is too long: upgrade")
    assert "too long" not in project.lock_path.read_text()
    assert project.plan([project.video("a")]).actions[0].reason == "failed earlier: 40119"


def test_a_link_that_expired_is_asked_for_again(project: Project) -> None:
    project.service.faults = [Fault(path="/files/", status=403, body=b"<Error/>")]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.service.count(STATUS) == 2


def test_a_download_that_breaks_off_is_resumed_where_it_stopped(project: Project) -> None:
    project.service.faults = [Fault(path="/files/", short_by=10_000)]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    ranges = [headers.get("Range") for path, headers in project.service.headers if path.startswith("/files/")]
    assert ranges[0] is None
    assert ranges[1] == "bytes=65536-"
    assert project.file("a") == project.service.paid()[0].film


def test_the_key_never_goes_to_the_file_host_nor_into_any_file(project: Project) -> None:
    project.build(project.video("a"))
    for path, headers in project.service.headers:
        assert ("X-Api-Key" in headers) == (not path.startswith("/files/"))
    written = [path for path in project.folder.rglob("*") if path.is_file()]
    assert not [path for path in written if b"test-key" in path.read_bytes()]
    assert not [path for path in written if b"Signature" in path.read_bytes()]


def test_captions_are_saved_as_the_film_and_beside_it(project: Project) -> None:
    url = project.service.url

    def with_captions(path: str) -> None:
        for made in project.service.videos.values():
            made.extra = {
                "video_url": f"{url}/files/none/",
                "video_url_caption": f"{url}/files/{made.video_id}/captioned.mp4?Signature=secret",
                "caption_url": f"{url}/files/{made.video_id}/captions.srt?Signature=secret",
            }

    project.service.on_call = with_captions
    project.build(project.video("a", caption=True))
    entry = project.entry("a")
    assert entry.files is not None
    assert (entry.files.video, entry.files.captions) == ("videos/a.mp4", "videos/a.srt")
    assert (project.folder / "videos" / "a.srt").exists()
    assert project.parts() == []


def test_an_interrupted_build_records_what_was_sent_and_goes_on_later(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(self: _Builder, entry: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(_Builder, "_accepted", interrupt)
        with pytest.raises(KeyboardInterrupt):
            project.build(*(project.video(key) for key in "ab"))
    assert project.states() == {"a": "submitted"}
    assert project.build(*(project.video(key) for key in "ab")).counts == {Result.SAVED: 2}
    assert len(project.service.paid()) == 2


def test_a_lost_lock_is_recovered_from_the_service(project: Project) -> None:
    videos = [project.video(key) for key in "ab"]
    project.build(*videos)
    project.lock_path.unlink()
    result = project.build(*videos, project.video("c"), options=BuildOptions(recover_s=86_400))
    assert result.counts == {Result.SAVED: 3}
    assert len(project.service.paid()) == 3


def test_a_full_disk_is_an_error_that_loses_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: object, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    project.build(project.video("a"))
    before = project.lock_path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("specfile.runner.lock.lockfile.write_all", full)
        with pytest.raises(UsageError) as caught:
            project.build(project.video("a"), project.video("b"))
    assert str(caught.value) == f"{project.lock_path} can't be written: No space left on device"
    assert project.lock_path.read_bytes() == before
    assert project.service.count(GENERATE) == 1


def test_a_notice_that_the_api_ends_is_passed_on_once(project: Project) -> None:
    project.service.response_headers = {"Deprecation": "true", "Sunset": "Sat, 31 Oct 2026 00:00:00 GMT"}
    project.build(*(project.video(key) for key in "ab"))
    assert [notice.text for notice in project.notices] == [
        "this API is deprecated and ends on Sat, 31 Oct 2026 00:00:00 GMT"
    ]


def test_a_web_page_in_place_of_an_answer_stops_and_the_next_build_looks_before_it_sends(
    project: Project,
) -> None:
    page = Fault(path=GENERATE, body=b"<!doctype html><p>hello", headers={"Content-Type": "text/html"})
    page.takes_effect = True
    project.service.faults = [page]
    result = project.build(project.video("a"), project.video("b"))
    assert isinstance(result.stopped, ServiceRefused)
    assert project.states() == {"a": "submitting"}
    assert project.build(project.video("a"), project.video("b")).is_complete
    assert [len(project.service.paid(key)) for key in "ab"] == [1, 1]
