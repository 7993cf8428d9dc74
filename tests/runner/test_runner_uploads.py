"""Uploads that the service no longer has are made anew, once, and no video is paid twice for that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from specfile.film import Api, AssetKind, Scene, Video, WholeVideo
from specfile.runner import BuildOptions, Result, events
from specfile.runner.sending.uploads import _in_steps
from tests.heygen.scripted_service import GENERATE, V3, ScriptedService, answer
from tests.runner.project import Project, as_v3, make_asset, video_of

GONE = {"data": None, "error": {"code": "asset_not_found", "message": "Asset not found."}}


def with_picture(project: Project, key: str, kind: AssetKind = "image") -> WholeVideo:
    asset = make_asset(project.folder / "me.png", kind)
    voice = {"type": "text", "voice_id": "v", "input_text": key}
    if kind == "talking_photo":
        character = {"type": "talking_photo", "talking_photo_id": asset.placeholder}
        return video_of(project.folder, key, Scene(character=character, voice=voice), (asset,))
    background = {"type": "image", "image_asset_id": asset.placeholder}
    character = {"type": "avatar", "avatar_id": "A"}
    return video_of(
        project.folder, key, Scene(character=character, voice=voice, background=background), (asset,)
    )


def as_v3_with_picture(project: Project, key: str) -> Video:
    video = as_v3(with_picture(project, key))
    [asset] = with_picture(project, key).request.assets
    scenes = [{"type": "image", "source": {"type": "asset_id", "asset_id": asset.placeholder}, "script": key}]
    return replace(
        video, request=replace(video.request, payload={"type": "studio", "scenes": scenes}, assets=(asset,))
    )


def used(service: ScriptedService) -> list[str]:
    """The id of the upload in each video that was made."""
    found = [made.payload for made in service.paid()]
    v2 = [one["video_inputs"][0]["background"]["image_asset_id"] for one in found if "video_inputs" in one]
    return v2 + [one["scenes"][0]["source"]["asset_id"] for one in found if "scenes" in one]


@pytest.mark.parametrize("api", ["v2", "v3"])
def test_an_upload_that_is_gone_is_made_anew_and_the_video_sent_once_more(project: Project, api: Api) -> None:
    make = with_picture if api == "v2" else as_v3_with_picture
    project.build(make(project, "a"))
    [first] = project.lock.assets.values()
    project.service.generation = b"2"
    project.service.keeps_refusals = True
    project.service.faults = [answer(f"POST {GENERATE if api == 'v2' else V3}", 404, GONE)]
    assert project.build(make(project, "a"), make(project, "b")).counts == {Result.KEPT: 1, Result.SAVED: 1}
    assert len(project.service.uploads) == 2
    assert len(project.service.paid()) == 2
    [second] = project.lock.assets.values()
    assert first != second
    assert used(project.service) == [first, second]


def test_an_upload_that_v3_says_is_gone_is_made_anew_before_anything_is_sent(project: Project) -> None:
    project.build(as_v3_with_picture(project, "a"))
    [first] = project.lock.assets.values()
    project.service.generation = b"2"
    project.service.tells_uploads = True
    project.service.gone_uploads = {first}
    videos = [as_v3_with_picture(project, key) for key in "bc"]
    assert project.build(*videos, whole=False).counts == {Result.SAVED: 2}
    [second] = project.lock.assets.values()
    assert used(project.service) == [first, second, second]
    assert project.service.calls.count(f"POST {V3}") == 3
    assert project.service.calls.count(f"GET /v3/assets/{first}") == 1


@pytest.mark.parametrize("tells", [True, False], ids=["and says so", "and does not tell"])
def test_an_upload_that_v3_still_has_is_used_as_it_is(project: Project, *, tells: bool) -> None:
    project.build(as_v3_with_picture(project, "a"))
    project.service.tells_uploads = tells
    for key in "bc":
        assert project.build(as_v3_with_picture(project, key), whole=False).counts == {Result.SAVED: 1}
    assert len(project.service.uploads) == 1
    assert len(set(used(project.service))) == 1


def test_an_upload_that_stays_gone_fails_the_video_and_nothing_is_sent_a_third_time(project: Project) -> None:
    project.service.faults = [answer(GENERATE, 404, GONE, times=9)]
    result = project.build(with_picture(project, "a"))
    assert result.counts == {Result.FAILED: 1}
    assert result.failures[0].code == "asset_not_found"
    assert (project.service.count(GENERATE), len(project.service.uploads)) == (2, 2)
    assert project.service.paid() == []


def test_videos_that_share_an_upload_which_is_gone_share_the_new_one(project: Project) -> None:
    project.build(with_picture(project, "a"))
    project.service.generation = b"2"
    project.service.gone_uploads = set(project.lock.assets.values())
    videos = [with_picture(project, key) for key in "bc"]
    counts = project.build(*videos, options=BuildOptions(concurrency=2), whole=False).counts
    assert counts == {Result.SAVED: 2}
    assert len(project.service.uploads) == 2
    assert len(set(used(project.service)[1:])) == 1


def test_an_id_of_the_users_own_that_is_gone_uploads_nothing(project: Project) -> None:
    message = "Asset 4f1c2d3e99 not found."
    gone = {"data": None, "error": {"code": "asset_not_found", "message": message}}
    project.service.faults = [answer(GENERATE, 404, gone, times=9)]
    assert project.build(with_picture(project, "a")).counts == {Result.FAILED: 1}
    assert (project.service.count(GENERATE), len(project.service.uploads)) == (1, 1)


def test_a_photo_that_is_gone_is_made_anew_where_the_service_names_it(project: Project) -> None:
    project.build(with_picture(project, "a", "talking_photo"))
    [first] = project.lock.assets.values()
    project.service.generation = b"2"
    message = f"Avatar {first} not found or no longer available."
    gone = {"data": None, "error": {"code": "avatar_not_found", "message": message}}
    project.service.faults = [answer(GENERATE, 400, gone)]
    assert project.build(with_picture(project, "b", "talking_photo"), whole=False).counts == {Result.SAVED: 1}
    assert len(project.service.uploads) == 2


def test_an_avatar_that_is_gone_uploads_no_photo_anew(project: Project) -> None:
    gone = {"data": None, "error": {"code": "avatar_not_found", "message": "Avatar Anna-17 not found."}}
    project.service.faults = [answer(GENERATE, 400, gone)]
    assert project.build(with_picture(project, "a", "talking_photo")).counts == {Result.FAILED: 1}
    assert len(project.service.uploads) == 1


def test_again_after_a_render_that_lacked_its_upload_makes_that_anew(project: Project) -> None:
    project.service.render_error = {"code": "asset_not_found", "message": "Asset not found."}
    project.service.reads_until_done = 0
    assert project.build(with_picture(project, "a")).counts == {Result.FAILED: 1}
    project.service.render_error = None
    project.service.generation = b"2"
    assert project.build(with_picture(project, "a"), again="failed").counts == {Result.SAVED: 1}
    assert len(project.service.uploads) == 2
    assert len(set(used(project.service))) == 2


def test_again_for_many_that_lacked_one_upload_makes_that_once_and_sends_no_video_without_it(
    project: Project,
) -> None:
    """A row's new upload was forgotten for the next row's sake, and what was about to be sent held no id."""
    videos = [with_picture(project, f"{number}") for number in range(12)]
    project.service.render_error = {"code": "asset_not_found", "message": "Asset not found."}
    project.service.reads_until_done = 0
    assert project.build(*videos).counts == {Result.FAILED: 12}
    project.service.render_error = None
    project.service.generation = b"2"
    assert project.build(*videos, again="failed").counts == {Result.SAVED: 12}
    assert len(project.service.uploads) == 2
    [second] = project.lock.assets.values()
    assert used(project.service)[12:] == [second] * 12


def test_a_large_upload_is_told_megabyte_by_megabyte(project: Project) -> None:
    path = project.folder / "big.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(3 * 2**20))
    asset = make_asset(path, "image", content=path.read_bytes())
    scene = Scene(
        character={"type": "avatar", "avatar_id": "A"},
        voice={"type": "text", "voice_id": "v", "input_text": "a"},
        background={"type": "image", "image_asset_id": asset.placeholder},
    )
    project.build(video_of(project.folder, "a", scene, (asset,)))
    told = project.events
    steps = [one for one in told if isinstance(one, events.Uploading)]
    assert [(one.path, one.sent // 2**20, one.total) for one in steps] == [
        (path, number, 3 * 2**20 + 8) for number in (1, 2, 3)
    ]
    assert told.index(events.Uploaded(path=path)) > told.index(steps[-1])


def test_steps_of_a_large_file_are_hundredths_and_a_new_beginning_is_told() -> None:
    told: list[tuple[int, int]] = []
    total = 1000 * 2**20
    progress = _in_steps(total, lambda sent, of: told.append((sent, of)))
    for sent in range(0, total + 1, 2**20):
        progress(sent)
    assert len(told) == 100
    progress(5)
    assert told[-1] == (5, total)


def test_a_small_upload_is_told_when_it_is_there(project: Project) -> None:
    project.build(with_picture(project, "a"))
    assert not any(isinstance(one, events.Uploading) for one in project.events)
    assert any(isinstance(one, events.Uploaded) for one in project.events)
