"""The matrix as a table that people read, written by the tests and kept in docs/."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

from tests.faults.matrix import Call, Case
from tests.faults.trying import Tried

PAGE: Final = Path(__file__).parents[2] / "docs" / "faults.md"

_CALLS: Final[Mapping[Call, str]] = {
    "generate": "Sending a video (POST /v2/video/generate)",
    "status": "Asking after a video",
    "list": "Reading the account's list, after an answer to a request was lost",
    "upload": "Uploading a picture",
    "photo": "Uploading a talking photo",
    "quota": "Reading the account's quota",
    "download": "Fetching the film",
    "delete": "Deleting both videos at the service (`specfile delete --remote`), after a build",
    "v3.generate": "Sending a video by v3 (POST /v3/videos)",
    "v3.status": "Asking after a video by v3",
}

_HEAD: Final = """\
# What goes wrong, and what comes of it

Written by `python -m tests.faults.write`; a test compares every row with a new run. Each row is a build of
two films against the emulator, in which one call goes wrong: the first time, or every time until the build
gives up. Then a second build, in which nothing goes wrong. *Nothing done* means that the call had no effect
at the service, *done* that it had, and only the answer was lost.

"2 paid" counts the renders that the emulator took on, over both builds: it is never more than 2, and after
the second build it is always 2, with both films in their files, byte by byte as the service has them.
"""


def page_of(tried: Mapping[Case, Tried]) -> str:
    """The whole page."""
    parts = [_HEAD]
    for call, cases in groupby(tried, key=lambda case: case.call):
        parts.append(f"## {_CALLS[call]}\n\n{_table(list(cases), tried)}")
    return "\n".join(parts)


def _table(cases: list[Case], tried: Mapping[Case, Tried]) -> str:
    lines = ["| what goes wrong | once | every time | then |", "|---|---|---|---|"]
    for fault, pair in groupby(cases, key=lambda case: case.fault):
        once, always = (tried[case] for case in pair)
        lines.append(f"| {fault} | {once.first} | {always.first} | {_then(once, always)} |")
    return "\n".join(lines) + "\n"


def _then(once: Tried, always: Tried) -> str:
    """What the second build came to; the same in both columns, or the worse of them."""
    return f"exit {max(once.then.exit, always.then.exit)}; {max(once.then.paid, always.then.paid)} paid"
