"""Renders a film as anybody would, in a process of its own.

python -m benchmarks.preview.ours BODY PHOTO FOLDER WORKERS HZ
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.preview.films import PHOTO
from specfile.preview import RenderSettings, render_video


def main(body: Path, photo: Path, folder: Path, settings: RenderSettings) -> None:
    payload = json.loads(body.read_text(encoding="utf-8"))
    render_video(payload, folder, assets={PHOTO: photo}.get, settings=settings)


if __name__ == "__main__":
    body, photo, folder = (Path(name) for name in sys.argv[1:4])
    workers, hz = int(sys.argv[4]), float(sys.argv[5])
    main(body, photo, folder, RenderSettings(cache=folder / "cache", workers=workers, tick_hz=hz))
