"""Events as programs read them are those that the page lists."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import orjson

from specfile.errors import ServiceRefused
from specfile.report.event_json import JsonEvents, event_name
from specfile.runner import events
from specfile.runner.events import Event

PAGE = Path(__file__).parents[2] / "docs" / "events.md"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
TIME = ("time", "2026-11-28T12:00:00.000Z")


def test_the_page_lists_every_event_with_all_its_fields() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", names)) for name, names in rows}
    kinds = get_args(Event)
    made = {event_name(kind): {one.name for one in fields(kind)} - {"words"} for kind in kinds}
    assert told == {**made, "notice": {"text"}}


def test_an_event_is_one_line_and_says_nothing_of_what_is_not_there() -> None:
    lines: list[bytes] = []
    write = JsonEvents(lines.append, lambda: NOW)
    write(events.Failed(key="a", code="40119", words="You wrote: Dear Ada"), "welcome.yaml")
    write(events.Saved(key="a", path=Path.cwd() / "videos" / "a.mp4", how="copied"), "welcome.yaml")
    write(events.Stopped(error=ServiceRefused("no credit", hint="add some")))
    assert [list(orjson.loads(line).items()) for line in lines] == [
        [("event", "failed"), TIME, ("spec", "welcome.yaml"), ("key", "a"), ("code", "40119")],
        [
            ("event", "saved"),
            TIME,
            ("spec", "welcome.yaml"),
            ("key", "a"),
            ("path", "videos/a.mp4"),
            ("how", "copied"),
        ],
        [
            ("event", "stopped"),
            TIME,
            ("error", {"kind": "ServiceRefused", "message": "no credit", "hint": "add some"}),
        ],
    ]
    assert all(line.endswith(b"}\n") for line in lines)
