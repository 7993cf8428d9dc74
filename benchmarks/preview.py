"""Compares the preview renderer with FFmpeg looping one still, both as whole cold processes.

    python -m benchmarks.preview [--repeat 5] [--size 1280x720]

FFmpeg is given a ready picture and ready sound and only loops and encodes them, with the same codec settings;
the renderer starts Python, speaks, draws and encodes. All rows run in turn, so that a machine that slows down
slows every row; medians are shown. The renderer sends only the pictures that change, at most 12.5 a second;
FFmpeg sends every one.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import av

from benchmarks.processes import Command, Times, measure, medians, run
from specfile.preview import RenderSettings, render_video

TEXTS = (
    """Hi Anna, welcome to Acme! We are so glad that you are here. In the next half minute you will see how
    the new dashboard works, and where to find help whenever you need it.""",
    """First, open the settings page and choose your team. Then invite your colleagues by e-mail: they will
    receive a link that stays valid for a week. Nobody needs to install anything.""",
    """That is all for today. Next week we will look at reports, and at the numbers that matter most to a
    company of your size. See you soon, and have a great day with your new account!""",
)
STYLES = ("normal", "circle", "closeUp")
COLOURS = ("#1A1A2E", "#F6F6FC", "#0B6E4F")

RENDER = """
import json, sys
from pathlib import Path
from specfile.preview import RenderSettings, render_video
body, folder, cache, workers = sys.argv[1:]
settings = RenderSettings(cache=Path(cache), workers=int(workers))
render_video(json.loads(body), Path(folder), assets=lambda _: None, settings=settings)
"""


def quickstart(scenes: int, width: int, height: int, **settings: Any) -> dict[str, Any]:
    """A request like the quickstart's, of any number of scenes, no two of them alike."""
    return {
        "dimension": {"width": width, "height": height},
        "video_inputs": [
            {
                "character": {
                    "type": "avatar",
                    "avatar_id": "Daisy-inskirt-20220818",
                    "avatar_style": STYLES[number % 3],
                },
                "voice": {
                    "type": "text",
                    "voice_id": "v",
                    "input_text": " ".join(TEXTS[number % 3].split()) + f" Part {number}." * (number > 2),
                },
                "background": {"type": "color", "value": COLOURS[number % 3]},
            }
            for number in range(scenes)
        ],
        **settings,
    }


def ours(body: Mapping[str, Any], folder: Path, *, workers: int) -> Command:
    return [sys.executable, "-c", RENDER, json.dumps(body), str(folder), str(folder / "cache"), str(workers)]


def looped_still(film: Path, folder: Path, fps: float) -> Command:
    """FFmpeg's loop filter over the film's first picture, with the film's sound as a wave file."""
    picture, sound, seconds = folder / "still.png", folder / "sound.wav", length(film)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", film, "-frames:v", "1", picture], check=True)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", film, "-vn", sound], check=True)
    loop = f"[0:v]format=yuv420p,loop=loop=-1:size=1,setpts=N/{fps}/TB[v]"
    return [
        *("ffmpeg", "-v", "error", "-y", "-i", str(picture), "-i", str(sound), "-filter_complex", loop),
        *("-map", "[v]", "-map", "1:a", "-r", str(fps), "-t", f"{seconds:.3f}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-qp", "23", "-bf", "0"),
        *("-c:a", "aac", "-aac_coder", "fast", "-b:a", "64k", "-movflags", "+faststart"),
        str(folder / "looped.mp4"),
    ]


def length(film: Path) -> float:
    with av.open(str(film)) as container:
        return float((container.duration or 0) / av.time_base)


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def rows_against_ffmpeg(folder: Path, width: int, height: int) -> dict[str, Callable[[], Command]]:
    body = quickstart(3, width, height)
    captioned = quickstart(3, width, height, caption_mode="burn_in")
    rows: dict[str, Callable[[], Command]] = {
        "renderer, 1 worker": lambda: ours(body, emptied(folder / "one"), workers=1),
        "renderer, 2 workers": lambda: ours(body, emptied(folder / "two"), workers=2),
        "imports alone": lambda: [sys.executable, "-c", "import specfile.preview.rendering"],
        "renderer with captions, 2 workers": lambda: ours(captioned, emptied(folder / "captions"), workers=2),
    }
    if shutil.which("ffmpeg"):
        run(ours(body, emptied(folder / "film"), workers=2))
        film = folder / "film" / "video.mp4"
        for fps in (25.0, 12.5):
            command = looped_still(film, emptied(folder / f"loop-{fps}"), fps)
            rows[f"ffmpeg, one looped still, {fps:g} fps"] = lambda command=command: command  # type: ignore[misc]
    return rows


def measure_cache(folder: Path, width: int, height: int, repeat: int) -> dict[str, Times]:
    """Ten scenes in one warm process and one thread: all new, one new, none new."""
    body = quickstart(10, width, height)
    changed = quickstart(10, width, height)
    taken: dict[str, list[Times]] = {"all new": [], "one new": [], "none new": []}
    for number in range(repeat):
        settings = RenderSettings(cache=emptied(folder / "scenes"), workers=1)
        changed["video_inputs"][0]["voice"]["input_text"] = f"{TEXTS[0]} Number {number}."
        for name, one in zip(taken, (body, changed, body), strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            render_video(one, folder / "film", assets=lambda _: None, settings=settings)
            taken[name].append(Times(time.perf_counter() - wall, time.process_time() - cpu))
    return {name: medians(times) for name, times in taken.items()}


def show(title: str, times: Mapping[str, Times], base: str) -> None:
    print(f"\n{title}\n")
    print("| row | wall s | CPU s | peak MB | wall, of base | CPU, of base |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    peer = times[base]
    for name, one in times.items():
        print(
            f"| {name} | {one.wall:.2f} | {one.cpu:.2f} | {f'{one.peak_mb:.0f}' if one.peak_mb else ''} "
            f"| {one.wall / peer.wall:.3f} | {one.cpu / peer.cpu:.3f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--size", default="1280x720")
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = rows_against_ffmpeg(folder, width, height)
        base = "ffmpeg, one looped still, 25 fps"
        times = measure(rows, options.repeat)
        show(
            f"Three scenes, {options.size}, median of {options.repeat}",
            times,
            base if base in rows else next(iter(rows)),
        )
        cached = measure_cache(folder, width, height, options.repeat)
        show(f"Ten scenes in a warm process, {options.size}, median of {options.repeat}", cached, "all new")


if __name__ == "__main__":
    main()
