"""The compiled validator and the reference agree, whatever the payload."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specfile.schemas import Dialect, is_valid, request_schema, violations
from tests.schemas.payloads import VALID, Edit, Payload, edited, edits

KEYWORDS: Mapping[Dialect, set[str]] = {
    "v2": {
        "type", "enum", "minimum", "maximum", "exclusiveMinimum", "multipleOf", "pattern", "minLength",
        "maxLength", "minItems", "maxItems", "required", "unknown-key", "exactly-one-of", "discriminator",
    },
    "v3": {
        "type", "enum", "minimum", "maximum", "exclusiveMinimum", "pattern", "minLength", "maxLength",
        "minItems", "maxItems", "required", "unknown-key", "exactly-one-of", "discriminator", "const",
    },
    "webm": {
        "type", "enum", "minimum", "maximum", "multipleOf", "minLength", "maxLength", "required",
        "unknown-key", "exactly-one-of",
    },
}  # fmt: skip

# What random changes hit too seldom, by the kind of request: each breaks one rule of the schema.
RARE: Mapping[Dialect, list[Edit]] = {
    "v2": [
        ("set", ("video_inputs",), []),
        ("set", ("video_inputs",), [{}] * 51),
        ("set", ("video_inputs", 0, "voice", "input_text"), "ü" * 5000),
        ("set", ("dimension", "width"), 1281),
        ("set", ("video_inputs", 1, "text", "color"), "#12"),
    ],
    "v3": [
        ("set", ("scenes",), []),
        ("set", ("scenes",), [{}] * 51),
        ("set", ("scenes", 0, "input", "script"), "ü" * 5001),
        ("set", ("scenes", 0, "input", "background", "color"), "#12"),
        ("set", ("scenes", 0, "input", "background", "type"), "image"),
        ("add", ("scenes", 4, "script"), "audio_url"),
        ("delete", ("scenes", 4, "voice_id"), None),
        ("set", ("scenes", 2, "duration"), 0),
        ("set", ("scenes", 2, "duration"), 300.5),
        ("set", ("watermark", "opacity"), -1),
        ("set", ("avatar_id",), ""),
    ],
    "webm": [
        ("set", ("dimension", "width"), 1281),
        ("set", ("dimension", "width"), 4098),
        ("set", ("dimension", "width"), 2),
        ("set", ("input_text",), "x" * 5000),
        ("set", ("avatar_style",), "circle"),
        ("delete", ("voice_id",), None),
    ],
}


@pytest.mark.parametrize("dialect", VALID)
def test_both_validators_agree_on_good_and_bad_payloads(dialect: Dialect) -> None:
    reference = jsonschema.Draft202012Validator(request_schema(dialect))
    seen: Counter[str] = Counter()

    def judge(valid: Payload, changes: list[Edit]) -> None:
        payload = edited(valid, changes)
        found = violations(dialect, payload)
        assert is_valid(dialect, payload) == (not found)
        if not any(one == "#aabbcc\n" for _, _, one in changes):
            # Python's `$` lets a line break follow; JSON Schema's, which we keep to, does not.
            assert is_valid(dialect, payload) == reference.is_valid(payload)
        seen.update({one.keyword for one in found} or {"valid"})
        seen["payloads"] += 1

    @settings(max_examples=600, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        valid = data.draw(st.sampled_from(VALID[dialect]))
        judge(valid, data.draw(edits(valid)))

    check()
    assert seen["payloads"] / 10 < seen["valid"] < seen["payloads"] / 2, seen
    for change in RARE[dialect]:
        for valid in VALID[dialect]:
            judge(valid, [change])
    assert seen.keys() >= KEYWORDS[dialect], KEYWORDS[dialect] - seen.keys()


@pytest.mark.parametrize("dialect", VALID)
def test_both_validators_take_the_payloads_that_the_tests_start_from(dialect: Dialect) -> None:
    found: list[Any] = [violations(dialect, payload) for payload in VALID[dialect]]
    assert found == [()] * len(found)
    assert all(is_valid(dialect, payload) for payload in VALID[dialect])
