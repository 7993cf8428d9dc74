"""Films on their way: resumed, checked, never mixed up, and never lost while their bytes are here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import orjson
import pytest

from specfile.film import Video
from specfile.runner import BuildOptions, Kind, Result, file_hash
from specfile.runner.events import Held, Remark
from specfile.runner.files.fetching import Fetcher
from specfile.runner.files.parts import note_path, origin_of, part_path
from tests.heygen.scripted_service import SUBTITLES, Fault, Made, mp4
from tests.runner.project import Project

PAGE = b"<!doctype html><title>Sign in to the hotel's network</title>"
FILES = "/files/"


def page(**more: object) -> Fault:
    return Fault(path=FILES, headers={"Content-Type": "text/html; charset=utf-8"}, body=PAGE, **more)  # type: ignore[arg-type]


def ranges(project: Project) -> list[str | None]:
    return [headers.get("Range") for path, headers in project.service.headers if path.startswith(FILES)]


def held(project: Project) -> list[str]:
    return [event.reason for event in project.events if isinstance(event, Held)]


def part_of(project: Project, key: str, variant: str = "plain") -> Path:
    video_id = project.entry(key).video_id
    assert video_id is not None
    return part_path(project.folder / "videos" / f"{key}.mp4", video_id, variant)


def break_off(project: Project, video: Video) -> Path:
    """A build that leaves the first 64 KiB of a film behind."""
    project.service.faults = [
        Fault(path=FILES, short_by=10_000),
        *(Fault(path=FILES, status=503) for _ in range(4)),
    ]
    assert project.build(video).counts == {Result.HELD: 1}
    part = part_of(project, video.key)
    assert part.stat().st_size == 65_536
    return part


def test_a_page_is_never_taken_for_a_film(project: Project) -> None:
    project.service.faults = [page(times=2)]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.file("a") == project.service.paid()[0].film
    assert project.clock.seconds >= 15


def test_a_host_that_sends_only_pages_holds_the_film_and_leaves_no_file(project: Project) -> None:
    project.service.faults = [page(times=99)]
    assert project.build(project.video("a")).counts == {Result.HELD: 1}
    assert held(project) == ["the file host sent text/html that is not a film"]
    assert [path.name for path in (project.folder / "videos").glob("*")] == []
    assert project.service.count(FILES) == 5


def test_a_page_in_place_of_the_rest_leaves_the_part_alone(project: Project) -> None:
    break_off(project, project.video("a"))
    project.service.faults = [page()]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert ranges(project)[-2:] == ["bytes=65536-", "bytes=65536-"]
    assert project.file("a") == project.service.paid()[0].film


@pytest.mark.parametrize(
    "body", [b"", b"short", b'{"error": "no such file"}', b"<?xml version='1.0'?><Error/>"]
)
def test_what_does_not_begin_as_a_film_is_refused_whatever_its_type(project: Project, body: bytes) -> None:
    project.service.faults = [Fault(path=FILES, headers={"Content-Type": "video/mp4"}, body=body)]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.file("a") == project.service.paid()[0].film


def test_half_a_film_of_no_declared_length_is_fetched_again(project: Project) -> None:
    half = mp4(bytes(50_000))[:30_000]
    project.service.faults = [Fault(path=FILES, body=half, has_length=False)]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.file("a") == project.service.paid()[0].film


def test_a_length_that_the_host_declares_too_short_is_noticed(project: Project) -> None:
    project.service.faults = [Fault(path=FILES, body=mp4(bytes(50_000))[:30_000])]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.file("a") == project.service.paid()[0].film


def test_a_part_goes_on_only_with_the_content_that_it_began(project: Project) -> None:
    part = break_off(project, project.video("a"))
    [made] = project.service.paid()
    made.payload["video_inputs"][0]["voice"]["input_text"] = "rendered anew"
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.file("a") == made.film
    assert ranges(project)[-1] == "bytes=65536-"
    assert not part.exists()


def test_a_host_that_overlooks_if_range_is_caught_by_its_etag(project: Project) -> None:
    break_off(project, project.video("a"))
    [made] = project.service.paid()
    other = mp4(b"another content" * 7000)
    project.service.faults = [
        Fault(
            path=FILES,
            status=206,
            body=other[65_536:],
            headers={"Content-Range": f"bytes 65536-{len(other) - 1}/{len(made.film)}", "ETag": '"other"'},
        )
    ]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.file("a") == made.film
    assert ranges(project)[-2:] == ["bytes=65536-", None]


def test_a_part_whose_content_nobody_knows_is_begun_anew(project: Project) -> None:
    part = break_off(project, project.video("a"))
    note_path(part).write_bytes(b'{"validator": "torn')
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert ranges(project)[-1] is None


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_link_that_expires_on_the_way_keeps_what_is_here(project: Project, status: int) -> None:
    break_off(project, project.video("a"))
    project.service.faults = [Fault(path=FILES, status=status)]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert ranges(project)[-2:] == ["bytes=65536-", "bytes=65536-"]


def test_only_a_host_that_has_nothing_past_the_part_makes_it_begin_anew(project: Project) -> None:
    break_off(project, project.video("a"))
    project.service.faults = [Fault(path=FILES, status=416)]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert ranges(project)[-2:] == ["bytes=65536-", None]


def test_a_host_that_is_away_is_tried_five_times_with_growing_pauses(project: Project) -> None:
    project.service.faults = [Fault(path=FILES, status=503, times=99)]
    asked: list[float] = []

    def note_time(path: str) -> None:
        if path.startswith(FILES):
            asked.append(project.clock.seconds)

    project.service.on_call = note_time
    assert project.build(project.video("a")).counts == {Result.HELD: 1}
    assert [later - earlier for earlier, later in pairwise(asked)] == [5, 10, 15, 20]
    assert held(project) == ["the file host answered with status 503"]


def test_tries_that_bring_bytes_are_not_counted(project: Project) -> None:
    film = mp4(bytes(range(256)) * 4096)
    project.build(project.video("a"), options=BuildOptions(download=False))
    Made.film, original = property(lambda _made: film), Made.film  # type: ignore[assignment, method-assign]
    try:
        project.service.faults = [Fault(path=FILES, short_by=len(film) - 70_000 * n) for n in range(1, 10)]
        assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    finally:
        Made.film = original  # type: ignore[method-assign]
    assert project.file("a") == film


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_names_a_time_is_obeyed(project: Project, status: int) -> None:
    project.service.faults = [Fault(path=FILES, status=status, headers={"Retry-After": "77"})]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert 77 <= project.clock.seconds - 10 < 80


def test_a_host_that_names_a_time_too_far_away_is_left_for_another_build(project: Project) -> None:
    project.service.faults = [Fault(path=FILES, status=429, headers={"Retry-After": "86400"})]
    assert project.build(project.video("a")).counts == {Result.HELD: 1}
    assert held(project) == ["the file host asks to come back later (status 429)"]
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}


def stop_before_the_move(monkeypatch: pytest.MonkeyPatch, name: str = "_move") -> None:
    """What a kill between the line and the move leaves."""

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Fetcher, name, killed)


def test_a_film_that_was_not_yet_moved_is_used_though_it_is_gone_at_the_service(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_before_the_move(patch)
        with pytest.raises(KeyboardInterrupt):
            project.build(project.video("a"))
    assert project.states() == {"a": "downloaded"}
    [made] = project.service.paid()
    project.service.videos.clear()
    calls = len(project.service.calls)
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.file("a") == made.film
    assert len(project.service.calls) == calls
    assert project.parts() == []


def test_a_whole_part_is_used_though_no_line_tells_of_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_before_the_move(patch, "_place")
        with pytest.raises(KeyboardInterrupt):
            project.build(project.video("a"))
    assert project.states() == {"a": "completed"}
    [made] = project.service.paid()
    project.service.videos.clear()
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.file("a") == made.film
    assert project.parts() == []


def test_half_a_part_of_a_film_that_is_gone_at_the_service_is_no_film(project: Project) -> None:
    break_off(project, project.video("a"))
    project.service.videos.clear()
    assert project.build(project.video("a")).counts == {Result.LOST: 1}


@pytest.mark.parametrize("instant", ["_move_in", "_move"])
def test_a_rename_that_was_killed_loses_no_bytes_and_leaves_no_stray(
    project: Project, monkeypatch: pytest.MonkeyPatch, instant: str
) -> None:
    project.build(project.video("old", "same"))
    [made] = project.service.paid()
    with monkeypatch.context() as patch:
        stop_before_the_move(patch, instant)
        with pytest.raises(KeyboardInterrupt):
            project.build(project.video("new", "same"))
    project.service.videos.clear()
    assert project.build(project.video("new", "same")).counts == {Result.SAVED: 1}
    assert [path.name for path in (project.folder / "videos").iterdir()] == ["new.mp4"]
    assert project.file("new") == made.film
    assert project.states() == {"new": "downloaded"}


def test_films_move_out_before_others_move_in_whatever_their_order(project: Project) -> None:
    def into(key: str, text: str, file: str) -> Video:
        return replace(project.video(key, text), output=project.folder / "videos" / file)

    project.build(into("1", "anna", "one.mp4"), into("2", "bert", "two.mp4"))
    films = {made.video_id: made.film for made in project.service.paid()}
    project.service.videos.clear()
    # Anna's film goes where Bert's still is.
    result = project.build(into("3", "anna", "two.mp4"), into("4", "bert", "three.mp4"))
    assert result.counts == {Result.SAVED: 2}
    assert [project.file("two"), project.file("three")] == list(films.values())
    assert sorted(path.name for path in (project.folder / "videos").iterdir()) == ["three.mp4", "two.mp4"]


def test_a_film_is_copied_away_before_another_takes_its_place(project: Project) -> None:
    project.build(project.video("a", "anna"), project.video("b", "bert"))
    films = [project.file("a"), project.file("b")]
    project.service.videos.clear()
    for _ in range(10):
        changed = [project.video("a", "bert"), project.video("b", "anna")]
        assert project.build(*changed).counts == {Result.SAVED: 2}
        assert [project.file("b"), project.file("a")] == films
        back = [project.video("a", "anna"), project.video("b", "bert")]
        assert project.build(*back).counts == {Result.SAVED: 2}


def test_without_download_a_rename_fetches_nothing(project: Project) -> None:
    project.build(project.video("old", "same"))
    (project.folder / "videos" / "old.mp4").unlink()
    calls = len(project.service.calls)
    result = project.build(project.video("new", "same"), options=BuildOptions(download=False))
    assert result.counts == {Result.RENDERED: 1}
    assert len(project.service.calls) == calls
    assert project.build(project.video("new", "same")).counts == {Result.SAVED: 1}


def with_captions(project: Project, *, film: bool = True, file: bool = True) -> Callable[[str], None]:
    url = project.service.url

    def extend(_path: str) -> None:
        for made in project.service.videos.values():
            made.extra = {
                "video_url_caption": f"{url}/files/{made.video_id}/captioned.mp4" if film else None,
                "caption_url": f"{url}/files/{made.video_id}/captions.srt" if file else "",
            }

    return extend


def missing(project: Project) -> list[str]:
    """What was said to be missing, without the sentence around it."""
    said = [event.text for event in project.events if isinstance(event, Remark)]
    assert all(
        text.endswith(", which the service doesn't have; `build --verify` asks again") for text in said
    )
    return [text.removeprefix("saved without ").partition(",")[0] for text in said]


@pytest.mark.parametrize(
    ("film", "file", "what"),
    [
        (False, True, ["the captioned film"]),
        (True, False, ["the subtitle file"]),
        (False, False, ["the captioned film and the subtitle file"]),
        (True, True, []),
    ],
)
def test_captions_that_the_service_does_not_have_are_said(
    project: Project, film: bool, file: bool, what: list[str]
) -> None:
    project.service.on_call = with_captions(project, film=film, file=file)
    assert project.build(project.video("a", caption=True)).counts == {Result.SAVED: 1}
    assert missing(project) == what


def test_a_subtitle_file_that_can_not_be_had_does_not_hold_the_film(project: Project) -> None:
    project.service.on_call = with_captions(project)
    project.service.faults = [Fault(path=FILES, skip=1, status=503, times=99)]
    assert project.build(project.video("a", caption=True)).counts == {Result.SAVED: 1}
    assert missing(project) == ["the subtitle file"]
    entry = project.entry("a")
    assert entry.files is not None
    assert entry.files.captions is None
    assert project.parts() == []
    project.service.faults = []
    assert project.build(project.video("a", caption=True)).counts == {Result.KEPT: 1}
    assert project.build(project.video("a", caption=True), verify=file_hash).counts == {Result.SAVED: 1}
    assert (project.folder / "videos" / "a.srt").read_bytes() == SUBTITLES


def test_a_subtitle_file_that_comes_late_does_not_fetch_the_film_twice(project: Project) -> None:
    project.service.on_call = with_captions(project)
    project.service.faults = [Fault(path=FILES, skip=1, status=503, times=2)]
    assert project.build(project.video("a", caption=True)).counts == {Result.SAVED: 1}
    fetched = [call for call in project.service.calls if call.endswith("captioned.mp4")]
    assert (len(fetched), missing(project)) == (1, [])
    assert (project.folder / "videos" / "a.srt").read_bytes() == SUBTITLES


def test_captions_move_with_a_renamed_film_even_if_that_is_killed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.service.on_call = with_captions(project)
    project.build(project.video("old", "same", caption=True))
    project.service.videos.clear()
    with monkeypatch.context() as patch:
        stop_before_the_move(patch)
        with pytest.raises(KeyboardInterrupt):
            project.build(project.video("new", "same", caption=True))
    assert project.build(project.video("new", "same", caption=True)).counts == {Result.SAVED: 1}
    assert sorted(path.name for path in (project.folder / "videos").iterdir()) == ["new.mp4", "new.srt"]
    assert missing(project) == []


def test_a_file_changed_by_hand_is_found_by_its_bytes_and_fetched_again(project: Project) -> None:
    project.build(project.video("a"))
    path = project.folder / "videos" / "a.mp4"
    path.write_bytes(project.file("a")[:-1] + b"?")
    assert project.plan([project.video("a")]).counts == {Kind.KEEP: 1}
    [action] = project.plan([project.video("a")], verify=file_hash).actions
    assert (action.kind, action.reason) == (Kind.DOWNLOAD, "the file was changed since it was downloaded")
    assert project.build(project.video("a"), verify=file_hash).counts == {Result.SAVED: 1}
    assert file_hash(path) == hashlib.sha256(project.service.paid()[0].film).hexdigest()
    assert project.plan([project.video("a")], verify=file_hash).counts == {Kind.KEEP: 1}


def test_a_part_says_what_it_begins_and_no_link(project: Project) -> None:
    part = break_off(project, project.video("a"))
    [made] = project.service.paid()
    note = orjson.loads(note_path(part).read_bytes())
    assert note == {"validator": f'"{hashlib.md5(made.film).hexdigest()}"', "total": len(made.film)}
    assert origin_of(part).total == len(made.film)


def test_a_copy_that_was_whole_when_its_build_was_killed_outlives_the_original(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The original's place may be cleared for another film before the copy's line says downloaded."""
    project.service.on_call = with_captions(project)
    project.build(project.video("a", "same", caption=True))
    with monkeypatch.context() as patch:
        stop_before_the_move(patch, "_place")
        with pytest.raises(KeyboardInterrupt):
            project.build(*(project.video(key, "same", caption=True) for key in "ab"))
    project.service.videos.clear()
    for name in ("a.mp4", "a.srt"):
        (project.folder / "videos" / name).unlink()
    assert project.build(project.video("b", "same", caption=True), whole=False).counts == {Result.SAVED: 1}
    assert (project.folder / "videos" / "b.srt").read_bytes() == SUBTITLES
    assert missing(project) == []
