"""The compiled validator and the reference agree, whatever the payload."""

import copy
from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema
from hypothesis import example, given, settings
from hypothesis import strategies as st

from specfile.schemas import is_valid, request_schema, violations

KEYWORDS = {
    "type", "enum", "minimum", "maximum", "exclusiveMinimum", "multipleOf", "pattern", "minLength",
    "maxLength", "minItems", "maxItems", "required", "unknown-key", "exactly-one-of", "discriminator",
}  # fmt: skip

AVATAR = {"type": "avatar", "avatar_id": "a", "scale": 1.0, "offset": {"x": 0.1, "y": 0}, "matting": True}
PHOTO = {"type": "talking_photo", "talking_photo_id": "p", "circle_background_color": "#0Af9b2"}
TUNING = {"model": "eleven_v3", "stability": 0.5, "style": 0}
SPOKEN = {
    "type": "text",
    "voice_id": "v",
    "input_text": "t",
    "speed": 1,
    "pitch": 0,
    "elevenlabs_settings": TUNING,
}
TEXT = {"type": "text", "text": "t", "line_height": 1, "font_size": 12.5, "color": "#ffffff"}
VALID: dict[str, Any] = {
    "video_inputs": [
        {"character": AVATAR, "voice": SPOKEN, "background": {"type": "color", "value": "#0Af9b2"}},
        {"character": PHOTO, "voice": {"type": "audio", "audio_url": "u"}, "text": TEXT},
        {"voice": {"type": "silence", "duration": 2.5}, "background": {"type": "image", "url": "u"}},
        {"voice": {"type": "silence"}, "background": {"type": "video", "video_asset_id": "a", "fit": "none"}},
    ],
    "dimension": {"width": 1280, "height": 720},
    "caption": True,
    "fps": 25,
    "subtitles": {"preset_name": "bold", "position": {"x": 1, "y": 2}},
}  # fmt: skip

VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([-51, -0.1, 0, 0.3, 0.5, 1, 1.0, 1.51, 5.1, 101, 127, 1281, 4098, 2**53 + 1, 2**70]),
    st.sampled_from(["", "#aabbcc", "#aabbcc\n", "#12", "x" * 4999, "ü" * 5000, "audio", "image", "avatar"]),
    st.sampled_from([None, True, False, [], {}, [1], [{}] * 51]),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything below `value`."""
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, step)
            yield from places(inner, (*path, step))


PLACES = list(places(VALID))
FIELD_NAMES = sorted({path[-1] for path in PLACES if isinstance(path[-1], str)})
EDITS = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(PLACES), VALUES),
    st.tuples(st.just("delete"), st.sampled_from(PLACES), st.none()),
    st.tuples(st.just("add"), st.sampled_from(PLACES), st.sampled_from([*FIELD_NAMES, "surprise"])),
)


def edited(edits: list[tuple[str, tuple[Any, ...], Any]]) -> Any:
    """The valid payload with values replaced, removed and added; edits whose place has gone do nothing."""
    payload = copy.deepcopy(VALID)
    for action, (*parents, step), value in edits:
        mapping: Any = payload
        try:
            for parent in parents:
                mapping = mapping[parent]
            if action == "set":
                mapping[step] = value
            elif action == "delete":
                del mapping[step]
            else:
                mapping[value] = mapping[step]
        except (LookupError, TypeError):
            continue
    return payload


def test_both_validators_agree_on_good_and_bad_payloads() -> None:
    reference = jsonschema.Draft202012Validator(request_schema("v2"))
    seen: Counter[str] = Counter()

    @settings(max_examples=600, deadline=None, derandomize=True, database=None)
    @given(st.lists(EDITS, max_size=3))
    @example([("set", ("video_inputs",), [])])
    @example([("set", ("video_inputs",), [{}] * 51)])
    @example([("set", ("video_inputs", 0, "voice", "input_text"), "ü" * 5000)])
    @example([("set", ("dimension", "width"), 1281)])
    @example([("set", ("video_inputs", 1, "text", "color"), "#12")])
    def check(edits: list[Any]) -> None:
        payload = edited(edits)
        found = violations("v2", payload)
        assert is_valid("v2", payload) == (not found)
        if not any(one == "#aabbcc\n" for _, _, one in edits):
            # Python's `$` lets a line break follow; JSON Schema's, which we keep to, does not.
            assert is_valid("v2", payload) == reference.is_valid(payload)
        seen.update({one.keyword for one in found} or {"valid"})
        seen["payloads"] += 1

    check()
    assert seen["payloads"] / 10 < seen["valid"] < seen["payloads"] / 2, seen
    assert seen.keys() >= KEYWORDS, KEYWORDS - seen.keys()
