"""Renderers light enough for tests, and requests to send. Workers import them from here."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import requests

from specfile.emulator.films import CLIP, clip_files

KEY: Final = {"X-Api-Key": "test-key"}
VOICE: Final = {"type": "text", "voice_id": "v", "input_text": "Hello"}
BODY: Final[Mapping[str, Any]] = {
    "video_inputs": [{"character": {"type": "avatar", "avatar_id": "a"}, "voice": VOICE}],
    "dimension": {"width": 1280, "height": 720},
}

Assets = Callable[[str], Path | None]


def copy_clip(payload: Mapping[str, Any], folder: Path, assets: Assets) -> float:
    for name in clip_files(payload):
        shutil.copy(CLIP / name, folder / name)
    return 1.5


def last_as_titled(payload: Mapping[str, Any], folder: Path, assets: Assets) -> float:
    """Says that the film is as long as its title."""
    copy_clip(payload, folder, assets)
    return float(payload["title"])


def copy_clip_when_told(payload: Mapping[str, Any], folder: Path, assets: Assets) -> float:
    """Waits until the file that the title names is there; says by another that it has begun."""
    told = Path(payload["title"])
    told.with_suffix(".begun").write_text(str(os.getpid()), encoding="utf-8")
    while not told.exists():
        time.sleep(0.005)
    return copy_clip(payload, folder, assets)


def copy_upload(payload: Mapping[str, Any], folder: Path, assets: Assets) -> float:
    found = assets(payload["video_inputs"][0]["background"]["url"])
    assert found is not None
    shutil.copy(found, folder / "video.mp4")
    return 1.0


def raise_error(payload: Mapping[str, Any], folder: Path, assets: Assets) -> float:
    raise ValueError("the voice has a cold")


def die_once(payload: Mapping[str, Any], folder: Path, assets: Assets) -> float:
    """Takes its whole process down the first time, as a lack of memory would."""
    marker = Path(payload["title"])
    if not marker.exists():
        marker.touch()
        os._exit(9)
    return copy_clip(payload, folder, assets)


def die(payload: Mapping[str, Any], folder: Path, assets: Assets) -> float:
    os._exit(9)


def send(url: str, **changes: Any) -> str:
    """Send a video; gives its id."""
    answer = requests.post(f"{url}/v2/video/generate", json={**BODY, **changes}, headers=KEY, timeout=10)
    assert answer.status_code == 200, answer.text
    video_id: str = answer.json()["data"]["video_id"]
    return video_id


def ask(url: str, video_id: str) -> dict[str, Any]:
    """The data of a video's status."""
    answer = requests.get(
        f"{url}/v1/video_status.get", params={"video_id": video_id}, headers=KEY, timeout=10
    )
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.01)


def await_end(url: str, video_id: str) -> dict[str, Any]:
    """The status of a video once its render has ended."""
    until(lambda: ask(url, video_id)["status"] in {"completed", "failed"})
    return ask(url, video_id)
