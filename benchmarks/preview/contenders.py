"""Who takes part: each a command that makes the same film, and the file that it makes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.processes import Command

HERE: Final = Path(__file__).parent

LOOPED: Final = "ffmpeg, loop filter, 25 fps"
LOOPED_SLOWLY: Final = "ffmpeg, loop filter, 12.5 fps"
LOOPED_AS_USUAL: Final = "ffmpeg, -loop 1, 25 fps"

_VIDEO: Final = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "23", "-bf", "0", "-pix_fmt", "yuv420p")
_AUDIO: Final = ("-c:a", "aac", "-aac_coder", "fast", "-b:a", "64k", "-movflags", "+faststart")


def ours_at(hz: float, workers: int) -> str:
    return f"specfile, {hz:g} Hz, {workers} worker{'s' * (workers > 1)}"


def moviepy_at(hz: float) -> str:
    return f"MoviePy, layers, {hz:g} fps"


def moviepy_in_a_row(hz: float) -> str:
    return f"MoviePy, pictures in a row, {hz:g} fps"


@dataclass(frozen=True, slots=True)
class Contender:
    """A row. `shows_ours`: a peer's film shows what ours does, and not one picture all the time."""

    name: str
    folder: Path
    arguments: tuple[str, ...]
    shows_ours: bool = False

    @property
    def film(self) -> Path:
        """The film it makes."""
        return self.folder / "video.mp4"

    def command(self) -> Command:
        """What makes the film, in an empty folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self.arguments


def make_materials(folder: Path, width: int, height: int) -> None:
    """See `benchmarks.preview.materials`."""
    module = [sys.executable, "-m", "benchmarks.preview.materials"]
    subprocess.run([*module, str(folder), str(width), str(height)], check=True)


def seconds_of(materials: Path) -> float:
    """How long the film is."""
    return float(sum(scene["seconds"] for scene in read(materials / "layers.json")))


def read(path: Path) -> Any:
    """What a file of the materials holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def contenders(folder: Path, materials: Path, moviepy: Path | None) -> list[Contender]:
    """All rows for the film of these materials; `moviepy` is the interpreter that has it."""
    seconds = seconds_of(materials)
    rows: list[Contender] = []

    def add(name: str, *arguments: str, shows_ours: bool = False) -> None:
        """In the arguments `{}` stands for the row's own folder."""
        own = folder / f"row-{len(rows)}"
        filled = tuple(argument.replace("{}", str(own)) for argument in arguments)
        rows.append(Contender(name, own, filled, shows_ours))

    for hz in (12.5, 25.0):
        for workers in (1, 2):
            given = [str(materials / name) for name in ("body.json", "photo.jpg")]
            ours = [sys.executable, "-m", "benchmarks.preview.ours", *given, "{}"]
            add(ours_at(hz, workers), *ours, str(workers), str(hz))
    add(LOOPED, *_loop_filter(materials, seconds, 25))
    add(LOOPED_SLOWLY, *_loop_filter(materials, seconds, 12.5))
    add(LOOPED_AS_USUAL, *_loop_option(materials, seconds, 25))
    if moviepy is not None:
        script = HERE / "peers" / "moviepy_film.py"
        for how, named in (("frames", moviepy_in_a_row), ("layers", moviepy_at)):
            for hz in (12.5, 25.0):
                film = [str(moviepy), str(script), how, str(materials), "{}/video.mp4"]
                add(named(hz), *film, str(hz), shows_ours=True)
    return rows


def _loop_filter(materials: Path, seconds: float, fps: float) -> Command:
    """The still is decoded and converted once, and sent again and again: the least that FFmpeg can do."""
    still, sound = str(materials / "still.png"), str(materials / "sound.wav")
    loop = f"[0:v]format=yuv420p,loop=loop=-1:size=1,setpts=N/{fps}/TB[v]"
    return [
        *("ffmpeg", "-v", "error", "-y", "-i", still, "-i", sound, "-filter_complex", loop),
        *("-map", "[v]", "-map", "1:a", "-r", str(fps), "-t", f"{seconds:.3f}"),
        *(*_VIDEO, *_AUDIO, "{}/video.mp4"),
    ]


def _loop_option(materials: Path, seconds: float, fps: float) -> Command:
    """As it is usually written: the still is decoded and converted anew for every frame."""
    still, sound = str(materials / "still.png"), str(materials / "sound.wav")
    return [
        *("ffmpeg", "-v", "error", "-y", "-loop", "1", "-framerate", str(fps), "-i", still, "-i", sound),
        *("-t", f"{seconds:.3f}", *_VIDEO, *_AUDIO, "{}/video.mp4"),
    ]
