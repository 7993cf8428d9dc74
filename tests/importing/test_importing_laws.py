"""compile(import(r)) is normalise(r), and what is normalised stays as it is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import specfile
from specfile.diagnostics import has_errors
from specfile.importing import Refused, import_request, normalise
from tests.importing.drawn_requests import AWKWARD, requests

VOICE = {"type": "text", "voice_id": "v", "input_text": "x"}
RELAXED = settings(
    max_examples=150, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def compiled(spec: str, folder: Path) -> Any:
    path = folder / "spec.yaml"
    path.write_text(spec, encoding="utf-8", newline="\n")
    storyboard = specfile.load(path)
    assert not has_errors(storyboard.check()), (storyboard.check(), spec)
    (video,) = storyboard.compile()
    return video.request.payload


def test_what_is_imported_compiles_to_what_the_service_would_take(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()

    @RELAXED
    @given(request=requests())
    def check(request: dict[str, Any]) -> None:
        try:
            expected = normalise(request).payload
        except Refused:
            seen["refused"] += 1
            return
        seen["taken"] += 1
        imported = import_request(json.dumps(request), "request.json")
        assert compiled(imported.spec, tmp_path) == expected, imported.spec

    check()
    # What is drawn differs with the modules that are loaded: literals in them are drawn, too.
    assert seen["taken"] > seen["refused"], seen


@RELAXED
@given(request=requests())
def test_what_is_normalised_stays_as_it_is(request: dict[str, Any]) -> None:
    try:
        once = normalise(request)
    except Refused:
        return
    again = normalise(once.payload)
    # An older value is taken as it is, and told of each time.
    changes = [note for note in again.notes if note.code != "older-value"]
    assert (again.payload, changes) == (once.payload, [])


@pytest.mark.parametrize("text", AWKWARD)
def test_every_awkward_text_survives_in_every_place(text: str, tmp_path: Path) -> None:
    request = {
        "title": text,
        "callback_id": text,
        "video_inputs": [
            {"voice": {**VOICE, "input_text": text}, "text": {"text": text, "line_height": 1}},
            {"voice": VOICE, "text": {"text": text, "line_height": 1, "font_family": text}},
        ],
    }
    imported = import_request(json.dumps(request), "request.json")
    assert compiled(imported.spec, tmp_path) == normalise(request).payload, imported.spec


IDS = [
    "00123",
    "3.10",
    "yes",
    "null-1",
    "1e3",
    "0x1F",
    "me.jpg",
    "default-x",
    "12:30:45",
    "2024-01-01",
    "=",
    ".5",
    "a:b",
]


@pytest.mark.parametrize("text", IDS)
def test_ids_that_yaml_would_bend_survive(text: str, tmp_path: Path) -> None:
    request = {
        "video_inputs": [
            {"voice": {**VOICE, "voice_id": text}, "character": {"type": "avatar", "avatar_id": text}},
            {
                "voice": {"type": "audio", "audio_asset_id": text},
                "character": {"type": "talking_photo", "talking_photo_id": text},
                "background": {"type": "image", "image_asset_id": text},
            },
        ],
    }
    imported = import_request(json.dumps(request), "request.json")
    assert compiled(imported.spec, tmp_path) == request, imported.spec
