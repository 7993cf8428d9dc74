"""The same request gives the same bytes, whatever differs around it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.preview.films import colour, payload, scene
from tests.preview.test_preview_fields import picture, sound

PROGRAM = """
import hashlib, json, sys
from pathlib import Path
from specfile.preview import RenderSettings, render_transparent, render_video
from specfile.preview.board.stills import Stills
work, out, workers = json.load(sys.stdin), Path(sys.argv[1]), int(sys.argv[2])
settings = RenderSettings(cache=out / "cache", workers=workers)
assets = {"photo": Path(sys.argv[3]), "tone": Path(sys.argv[4])}.get
for name, body in work["films"].items():
    render_video(body, out / name, assets=assets, settings=settings)
for name, body in work["transparent"].items():
    render_transparent(body, out / name, assets=assets, settings=settings)
with Stills(settings) as stills:
    for name, body in (work["films"] | work["transparent"]).items():
        pictures = stills.of(body, assets, is_transparent=name in work["transparent"])
        for number, still in enumerate(pictures):
            (out / name / f"{number}.webp").write_bytes(still.picture)
made = sorted(path for path in out.rglob("*") if path.is_file() and "cache" not in path.parts)
print(json.dumps({
    str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in made
}))
"""

WORK: dict[str, Any] = {
    "films": {
        "clean": payload(scene("Hello there."), scene("Second scene."), scene()),
        "beside": payload(scene("Hello there, and welcome to the show."), scene("Bye."), caption=True),
        "burnt": payload(scene("Guten Tag, wie geht es Ihnen?"), caption_mode="burn_in"),
        "file": payload(scene("Hello there."), caption_mode="file_only"),
        "sound": payload(
            {"voice": {"type": "audio", "audio_asset_id": "tone"}, "background": colour("#204060")},
            {
                "voice": {"type": "audio", "audio_asset_id": "tone"},
                "background": {"type": "image", "image_asset_id": "photo"},
                "text": {"type": "text", "text": "Words", "line_height": 1},
            },
        ),
    },
    "transparent": {
        "clear": payload(scene("Hello there, and welcome to the show."), caption=True),
    },
}

MADE = [
    "beside/0.webp",
    "beside/1.webp",
    "beside/captioned.mp4",
    "beside/captions.ass",
    "beside/video.mp4",
    "burnt/0.webp",
    "burnt/captions.ass",
    "burnt/video.mp4",
    "clean/0.webp",
    "clean/1.webp",
    "clean/2.webp",
    "clean/video.mp4",
    "clear/0.webp",
    "clear/captioned.webm",
    "clear/captions.ass",
    "clear/video.webm",
    "file/0.webp",
    "file/captions.ass",
    "file/video.mp4",
    "sound/0.webp",
    "sound/1.webp",
    "sound/video.mp4",
]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [picture(tmp_path / "photo.png", "red"), sound(tmp_path / "tone.wav", 440)]


def digests(out: Path, files: list[Path], workers: int, **environment: str) -> dict[str, str]:
    """What a process of its own makes of the work, by file."""
    out.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(out), str(workers), *map(str, files)],
        input=json.dumps(WORK),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        cwd=out,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_processes_make_the_same_files_in_other_folders_and_surroundings(
    tmp_path: Path, files: list[Path]
) -> None:
    one = digests(tmp_path / "one", files, 1, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    elsewhere = tmp_path / "a folder with a longer name" / "zwei"
    two = digests(elsewhere, files, 2, PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="de_DE.UTF-8")
    assert sorted(one) == MADE
    assert one == two
