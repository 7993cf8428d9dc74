"""The film as MoviePy makes it, of pictures and sound that are ready.

    python moviepy_film.py layers|frames FOLDER OUTPUT FPS

layers  composed as its documentation shows: a still per scene, and a clip for each thing that comes and goes
frames  every picture of the film is there already; they are only put in a row and encoded

Runs where MoviePy is installed, which specfile's own environment is not: it needs an older Pillow.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, concatenate_videoclips

CODEC = {
    "codec": "libx264",
    "preset": "ultrafast",
    "pixel_format": "yuv420p",
    "ffmpeg_params": ["-qp", "23", "-bf", "0", "-movflags", "+faststart"],
    "audio_codec": "aac",
    "audio_bitrate": "64k",
    "audio_fps": 22_050,
}


def main(how: str, folder: Path, output: str, fps: float) -> None:
    made = composed(folder) if how == "layers" else in_a_row(folder)
    film = made.with_audio(AudioFileClip(str(folder / "sound.wav")))
    film.write_videofile(output, fps=fps, logger=None, temp_audiofile_path=str(Path(output).parent), **CODEC)


def composed(folder: Path) -> Any:
    return concatenate_videoclips([scene(one, folder) for one in read(folder / "layers.json")])


def scene(one: dict[str, Any], folder: Path) -> Any:
    ground = ImageClip(str(folder / one["ground"])).with_duration(one["seconds"])
    patches = [
        ImageClip(str(folder / patch["file"]))
        .with_start(patch["start"])
        .with_duration(patch["end"] - patch["start"])
        .with_position(tuple(patch["at"]))
        for patch in one["patches"]
    ]
    return CompositeVideoClip([ground, *patches]).with_duration(one["seconds"])


def in_a_row(folder: Path) -> Any:
    return concatenate_videoclips(
        [
            ImageClip(str(folder / one["file"])).with_duration(one["end"] - one["start"])
            for one in read(folder / "frames.json")
        ]
    )


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
