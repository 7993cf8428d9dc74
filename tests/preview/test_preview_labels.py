"""What can't be shown or heard is told in a corner of the film, and faces show a mood."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from specfile.preview.board.stills import Stills
from specfile.preview.labels import labels_of
from tests.preview.films import Picture, Render, colour, payload, scene, watch
from tests.preview.looking import WHITE, bare, first_picture, ink_box

PHOTO = {"type": "talking_photo", "talking_photo_id": "p"}
AVATAR = {"type": "avatar", "avatar_id": "Anna"}
TEXT = {"type": "text", "voice_id": "v", "input_text": "Hi."}


@pytest.mark.parametrize(
    ("character", "voice", "labels"),
    [
        (AVATAR, TEXT, ()),
        ({**AVATAR, "matting": False, "use_avatar_iv_model": False}, TEXT, ()),
        ({**AVATAR, "matting": True}, TEXT, ("cut out",)),
        (
            {**PHOTO, "use_avatar_iv_model": True, "prompt": " waves\nand nods ", "super_resolution": True},
            TEXT,
            ("Avatar IV · super resolution · “waves and nods”",),
        ),
        (
            {**PHOTO, "prompt": "word " * 20, "keep_original_prompt": True},
            TEXT,
            ("“word word word word word word word word word wo…” as written",),
        ),
        (
            {**PHOTO, "talking_style": "stable", "expression": "default"},
            {**TEXT, "emotion": "Soothing"},
            ("talking style stable · expression default", "Soothing"),
        ),
        (
            AVATAR,
            {**TEXT, "elevenlabs_settings": {"model": "eleven_v3", "stability": 0, "style": 0.25}},
            ("eleven_v3 · stability 0 · style 0.25",),
        ),
        (None, {"type": "silence", "duration": 1}, ()),
    ],
)
def test_labels_name_what_has_an_effect_at_the_service_only(
    character: Any, voice: Any, labels: tuple[str, ...]
) -> None:
    assert labels_of({"character": character, "voice": voice}) == labels
    assert labels_of({}) == ()


def test_a_typeface_is_named_since_all_texts_are_drawn_in_one() -> None:
    assert labels_of({"text": {"text": "Hello", "font_family": " Comic\tNeue "}}) == ("text in Comic Neue",)
    assert labels_of({"text": {"text": "Hello", "font_family": None}}) == ()


def test_labels_stand_below_the_pill_and_go_with_it(render: Render) -> None:
    plain = {"character": {**AVATAR, "scale": 0.0}, "voice": {"type": "silence", "duration": 1}}
    told = {**plain, "character": {**plain["character"], "matting": True}}
    shown = [ink_box(first_picture(render, one, pill=True), WHITE) for one in (plain, told)]
    assert shown[0][:2] == shown[1][:2]
    assert shown[0][3] + 8 < shown[1][3] < 45
    without, with_label = (first_picture(render, one, pill=False) for one in (plain, told))
    assert np.array_equal(without, with_label)


@pytest.mark.parametrize("size", [(128, 128), (130, 1280), (320, 180)])
def test_long_labels_stay_inside_the_frame(render: Render, size: tuple[int, int]) -> None:
    character = {**PHOTO, "talking_photo_id": "p" * 200, "prompt": "wave " * 9, "scale": 0.0}
    one = bare(character={**character, "talking_style": "expressive", "use_avatar_iv_model": True})
    left, top, right, _ = ink_box(first_picture(render, one, *size, pill=True), WHITE)
    assert 0 < left < right < size[0] - 1
    assert top > 0


def test_a_still_tells_of_the_voice_too() -> None:
    def still(emotion: str) -> bytes:
        one = scene("Hi.")
        one["voice"]["emotion"] = emotion
        [made] = stills.of(payload(one), lambda _: None)
        return made.picture

    with Stills() as stills:
        assert still("Excited") != still("Serious")
        assert still("Excited") == still("Friendly")


def test_a_happy_face_differs_from_a_serious_one(render: Render) -> None:
    def face(emotion: str | None, **fields: Any) -> Picture:
        one = scene("Hi.", background=colour("#FFFFFF"))
        one["voice"] |= {"emotion": emotion} if emotion else {}
        one["character"] |= fields
        return watch(render(payload(one, width=640, height=360)).video).pictures[0]

    calm, happy, serious = face(None), face("Excited"), face("Serious")
    assert np.array_equal(calm, face("Soothing"))
    assert np.array_equal(happy, face("Friendly"))
    for one, other in ((calm, happy), (calm, serious), (happy, serious)):
        assert np.abs(one.astype(int) - other).max() > 30


@pytest.mark.parametrize(
    ("settings", "is_marked"),
    [({}, False), ({"test": False}, False), ({"test": True}, True), ({"enable_watermark": True}, True)],
)
def test_a_watermark_stands_in_the_lower_right(
    render: Render, settings: dict[str, bool], is_marked: bool
) -> None:
    picture = watch(render(payload(bare(), **settings)).video).pictures[0]
    assert (np.abs(picture.astype(int) - WHITE).max() > 60) == is_marked
    if is_marked:
        left, top, right, bottom = ink_box(picture, WHITE)
        assert (left, top) > (240, 160)
        assert (right, bottom) < (319, 179)
