"""The table of shorthands, row by row, and what each is merged with."""

from __future__ import annotations

import pytest

from tests.compiler.compiling import Folder, Json


@pytest.mark.parametrize(
    ("shorthand", "part", "stands_for"),
    [
        ("say: T", "voice", {"type": "text", "voice_id": "V", "input_text": "T"}),
        ("silence: 2.5", "voice", {"type": "silence", "duration": 2.5}),
        ("audio: https://x.io/a.mp3", "voice", {"type": "audio", "audio_url": "https://x.io/a.mp3"}),
        ("audio: asset:a-1", "voice", {"type": "audio", "audio_asset_id": "a-1"}),
        ("{say: T, voice: W}", "voice", {"type": "text", "voice_id": "W", "input_text": "T"}),
        ("{say: T, voice: 00123}", "voice", {"type": "text", "voice_id": "00123", "input_text": "T"}),
        ("{say: T, avatar: A}", "character", {"type": "avatar", "avatar_id": "A"}),
        ("{say: T, photo: P}", "character", {"type": "talking_photo", "talking_photo_id": "P"}),
        ('{say: T, background: "#1A2b3c"}', "background", {"type": "color", "value": "#1A2b3c"}),
        (
            "{say: T, background: https://x.io/a.png}",
            "background",
            {"type": "image", "url": "https://x.io/a.png"},
        ),
        (
            "{say: T, background: https://x.io/a.MP4?k=1#t}",
            "background",
            {"type": "video", "url": "https://x.io/a.MP4?k=1#t"},
        ),
        (
            "{say: T, background: {type: video, url: asset:v-1}}",
            "background",
            {"type": "video", "video_asset_id": "v-1"},
        ),
        (
            "{say: T, background: {type: image, image_asset_id: asset:i-1}}",
            "background",
            {"type": "image", "image_asset_id": "i-1"},
        ),
        ("{say: T, text: Hello}", "text", {"type": "text", "text": "Hello", "line_height": 1}),
    ],
)
def test_shorthand_stands_for_a_part(folder: Folder, shorthand: str, part: str, stands_for: Json) -> None:
    assert folder.scene(f"defaults: {{voice: V}}\nscenes:\n- {shorthand}\n")[part] == stands_for


@pytest.mark.parametrize(
    ("shorthand", "width", "height"),
    [
        ("720p", 1280, 720),
        ("1080p", 1920, 1080),
        ("square", 1080, 1080),
        ("vertical", 1080, 1920),
        ("Vertical", 1080, 1920),
        ("640x480", 640, 480),
        ("640 × 480", 640, 480),
        ("{width: 640, height: 480}", 640, 480),
        ('"{{ size }}"', 720, 1280),
        ('"{{ sizes.wide }}"', 2000, 1000),
    ],
)
def test_dimension_has_names(folder: Folder, shorthand: str, width: int, height: int) -> None:
    text = "with: {size: 720x1280, sizes: {wide: {width: 2000, height: 1000}}}\n"
    payload = folder.payload(f"{text}dimension: {shorthand}\nscenes: [{{say: T, voice: V}}]\n")
    assert payload["dimension"] == {"width": width, "height": height}


def test_shorthand_and_part_of_one_scene_are_one_part(folder: Folder) -> None:
    scene = folder.scene(
        "scenes:\n- say: T\n  voice: {voice_id: V, speed: 1.1}\n  avatar: A\n  character: {scale: 2}\n"
    )
    assert scene == {
        "character": {"type": "avatar", "avatar_id": "A", "scale": 2},
        "voice": {"type": "text", "voice_id": "V", "speed": 1.1, "input_text": "T"},
    }


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ("{say: T, silence: 1}", "a scene is either text or silence, not both"),
        ("{silence: 1, say: T}", "a scene is either silence or text, not both"),
        ("{audio: 'https://x.io/a.mp3', voice: {speed: 1}}", "a scene is either audio or text, not both"),
        ("{say: T, avatar: A, photo: P}", "a scene is either avatar or talking_photo, not both"),
        (
            "{say: T, voice: {input_text: U}}",
            "`voice` says again what another field of this scene says (`input_text`)",
        ),
        (
            "{say: T, avatar: A, character: {avatar_id: A}}",
            "`character` says again what another field of this scene says (`avatar_id`)",
        ),
        ("{say: T, voice: null}", "`voice` and an empty value for the same part contradict each other"),
    ],
)
def test_shorthands_that_contradict_each_other_are_refused(folder: Folder, scene: str, message: str) -> None:
    one = folder.problem(f"defaults: {{voice: V}}\nscenes:\n- {scene}\n")
    assert (one.code, one.message) == ("contradiction", message)


