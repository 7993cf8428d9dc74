"""The rules of the service, without HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from specfile.emulator import AT_ONCE, EmulatorSettings, Progress
from specfile.emulator.backend import Backend
from specfile.emulator.errors import ApiError, VideoNotFound
from specfile.emulator.limits import CREDIT
from specfile.errors import UsageError
from tests.emulator.support import BODY, VOICE, copy_clip

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 16


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def account(folder: Path, clock: Clock | None = None, **settings: Any) -> Iterator[Backend]:
    given = EmulatorSettings(**{"progress": AT_ONCE, **settings})
    backend = Backend(folder, given, renderer=copy_clip, clock=clock or Clock(), durable=False)
    with closing(backend):
        yield backend


def generate(backend: Backend, **changes: Any) -> str:
    return backend.generate(json.dumps({**BODY, **changes}).encode())


def states(backend: Backend, video_id: str, times: int) -> list[str]:
    return [backend.status(video_id)[1] for _ in range(times)]


def refusal(error: pytest.ExceptionInfo[ApiError]) -> tuple[int, dict[str, Any]]:
    return error.value.status, error.value.body()


def test_at_once_means_at_the_first_question(tmp_path: Path) -> None:
    with account(tmp_path) as backend:
        assert states(backend, generate(backend), 2) == ["completed", "completed"]


def test_a_video_can_be_done_after_a_number_of_questions(tmp_path: Path) -> None:
    with account(tmp_path, progress=Progress(reads=2, render=False)) as backend:
        video_id = generate(backend)
        assert states(backend, video_id, 4) == ["waiting", "processing", "completed", "completed"]


def test_lists_are_no_questions(tmp_path: Path) -> None:
    with account(tmp_path, progress=Progress(reads=1, render=False)) as backend:
        generate(backend)
        listed = backend.page(limit=10).videos[0]
        assert [backend.status_of(listed) for _ in range(3)] == ["waiting"] * 3


def test_a_video_can_be_done_after_a_time(tmp_path: Path) -> None:
    clock = Clock()
    with account(tmp_path, clock, progress=Progress(seconds=5, render=False)) as backend:
        video_id = generate(backend)
        clock.now += 4.9
        assert states(backend, video_id, 1) == ["waiting"]
        clock.now += 0.1
        assert states(backend, video_id, 1) == ["completed"]


def test_questions_are_remembered_across_a_restart(tmp_path: Path) -> None:
    progress = Progress(reads=1, render=False)
    with account(tmp_path, progress=progress) as backend:
        video_id = generate(backend)
        assert states(backend, video_id, 2) == ["waiting", "completed"]
    with account(tmp_path, progress=progress) as backend:
        assert states(backend, video_id, 1) == ["completed"]


@pytest.mark.parametrize(
    ("plan", "width", "height", "status"),
    [
        ("free", 1280, 720, "completed"),
        ("free", 720, 1280, "completed"),
        ("free", 1920, 1080, "failed"),
        ("pro", 1080, 1920, "completed"),
        ("pro", 3840, 2160, "failed"),
        ("scale", 3840, 2160, "completed"),
    ],
)
def test_a_plan_bounds_the_picture(tmp_path: Path, plan: str, width: int, height: int, status: str) -> None:
    with account(tmp_path, plan=plan) as backend:
        video_id = generate(backend, dimension={"width": width, "height": height})
        assert states(backend, video_id, 1) == [status]


def test_full_hd_is_what_a_plan_judges_where_no_size_is_given(tmp_path: Path) -> None:
    with account(tmp_path, plan="free") as backend:
        video, status = backend.status(generate(backend, dimension=None))
    assert status == "failed"
    assert video.error == {
        "code": 401029,
        "detail": "The free plan renders up to 720p; this is 1920x1080. Please subscribe to higher plan.",
        "message": "Resolution not allowed",
    }


def test_a_too_large_video_fails_only_when_its_time_has_come(tmp_path: Path) -> None:
    with account(tmp_path, plan="free", progress=Progress(reads=1)) as backend:
        video_id = generate(backend, dimension=None)
        assert states(backend, video_id, 2) == ["waiting", "failed"]


def test_lists_go_from_new_to_old_by_parts(tmp_path: Path) -> None:
    with account(tmp_path) as backend:
        sent = [generate(backend) for _ in range(5)]
        first = backend.page(limit=2)
        second = backend.page(limit=2, before=first.next_before)
        last = backend.page(limit=2, before=second.next_before)
    listed = [video.id for page in (first, second, last) for video in page.videos]
    assert listed == sent[::-1]
    assert last.next_before is None


def test_a_list_that_just_fits_has_no_further_part(tmp_path: Path) -> None:
    with account(tmp_path) as backend:
        sent = [generate(backend) for _ in range(2)]
        page = backend.page(limit=2)
    assert [video.id for video in page.videos] == sent[::-1]
    assert page.next_before is None


def test_a_list_can_be_of_one_folder(tmp_path: Path) -> None:
    with account(tmp_path) as backend:
        generate(backend, folder_id="other")
        video_id = generate(backend, folder_id="mine")
        assert [video.id for video in backend.page(limit=9, folder_id="mine").videos] == [video_id]


def test_a_deleted_video_is_gone(tmp_path: Path) -> None:
    with account(tmp_path) as backend:
        video_id = generate(backend)
        backend.delete(video_id)
        with pytest.raises(VideoNotFound):
            backend.status(video_id)
        with pytest.raises(VideoNotFound):
            backend.delete(video_id)
        assert backend.film(video_id, "video.mp4") is None


def test_captions_come_only_when_asked_for(tmp_path: Path) -> None:
    with account(tmp_path) as backend:
        plain, captioned = generate(backend), generate(backend, caption=True)
        assert backend.film(plain, "captions.ass") is None
        assert backend.film(captioned, "captions.ass") is not None


def test_any_id_is_taken_unless_ids_are_strict(tmp_path: Path) -> None:
    with account(tmp_path, strict_ids=True) as backend, pytest.raises(ApiError) as error:
        generate(backend)
    assert refusal(error) == (
        400,
        {
            "data": None,
            "error": {"code": "avatar_not_found", "message": "Avatar a not found or no longer available."},
        },
    )


STRANGE_SCENES = [
    ({"voice": VOICE}, "voice_not_found"),
    (
        {
            "voice": {"type": "silence"},
            "character": {"type": "talking_photo", "talking_photo_id": "nobody"},
        },
        "avatar_not_found",
    ),
    ({"voice": {"type": "audio", "audio_asset_id": "nothing"}}, "asset_not_found"),
]


@pytest.mark.parametrize(("scene", "code"), STRANGE_SCENES)
def test_strict_ids_are_looked_up(tmp_path: Path, scene: dict[str, Any], code: str) -> None:
    with account(tmp_path, strict_ids=True) as backend, pytest.raises(ApiError) as error:
        generate(backend, video_inputs=[scene])
    assert error.value.code == code


def test_strict_ids_know_the_catalogue_and_the_uploads(tmp_path: Path) -> None:
    with account(tmp_path, strict_ids=True) as backend:
        photo = backend.upload(PNG, "image/png", photo=True)
        picture = backend.upload(JPEG, "image/jpeg")
        scene = {
            "character": {"type": "talking_photo", "talking_photo_id": photo.id},
            "voice": {**VOICE, "voice_id": "5e1f0c1d7a9b4c0f8d2e6b3a41c7f901"},
            "background": {"type": "image", "image_asset_id": picture.id},
        }
        assert states(backend, generate(backend, video_inputs=[scene]), 1) == ["completed"]


def test_an_unlisted_avatar_always_has_the_same_voice(tmp_path: Path) -> None:
    with account(tmp_path) as backend:
        assert backend.look("whoever") == backend.look("whoever")


UPLOADS_REFUSED = [
    (PNG, "image/jpeg", 400543, "Content type not match image/jpeg != image/png"),
    (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav", 400543, "Content type not match audio/wav != audio/x-wav"),
    (b"ID3\4\0", "audio/mp3", 400543, "Content type not match audio/mp3 != audio/mpeg"),
    (b"\xff\xfb\x90\x64", "audio/mp3", 400543, "Content type not match audio/mp3 != audio/mpeg"),
    (b"\0\0\0\x20ftypisom", "video/webm", 400543, "Content type not match video/webm != video/mp4"),
    (PNG, "application/json", 400543, "Content type application/json is not supported"),
    (b"", "image/png", 40001, "asset data must be provided"),
    (PNG, "multipart/form-data", 40001, "asset data must be provided"),
]


@pytest.mark.parametrize(("content", "declared", "code", "message"), UPLOADS_REFUSED)
def test_an_upload_must_be_what_it_says(
    tmp_path: Path, content: bytes, declared: str, code: int, message: str
) -> None:
    with account(tmp_path) as backend, pytest.raises(ApiError) as error:
        backend.upload(content, declared)
    assert refusal(error) == (400, {"code": code, "data": None, "message": message})


def test_unrecognisable_bytes_are_what_they_are_said_to_be(tmp_path: Path) -> None:
    with account(tmp_path) as backend:
        asset = backend.upload(b"who knows", "video/x-strange")
        found = backend.asset(asset.id)
    assert asset.kind == "video"
    assert found is not None
    assert found[1].read_bytes() == b"who knows"


@pytest.mark.parametrize(
    "address", ["{id}", "http://127.0.0.1:1/assets/{id}", "http://localhost/assets/{id}"]
)
def test_a_renderer_finds_uploads_by_id_and_address(tmp_path: Path, address: str) -> None:
    with account(tmp_path) as backend:
        asset = backend.upload(PNG, "image/png")
        assert backend.uploads(address.format(id=asset.id)) == backend.uploads.folder / f"{asset.id}.png"


@pytest.mark.parametrize("reference", ["../emulator", "0" * 32, "https://elsewhere/assets/x", ""])
def test_a_renderer_finds_nothing_else(tmp_path: Path, reference: str) -> None:
    with account(tmp_path) as backend:
        assert backend.uploads(reference) is None


def test_credit_goes_down_with_seconds_but_not_for_tests(tmp_path: Path) -> None:
    with account(tmp_path) as backend:
        generate(backend, test=True)
        assert backend.credit() == CREDIT
        generate(backend)
        assert backend.credit() == CREDIT - 1


def test_an_unknown_plan_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no plan 'gold'"):
        EmulatorSettings(plan="gold")


def test_a_speed_that_stands_still_is_refused() -> None:
    with pytest.raises(UsageError, match="speed must be above 0, not 0"):
        EmulatorSettings(speed=0)
