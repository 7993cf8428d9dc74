"""Makes what the peers are given: everything drawn and spoken beforehand.

    python -m benchmarks.preview.materials FOLDER WIDTH HEIGHT

    photo.jpg   the picture behind the third scene, which the renderer reads too
    body.json   the request
    video.mp4   the film as the renderer makes it
    still.png   its first picture; sound.wav  its sound
    layers.json for each scene a picture, and patches that lie on it: file, place, from when to when
    frames.json every picture of the film, ready, and from when to when

In a process of its own, so that the memory it takes is not counted as anybody else's.
"""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from PIL import Image

from benchmarks.preview.films import PHOTO, three_scenes
from specfile.preview import RenderSettings, render_video
from specfile.preview.drawing.stage import Region, Stage
from specfile.preview.film.canvas import State
from specfile.preview.film.scenes import build_stage, cues_for, states_of, with_captions
from specfile.preview.layout import Frame, frame_of
from specfile.preview.references import resolve
from specfile.preview.sound import decode_audio, sound_of
from specfile.preview.speech.speaker import SAMPLE_RATE, Speaker

TICK_HZ: Final = 12.5
_FAST: Final = 1


def main(folder: Path, width: int, height: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    body, photo = three_scenes(width, height), folder / "photo.jpg"
    _photo().save(photo, quality=88)
    _write(folder / "body.json", body)
    settings = RenderSettings(cache=folder / "cache", tick_hz=TICK_HZ)
    rendered = render_video(body, folder, assets={PHOTO: photo}.get, settings=settings)
    _write(folder / "frames.json", _frames(rendered.video, folder, rendered.seconds))
    with Speaker() as speaker:
        drawn = [_layers(scene, number, folder, frame_of(body), speaker) for number, scene in _numbered(body)]
    _write(folder / "layers.json", drawn)
    _write_wave(folder / "sound.wav", rendered.video)


def _numbered(body: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(body["video_inputs"]))


def _photo() -> Image.Image:
    """Something as large and as restless as a photo of an office: soft shapes under fine grain."""
    random = np.random.default_rng(7)
    coarse = Image.fromarray(random.integers(60, 200, (9, 16, 3), np.uint8)).resize((2560, 1440))
    grain = random.normal(0, 4, (1440, 2560, 1))
    return Image.fromarray((np.asarray(coarse) + grain).clip(0, 255).astype(np.uint8))


def _frames(film: Path, folder: Path, seconds: float) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    with av.open(str(film)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            file = f"frame-{number}.png"
            image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
            image.save(folder / file, compress_level=_FAST)
            made.append({"file": file, "start": float(frame.time or 0)})
    Image.open(folder / made[0]["file"]).save(folder / "still.png")
    ends = [one["start"] for one in made[1:]] + [seconds]
    return [{**one, "end": end} for one, end in zip(made, ends, strict=True)]


def _layers(
    scene: dict[str, Any], number: int, folder: Path, frame: Frame, speaker: Speaker
) -> dict[str, Any]:
    """A scene's picture, and the opaque patches that replace parts of it for a while.

    Cut as the renderer cuts them: the figure, the words and the pill are in them already, so that whoever
    lays them on has the fewest and smallest pictures, and nothing to blend.
    """
    files = resolve(scene, {PHOTO: folder / "photo.jpg"}.get)
    sound = sound_of(scene["voice"], None, speaker, print)
    cues = cues_for(sound, frame)
    bare = build_stage(scene, files, frame, pill=True, note=print)
    stage = with_captions(bare, cues, frame, print)
    ground = f"ground-{number}.png"
    stage.picture(stage.frame, (0,) * len(stage.sprites)).save(folder / ground, compress_level=_FAST)
    states = states_of(stage, sound, cues, TICK_HZ)
    patches = [
        patch
        for index, region in enumerate(stage.regions())
        for patch in _patches(stage, region, states, folder / f"patch-{number}-{index}", sound.seconds)
    ]
    return {"seconds": sound.seconds, "ground": ground, "patches": patches}


def _patches(
    stage: Stage, region: Region, states: Sequence[State], named: Path, seconds: float
) -> list[dict[str, Any]]:
    patches: list[dict[str, Any]] = []
    tick = 0
    for shown, run in groupby(tuple(state[index] for index in region.sprites) for state in states):
        start, tick = tick / TICK_HZ, tick + len(list(run))
        if not any(shown):
            continue
        state = [0] * len(stage.sprites)
        for index, one in zip(region.sprites, shown, strict=True):
            state[index] = one
        file = f"{named.name}-{'-'.join(map(str, shown))}.png"
        stage.picture(region.box, state).save(named.with_name(file), compress_level=_FAST)
        end = min(tick / TICK_HZ, seconds)
        patches.append({"file": file, "at": region.box.corners[:2], "start": start, "end": end})
    return patches


def _write_wave(path: Path, film: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(decode_audio(film).tobytes())


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
