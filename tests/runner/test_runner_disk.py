"""Disks that are full, folders that may not be written: nothing is lost, and the next build goes on."""

from __future__ import annotations

import errno
import io
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from specfile.errors import UsageError
from specfile.film import Scene
from specfile.runner import Result, kept_film
from tests.heygen.scripted_service import GENERATE
from tests.runner.project import Project, make_asset, video_of

HINT = "nothing is lost; make room or fix the permissions, then run it again"


@contextmanager
def failing(
    monkeypatch: pytest.MonkeyPatch, code: int, is_meant: Callable[[Path], bool], *, room: int = 0
) -> Iterator[None]:
    """A disk that, for some files, takes so many bytes more and then fails every write."""
    left = [room]

    class Failing(io.FileIO):
        def write(self, data: Any) -> int:
            if left[0] < len(data):
                raise OSError(code, os.strerror(code))
            left[0] -= len(data)
            return super().write(data)

    original = io.open

    def opened(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **more: Any) -> Any:
        if not isinstance(file, Path) or not set("wa+") & set(mode) or not is_meant(file):
            return original(file, mode, buffering, *args, **more)
        raw = Failing(file, mode.replace("b", ""))
        return io.BufferedWriter(raw) if buffering else raw

    with monkeypatch.context() as patch:
        patch.setattr(io, "open", opened)
        yield


def is_part(path: Path) -> bool:
    return path.suffix == ".part"


def is_film(path: Path) -> bool:
    return path.parent.name == "films"


def test_a_disk_that_fills_up_during_a_download_keeps_what_is_here(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing(monkeypatch, errno.ENOSPC, is_part, room=70_000), pytest.raises(UsageError) as caught:
        project.build(project.video("a"))
    [part] = [part for part in project.parts() if part.stat().st_size]
    assert str(caught.value) == f"{part} can't be written: No space left on device"
    assert caught.value.hint == HINT
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    [whole, rest] = [headers for path, headers in project.service.headers if path.startswith("/files/")]
    assert (whole.get("Range"), rest["Range"]) == (None, "bytes=65536-")
    assert project.file("a") == project.service.paid()[0].film
    assert project.parts() == []


def test_a_film_that_can_not_be_kept_for_later_plans_is_no_reason_to_stop(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing(monkeypatch, errno.ENOSPC, is_film, room=10):
        assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert kept_film(project.state, project.entry("a").digest) is None
    assert [path for path in (project.state / "films").iterdir() if path.stat().st_size] == []
    [action] = project.plan([project.video("a", "other words")]).actions
    assert action.reason == "film differs"


def test_a_local_file_that_can_not_be_read_fails_its_video_only_and_is_tried_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = make_asset(project.folder / "bg.png", "image")
    background = {"type": "image", "image_asset_id": picture.placeholder}
    scene = Scene(voice={"type": "text", "voice_id": "v", "input_text": "a"}, background=background)
    videos = [video_of(project.folder, "a", scene, (picture,)), project.video("b")]
    open_file = Path.open

    def refused(path: Path, *args: Any, **more: Any) -> Any:
        if path.name == "bg.png":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return open_file(path, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refused)
        result = project.build(*videos)
    assert result.counts == {Result.SAVED: 1, Result.FAILED: 1}
    [failure] = result.failures
    assert failure.words == f"{project.folder / 'bg.png'} can't be read: Permission denied"
    assert project.build(*videos).counts == {Result.SAVED: 1, Result.KEPT: 1}


def test_an_output_folder_that_may_not_be_written_is_named_before_anything_is_lost(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refused(path: Path, *args: Any, **more: Any) -> Any:
        if path.suffix == ".part":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, *args, **more)

    (project.folder / "videos").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refused)
        with pytest.raises(UsageError) as caught:
            project.build(project.video("a"))
    assert str(caught.value).startswith(f"{project.folder / 'videos' / 'a.mp4'}.")
    assert str(caught.value).endswith(".part can't be written: Permission denied")
    assert project.states() == {"a": "completed"}
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.service.count(GENERATE) == 1


def test_a_file_in_the_place_of_the_output_folder_is_named(project: Project) -> None:
    (project.folder / "videos").write_text("not a folder")
    with pytest.raises(UsageError, match=r"videos/a\.mp4.* can't be written: (File exists|Not a directory)"):
        project.build(project.video("a"))
    (project.folder / "videos").unlink()
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.service.count(GENERATE) == 1


def test_a_folder_in_the_place_of_a_film_is_named_and_the_film_waits_beside_it(project: Project) -> None:
    target = project.folder / "videos" / "a.mp4"
    target.mkdir(parents=True)
    with pytest.raises(UsageError) as caught:
        project.build(project.video("a"))
    assert str(caught.value) == f"{target} can't be written: Is a directory"
    target.rmdir()
    fetched = project.service.count("/files/")
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}
    assert project.service.count("/files/") == fetched == 1


def test_a_move_that_the_disk_refuses_is_made_good_by_the_next_build(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace

    def refused(path: Path, target: Path) -> Path:
        if path.suffix == ".part":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refused)
        with pytest.raises(UsageError, match="No space left on device"):
            project.build(project.video("a"))
    assert project.states() == {"a": "downloaded"}
    project.service.videos.clear()
    assert project.build(project.video("a")).counts == {Result.SAVED: 1}


def test_a_rename_to_another_file_system_copies(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.build(project.video("old", "same"))
    rename = Path.replace
    other = project.folder / "other"

    def refused(path: Path, target: Path) -> Path:
        if (path.parent == other) != (target.parent == other):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    moved = replace(project.video("new", "same"), output=other / "new.mp4")
    assert project.build(moved).counts == {Result.SAVED: 1}
    assert (other / "new.mp4").read_bytes() == project.service.paid()[0].film
    assert list((project.folder / "videos").iterdir()) == []


def trouble_of(build: Callable[[], object]) -> str | None:
    try:
        build()
    except UsageError as error:
        return str(error)
    return None


@contextmanager
def tiny_disk(folder: Path, kilobytes: int) -> Iterator[Callable[[], object]]:
    """A disk of this size at a folder; gives a function that makes it large enough."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if os.name == "nt" or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=4m", str(folder)], check=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("kilobytes", [4, *range(8, 64, 8), *range(64, 288, 16)])
def test_wherever_a_real_disk_fills_up_the_next_build_pays_nothing_twice(
    project: Project, tmp_path: Path, kilobytes: int
) -> None:
    with tiny_disk(tmp_path / "disk", kilobytes) as grow:
        small = replace(project, folder=tmp_path / "disk")
        videos = [small.video(key) for key in "ab"]
        told = trouble_of(lambda: small.build(*videos))
        assert told is None or "can't be written: No space left on device" in told
        grow()
        small.build(*videos)
        assert {key: len(small.service.paid(key)) for key in "ab"} == {"a": 1, "b": 1}
        assert [small.file(key) for key in "ab"] == [small.service.paid(key)[0].film for key in "ab"]
        assert small.states() == {"a": "downloaded", "b": "downloaded"}
        assert small.parts() == []
