"""Requests that the service refuses, each a file with what it answers: none may be taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from tests.emulator.support import KEY, copy_clip

CASES = sorted(Path(__file__).with_name("refused").glob("*.json"))


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_it_is_refused_in_these_words(emulator: Emulator, case: Path) -> None:
    request: dict[str, Any] = json.loads(case.read_text(encoding="utf-8"))
    method, path = request["call"].split()
    before = len(emulator.counts().renders)
    answer = requests.request(
        method,
        emulator.url + path,
        json=request.get("body"),
        headers={**KEY, **request.get("headers", {})},
        timeout=10,
    )
    assert (answer.status_code, answer.json()) == (request["status"], request["answer"])
    assert len(emulator.counts().renders) == before
