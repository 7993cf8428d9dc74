"""The page for people: whole, escaped, and all its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.emulator.pages import CARDS
from tests.emulator.support import KEY, copy_clip, copy_clip_when_told, send, until

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=30000",
    "--dump-dom",
]


@pytest.fixture
def url() -> Iterator[str]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as running:
        yield running.url


def page(url: str) -> str:
    answer = requests.get(url, timeout=10)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.text


def test_an_empty_account_says_how_to_fill_it(url: str) -> None:
    assert f"export HEYGEN_API_BASE={url}" in page(url)


def test_a_finished_video_has_a_player_whose_source_works(url: str) -> None:
    send(url, title="Welcome", caption=True)
    text = page(url)
    source = re.search(r'<video [^>]*src="([^"#]+)', text)
    assert source is not None
    assert "<h2>Welcome</h2>" in text
    assert "With captions" in text
    assert requests.get(url + source[1].replace("&amp;", "&"), timeout=10).status_code == 200


def test_a_failed_video_says_why(url: str) -> None:
    send(url, dimension={"width": 3840, "height": 2160})
    assert "Resolution not allowed" in page(url)
    assert "this is 3840x2160" in page(url)


def test_what_people_wrote_is_escaped(url: str) -> None:
    send(url, title="<script>alert(1)</script>", callback_id='"><img src=x>')
    assert "<script>alert" not in page(url)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page(url)


def test_nothing_comes_from_elsewhere(url: str) -> None:
    send(url)
    assert set(re.findall(r"""(?:https?:)?//[^"'\s<]+""", page(url))) == {url}
    policy = requests.get(url, timeout=10).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_a_long_list_is_cut_into_pages(url: str) -> None:
    first = send(url)
    for _ in range(CARDS):
        send(url)
    text = page(url)
    older = re.search(r'href="(/\?before=[\d.-]+)"', text)
    assert older is not None
    assert first not in text
    assert first in page(url + older[1])


def test_a_portrait_is_inert(url: str) -> None:
    answer = requests.get(f'{url}/portraits/"><script>1<.svg', timeout=10)
    assert "<script>" not in answer.text
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")


def browse(url: str, profile: Path) -> subprocess.CompletedProcess[str]:
    """Have a browser show a page for half a minute of its own time; gives what the page then holds."""
    command = [CHROMIUM or "", f"--user-data-dir={profile}", *QUIET, url]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_in_a_browser_the_page_keeps_up(tmp_path: Path) -> None:
    with Emulator(renderer=copy_clip_when_told) as running, ThreadPoolExecutor() as pool:
        rendered, deleted = (send(running.url, title=str(tmp_path / "told")) for _ in range(2))
        browsing = pool.submit(browse, running.url, tmp_path / "profile")
        log = running.state / "requests.jsonl"
        until(lambda: '"path":"/"' in log.read_text(encoding="utf-8"))
        (tmp_path / "told").touch()
        added = send(running.url, title=str(tmp_path / "told"))
        requests.delete(f"{running.url}/v1/video.delete?video_id={deleted}", headers=KEY, timeout=10)
        shown = browsing.result()
    articles = re.findall(r'<article data-id="(.*?)" data-state="(.*?)">', shown.stdout)
    assert articles == [(added, "completed"), (rendered, "completed")]
    assert "CONSOLE" not in shown.stderr
