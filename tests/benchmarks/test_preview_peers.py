"""The benchmark of the preview: peers make the film that we make, and a bar that is missed is called so."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks.preview import contenders, verdict
from benchmarks.preview.same import difference, read
from benchmarks.processes import Times, run

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs FFmpeg")


@pytest.fixture(scope="module")
def materials(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("materials")
    contenders.make_materials(folder, 320, 180)
    return folder


@needs_ffmpeg
def test_every_row_makes_a_film_as_long_as_ours(materials: Path, tmp_path: Path) -> None:
    ours = read(materials / "video.mp4")
    for row in contenders.contenders(tmp_path, materials, moviepy=None):
        run(row.command())
        assert difference(ours, read(row.film), moving=False) is None, row.name


@needs_ffmpeg
def test_ready_pictures_make_the_film_and_a_still_does_not(materials: Path, tmp_path: Path) -> None:
    ours = read(materials / "video.mp4")
    concat = tmp_path / "frames.txt"
    frames = contenders.read(materials / "frames.json")
    lines = [f"file {materials / one['file']}\nduration {one['end'] - one['start']:.4f}" for one in frames]
    concat.write_text("\n".join(["ffconcat version 1.0", *lines]), encoding="utf-8")
    film = tmp_path / "film.mp4"
    joining = ["ffmpeg", "-v", "error", "-f", "concat", "-safe", "0", "-i", str(concat)]
    subprocess.run([*joining, "-r", "25", "-pix_fmt", "yuv420p", str(film)], check=True)
    assert difference(ours, read(film), moving=True) is None
    still = contenders.contenders(tmp_path, materials, moviepy=None)[4]
    run(still.command())
    assert "shows something else" in str(difference(ours, read(still.film), moving=True))


def rounds(ours: float, peers: float) -> verdict.Rounds:
    """Five rounds in which each row of ours takes so many seconds, and each peer so many."""
    rows = [contenders.ours_at(hz, workers) for hz in (12.5, 25) for workers in (1, 2)]
    times = {name: [Times(ours, ours, 400)] * 5 for name in rows}
    return times | {bar.peer: [Times(peers, peers, 80)] * 5 for bar in (*verdict.BARS, *verdict.BESIDE)}


@pytest.mark.parametrize(("peers", "missed"), [(100, 0), (15, 1), (5, 2), (0.99, 4), (0.5, 6)])
def test_a_bar_that_is_missed_is_called_so(peers: float, missed: int) -> None:
    table = verdict.table({"1920x1080": rounds(1, peers)})
    assert (table.count("**missed**"), table.count("| met |")) == (missed, 7 - missed)


def test_ratios_are_taken_within_a_round_so_that_a_slow_spell_changes_nothing() -> None:
    ours = [Times(1, 1), Times(9, 9), Times(1, 1)]
    peer = [Times(2, 4), Times(18, 36), Times(2, 4)]
    assert (verdict.share(ours, peer, "wall"), verdict.share(ours, peer, "cpu")) == (0.5, 0.25)
