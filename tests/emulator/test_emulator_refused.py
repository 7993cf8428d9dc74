"""Requests that the service refuses, each with what is answered: none may be taken.

The emulator is lenient where the service is, so nothing but a list can say what it must not take. In the
files `body` is sent as JSON and `text` as it stands; a header of null isn't sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from tests.emulator.support import KEY, copy_clip

CASES: list[Any] = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted(Path(__file__).with_name("refused").glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as running:
        yield running


def test_there_are_cases() -> None:
    assert len(CASES) > 150


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_in_these_words(emulator: Emulator, case: dict[str, Any]) -> None:
    method, path = case["call"].split()
    content = {"data": case["text"].encode()} if "text" in case else {"json": case.get("body")}
    headers = {**KEY, **case.get("headers", {})}
    answer = requests.request(method, emulator.url + path, headers=headers, timeout=10, **content)
    assert (answer.status_code, answer.json()) == (case["status"], case["answer"])
    assert emulator.counts().renders == ()
