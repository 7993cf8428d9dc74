"""Compares the preview renderer with FFmpeg looping one still and with MoviePy, as whole cold processes.

    python -m benchmarks preview [--repeat 5] [--size 1280x720] [--no-moviepy | --moviepy PYTHON]
    python -m benchmarks preview --joins [--videos 100] [--workers 1]

All make one film, with the same codec settings. FFmpeg is given a ready picture and ready sound and only
loops and encodes them. MoviePy is given ready pictures and sound and has to put them together; it runs in an
environment of its own, made on first use. The renderer starts Python, speaks, draws and encodes; it sends
only the pictures that change. Rows run in turn, round after round, so that a machine that slows down slows
every row; ratios are taken within a round. `--joins` is about films that share scenes.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.preview import joins, verdict
from benchmarks.preview.contenders import LOOPED, Contender, contenders, make_materials, seconds_of
from benchmarks.preview.moviepy_environment import PACKAGE, python_with_moviepy
from benchmarks.processes import Times, medians, one_round

SIZES = ("1280x720", "1920x1080")


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.joins:
            joins.show(folder, options.size or [SIZES[0]], options.videos, options.workers)
            return
        if shutil.which("ffmpeg") is None:
            raise SystemExit("FFmpeg isn't on the path: apt-get install ffmpeg, or brew install ffmpeg")
        moviepy = None if options.no_moviepy else options.moviepy or python_with_moviepy()
        rows = {size: _rows(folder / size, size, moviepy) for size in options.size or SIZES}
        rounds = _run(rows, options.repeat)
        print(f"{_surroundings(moviepy)}; medians of {options.repeat}.")
        for size, times in rounds.items():
            seconds = seconds_of(folder / size / "materials")
            _show(f"Three scenes, {seconds:.0f} s, {size.replace('x', '×')}", times)
        print(f"\n{verdict.table(rounds)}\n\n{verdict.beside(rounds)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=5, help="rounds that count")
    parser.add_argument("--size", action="append", help=f"WIDTHxHEIGHT, repeatable; default {SIZES}")
    parser.add_argument("--moviepy", type=Path, help="an interpreter that has MoviePy")
    parser.add_argument("--no-moviepy", action="store_true", help="leave its rows out")
    parser.add_argument("--joins", action="store_true", help="films that share scenes, instead")
    parser.add_argument("--videos", type=int, default=100, help="so many, with --joins")
    parser.add_argument("--workers", type=int, default=1, help="scenes at a time, with --joins")
    return parser.parse_args()


def _rows(folder: Path, size: str, moviepy: Path | None) -> list[Contender]:
    width, height = (int(side) for side in size.split("x"))
    make_materials(folder / "materials", width, height)
    return contenders(folder, folder / "materials", moviepy)


def _run(rows: Mapping[str, list[Contender]], repeat: int) -> dict[str, verdict.Rounds]:
    """All rows of all sizes in turn; in a first round that isn't counted, films are held against ours."""
    taken: dict[str, dict[str, list[Times]]] = {
        size: {row.name: [] for row in of_size} for size, of_size in rows.items()
    }
    for number in range(repeat + 1):
        for size, of_size in rows.items():
            for name, times in one_round({row.name: row.command for row in of_size}):
                print(f"{number}/{repeat} {size} {name}: {times.wall:.2f} s", file=sys.stderr)
                if number:
                    taken[size][name].append(times)
            if number == 0:
                _hold_against_ours(of_size)
    return {size: dict(times) for size, times in taken.items()}


def _hold_against_ours(rows: list[Contender]) -> None:
    """SystemExit where a row's film isn't as long as ours, or shows something else."""
    ours = rows[0].film
    for row in rows:
        looking = [sys.executable, "-m", "benchmarks.preview.same", str(ours), str(row.film)]
        pictures = "moving" if row.shows_ours else "still"
        done = subprocess.run([*looking, pictures], stdout=subprocess.PIPE, text=True, check=True)
        if done.stdout:
            raise SystemExit(f"{row.name}: its film {done.stdout}")


def _surroundings(moviepy: Path | None) -> str:
    shown = subprocess.run(["ffmpeg", "-version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    parts = [f"{os.cpu_count()} cores", platform.machine(), f"Python {platform.python_version()}"]
    parts += [f"FFmpeg {shown.split()[2]}", *([PACKAGE.replace("==", " ")] if moviepy else [])]
    return ", ".join(parts)


def _show(title: str, rounds: verdict.Rounds) -> None:
    print(f"\n{title}\n")
    print("| row | wall s | CPU s | peak MB | wall, of base | CPU, of base |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, times in rounds.items():
        one = medians(times)
        wall, cpu = (verdict.share(times, rounds[LOOPED], of) for of in verdict.QUANTITIES)
        shown = f"{name} (base)" if name == LOOPED else name
        print(f"| {shown} | {one.wall:.2f} | {one.cpu:.2f} | {one.peak_mb:.0f} | {wall:.3f} | {cpu:.3f} |")


if __name__ == "__main__":
    main()
