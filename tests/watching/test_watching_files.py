"""Real files, changed in the ways that editors and programs change them."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from specfile.watching.files import FileWatch, changed_since, stamps_of

PATIENCE_S = 20


@pytest.fixture
def watch() -> Iterator[FileWatch]:
    with closing(FileWatch(threading.Event())) as one:
        yield one


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "welcome.yaml"
    file.write_text("before", encoding="utf-8")
    return file


def rewritten(spec: Path) -> None:
    spec.write_text("quite different", encoding="utf-8")


def replaced(spec: Path) -> None:
    """Many editors write another file, and give it the name."""
    other = spec.with_name(".welcome.yaml.swp")
    other.write_text("before", encoding="utf-8")  # even with the same in it
    other.replace(spec)


def moved_away_and_written_anew(spec: Path) -> None:
    spec.rename(spec.with_name("welcome.yaml~"))
    spec.write_text("before", encoding="utf-8")


def deleted(spec: Path) -> None:
    spec.unlink()


def in_two_steps(spec: Path) -> None:
    with spec.open("w", encoding="utf-8") as file:
        file.write("half")
        file.flush()
        file.write(" and half")


def touched(spec: Path) -> None:
    os.utime(spec, (1_700_000_000, 1_700_000_000))


@pytest.mark.parametrize(
    "change", [rewritten, replaced, moved_away_and_written_anew, deleted, in_two_steps, touched]
)
def test_a_change_ends_the_wait(watch: FileWatch, spec: Path, change: Callable[[Path], None]) -> None:
    before = stamps_of([spec])
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(watch.wait, before)
        change(spec)
        assert waiting.result(PATIENCE_S) == {spec}
    assert changed_since(stamps_of([spec])) == set()


def test_a_file_that_comes_back_is_a_change(watch: FileWatch, spec: Path) -> None:
    spec.unlink()
    before = stamps_of([spec])
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(watch.wait, before)
        spec.write_text("back", encoding="utf-8")
        assert waiting.result(PATIENCE_S) == {spec}


def test_a_file_may_come_with_its_folder(watch: FileWatch, tmp_path: Path) -> None:
    picture = tmp_path / "images" / "office" / "desk.png"
    before = stamps_of([picture])
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(watch.wait, before)
        picture.parent.mkdir(parents=True)
        picture.write_bytes(b"png")
        assert waiting.result(PATIENCE_S) == {picture}


def test_a_folder_that_is_replaced_is_watched_on(watch: FileWatch, tmp_path: Path) -> None:
    """As when another branch is checked out."""
    file = tmp_path / "scenes" / "intro.yaml"
    file.parent.mkdir()
    file.write_text("one", encoding="utf-8")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(watch.wait, stamps_of([file]))
        shutil.rmtree(file.parent)
        assert waiting.result(PATIENCE_S) == {file}
        waiting = pool.submit(watch.wait, stamps_of([file]))
        file.parent.mkdir()
        file.write_text("two, and more", encoding="utf-8")
        assert waiting.result(PATIENCE_S) == {file}


def test_what_happens_between_two_waits_is_seen(watch: FileWatch, spec: Path) -> None:
    before = stamps_of([spec])
    assert watch.wait(before, seconds=0) == set()
    rewritten(spec)
    assert watch.wait(before) == {spec}


def test_other_files_in_the_folder_change_nothing(watch: FileWatch, spec: Path) -> None:
    before = stamps_of([spec])
    for number in range(3):
        (spec.parent / f"{number}.log").write_text("noise", encoding="utf-8")
        assert watch.wait(before, seconds=0) == set()


def test_a_stop_ends_the_wait(spec: Path) -> None:
    stopped = threading.Event()
    with closing(FileWatch(stopped)) as watch, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(watch.wait, stamps_of([spec]))
        stopped.set()
        assert waiting.result(PATIENCE_S) == set()
