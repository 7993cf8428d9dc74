"""A hundred films of ten scenes that differ in one: against rendering each of them from nothing.

All in one warm process, interleaved: ten people's films with a common cache, then one more with a cache of
its own, all scenes new, then one that was there before, which is only joined.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.preview.films import personalised
from benchmarks.processes import Times

SAMPLE_EVERY: Final = 10
"""One film in so many is rendered from nothing too; the rest is inferred from these."""

LEAST_GAIN: Final = 7.0
MOST_JOIN: Final = 0.02


def show(folder: Path, sizes: Sequence[str], videos: int, workers: int) -> None:
    """Measure and print."""
    for size in sizes:
        width, height = (int(side) for side in size.split("x"))
        taken = measure(folder / size, (width, height), videos, workers)
        print(f"\n{videos} films of ten scenes, {size.replace('x', '×')}, {workers} at a time\n")
        print(_table(taken, videos))


def measure(folder: Path, size: tuple[int, int], videos: int, workers: int) -> dict[str, list[Times]]:
    """Times of each film, by how it was made."""
    taken: dict[str, list[Times]] = {"one scene new": [], "all scenes new": [], "only joined": []}
    common = folder / "common"
    for number in range(videos):
        body = personalised(number, *size)
        taken["one scene new"].append(_timed(body, folder / "film", common, workers))
        if number % SAMPLE_EVERY == 0:
            shutil.rmtree(folder / "own", ignore_errors=True)
            taken["all scenes new"].append(_timed(body, folder / "film", folder / "own", workers))
            taken["only joined"].append(_timed(body, folder / "film", common, workers))
    return taken


def _timed(body: Mapping[str, Any], folder: Path, cache: Path, workers: int) -> Times:
    from specfile.preview import RenderSettings, render_video  # noqa: PLC0415 - the other rows keep small

    settings = RenderSettings(cache=cache, workers=workers)
    wall, cpu = time.perf_counter(), time.process_time()
    render_video(body, folder, assets=lambda _: None, settings=settings)
    return Times(time.perf_counter() - wall, time.process_time() - cpu)


def _table(taken: Mapping[str, Sequence[Times]], videos: int) -> str:
    whole = statistics.mean(one.wall for one in taken["all scenes new"])
    lines = ["| films | each, wall s | CPU s | all, wall s |", "|---|---:|---:|---:|"]
    for name, times in taken.items():
        wall, cpu = (statistics.mean(getattr(one, what) for one in times) for what in ("wall", "cpu"))
        all_of_them = f"{wall * videos:.1f}" + (", inferred" if len(times) < videos else "")
        lines.append(f"| {name} ({len(times)}) | {wall:.3f} | {cpu:.3f} | {all_of_them} |")
    gain = whole * videos / sum(one.wall for one in taken["one scene new"])
    joining = statistics.mean(one.wall for one in taken["only joined"]) / whole
    lines += ["", "| ratio | figure | bar | |", "|---|---:|---:|---|"]
    lines.append(
        f"| faster with one scene new | {gain:.1f} | ≥ {LEAST_GAIN:g} × | {_said(gain >= LEAST_GAIN)} |"
    )
    lines.append(
        f"| joining, of a full render | {joining:.1%} | ≤ {MOST_JOIN:.0%} | {_said(joining <= MOST_JOIN)} |"
    )
    return "\n".join(lines)


def _said(is_met: bool) -> str:
    return "met" if is_met else "**missed**"
