"""The bare loop: threads that send, ask and fetch with `requests`. Nothing is checked, recorded or retried.

    python bare.py PAYLOADS FOLDER CONCURRENCY

Takes the service from the environment that specfile takes it from. PAYLOADS has one body a line.
"""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

BASE = os.environ["HEYGEN_API_BASE"]
HEADERS = {"X-Api-Key": os.environ["HEYGEN_API_KEY"], "Content-Type": "application/json"}

of_thread = threading.local()


def session() -> requests.Session:
    """The connections of this thread."""
    if not hasattr(of_thread, "session"):
        of_thread.session = requests.Session()
        of_thread.session.headers.update(HEADERS)
    found: requests.Session = of_thread.session
    return found


def film(payload: bytes, path: Path) -> None:
    """Have a video rendered, and fetch its captioned film and its subtitles, as specfile does."""
    http = session()
    sent = http.post(f"{BASE}/v2/video/generate", data=payload)
    sent.raise_for_status()
    video_id = sent.json()["data"]["video_id"]
    while True:
        asked = http.get(f"{BASE}/v1/video_status.get", params={"video_id": video_id})
        asked.raise_for_status()
        status = asked.json()["data"]
        if status["status"] == "completed":
            break
    fetch(status["video_url_caption"], path)
    fetch(status["caption_url"], path.with_suffix(".ass"))


def fetch(link: str, path: Path) -> None:
    with session().get(link, stream=True) as answer, path.open("wb") as file:
        answer.raise_for_status()
        for piece in answer.iter_content(1 << 16):
            file.write(piece)


def main(payloads: str, folder: str, concurrency: str) -> None:
    Path(folder).mkdir()
    with Path(payloads).open("rb") as lines, ThreadPoolExecutor(int(concurrency)) as threads:
        films = [
            threads.submit(film, line, Path(folder, f"{number}.mp4")) for number, line in enumerate(lines)
        ]
        for one in films:
            one.result()


if __name__ == "__main__":
    main(*sys.argv[1:])
