"""Builds, told as stories: what is sent, what is paid, what the lock and the folder hold afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from specfile.errors import UsageError
from specfile.film import Scene, Video
from specfile.runner import BuildOptions, Kind, Result, State
from tests.heygen.scripted_service import GENERATE, LIST, answer, reset
from tests.runner.project import Project, make_asset, video_of


def test_a_new_video_is_rendered_downloaded_and_recorded(project: Project) -> None:
    result = project.build(project.video("a"))
    [made] = project.service.paid()
    entry = project.entry("a")
    assert result.counts == {Result.SAVED: 1}
    assert (entry.state, entry.video_id, entry.bytes) == (State.DOWNLOADED, made.video_id, len(made.film))
    assert project.file("a") == made.film
    assert made.payload["callback_id"] == entry.token
    assert project.parts() == []


def test_a_second_build_sends_nothing_and_leaves_the_lock_alone(project: Project) -> None:
    videos = [project.video(key) for key in "abc"]
    project.build(*videos)
    before, calls = project.lock_path.stat(), len(project.service.calls)
    result = project.build(*videos)
    after = project.lock_path.stat()
    assert result.counts == {Result.KEPT: 3}
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert (project.connections, len(project.service.calls)) == (1, calls)


def test_going_back_to_an_earlier_film_pays_nothing(project: Project) -> None:
    project.build(project.video("a", "one"))
    project.build(project.video("a", "two"))
    [action] = project.plan([project.video("a", "one")]).actions
    assert (action.kind, action.reason) == (Kind.DOWNLOAD, "the file was last written for another film")
    project.build(project.video("a", "one"))
    assert len(project.service.paid()) == 2
    assert project.file("a") == project.service.paid("one")[0].film
    assert project.entry("a").digest == project.video("a", "one").digest


def test_a_new_title_is_recorded_and_not_paid_for(project: Project) -> None:
    project.build(project.video("a", title="Hello"))
    [action] = project.plan([project.video("a", title="Hi")]).actions
    assert (action.kind, action.metadata) == (Kind.KEEP, ("title",))
    calls = len(project.service.calls)
    project.build(project.video("a", title="Hi"))
    assert project.plan([project.video("a", title="Hi")]).actions[0].metadata == ()
    assert len(project.service.calls) == calls
    assert "Hello" not in project.lock_path.read_text()


def test_two_videos_with_one_film_are_paid_once(project: Project) -> None:
    result = project.build(project.video("a", "same"), project.video("b", "same"))
    assert result.counts == {Result.SAVED: 2}
    assert len(project.service.paid()) == 1
    assert project.file("a") == project.file("b")
    assert project.service.count("/files/") == 1
    assert project.entry("a").video_id == project.entry("b").video_id


def test_a_failed_film_fails_for_all_who_share_it_and_is_not_sent_again(project: Project) -> None:
    videos = [project.video("a", "same"), project.video("b", "same")]
    project.service.faults = [
        answer(
            GENERATE, 400, {"error": {"code": "invalid_parameter", "message": "title is invalid: too long"}}
        )
    ]
    result = project.build(*videos)
    assert [(one.key, one.code, one.path) for one in result.failures] == [
        ("a", "invalid_parameter", "title"),
        ("b", "invalid_parameter", "title"),
    ]
    assert project.build(*videos).counts == {Result.FAILED: 2}
    assert project.service.count(GENERATE) == 1
    assert "too long" not in project.lock_path.read_text()


def test_again_renders_a_finished_film_anew_once_for_all_who_have_it(project: Project) -> None:
    videos = [project.video("a", "same"), project.video("b", "same")]
    project.build(*videos)
    old = project.entry("a").video_id
    assert project.build(*videos, again="always").counts == {Result.SAVED: 2}
    [first, second] = project.service.paid()
    assert (project.entry("a").video_id, project.entry("b").video_id) == (second.video_id, second.video_id)
    assert (project.entry("a").attempt, project.entry("b").attempt) == (2, 2)
    assert [one.video_id for one in project.entry("b").previous] == [old] == [first.video_id]
    # The new render is fetched: what lies in the other's file is the old one.
    assert project.service.count("/files/") == 2
    assert project.plan(videos).counts == {Kind.KEEP: 2}


def test_who_shares_an_earlier_film_that_was_never_made_is_sent_in_its_place(project: Project) -> None:
    project.service.faults = [reset(GENERATE), *[answer(LIST, 403, {}, times=9)]]
    project.build(project.video("a", "one"))
    assert project.states() == {"a": "submitting"}
    project.service.faults = []
    project.clock.seconds += 3600
    videos = [project.video("a", "two"), project.video("b", "one"), project.video("c", "one")]
    plan = project.plan(videos)
    assert [one.kind for one in plan.actions] == [Kind.CHANGE, Kind.SHARE, Kind.SHARE]
    assert project.build(*videos).counts == {Result.SAVED: 3}
    assert len(project.service.paid("one")) == 1
    assert project.file("b") == project.file("c") == project.service.paid("one")[0].film
    assert project.plan(videos).counts == {Kind.KEEP: 3}


def test_a_new_key_takes_over_the_film_of_a_key_that_is_gone(project: Project) -> None:
    project.build(project.video("old", "same"))
    calls = len(project.service.calls)
    result = project.build(project.video("new", "same"))
    assert result.counts == {Result.SAVED: 1}
    assert len(project.service.calls) == calls
    assert not (project.folder / "videos" / "old.mp4").exists()
    assert project.file("new") == project.service.paid()[0].film
    assert project.states() == {"new": "downloaded"}


def test_keys_that_move_up_by_one_take_their_films_along(project: Project) -> None:
    project.build(project.video("row1", "anna"), project.video("row2", "bert"))
    films = [project.file("row1"), project.file("row2")]
    calls = len(project.service.calls)
    # A row was added on top, and keys count rows.
    result = project.build(project.video("row3", "bert"), project.video("row4", "anna"))
    assert result.counts == {Result.SAVED: 2}
    assert [project.file("row4"), project.file("row3")] == films
    assert len(project.service.calls) == calls


def test_keys_that_change_places_swap_their_films_unpaid(project: Project) -> None:
    project.build(project.video("a", "anna"), project.video("b", "bert"))
    films = [project.file("a"), project.file("b")]
    assert project.build(project.video("a", "bert"), project.video("b", "anna")).counts == {Result.SAVED: 2}
    assert [project.file("b"), project.file("a")] == films
    assert project.plan([project.video("a", "bert"), project.video("b", "anna")]).counts == {Kind.KEEP: 2}
    assert len(project.service.paid()) == 2


def test_a_film_whose_file_goes_to_a_new_key_moves_out_before_another_moves_in(project: Project) -> None:
    def into(key: str, text: str, file: str) -> Video:
        return replace(project.video(key, text), output=project.folder / "videos" / file)

    project.build(into("1", "anna", "one.mp4"), into("2", "bert", "two.mp4"))
    project.build(into("4", "bert", "three.mp4"), into("3", "anna", "two.mp4"))
    assert [path.name for path in sorted((project.folder / "videos").iterdir())] == ["three.mp4", "two.mp4"]
    assert project.file("two") == project.service.paid("anna")[0].film
    assert project.service.count("/files/") == 2


def test_a_key_that_comes_back_after_a_rename_starts_one_attempt_higher(project: Project) -> None:
    project.build(project.video("old", "same"))
    project.build(project.video("new", "same"))
    project.build(project.video("new", "other"), project.video("old", "same"))
    assert {entry.attempt for entry in project.lock.entries.values() if entry.key == "old"} == {2}


def test_again_renders_a_finished_film_once_more_and_keeps_the_earlier_id(project: Project) -> None:
    project.build(project.video("a"))
    first = project.entry("a").video_id
    project.build(project.video("a"), again="always")
    entry = project.entry("a")
    assert (entry.attempt, len(project.service.paid())) == (2, 2)
    assert [(one.video_id, one.attempt) for one in entry.previous] == [(first, 1)]
    assert project.lock.reruns == {}


def test_a_refused_second_attempt_does_not_displace_a_finished_film(project: Project) -> None:
    project.build(project.video("a"))
    project.service.faults = [answer(GENERATE, 400, {"error": {"code": "avatar_not_found"}})]
    result = project.build(project.video("a"), again="always")
    assert [one.code for one in result.failures] == ["avatar_not_found"]
    assert (project.entry("a").state, project.entry("a").attempt) == (State.DOWNLOADED, 1)
    assert project.plan([project.video("a")]).actions[0].kind is Kind.KEEP


def test_a_film_that_is_gone_here_is_fetched_again(project: Project) -> None:
    project.build(project.video("a"))
    (project.folder / "videos" / "a.mp4").unlink()
    [action] = project.plan([project.video("a")]).actions
    assert (action.kind, action.reason) == (Kind.ABSENT, "was downloaded before, and no file is here")
    assert project.build(project.video("a"), options=BuildOptions(download=False)).counts == {
        Result.ABSENT: 1
    }
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert len(project.service.paid()) == 1


def test_a_film_that_is_gone_at_the_service_too_is_lost_and_never_rendered_unasked(project: Project) -> None:
    project.build(project.video("a"))
    kept = project.file("a")
    (project.folder / "videos" / "a.mp4").unlink()
    project.service.videos.clear()
    assert project.build(project.video("a")).counts == {Result.LOST: 1}
    assert project.build(project.video("a")).counts == {Result.LOST: 1}
    assert project.service.count(GENERATE) == 1
    (project.folder / "videos" / "a.mp4").write_bytes(kept)
    assert project.plan([project.video("a")]).actions[0].kind is Kind.KEEP


def test_local_files_are_uploaded_once_each_to_where_they_belong(project: Project) -> None:
    photo = make_asset(project.folder / "me.png", "talking_photo")
    image = make_asset(project.folder / "bg.png", "image")
    scene = {"type": "talking_photo", "talking_photo_id": photo.placeholder}
    background = {"type": "image", "image_asset_id": image.placeholder}
    voice = {"type": "text", "voice_id": "v"}
    videos = [
        video_of(
            project.folder,
            key,
            Scene(character=scene, background=background, voice={**voice, "input_text": key}),
            (photo, image),
        )
        for key in "ab"
    ]
    project.build(*videos)
    assert sorted(path for path, _, _ in project.service.uploads) == ["/v1/asset", "/v1/talking_photo"]
    first = project.service.paid("a")[0].payload["video_inputs"][0]
    assert first["character"]["talking_photo_id"] != first["background"]["image_asset_id"]
    assert "specfile-asset" not in str(first)
    project.build(*videos, project.video("c"))
    assert len(project.service.uploads) == 2


def test_a_file_that_changed_since_compiling_fails_its_video_only(project: Project) -> None:
    image = make_asset(project.folder / "bg.png", "image")
    scene = Scene(background={"type": "image", "image_asset_id": image.placeholder})
    video = video_of(project.folder, "a", scene, (image,))
    image.path.write_bytes(b"another")
    result = project.build(video, project.video("b"))
    assert [(one.code, one.words) for one in result.failures] == [
        ("asset_changed", f"{image.path} changed after the spec was compiled")
    ]
    assert project.states() == {"b": "downloaded"}


def test_no_build_writes_to_a_file_that_another_lock_records(project: Project, tmp_path: Path) -> None:
    project.build(project.video("a"))
    other = Project(folder=tmp_path, service=project.service, lock_name="other.lock")
    with pytest.raises(UsageError) as caught:
        other.build(project.video("a", "text"))
    assert str(caught.value) == (
        f"{tmp_path}/videos/a.mp4 belongs to {tmp_path}/welcome.lock;"
        " no build writes to a file that another lock records"
    )


def test_detached_videos_are_submitted_and_collected_by_the_next_build(project: Project) -> None:
    videos = [project.video(key) for key in "abcde"]
    result = project.build(*videos, options=BuildOptions(detach=True))
    assert (result.counts, result.is_complete) == ({Result.PENDING: 5}, True)
    assert set(project.states().values()) == {"submitted"}
    assert project.build(*videos).counts == {Result.SAVED: 5}
    assert len(project.service.paid()) == 5


def test_the_limit_counts_new_submissions_and_holds_the_rest(project: Project) -> None:
    videos = [project.video(key) for key in "abc"]
    result = project.build(*videos, limit=2)
    assert result.counts == {Result.SAVED: 2, Result.HELD: 1}
    assert result.held == {"c": "the limit of 2 is reached"}
    assert project.build(*videos, limit=1).counts == {Result.SAVED: 1, Result.KEPT: 2}


def test_superseded_renders_are_followed_to_their_end_and_never_sent_again(project: Project) -> None:
    project.build(project.video("a", "one"), options=BuildOptions(detach=True))
    project.build(project.video("a", "two"))
    states = {(entry.superseded, str(entry.state)) for entry in project.lock.entries.values()}
    assert states == {(True, "completed"), (False, "downloaded")}
    assert len(project.service.paid()) == 2
