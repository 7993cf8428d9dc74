"""What rules say of themselves holds: one that is not asked about a row would find nothing new in it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

import pytest

from specfile.catalogue import Avatar, Catalogue, Group, Voice
from specfile.compiler.mass.holes import Hole, field_name, hole, may_differ
from specfile.compiler.rules import RULES, Rule, Subject, Telling, Without, account_plan
from specfile.compiler.rules.spared import Spared
from specfile.schemas import is_valid
from tests.compiler.mass_cells import ODD
from tests.schemas.payloads import V2, Payload, places

Path = tuple[Any, ...]

_SPEECH: Final = {"type": "text", "voice_id": "v", "input_text": "Hello [NAME]", "locale": "en-US"}
_RICH: Final[Payload] = {
    "title": "For you",
    "callback_id": "c",
    "callback_url": "https://x.example/hook",
    "folder_id": "f",
    "caption": False,
    "caption_mode": "file_only",
    "fps": 24,
    "dimension": {"width": 1280, "height": 720},
    "subtitles": {"preset_name": "bold", "position": {"x": 1, "y": 2}},
    "test": True,
    "video_inputs": [
        {
            "character": {
                "type": "avatar",
                "avatar_id": "a",
                "avatar_style": "circle",
                "scale": 0.5,
                "offset": {"x": 0.1, "y": 0.2},
                "matting": True,
                "circle_background_color": "#0Af9b2",
                "use_avatar_iv_model": True,
            },
            "voice": {**_SPEECH, "emotion": "Friendly"},
            "background": {"type": "color", "value": "#0Af9b2"},
            "text": {"type": "text", "text": "Look", "line_height": 1, "color": "#0af9b3"},
        },
        {
            "character": {"type": "avatar", "avatar_id": "a", "scale": 0.55},
            "voice": {
                **_SPEECH,
                "voice_id": "default",
                "input_text": "Short <break time='1s'> " + "x" * 3000,
            },
            "background": {"type": "image", "url": "https://x.example/a.png", "fit": "cover"},
        },
        {
            "character": {
                "type": "talking_photo",
                "talking_photo_id": "p",
                "talking_photo_style": "square",
                "talking_style": "stable",
                "expression": "happy",
                "use_avatar_iv_model": True,
                "prompt": "wave",
                "keep_original_prompt": True,
            },
            "voice": {"type": "audio", "audio_url": "https://x.example/a.mp3"},
            "background": {"type": "video", "url": "https://x.example/a.mp4", "play_style": "loop"},
        },
        {
            "voice": {**_SPEECH, "elevenlabs_settings": {"model": "eleven_v3", "stability": 0.5}},
            "background": {"type": "image", "image_asset_id": "i"},
            "text": {"type": "text", "text": " ", "line_height": 1},
        },
        {
            "voice": {"type": "audio", "audio_asset_id": "r"},
            "background": {"type": "video", "video_asset_id": "w"},
        },
        {"voice": {"type": "silence", "duration": 2.5}},
    ],
}
_ALONE: Final[Payload] = {"title": "T", "video_inputs": [_RICH["video_inputs"][1]]}
PAYLOADS: Final = (_RICH, _ALONE, V2)
OFFERED: Final = Catalogue(
    avatars={
        one.id: one
        for one in (
            Avatar(id="a", name="A", gender="female", engines=("avatar_iv",), orientation="portrait"),
            Avatar(id="p", name="P", kind="talking_photo", gender="male", engines=("avatar_iii",)),
            Avatar(id="normal", name="N", status="processing", orientation="landscape"),
        )
    },
    voices={
        one.id: one
        for one in (
            Voice(id="v", name="V", gender="male", pause=False, emotion=False, locale=False),
            Voice(id="happy", name="H", gender="female"),
        )
    },
    groups={"crop": Group(id="crop", name="C")},
    absent=frozenset({"once"}),
    fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
    origin="",
)
SUBJECTS: Final = (
    Subject({}, "v2", "mp4", account_plan("trial"), 100, {"a": "it has none"}),
    Subject({}, "v3", "mp4", None, 5000),
    Subject({}, "v2", "webm", account_plan("free"), 10),
    Subject({}, catalogue=OFFERED),
    Subject({}, "v3", catalogue=OFFERED),
)
_NAMED: Final = (
    *(
        "a",
        "p",
        "v",
        "default",
        "eleven_v3",
        "eleven_turbo_v2",
        "#0Af9b2",
        "#0af9b3",
        "circle",
        "normal",
        "closeUp",
    ),
    *(
        "square",
        "burn_in",
        "file_only",
        "once",
        "freeze",
        "loop",
        "full_video",
        "en_US",
        "happy",
        "Excited",
        "crop",
    ),
)
_OTHERS: Final[dict[type, Sequence[Any]]] = {
    str: (*_NAMED, *ODD),
    bool: (True, False),
    int: (0, 1, 2, 25, 30, 500, 720, 4000),
    float: (0, 0.01, 0.5, 0.55, 1, 1.5, 25, 30),
}


def leaves(payload: Payload) -> Iterator[tuple[Path, Any]]:
    for path in places(payload):
        value = at(payload, path)
        if not isinstance(value, dict | list):
            yield path, value


def at(payload: Payload, path: Path) -> Any:
    value: Any = payload
    for step in path:
        value = value[step]
    return value


def changed(payload: Payload, path: Path, value: Any) -> Payload:
    made: Payload = copy.deepcopy(payload)
    at(made, path[:-1])[path[-1]] = value
    return made


def findings(rule: Rule, payload: Payload) -> list[set[tuple[Path, str]]]:
    subjects = (replace(one, payload=payload) for one in SUBJECTS)
    return [{(one.path, one.message) for one in rule.check(subject)} for subject in subjects]


def spares(spared: Spared | None, text: str) -> bool:
    match spared:
        case Without(characters):
            return not set(characters) & set(text)
        case Telling(is_spared):
            return is_spared(text)
    return False


def changes(limit: int | None = None) -> Iterator[tuple[Payload, Path, Any]]:
    """Changes of one leaf after which a payload is as valid as before, some of them or all."""
    every = [
        (payload, path, other)
        for payload in PAYLOADS
        for path, value in leaves(payload)
        for other in _OTHERS[type(value)]
    ]
    for payload, path, other in every if limit is None else Random(7).sample(every, limit):
        if is_valid("v2", changed(payload, path, other)):
            yield payload, path, other


def test_rich_payloads_are_valid_and_give_many_rules_something_to_find() -> None:
    assert all(is_valid("v2", payload) for payload in PAYLOADS)
    speaking = {rule.code for rule in RULES for payload in PAYLOADS if any(findings(rule, payload))}
    assert len(speaking) > 15, speaking


def check_reads(limit: int | None) -> None:
    before = {id(payload): [findings(rule, payload) for rule in RULES] for payload in PAYLOADS}
    moved = set()
    for payload, path, other in changes(limit):
        after = changed(payload, path, other)
        for rule, was in zip(RULES, before[id(payload)], strict=True):
            found = findings(rule, after)
            if found == was:
                continue
            moved.add(rule.code)
            assert rule.may_change([field_name(path)]), (rule.code, path, other)
            is_spared = rule.may_be_spared([field_name(path)]) and spares(rule.spared, str(other))
            if isinstance(other, str) and is_spared and _is_text(path):
                more = [new - old for new, old in zip(found, was, strict=True)]
                assert not any(more), (rule.code, path, other, more)
    assert len(moved) > 15, moved


def _is_text(path: Path) -> bool:
    """Whether a text there may differ from row to row in requests of one make."""
    return may_differ(path, "v2", "mp4") and path[-1] != "model"


def test_rules_read_no_more_than_they_declare() -> None:
    check_reads(1500)


@pytest.mark.long
def test_rules_read_no_more_than_they_declare_whatever_changes() -> None:
    check_reads(None)


def holes(payload: Payload) -> Iterator[tuple[Path, Hole]]:
    for path, value in leaves(payload):
        if isinstance(value, str) and may_differ(path, "v2", "mp4"):
            try:
                yield path, hole(payload, [path], value)
            except KeyError:
                continue


def test_model_of_a_voice_is_the_same_on_a_way_as_rules_are_spared_by_texts_alone() -> None:
    names = {field_name(path) for path, _ in holes(_RICH)}
    assert "voice.input_text" in names
    assert "voice.elevenlabs_settings.model" not in names
    told = {
        "voice.input_text",
        "text.text",
        "title",
        "callback_id",
        "callback_url",
        "voice.audio_url",
        "background.url",
    }
    for rule in RULES:
        if rule.spared is not None:
            read = {one for one in names if rule.may_change([one]) and rule.may_be_spared([one])}
            assert read <= told, rule.code


def test_a_catalogue_costs_nothing_where_ids_stay_the_same() -> None:
    fields = {"voice.input_text", "text.text", "title"}
    asked = [rule for rule in RULES if rule.catalogue and rule.may_change(fields)]
    assert all(rule.may_be_spared(fields) for rule in asked)
    assert not all(rule.may_be_spared({*fields, "voice.voice_id"}) for rule in asked)


def test_hole_takes_what_leaves_a_request_valid() -> None:
    taken = refused = 0
    for payload in PAYLOADS:
        for path, one in holes(payload):
            for text in _OTHERS[str]:
                if one.takes(text):
                    taken += 1
                    assert is_valid("v2", changed(payload, path, text)), (path, text)
                else:
                    refused += 1
    assert taken > 500
    assert refused > 500
