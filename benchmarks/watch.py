"""Measures from saving a spec to what a browser shows and can play, with `specfile preview --watch`.

    python -m benchmarks watch [--edits 12]

The command runs as people run it, Chromium shows its page, and a script saves one edit after the other, each
of another scene. Seen is the changed scene's words and frame, painted; heard is its clip, ready to play with
sound. Needs Chromium on the path. The medians and the slowest are shown; the first edit isn't counted.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser import CHROMIUM, Tab, browser_tab

SCENES = 10
ROWS = 1_000

HEAD = """\
specfile: 1
title: The tour
dimension: 720p
caption: {caption}
defaults: {{avatar: Daisy-inskirt-20220818, voice: 1bd001e7e50f421d891986aad5158bc8, background: "#1a1a2e"}}
"""
TEXT = (
    "{greeting}This is part {number} of our tour. In the next half minute you will see how the new dashboard"
    " works, and where to find help whenever you need it."
)
TITLES = (
    "Welcome",
    "Settings",
    "Teams",
    "Invitations",
    "Reports",
    "Numbers",
    "Alerts",
    "Help",
    "Next week",
    "Bye",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A spec: whether it has rows, and captions, and whether edits are of the personal scene."""

    name: str
    personal: bool = False
    captions: bool = False
    edits_greeting: bool = False

    def write(self, folder: Path, mark: str = "", at: int = -1) -> None:
        """Save the spec; `mark` is what differs in the scene at `at`."""
        scenes = []
        for number, title in enumerate(TITLES):
            greeting = "Hi {{ name }}! " if self.personal and number == 0 else ""
            changed = number == at
            text = TEXT.format(greeting=f"{mark} " * changed + greeting, number=number)
            shown = f"{title} {mark}" if changed else title
            scenes.append(f'  - say: "{text}"\n    text: {{text: "{shown}", line_height: 1}}\n')
        head = HEAD.format(caption=str(self.captions).lower())
        if self.personal:
            head += 'data: people.csv\nkey: "{{ id }}"\n'
            rows = "".join(f"c-{number},Name{number}\n" for number in range(ROWS))
            if not (folder / "people.csv").exists():
                (folder / "people.csv").write_text(f"id,name\n{rows}", encoding="utf-8")
        part = folder / ".tour.yaml.part"
        part.write_text(head + "scenes:\n" + "".join(scenes), encoding="utf-8")
        part.replace(folder / "tour.yaml")


CASES = (
    Case("ten scenes"),
    Case("ten scenes, captions", captions=True),
    Case(f"{ROWS:,} rows, a scene that all share", personal=True),
    Case(f"{ROWS:,} rows, the personal scene", personal=True, edits_greeting=True),
)


@contextmanager
def watching(folder: Path) -> Iterator[str]:
    """The address of the page, while the command runs."""
    command = [sys.executable, "-m", "specfile", "preview", "--watch", "--port", "0", "tour.yaml"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield next(line.split()[4] for line in process.stderr if line.startswith("the page is at "))
            process.send_signal(signal.SIGINT)
            process.wait(20)
        finally:
            process.kill()


def until(tab: Tab, condition: str) -> None:
    """Wait in the page until a condition holds and the picture that it is part of is painted."""
    tab.value(
        "new Promise((done) => { const look = () => requestAnimationFrame(() => "
        f"({condition}) ? requestAnimationFrame(() => done()) : look()); look(); }})"
    )


def measure(case: Case, folder: Path, edits: int) -> tuple[list[float], list[float]]:
    """Milliseconds to seeing and to hearing, for each edit but the first."""
    seen: list[float] = []
    heard: list[float] = []
    case.write(folder)
    with browser_tab(folder / "profile") as tab, watching(folder) as url:
        tab.resize(1280, 900)
        tab.show(url)
        shown = 'document.querySelector("main > section:not([hidden])")'
        until(tab, f'[...{shown}.querySelectorAll(".play")].every((one) => one.dataset.state === "ready")')
        for number in range(edits + 1):
            at = 0 if case.edits_greeting else 1 + number % (SCENES - 1)
            card = f"{shown}.querySelectorAll('.card')[{at}]"
            before = tab.value(f"{card}.querySelector('img').src")
            mark = f"Edit {number}."
            began = time.perf_counter()
            case.write(folder, mark, at)
            image = f"{card}.querySelector('img')"
            until(
                tab,
                f"{card}.querySelector('.script').textContent.includes({mark!r})"
                f" && {image}.src !== {before!r} && {image}.complete",
            )
            seen.append((time.perf_counter() - began) * 1000)
            until(tab, f"{card}.querySelector('video').readyState >= 2")
            heard.append((time.perf_counter() - began) * 1000)
    return seen[1:], heard[1:]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edits", type=int, default=12)
    edits = parser.parse_args().edits
    if CHROMIUM is None:
        raise SystemExit("needs Chromium on the path")
    print(f"Milliseconds from saving, medians of {edits} edits\n")
    print("| spec | seen | slowest | heard | slowest | bar |")
    print("|---|---:|---:|---:|---:|---:|")
    for case in CASES:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            seen, heard = measure(case, Path(name), edits)
        numbers = [statistics.median(seen), max(seen), statistics.median(heard), max(heard)]
        print(f"| {case.name} | {' | '.join(f'{one:.0f}' for one in numbers)} | ≤ 1,000 |", flush=True)


if __name__ == "__main__":
    main()
