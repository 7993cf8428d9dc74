"""What a schema cannot say: each rule speaks where it should, and is silent beside it.

Every rule also has a page whose example gives it and whose fix gives nothing (tests/test_codes.py). Here are
the borders: what is still right, what is already wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from specfile.compiler.rules import RULES, AccountPlan, Finding, Rule, Subject, account_plan, plan_names
from specfile.film import Api, VideoFormat
from specfile.language.ignores import FOUND_IN_FRAMES
from specfile.schemas import is_valid, shape
from tests.schemas.payloads import VALID, edited, edits

Json = Any

AVATAR = {"type": "avatar", "avatar_id": "Daisy-inskirt-20220818"}
PHOTO = {"type": "talking_photo", "talking_photo_id": "6a1d3dc4ee9b4a3c95bd"}
SPOKEN = {"type": "text", "voice_id": "1bd001e7e50f421d891986aad5158bc8", "input_text": "Hello"}
SILENCE = {"type": "silence", "duration": 2}


def scene(**parts: Json) -> dict[str, Json]:
    """A scene that no rule has anything to say about, with these parts in place of its own."""
    given_parts = {"character": AVATAR, "voice": SPOKEN, **parts}
    return {name: part for name, part in given_parts.items() if part is not None}


def found(
    *scenes: Json,
    api: Api = "v2",
    video_format: VideoFormat = "mp4",
    account: AccountPlan | None = None,
    seconds: float | None = None,
    **top: Json,
) -> list[tuple[str, Finding]]:
    """What the rules find in a valid video, with the code of each."""
    payload = {**top, "video_inputs": list(scenes) or [scene()]}
    assert is_valid("v2", payload)
    subject = Subject(payload, api, video_format, account, seconds)
    return [(rule.code, finding) for rule in RULES for finding in rule.check(subject)]


def codes(*scenes: Json, **others: Json) -> list[str]:
    return [code for code, _ in found(*scenes, **others)]


def said(text: str, **settings: Json) -> dict[str, Json]:
    return scene(voice={**SPOKEN, "input_text": text, **settings})


def heard(url: str) -> dict[str, Json]:
    return scene(voice={"type": "audio", "audio_url": url})


def shown(character: Mapping[str, Json], **fields: Json) -> dict[str, Json]:
    return scene(character={**character, **fields})


def test_an_ordinary_video_is_silent() -> None:
    assert codes(scene(), said("Bye"), title="Welcome", caption=True, fps=30) == []


# --- texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("Hi {{ name }}!", "{{ name }}"),
        ("Hi {{name!", "{{"),
        ("{% if vip %}Dear", "{%"),
        ("Hi {name}", "{name}"),
        ("Hi ${user.name}", "${user.name}"),
        ("Hi %s, welcome", "%s"),
        ("Hi %(name)s", "%(name)s"),
        ("Hi %FIRST_NAME%", "%FIRST_NAME%"),
        ("Hi *|FNAME|*", "*|FNAME|*"),
        ("Hi [FIRST_NAME]", "[FIRST_NAME]"),
        ("Hi [NAME]", "[NAME]"),
        ("Hi [Your Name]", "[Your Name]"),
        ("Hi [name]", "[name]"),
        ("Part one. [STORY_BREAK] Part two.", "[STORY_BREAK]"),
        ("Hi <first_name>", "<first_name>"),
        ("Hi <your name>", "<your name>"),
        ("Hi [object Object]", "[object Object]"),
    ],
)
def test_a_blank_that_nobody_filled_in_is_named(text: str, blank: str) -> None:
    ((code, finding),) = found(said(text))
    assert (code, finding.message) == (
        "placeholder-left",
        f"`{blank}` was not filled in, and is read aloud as it stands",
    )


@pytest.mark.parametrize(
    "text",
    [
        "100% sure, 5 % off, 20%s more than that",
        "We're the #1 choice: 3 < 4 and 5 > 4.",
        "Il a dit « bonjour », et voilà [rires].",
        "He said [sic] so [laughs] and left [NASA told us].",
        "E-mail ada@example.com or call +49 (30) 123 456 * 2",
        "数字は {100} です",
        "a {b c} d",
    ],
)
def test_prose_is_no_blank(text: str) -> None:
    assert codes(said(text)) == []


def test_a_blank_is_found_wherever_people_see_it_or_a_machine_gets_it() -> None:
    overlay = {"type": "text", "text": "{name}", "line_height": 1}
    paths = [
        finding.path
        for _, finding in found(
            scene(text=overlay, background={"type": "image", "url": "https://x.io/{name}.png"}),
            title="{name}",
            callback_id="{name}",
        )
    ]
    assert paths == [
        ("video_inputs", 0, "text", "text"),
        ("title",),
        ("video_inputs", 0, "background", "url"),
        ("callback_id",),
    ]


@pytest.mark.parametrize(
    ("blank", "hint"),
    [("[First Name]", "first_name"), ("%s", "name"), ("${user.id}", "user_id"), ("{{", "name")],
)
def test_the_hint_writes_the_blank_as_this_language_does(blank: str, hint: str) -> None:
    ((_, finding),) = found(said(f"Hi {blank}"))
    assert finding.hint.startswith(f"write `{{{{ {hint} }}}}` in the spec, ")


@pytest.mark.parametrize(
    "text", ["…", "👍", "?!", '<break time="1s"/>', '<break time="1s"/> ... <break time="2s"/>']
)
def test_a_text_without_words_can_not_be_spoken(text: str) -> None:
    assert codes(said(text)) == ["nothing-to-say"]


@pytest.mark.parametrize("text", ["5", "¿Qué?", "你好", "…and then", '<break time="1s"/> Hi', "«Да»"])
def test_a_word_in_any_script_or_a_digit_can_be_spoken(text: str) -> None:
    assert codes(said(text)) == []


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ('<break time="500ms"/>', '<break time="0.5s"/>'),
        ('<break time="1s">', '<break time="1s"/>'),
        ("<break time='2s'/>", '<break time="2s"/>'),
        ("<break time=1s/>", '<break time="1s"/>'),
        ('<break time="1,5s"/>', '<break time="1.5s"/>'),
        ('<BREAK time="1s"/>', '<break time="1s"/>'),
        ("<break/>", '<break time="1s"/>'),
        ('<break strength="strong"/>', '<break time="1s"/>'),
        ("<break 3s", '<break time="3s"/>'),
    ],
)
def test_a_pause_in_another_form_is_written_right(tag: str, written: str) -> None:
    ((code, finding),) = found(said(f"Wait {tag} for it"))
    assert (code, finding.hint) == ("break-form", f"write `{written}`")


@pytest.mark.parametrize("tag", ['<break time="1s"/>', '<break time="0.25s" />', '<break  time="10s"/>'])
def test_a_pause_in_the_documented_form_is_right(tag: str) -> None:
    assert codes(said(f"Wait {tag} for it")) == []


@pytest.mark.parametrize(
    "text", ["a <b>c</b>", "<speak>Hi</speak>", '<say-as interpret-as="date">1</say-as>', "a<br/>b"]
)
def test_other_markup_is_named(text: str) -> None:
    assert codes(said(text)) == ["markup-in-text"]


@pytest.mark.parametrize("text", ["a < b & c > d", "5 <6, and 7> 6", "I <3 you, > all", "a <- b -> c"])
def test_angles_that_hold_no_name_are_no_markup(text: str) -> None:
    assert codes(said(text)) == []


# --- voices and captions --------------------------------------------------------------------------------


def test_only_the_model_that_breaks_off_minds_a_long_text() -> None:
    long = "word " * 601
    settings_v3 = {"elevenlabs_settings": {"model": "eleven_v3"}}
    assert codes(said(long, **settings_v3)) == ["eleven-v3-length"]
    assert codes(said(long[:3000], **settings_v3)) == []
    assert codes(said(long, elevenlabs_settings={"model": "eleven_turbo_v2"})) == []
    assert codes(said(long)) == []


def test_only_the_model_that_takes_no_breaks_minds_one() -> None:
    text = 'Wait <break time="1s"/> for it'
    assert codes(said(text, elevenlabs_settings={"model": "eleven_v3"})) == ["eleven-v3-break"]
    assert codes(said(text, elevenlabs_settings={"stability": 0.3})) == []


@pytest.mark.parametrize("locale", ["en-US", "de", "fil-PH", "zh-CN-liaoning", "sr-Latn-RS", "es-419"])
def test_a_language_with_or_without_its_region_is_a_locale(locale: str) -> None:
    assert codes(said("Hi", locale=locale)) == []


@pytest.mark.parametrize(
    ("locale", "hint"),
    [
        ("en_US", "write en-US"),
        ("English", "write a locale such as en-US or pt-BR"),
        ("", "write a locale such as en-US or pt-BR"),
    ],
)
def test_anything_else_is_none(locale: str, hint: str) -> None:
    assert [(code, one.hint) for code, one in found(said("Hi", locale=locale))] == [("locale-form", hint)]


@pytest.mark.parametrize(
    "asked", [{"caption": True}, {"caption_mode": "file_only"}, {"subtitles": {"preset_name": "bold"}}]
)
def test_captions_need_one_scene_that_speaks(asked: Json) -> None:
    music = heard("https://x.io/a.mp3")
    assert codes(music, **asked) == ["caption-without-text"]
    assert codes(music, scene(), **asked) == []


def test_a_caption_mode_overrules_caption_false_only() -> None:
    assert codes(caption=False, caption_mode="burn_in") == ["caption-contradiction"]
    assert codes(caption=True, caption_mode="burn_in") == []
    assert codes(caption_mode="burn_in", subtitles={"preset_name": "bold"}) == []
    assert codes(caption_mode="file_only", subtitles={"preset_name": "bold"}) == ["caption-contradiction"]


def test_a_mute_avatar_is_said_once_and_a_silent_show_of_pictures_is_meant() -> None:
    picture = {"type": "image", "url": "https://x.io/a.png"}
    assert codes(scene(voice=SILENCE), scene(voice=SILENCE)) == ["never-speaks"]
    assert codes(scene(voice=SILENCE), scene()) == []
    assert codes(scene(voice=SILENCE, character=None, background=picture)) == []


# --- characters -----------------------------------------------------------------------------------------


def test_a_motion_prompt_needs_the_model_that_follows_it() -> None:
    assert codes(shown(PHOTO, prompt="Waves")) == ["prompt-without-effect"]
    assert codes(shown(PHOTO, prompt="Waves", use_avatar_iv_model=False)) == ["prompt-without-effect"]
    assert codes(shown(PHOTO, prompt="Waves", use_avatar_iv_model=True)) == []
    assert codes(shown(PHOTO, keep_original_prompt=True, use_avatar_iv_model=True)) == [
        "prompt-without-effect"
    ]


def test_the_colour_of_a_circle_may_serve_one_scene_of_many() -> None:
    coloured = {**AVATAR, "circle_background_color": "#000000"}
    assert codes(shown(coloured), shown(coloured, avatar_style="closeUp")) == ["circle-colour-unused"] * 2
    assert codes(shown(coloured), shown(coloured, avatar_style="circle")) == []
    assert codes(shown(PHOTO, talking_photo_style="circle", circle_background_color="#000000")) == []


@pytest.mark.parametrize(
    ("offset", "scale", "expected"),
    [
        ({"x": 0.5, "y": -0.5}, 1, []),
        ({"x": 0.99}, 1, []),
        ({"x": 1}, 1, ["offset-out-of-frame"]),
        ({"y": -1.2}, 0.3, ["offset-out-of-frame"]),
        ({"x": 1.2}, 2, []),
        ({"x": 1.5}, 2, ["offset-out-of-frame"]),
        ({"x": 300, "y": 20}, 1, ["offset-out-of-frame"] * 2),
    ],
)
def test_an_offset_counts_as_outside_where_nothing_is_left_to_see(
    offset: Json, scale: float, expected: list[str]
) -> None:
    assert codes(shown(AVATAR, offset=offset, scale=scale)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"scale": 1}, {"scale": 1.05}, ["geometry-jump"]),
        ({}, {"scale": 0.95}, ["geometry-jump"]),
        ({"offset": {"x": 0.2}}, {"offset": {"x": 0.22, "y": 0}}, ["geometry-jump"]),
        ({"offset": {"x": 0.2}}, {"offset": {"x": 0.2, "y": 0}}, []),
        ({}, {"scale": 1, "offset": {"x": 0, "y": 0}}, []),
        ({"scale": 1}, {"scale": 1.2}, []),
        ({"scale": 0.3}, {"scale": 0.1 + 0.2}, []),
        ({"scale": 1}, {"scale": 0.95, "offset": {"x": 0.3}}, []),
        ({"scale": 1}, {"scale": 1.05, "avatar_style": "closeUp"}, []),
        ({"scale": 1}, {"scale": 1.05, "avatar_id": "Bob"}, []),
        ({"scale": 0}, {"scale": 0}, ["scale-zero", "scale-zero"]),
    ],
)
def test_only_a_slight_move_of_the_same_character_is_a_jolt(
    before: Json, after: Json, expected: list[str]
) -> None:
    assert codes(shown(AVATAR, **before), shown(AVATAR, **after)) == expected


def test_a_jolt_is_said_once_and_names_both_scenes() -> None:
    wide, wider = shown(AVATAR, scale=0.9), shown(AVATAR, scale=0.95)
    ((_, finding),) = found(scene(character=PHOTO), wide, wider, wide, wider)
    assert finding == Finding(
        ("video_inputs", 2, "character", "scale"),
        "`scale` is 0.95 in scene 3 and 0.9 in scene 2: so small a change looks like a jolt, not like a cut",
        "write `scale: 0.9` here too, or once in `defaults`",
        related=((("video_inputs", 1, "character", "scale"), "0.9 here"),),
    )


def test_a_scene_without_anyone_between_two_hides_the_move() -> None:
    picture = scene(character=None, background={"type": "color", "value": "#000000"})
    assert codes(shown(AVATAR, scale=0.9), picture, shown(AVATAR, scale=0.95)) == []


# --- ids ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "YOUR_AVATAR_ID",
        "your-avatar-id",
        "<avatar_id>",
        "avatar_id_here",
        "avatar_id",
        "{avatar}",
        "${AVATAR_ID}",
        "[AVATAR]",
        "xxx",
        "XXXXXXXX",
        "...",
        "TODO",
        "undefined",
        "None",
        "changeme",
        "paste-id",
    ],
)
def test_an_id_to_be_filled_in_is_none(name: str) -> None:
    assert codes(shown(AVATAR, avatar_id=name)) == ["id-placeholder"]


@pytest.mark.parametrize(
    "name",
    [
        "Daisy-inskirt-20220818",
        "Abigail_expressive_2024112501",
        "0f3c2d1e7e50f421d891986aad5158b7",
        "A",
        "v-1",
        "josh_lite3_20230714",
        "Avatar-1",
        "null-gravity-suit",
        "specfile-asset:" + "0" * 64,
        "todos-santos",
        "my-astrid",
    ],
)
def test_an_id_as_the_service_gives_it_is_one(name: str) -> None:
    assert codes(shown(AVATAR, avatar_id=name)) == []


@pytest.mark.parametrize("name", ["a b", " a", "a\n", "a\tb"])
def test_an_id_holds_no_space(name: str) -> None:
    assert codes(shown(AVATAR, avatar_id=name)) == ["id-spaces"]
    assert codes(folder_id=name) == ["id-spaces"]


def test_an_image_key_is_wrong_where_a_photo_is_meant_and_right_as_an_upload() -> None:
    key = "image/0123abcd/original"
    assert codes(shown(PHOTO, talking_photo_id=key)) == ["id-is-address"]
    assert codes(scene(background={"type": "image", "image_asset_id": key})) == []
    assert codes(scene(background={"type": "image", "image_asset_id": "https://x.io/a.png"})) == [
        "id-is-address"
    ]


def test_one_id_under_two_names_is_said_once() -> None:
    twice = [shown(AVATAR, avatar_id="p1"), shown(PHOTO, talking_photo_id="p1")] * 2
    assert codes(*twice) == ["id-of-two-kinds"]
    assert codes(scene(voice={**SPOKEN, "voice_id": AVATAR["avatar_id"]})) == ["id-of-two-kinds"]
    image = {"type": "image", "image_asset_id": "a1"}
    assert codes(scene(voice={"type": "audio", "audio_asset_id": "a1"}, background=image)) == []


# --- addresses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("https://drive.google.com/file/d/1AbC/view?usp=sharing", "a Google Drive link"),
        ("https://drive.google.com/open?id=1AbC", "a Google Drive link"),
        ("https://www.dropbox.com/s/abc/a.mp3?dl=0", "a Dropbox link"),
        ("https://www.dropbox.com/s/abc/a.mp3", "a Dropbox link"),
        ("https://1drv.ms/u/s!Abc", "a OneDrive link"),
        ("https://acme.sharepoint.com/:v:/s/team/Abc", "a SharePoint link"),
        ("https://we.tl/t-abc", "a WeTransfer link"),
        ("https://www.youtube.com/watch?v=abc", "a YouTube link"),
        ("https://youtu.be/abc", "a YouTube link"),
        ("https://vimeo.com/123", "a Vimeo link"),
        ("https://photos.app.goo.gl/abc", "a Google Photos link"),
        ("https://app.box.com/s/abc", "a Box link"),
        ("https://github.com/acme/site/blob/main/a.mp3", "a GitHub link"),
        ("https://unsplash.com/photos/a-cat-abc", "an Unsplash link"),
        ("https://imgur.com/abc", "an Imgur link"),
    ],
)
def test_a_link_to_a_page_about_a_file_is_named(url: str, what: str) -> None:
    ((code, finding),) = found(heard(url))
    assert (code, finding.message) == (
        "share-link",
        f"this is {what}: a page for people, not the file itself",
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://media.example.com/a.mp3",
        "https://media.example.com/recordings?id=7",
        "https://www.dropbox.com/scl/fi/abc/a.mp3?rlkey=x&raw=1",
        "https://dl.dropboxusercontent.com/s/abc/a.mp3",
        "https://raw.githubusercontent.com/acme/site/main/a.mp3",
        "https://github.com/acme/site/blob/main/a.mp3?raw=true",
        "https://acme.sharepoint.com/:u:/s/team/Abc?download=1",
        "https://images.unsplash.com/photo-1?w=1920",
        "https://player.vimeo.com/external/1.hd.mp4",
        "https://8.8.8.8/a.mp3",
        "https://b.s3.amazonaws.com/a.mp3",
    ],
)
def test_an_address_that_may_well_be_a_file_is_left_alone(url: str) -> None:
    assert codes(heard(url)) == []


@pytest.mark.parametrize(
    ("url", "direct"),
    [
        ("https://www.dropbox.com/s/abc/a.mp3?dl=0", "https://www.dropbox.com/s/abc/a.mp3?raw=1"),
        ("https://www.dropbox.com/s/abc/a.mp3", "https://www.dropbox.com/s/abc/a.mp3?raw=1"),
        ("https://github.com/o/r/blob/main/d/a.mp3", "https://raw.githubusercontent.com/o/r/main/d/a.mp3"),
    ],
)
def test_where_the_file_itself_has_an_address_the_hint_writes_it(url: str, direct: str) -> None:
    ((_, finding),) = found(heard(url))
    assert finding.hint == f"write {direct}, or save the file in the project and name it by its path"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://www.dropbox.com/s/abc/a.mp3?dl=1", "download-link"),
        ("https://drive.google.com/uc?export=download&id=1", "download-link"),
        ("https://example.com", "page-address"),
        ("https://", "page-address"),
        ("https://[::ffff/a.mp3", "page-address"),
        ("https://example.com/index.HTML", "page-address"),
        ("https://example.com/a b.mp3", "address-spaces"),
        ("https://example.com/a.png", "file-of-another-kind"),
        ("https://localhost/a.mp3", "private-address"),
        ("https://nas/a.mp3", "private-address"),
        ("https://printer.local/a.mp3", "private-address"),
        ("https://127.0.0.1/a.mp3", "private-address"),
        ("https://10.1.2.3/a.mp3", "private-address"),
        ("https://[::1]:8443/a.mp3", "private-address"),
        ("https://x.io/a.mp3?X-Amz-Signature=1", "signed-link"),
        ("https://x.io/a.mp3?Expires=1&Signature=2&Key-Pair-Id=3", "signed-link"),
        ("https://x.blob.core.windows.net/c/a.mp3?se=2026&sig=a", "signed-link"),
    ],
)
def test_an_address_that_can_not_serve_is_named(url: str, code: str) -> None:
    assert codes(heard(url)) == [code]


def test_the_sound_of_a_video_may_be_used() -> None:
    assert codes(heard("https://x.io/talk.mp4")) == []


def test_a_callback_is_a_whole_address_that_the_service_can_reach() -> None:
    assert codes(callback_url="https://x.io/hook", callback_id="a-1") == []
    assert codes(callback_url="http://x.io/hook") == []
    assert codes(callback_url="x.io/hook") == ["callback-url-form"]
    assert codes(callback_url="https://") == ["callback-url-form"]
    assert codes(callback_url="http://localhost:8000/") == ["callback-unreachable"]
    assert codes(callback_id="https://x.io/hook") == ["callback-id-is-address"]


# --- pictures -------------------------------------------------------------------------------------------


def test_something_has_to_be_seen() -> None:
    overlay = {"type": "text", "text": "Hi", "line_height": 1}
    assert codes(scene(character=None)) == ["nothing-to-see"]
    assert codes(scene(character=None, text=overlay)) == []


def test_letters_differ_from_what_they_stand_on() -> None:
    overlay = {"type": "text", "text": "Hi", "line_height": 1, "color": "#FFFFFF"}
    assert codes(scene(text=overlay, background={"type": "color", "value": "#ffffff"})) == [
        "overlay-unreadable"
    ]
    assert codes(scene(text=overlay, background={"type": "color", "value": "#fffffe"})) == []
    assert codes(scene(text=overlay)) == []
    assert codes(scene(text={**overlay, "text": " "})) == ["overlay-empty"]


# --- plans ----------------------------------------------------------------------------------------------


def test_without_a_plan_no_rule_of_plans_speaks() -> None:
    assert codes(dimension={"width": 4096, "height": 4096}, seconds=1700) == []


def test_a_picture_that_was_not_asked_for_small_is_too_large_for_the_free_plan() -> None:
    ((code, finding),) = found(account=account_plan("free"))
    assert (code, finding.hint) == ("plan-resolution", "write `dimension: 720p`")
    assert finding.message == (
        "without `dimension` it is 1920×1080, and the free plan goes up to 720p: "
        "the service would take the request and fail minutes later"
    )


@pytest.mark.parametrize(
    ("plan", "width", "height", "hint"),
    [
        ("free", 1280, 720, None),
        ("free", 720, 1280, None),
        ("free", 1080, 1920, "write `dimension: 720x1280`"),
        ("free", 1080, 1080, "write `dimension: 720x720`"),
        ("pro", 1920, 1080, None),
        ("pro", 3840, 2160, "write `dimension: 1080p`"),
        ("scale", 3840, 2160, None),
        ("scale", 4096, 2304, "write `dimension: 3840x2160`"),
        ("pay-as-you-go", 4096, 4096, None),
    ],
)
def test_the_hint_keeps_the_shape_of_the_picture(
    plan: str, width: int, height: int, hint: str | None
) -> None:
    size = {"width": width, "height": height}
    hints = [finding.hint for _, finding in found(dimension=size, account=account_plan(plan))]
    assert hints == ([hint] if hint else [])


def test_a_video_is_as_long_as_its_plan_allows() -> None:
    small: Json = {"dimension": {"width": 1280, "height": 720}}
    assert codes(**small, account=account_plan("free"), seconds=180) == []
    ((code, finding),) = found(**small, account=account_plan("free"), seconds=200.4)
    assert (code, finding.message) == (
        "plan-length",
        "this video will take about 3 minutes 20 seconds, and the free plan allows 3 minutes",
    )


def test_half_an_hour_is_too_long_whatever_the_plan_and_said_once() -> None:
    assert codes(seconds=1800) == []
    assert codes(seconds=1801) == ["film-too-long"]
    assert codes(seconds=1801, account=account_plan("enterprise")) == ["film-too-long"]
    assert codes(seconds=1801, account=account_plan("scale")) == ["plan-length"]


def test_every_plan_can_be_read() -> None:
    assert plan_names() == ("trial", "free", "pro", "scale", "pay-as-you-go", "enterprise")
    assert [account_plan(name).name for name in plan_names()] == list(plan_names())


# --- transparent films ----------------------------------------------------------------------------------


def test_a_transparent_film_is_one_scene_of_an_avatar_that_speaks() -> None:
    assert codes(video_format="webm") == []
    assert codes(heard("https://x.io/a.mp3"), video_format="webm") == []
    assert codes(shown(AVATAR, avatar_style="closeUp", matting=True), video_format="webm") == []


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"character": PHOTO}, "webm-avatar"),
        ({"character": None}, "webm-avatar"),
        ({"character": {**AVATAR, "avatar_style": "circle"}}, "webm-avatar"),
        ({"voice": SILENCE}, "webm-voice"),
        ({"background": {"type": "color", "value": "#000000"}}, "webm-nothing-around"),
        ({"text": {"type": "text", "text": "Hi", "line_height": 1}}, "webm-nothing-around"),
    ],
)
def test_what_a_transparent_film_can_not_hold_is_named(parts: Json, code: str) -> None:
    assert codes(scene(**parts), video_format="webm") == [code]


def test_a_transparent_film_has_one_scene_and_no_captions() -> None:
    assert codes(scene(), scene(), video_format="webm") == ["webm-one-scene"]
    assert codes(caption=True, video_format="webm") == ["webm-nothing-around"]


def test_the_newer_api_makes_more_transparent_films_and_captions_them() -> None:
    wall = {"type": "color", "value": "#000000"}
    scenes = [scene(character=PHOTO, background=wall), scene(voice=SILENCE)]
    assert codes(*scenes, video_format="webm", api="v3", caption=True) == ["webm-nothing-around"]


# --- the page about them ---------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def test_the_page_lists_every_rule_with_how_bad_it_is() -> None:
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning|note) \|", PAGE, re.MULTILINE))
    of_frames = {(code, "warning") for code in FOUND_IN_FRAMES}
    assert listed == {(rule.code, str(rule.severity)) for rule in RULES} | of_frames


def test_the_page_gives_the_limits_of_every_plan() -> None:
    sizes = {720: "720p", 1080: "1080p", 2160: "4K", None: "not stated"}
    lengths = {60: "1 minute", 180: "3 minutes", 300: "5 minutes", 1800: "30 minutes", None: "not stated"}
    rows = re.findall(
        r"^\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \|$", PAGE.split("| `--account` |")[1], re.MULTILINE
    )
    named = {
        name: (size, length) for names, size, length in rows for name in re.findall(r"`([a-z-]+)`", names)
    }
    limits = {name: account_plan(name) for name in plan_names()}
    expected = {name: (sizes[one.short_side], lengths[one.seconds]) for name, one in limits.items()}
    assert {name: named[name] for name in expected} == expected


# --- laws -----------------------------------------------------------------------------------------------


class Watched(dict[str, Any]):
    """A mapping that notes which of its fields are looked at."""

    def __init__(self, content: Mapping[str, Any], name: str, seen: set[str]) -> None:
        super().__init__(content)
        self._name, self._seen = name, seen

    def __getitem__(self, key: str) -> Any:
        self._seen.add(f"{self._name}{key}")
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._seen.add(f"{self._name}{key}")
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._seen.add(f"{self._name}{key}")
        return super().__contains__(key)

    def __eq__(self, other: object) -> bool:
        self._seen.add(self._name.rstrip("."))
        return super().__eq__(other)

    __hash__ = None


def watched(payload: Mapping[str, Json], seen: set[str]) -> Watched:
    scenes = [
        {name: Watched(part, f"{name}.", seen) for name, part in one.items()}
        for one in payload["video_inputs"]
    ]
    return Watched({**payload, "video_inputs": scenes}, "", seen)


SHAPE = shape("v2").fields
SCENE = SHAPE["video_inputs"].item
assert SCENE is not None
FIELDS = {
    *SHAPE,
    *SCENE.fields,
    *(f"{part}.{name}" for part, of in SCENE.fields.items() for name in of.fields),
}
EVERYTHING = [
    scene(
        character={
            **PHOTO,
            "scale": 0.9,
            "offset": {"x": 2},
            "matting": True,
            "circle_background_color": "#000000",
        },
        background={"type": "video", "url": "https://x.io/a.mp4", "play_style": "once"},
        text={"type": "text", "text": "Hi", "line_height": 1, "color": "#000000"},
    ),
    shown(AVATAR, scale=0.95, avatar_style="normal"),
    scene(voice={"type": "audio", "audio_asset_id": "a1"}, background={"type": "color", "value": "#000000"}),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
@pytest.mark.parametrize("video_format", ["mp4", "webm"])
def test_a_rule_looks_at_nothing_but_what_it_says(rule: Rule, video_format: VideoFormat) -> None:
    top = {"title": "T", "caption": False, "fps": 24, "dimension": {"width": 1280, "height": 720}}
    looked_at: set[str] = set()
    for scenes in (EVERYTHING, EVERYTHING[1:2], EVERYTHING[:1] * 2, [scene(voice=SILENCE)]):
        payload = watched({**top, "video_inputs": scenes}, looked_at)
        list(rule.check(Subject(payload, format=video_format, account=account_plan("free"), seconds=1.0)))
    structure = {"video_inputs", "character.type", "voice.type", "background.type"}
    there_are = looked_at & FIELDS - structure
    assert {field for field in there_are if not rule.may_change([field])} == set()


def test_a_field_that_changes_concerns_the_rules_that_read_it() -> None:
    concerned = {rule.code for rule in RULES if rule.may_change(["text.text", "dimension.width"])}
    assert concerned == {
        *("overlay-empty", "placeholder-left", "markup-in-text", "plan-resolution", "other-orientation"),
    }
    assert {"geometry-jump", "id-spaces"} <= {rule.code for rule in RULES if rule.may_change(["character"])}


PIECES = st.sampled_from(
    [
        "{",
        "}}",
        "<",
        ">",
        "<break",
        "[",
        "]",
        "%s",
        "https://",
        "http://[",
        "?",
        "=",
        "&",
        "a",
        " ",
        "é",
        "\n",
    ]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=8).map("".join)
WORDS = st.sampled_from(
    [
        ("video_inputs", 0, "voice", "input_text"),
        ("video_inputs", 0, "voice", "voice_id"),
        ("video_inputs", 0, "voice", "locale"),
        ("video_inputs", 0, "character", "avatar_id"),
        ("video_inputs", 1, "voice", "audio_url"),
        ("video_inputs", 1, "text", "text"),
        ("video_inputs", 2, "background", "url"),
        ("title",),
        ("callback_url",),
        ("callback_id",),
        ("folder_id",),
    ]
)
(SENT,) = VALID["v2"]


@settings(max_examples=400, deadline=None)
@given(
    edits(SENT),
    st.lists(st.tuples(st.just("set"), WORDS, TEXTS), max_size=4),
    st.sampled_from([None, *plan_names()]),
    st.sampled_from(["mp4", "webm"]),
    st.none() | st.floats(0, 1e6),
)
def test_no_rule_ever_fails_on_a_valid_request(
    changes: list[Any], words: list[Any], plan: str | None, video_format: VideoFormat, seconds: float | None
) -> None:
    payload = edited(SENT, [*changes, *words])
    assume(is_valid("v2", payload))
    account = account_plan(plan) if plan else None
    subject = Subject(payload, format=video_format, account=account, seconds=seconds)
    for rule in RULES:
        for finding in rule.check(subject):
            assert finding.message
            assert finding.hint
            assert finding.moved(range(len(payload["video_inputs"]))) == finding