@pytest.mark.parametrize(
    ("defaults", "scene", "part", "merged"),
    [
        (
            "{voice: {voice_id: V, speed: 1.2}}",
            "{say: T, voice: {speed: 0.8}}",
            "voice",
            {"type": "text", "voice_id": "V", "speed": 0.8, "input_text": "T"},
        ),
        ("{voice: {voice_id: V, speed: 1.2}}", "{silence: 1}", "voice", {"type": "silence", "duration": 1}),
        ("{voice: V}", "{voice: {duration: 3}}", "voice", {"type": "silence", "duration": 3}),
        (
            "{voice: {voice_id: V, speed: 1.2}}",
            "{say: T, voice: {speed: null}}",
            "voice",
            {"type": "text", "voice_id": "V", "input_text": "T"},
        ),
        (
            "{voice: V, background: '#000000'}",
            "{say: T, background: 'https://x.io/a.png'}",
            "background",
            {"type": "image", "url": "https://x.io/a.png"},
        ),
        (
            "{voice: V, background: {type: image, url: 'https://x.io/a.png', fit: crop}}",
            "{say: T, background: {type: image, url: 'https://x.io/b.png'}}",
            "background",
            {"type": "image", "url": "https://x.io/b.png", "fit": "crop"},
        ),
        (
            "{voice: V, avatar: A}",
            "{say: T, photo: P}",
            "character",
            {"type": "talking_photo", "talking_photo_id": "P"},
        ),
        (
            "{voice: V, character: {type: avatar, avatar_id: A, offset: {x: 0.1, y: 0.2}}}",
            "{say: T, character: {offset: {x: 0.3}}}",
            "character",
            {"type": "avatar", "avatar_id": "A", "offset": {"x": 0.3, "y": 0.2}},
        ),
        ("{voice: V, background: '#000000'}", "{say: T, background: null}", "background", None),
        ("{voice: V, avatar: A}", "{say: T, character: null}", "character", None),
    ],
)
def test_scene_lies_over_its_defaults(
    folder: Folder, defaults: str, scene: str, part: str, merged: Json
) -> None:
    assert folder.scene(f"defaults: {defaults}\nscenes:\n- {scene}\n").get(part) == merged


def test_defaults_of_a_group_lie_between(folder: Folder) -> None:
    scene = folder.scene(
        "defaults: {voice: V, background: '#000000', avatar: A}\n"
        "scenes:\n- defaults: {voice: {speed: 1.1}, background: null}\n  scenes:\n  - say: T\n    avatar: B\n"
    )
    assert scene == {
        "character": {"type": "avatar", "avatar_id": "B"},
        "voice": {"type": "text", "voice_id": "V", "speed": 1.1, "input_text": "T"},
    }


def test_null_of_a_group_can_be_filled_again(folder: Folder) -> None:
    scene = folder.scene(
        "defaults: {voice: V, background: '#000000'}\n"
        "scenes:\n- defaults: {background: null}\n  scenes:\n  - {say: T, background: '#ffffff'}\n"
    )
    assert scene["background"] == {"type": "color", "value": "#ffffff"}


def test_scenes_of_an_api_request_can_be_pasted(folder: Folder) -> None:
    pasted = """
scenes: [
  {"character": {"type": "avatar", "avatar_id": "A", "avatar_style": "normal"},
   "voice": {"type": "text", "input_text": "Hi \\ud83d\\ude00", "voice_id": "V"},
   "background": {"type": "color", "value": "#008000"}}
]"""
    assert folder.scene(pasted) == {
        "character": {"type": "avatar", "avatar_id": "A", "avatar_style": "normal"},
        "voice": {"type": "text", "input_text": "Hi 😀", "voice_id": "V"},
        "background": {"type": "color", "value": "#008000"},
    }


@pytest.mark.parametrize("part", ["character", "voice", "background", "text"])
def test_lone_template_may_yield_a_whole_part(folder: Folder, part: str) -> None:
    parts = {
        "character": "{type: avatar, avatar_id: B}",
        "voice": "{type: silence, duration: 2}",
        "background": "{type: color, value: '#ffffff'}",
        "text": "{type: text, text: Hi, line_height: 2}",
    }
    with_part = f"with: {{it: {parts[part]}}}\nscenes:\n- {part}: '{{{{ it }}}}'\n"
    given = folder.scene(with_part + ("" if part == "voice" else "  say: T\n  voice: V\n"))
    assert (
        given[part]
        == folder.scene(
            f"scenes:\n- {part}: {parts[part]}\n" + ("" if part == "voice" else "  say: T\n  voice: V\n")
        )[part]
    )


def test_field_for_several_types_outlives_a_default_of_another_type(folder: Folder) -> None:
    text = """
defaults: {avatar: A, voice: V, background: "#000000"}
scenes:
- defaults: {background: {fit: contain}}
  scenes:
  - {say: T, background: "https://x.io/b.png"}
"""
    background = folder.scene(text)["background"]
    assert background == {"type": "image", "url": "https://x.io/b.png", "fit": "contain"}


def test_default_field_that_a_scene_has_no_use_for_is_left_out(folder: Folder) -> None:
    defaults = "defaults: {avatar: A, voice: V, background: {fit: cover}}\n"
    scene = folder.scene(defaults + 'scenes: [{say: T, background: "#ffffff"}]\n')
    assert scene["background"] == {"type": "color", "value": "#ffffff"}


@pytest.mark.parametrize(
    ("defaults", "scene"),
    [
        ("voice: {voice_id: V, sped: 1.2}", "{say: T}"),
        ("voice: {voice_id: V, sped: 1.2}", "{say: T, voice: {speed: 1.1}}"),
        ("voice: {voice_id: V}", "{say: T, voice: {sped: 1.2}}"),
        ("background: {type: color, value: '#000000', clour: red}", "{say: T, background: '#ffffff'}"),
    ],
)
def test_field_that_no_type_has_is_passed_over_nowhere(folder: Folder, defaults: str, scene: str) -> None:
    more = "" if "voice" in defaults else "voice: V, "
    found = folder.problem(f"defaults: {{avatar: A, {more}{defaults}}}\nscenes: [{scene}]\n")
    assert found.code == "unknown-key"


def test_empty_default_is_not_to_blame_for_what_a_part_of_another_type_lacks(folder: Folder) -> None:
    inner = "{defaults: {voice: V}, scenes: [{voice: {type: audio}}]}"
    found = folder.problem(f"defaults: {{avatar: A, voice: {{}}}}\nscenes: [{inner}]\n")
    assert found.code == "exactly-one-of"
    assert found.path == "scenes[0].voice"
    assert found.span is not None
    assert found.span.line == 3
