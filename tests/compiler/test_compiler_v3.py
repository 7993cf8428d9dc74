"""A film in the words of the v3 API, and what of it v3 can't say."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import specfile
from specfile.compiler.lower import lower
from specfile.compiler.lower.v3_kinds import KINDS
from specfile.compiler.rules import RULES, Subject
from specfile.diagnostics import Severity
from specfile.film import Film, VideoFormat
from specfile.importing import import_request
from specfile.schemas import is_valid, violations
from tests.compiler.compiling import Folder
from tests.compiler.films import (
    ANNA,
    CLIP,
    IMAGE,
    LOOK,
    OWN,
    RECORDED,
    RED,
    SAID,
    SILENT,
    body,
    film,
    film_of,
)
from tests.compiler.films import losses as losses_in
from tests.schemas.payloads import V2, Payload, edited, edits, instances

ROOT = Path(__file__).parent.parent.parent
HD = {"aspect_ratio": "16:9", "resolution": "1080p"}
SPOKEN = {"script": "Hello", "voice_id": "v"}
OLDER, NEWER = {"engine": {"type": "avatar_iii"}}, {"engine": {"type": "avatar_iv"}}
UPLOAD = {"type": "asset_id", "asset_id": OWN["talking_photo_id"]}
IV = {"use_avatar_iv_model": True}


def losses(film: Film, **metadata: str) -> list[tuple[str, Severity]]:
    """Where a film says what v3 can't, and how bad that is."""
    return [
        (".".join(map(str, one.path)).removeprefix("video_inputs."), one.severity)
        for one in losses_in("v3", film, **metadata)
    ]


# --- which kind of request ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenes", "video_format", "kind"),
    [
        ([{"character": ANNA}], "mp4", "studio"),
        ([{"character": ANNA, "background": RED}], "mp4", "studio"),
        ([{"character": ANNA}, {"background": IMAGE}], "mp4", "studio"),
        ([{"character": OWN | IV}], "mp4", "studio"),
        ([{"background": CLIP}], "mp4", "studio"),
        ([{"character": ANNA, "background": IMAGE}], "mp4", "avatar"),
        ([{"character": LOOK | {"matting": True}}], "mp4", "avatar"),
        ([{"character": ANNA}], "webm", "avatar"),
        ([{"character": OWN | IV, "background": RED}], "mp4", "image"),
        ([{"character": OWN | IV, "background": IMAGE}], "mp4", "image"),
    ],
)
def test_the_first_kind_that_says_all_of_a_film_is_taken(
    scenes: list[Any], video_format: VideoFormat, kind: str
) -> None:
    assert body("v3", film(*scenes, video_format=video_format))["type"] == kind


# --- scenes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (
            {"character": ANNA, "background": RED},
            {
                "type": "avatar_video",
                "input": {
                    "type": "avatar",
                    "avatar_id": "Anna",
                    **SPOKEN,
                    **OLDER,
                    "background": {"type": "color", "color": "#ff0000"},
                },
            },
        ),
        (
            {"character": ANNA | IV, "background": {"type": "color"}},
            {
                "type": "avatar_video",
                "input": {
                    "type": "avatar",
                    "avatar_id": "Anna",
                    **SPOKEN,
                    **NEWER,
                    "background": {"type": "color", "color": "#FFFFFF"},
                },
            },
        ),
        (
            {"character": LOOK | IV | {"prompt": "wave"}, "voice": RECORDED},
            {
                "type": "avatar_video",
                "input": {
                    "type": "avatar",
                    "avatar_id": "p-1",
                    "audio_asset_id": "sound",
                    **NEWER,
                    "motion_prompt": "wave",
                },
            },
        ),
        (
            {"character": LOOK | {"prompt": "without effect in v2 either"}},
            {"type": "avatar_video", "input": {"type": "avatar", "avatar_id": "p-1", **SPOKEN, **OLDER}},
        ),
        (
            {"character": OWN | IV, "voice": {"type": "audio", "audio_url": "https://example.com/a.mp3"}},
            {
                "type": "avatar_video",
                "input": {"type": "image", "image": UPLOAD, "audio_url": "https://example.com/a.mp3"},
            },
        ),
        (
            {"voice": SILENT, "background": IMAGE},
            {"type": "image", "source": {"type": "url", "url": IMAGE["url"]}, "duration": 2.5},
        ),
        (
            {"voice": {"type": "silence"}, "background": {"type": "image", "image_asset_id": "i"}},
            {"type": "image", "source": {"type": "asset_id", "asset_id": "i"}, "duration": 1},
        ),
        (
            {"background": IMAGE | {"fit": "cover"}},
            {"type": "image", "source": {"type": "url", "url": IMAGE["url"]}, **SPOKEN},
        ),
        (
            {"background": CLIP},
            {
                "type": "video",
                "source": {"type": "asset_id", "asset_id": "clip"},
                "playback": {"mute": True},
                **SPOKEN,
            },
        ),
        (
            {"background": CLIP | {"play_style": "fit_to_scene"}, "voice": RECORDED},
            {
                "type": "video",
                "source": {"type": "asset_id", "asset_id": "clip"},
                "playback": {"mute": True, "mode": "fit_to_scene"},
                "audio_asset_id": "sound",
            },
        ),
    ],
)
def test_a_scene_of_several_is_said_in_the_words_of_v3(scene: Any, expected: Any) -> None:
    assert body("v3", film(scene, {"background": IMAGE}))["scenes"][0] == expected


def test_values_that_v3_has_anyway_are_left_out() -> None:
    plain = {"scale": 1.0, "offset": {"x": 0.0, "y": 0}, "matting": False, "use_avatar_iv_model": False}
    avatar = film({"character": ANNA | plain | {"avatar_style": "normal"}}, fps=25.0, test=False)
    assert body("v3", avatar) == body("v3", film({"character": ANNA}))
    photo = plain | {"talking_style": "stable", "expression": "default", "super_resolution": False}
    assert body("v3", film({"character": LOOK | photo})) == body("v3", film({"character": LOOK}))


def test_a_picture_behind_an_avatar_and_its_own_background_taken_away() -> None:
    scene = {"character": ANNA | {"matting": True}, "background": {"type": "image", "image_asset_id": "i"}}
    assert body("v3", film(scene), title="T", callback_id="c", callback_url="https://example.com") == {
        "type": "avatar",
        "avatar_id": "Anna",
        **SPOKEN,
        **OLDER,
        "background": {"type": "image", "asset_id": "i"},
        "remove_background": True,
        **HD,
        "title": "T",
        "callback_id": "c",
        "callback_url": "https://example.com",
    }


def test_a_colour_alone_is_spelt_otherwise_than_in_a_scene() -> None:
    assert body("v3", film({"character": OWN | IV, "background": RED})) == {
        "type": "image",
        "image": UPLOAD,
        **SPOKEN,
        "background": {"type": "color", "value": "#ff0000"},
        **HD,
    }


def test_a_transparent_film_names_its_format_and_no_background() -> None:
    cut_out = film({"character": ANNA | {"matting": True}}, video_format="webm")
    assert body("v3", cut_out) == {
        "type": "avatar",
        "avatar_id": "Anna",
        **SPOKEN,
        **OLDER,
        "output_format": "webm",
        **HD,
    }


def test_a_tuned_voice_keeps_its_settings() -> None:
    voice = SAID | {"speed": 1.2, "pitch": -3, "locale": "en-GB"}
    voice["elevenlabs_settings"] = {"model": "eleven_v3", "stability": 0.5}
    (scene,) = body("v3", film({"character": ANNA, "voice": voice}))["scenes"]
    assert scene["input"]["voice_settings"] == {
        "speed": 1.2,
        "pitch": -3,
        "locale": "en-GB",
        "engine_settings": {"engine_type": "elevenlabs", "model": "eleven_v3", "stability": 0.5},
    }


# --- settings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1280, 720), ("16:9", "720p")),
        ((1920, 1080), ("16:9", "1080p")),
        ((1080.0, 1920.0), ("9:16", "1080p")),
        ((720, 720), ("1:1", "720p")),
        ((1080, 1350), ("4:5", "1080p")),
        ((900, 720), ("5:4", "720p")),
        ((3840, 2160), ("16:9", "4k")),
    ],
)
def test_a_size_is_a_shape_and_a_resolution(size: tuple[float, float], expected: tuple[str, str]) -> None:
    made = body("v3", film({"character": ANNA}, dimension={"width": size[0], "height": size[1]}))
    assert (made["aspect_ratio"], made["resolution"]) == expected


@pytest.mark.parametrize(
    ("size", "hint"),
    [
        ((1280, 722), "write `dimension: 1280x720` or `dimension: 1920x1080`"),
        ((1000, 1000), "write `dimension: 1080x1080` or `dimension: 720x720`"),
        ((128, 4096), "write `dimension: 720x1280` or `dimension: 1080x1920`"),
    ],
)
def test_another_size_is_refused_with_the_nearest_that_there_are(size: tuple[int, int], hint: str) -> None:
    (found,) = losses_in("v3", film({"character": ANNA}, dimension={"width": size[0], "height": size[1]}))
    assert found.path == ("dimension",)
    assert found.message == (
        f"v3 makes no picture of {size[0]}x{size[1]}, only certain shapes in 720p, 1080p and 4k"
    )
    assert found.hint == hint


@pytest.mark.parametrize(
    ("settings", "caption"),
    [
        ({}, None),
        ({"caption": False}, None),
        ({"caption": True}, {"file_format": "srt", "style": "default"}),
        ({"caption_mode": "burn_in"}, {"file_format": "srt", "style": "default"}),
        ({"caption_mode": "file_only"}, {"file_format": "srt"}),
        ({"caption": True, "caption_mode": "file_only"}, {"file_format": "srt"}),
        ({"caption": False, "caption_mode": "burn_in"}, {"file_format": "srt", "style": "default"}),
    ],
)
def test_captions_are_a_file_and_drawn_where_they_are_in_v2(settings: Any, caption: Any) -> None:
    assert body("v3", film({"character": ANNA}, **settings)).get("caption") == caption


# --- what can't be said -------------------------------------------------------------------------------

WIDE = {"width": 3840, "height": 2160}
ERROR, WARNING = Severity.ERROR, Severity.WARNING


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        ({"character": ANNA | {"scale": 0.5}}, [("0.character.scale", ERROR)]),
        ({"character": ANNA | {"scale": 0}}, [("0.character.scale", ERROR)]),
        ({"character": ANNA | {"offset": {"x": 0.1}}}, [("0.character.offset", ERROR)]),
        ({"character": ANNA | {"avatar_style": "closeUp"}}, [("0.character.avatar_style", ERROR)]),
        (
            {"character": ANNA | {"avatar_style": "circle", "circle_background_color": "#ffffff"}},
            [("0.character.avatar_style", ERROR)],
        ),
        (
            {"character": LOOK | {"talking_photo_style": "circle"}},
            [("0.character.talking_photo_style", ERROR)],
        ),
        ({"character": LOOK | {"talking_style": "expressive"}}, [("0.character.talking_style", ERROR)]),
        ({"character": LOOK | {"expression": "happy"}}, [("0.character.expression", ERROR)]),
        ({"character": LOOK | {"super_resolution": True}}, [("0.character.super_resolution", WARNING)]),
        ({"character": LOOK | {"keep_original_prompt": True, "prompt": "wave"}}, []),
        (
            {"character": LOOK | IV | {"keep_original_prompt": True, "prompt": "wave"}},
            [("0.character.keep_original_prompt", WARNING)],
        ),
        ({"character": OWN}, [("0.character.talking_photo_id", ERROR)]),
        ({"character": ANNA, "voice": SAID | {"emotion": "Excited"}}, [("0.voice.emotion", ERROR)]),
        ({"character": ANNA, "voice": SILENT}, [("0.voice", ERROR)]),
        (
            {
                "character": ANNA,
                "voice": SAID | {"elevenlabs_settings": {"model": "eleven_turbo_v2"}},
            },
            [("0.voice.elevenlabs_settings.model", ERROR)],
        ),
        ({"character": ANNA, "background": CLIP}, [("0.background", ERROR)]),
        ({"character": ANNA, "background": IMAGE | {"fit": "contain"}}, [("0.background.fit", ERROR)]),
        ({"background": IMAGE | {"fit": "none"}}, [("0.background.fit", ERROR)]),
        ({"background": CLIP | {"fit": "crop"}}, [("0.background.fit", ERROR)]),
        ({"background": CLIP | {"play_style": "once"}}, [("0.background.play_style", ERROR)]),
        ({"background": CLIP, "voice": SILENT}, [("0.voice", ERROR)]),
        ({"background": RED}, [("0.background", ERROR)]),
        ({}, [("0", ERROR)]),
        (
            {"character": ANNA, "text": {"type": "text", "text": "T", "line_height": 1}},
            [("0.text", ERROR)],
        ),
    ],
)
def test_what_v3_has_no_words_for_is_found_where_it_is_written(scene: Any, expected: Any) -> None:
    assert losses(film(scene)) == expected


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        ({"character": ANNA, "background": IMAGE}, "1.background"),
        ({"character": ANNA | {"matting": True}}, "1.character.matting"),
        ({"character": OWN | IV, "background": RED}, "1.background"),
    ],
)
def test_what_only_a_video_of_one_scene_has_is_refused_among_several(scene: Any, expected: str) -> None:
    assert losses(film({"character": ANNA}, scene)) == [(expected, ERROR)]
    assert losses(film(scene)) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"fps": 30}, [("fps", ERROR)]),
        ({"test": True}, [("test", ERROR)]),
        ({"enable_watermark": True}, [("enable_watermark", ERROR)]),
        ({"subtitles": {"preset_name": "bold"}, "caption": True}, [("subtitles", ERROR)]),
    ],
)
def test_settings_that_v3_lacks(settings: Any, expected: Any) -> None:
    assert losses(film({"character": ANNA}, **settings)) == expected


def test_a_folder_is_not_seen_in_the_film_so_losing_it_stops_nothing() -> None:
    lowered = lower("v3", film({"character": ANNA}), {"folder_id": "f", "title": "T"})
    assert [(one.path, one.severity) for one in lowered.findings] == [(("folder_id",), WARNING)]
    assert lowered.payload == body("v3", film({"character": ANNA}), title="T")


def test_4k_depends_on_the_model() -> None:
    assert losses(film({"character": ANNA}, dimension=WIDE)) == []
    assert losses(film({"character": LOOK}, dimension=WIDE)) == [("dimension", ERROR)]
    assert losses(film({"character": ANNA | IV}, dimension=WIDE)) == [("dimension", WARNING)]


def test_a_transparent_film_of_two_scenes_is_refused() -> None:
    found = losses(film({"character": ANNA}, {"character": ANNA}, video_format="webm"))
    assert found == [("video_inputs", ERROR)]


def test_a_loss_reads_as_if_a_colleague_had_written_it() -> None:
    wrong = film({"character": ANNA | {"scale": 0.5}, "voice": SAID | {"emotion": "Soothing"}}, test=True)
    assert [(one.message, one.hint) for one in losses_in("v3", wrong)] == [
        (
            "v3 has no `test`: every video is paid for, and carries no test's watermark",
            "leave `test` out; `specfile build --local` tries a film without cost",
        ),
        (
            "v3 has no `emotion`: a voice speaks in its own mood",
            "leave `emotion` out; some voices come in several moods, each with an id of its own",
        ),
        ("v3 has no `scale`: the service sizes the character itself", "leave `scale` out"),
    ]


# --- laws ---------------------------------------------------------------------------------------------

SAYABLE: tuple[Payload, ...] = (
    {
        "video_inputs": [
            {"character": ANNA, "voice": V2["video_inputs"][0]["voice"], "background": RED},
            {"character": LOOK | IV | {"prompt": "wave", "talking_style": "stable"}, "voice": RECORDED},
            {"voice": SILENT, "background": IMAGE},
            {"voice": SAID, "background": CLIP | {"play_style": "loop", "fit": "cover"}},
        ],
        "dimension": {"width": 1080, "height": 1920},
        "caption": True,
        "title": "T",
    },
    {
        "video_inputs": [{"character": ANNA | {"matting": True}, "voice": SAID, "background": IMAGE}],
        "fps": 25,
        "callback_id": "c",
    },
    {"video_inputs": [{"character": OWN | IV, "voice": RECORDED, "background": RED}]},
)


def test_whatever_is_lowered_without_an_error_is_a_valid_request() -> None:
    seen: Counter[str] = Counter()
    scenes = st.lists(instances("v2", "scene"), min_size=1, max_size=2)

    @settings(max_examples=800, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        valid = data.draw(st.sampled_from(SAYABLE))
        payload = edited(valid, data.draw(edits(valid))[:1])
        if data.draw(st.integers(0, 3)) == 0:
            payload = valid | {"video_inputs": data.draw(scenes)}
        if not is_valid("v2", payload):
            return
        film, metadata = film_of(payload)
        lowered = lower("v3", film, metadata)
        refused = any(one.severity is Severity.ERROR for one in lowered.findings)
        assert refused == (lowered.payload is None)
        assert lowered.payload is None or violations("v3", lowered.payload) == ()
        seen["refused" if lowered.payload is None else lowered.payload["type"]] += 1

    check()
    assert min(seen[kind] for kind in ("refused", "studio", "avatar", "image")) > 3, seen


# --- from a spec --------------------------------------------------------------------------------------

HEAD = "defaults: {avatar: Anna, voice: v, background: '#000000'}\n"
SCENES = "dimension: 720p\nscenes: [{say: Hello}, {say: Again, voice: {speed: 1.2}}]\n"


def test_a_spec_names_the_api_and_the_digest_stays(folder: Folder) -> None:
    (older,) = folder.videos(HEAD + SCENES)
    (newer,) = folder.videos("api: v3\n" + HEAD + SCENES)
    assert (newer.request.api, newer.request.endpoint) == ("v3", "/v3/videos")
    assert newer.request.payload["type"] == "studio"
    assert violations("v3", newer.request.payload) == ()
    assert (newer.digest, newer.film, newer.seconds) == (older.digest, older.film, older.seconds)


@given(
    st.lists(st.sampled_from(["Hello", "Good day"]), min_size=1, max_size=3),
    st.sampled_from(["720p", "square"]),
)
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
def test_no_film_has_another_digest_for_its_api(texts: list[str], size: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "spec.yaml")
        scenes = [{"say": text} for text in texts]
        spec = {"specfile": 1, "dimension": size, "defaults": {"avatar": "A", "voice": "V"}, "scenes": scenes}
        path.write_text(json.dumps(spec), encoding="utf-8")
        (older,) = specfile.load(path, api="v2").compile()
        (newer,) = specfile.load(path, api="v3").compile()
    assert newer.digest == older.digest
    assert newer.request.endpoint != older.request.endpoint


def test_a_film_that_v2_takes_is_refused_for_what_v3_lacks_and_for_nothing_else() -> None:
    """Whatever rule is about one dialect, a report of a move must not stop at a rule of the other."""
    seen: Counter[bool] = Counter()
    drawn = st.lists(instances("v2", "scene"), min_size=1, max_size=2)

    @settings(max_examples=500, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        valid = data.draw(st.sampled_from(SAYABLE))
        payload = edited(valid, data.draw(edits(valid))[:1])
        form: VideoFormat = data.draw(st.sampled_from(["mp4", "mp4", "webm"]))
        if form == "webm":
            payload = {
                "video_inputs": [{"character": ANNA, "voice": data.draw(instances("v2", "scene.voice"))}]
            }
        elif data.draw(st.integers(0, 3)) == 0:
            payload = valid | {"video_inputs": data.draw(drawn)}
        if not is_valid("v2", payload) or refused(Subject(payload, "v2", form)):
            return
        assert not refused(Subject(payload, "v3", form))
        film, metadata = film_of(payload, form)
        seen[lower("v3", film, metadata).payload is None] += 1

    check()
    assert min(seen[one] for one in (True, False)) > 20, seen


def refused(subject: Subject) -> set[str]:
    """The rules that are broken."""
    return {rule.code for rule in RULES if rule.severity is ERROR and list(rule.check(subject))}


def test_an_api_from_outside_wins_over_the_spec(folder: Folder) -> None:
    path = folder.write("spec.yaml", f"specfile: 1\napi: v3\ntest: true\n{HEAD}{SCENES}")
    assert [one.code for one in specfile.load(path).check()] == ["not-in-v3"]
    assert specfile.load(path, api="v2").check() == ()
    (video,) = specfile.load(path, api="v2").compile()
    assert video.request.endpoint == "/v2/video/generate"


def test_a_local_photo_is_uploaded_as_a_picture_like_any_other(folder: Folder) -> None:
    picture = (ROOT / "specs-examples" / "images" / "me.jpg").read_bytes()
    folder.write("me.jpg", picture)
    scene = "  - say: Hello\n    photo: ./me.jpg\n    character: {use_avatar_iv_model: true}\n"
    text = f"defaults: {{voice: v}}\nscenes:\n{scene}  - say: Again\n    background: me.jpg\n"
    (older,) = folder.videos(text)
    (newer,) = folder.videos("api: v3\n" + text)
    assert [asset.kind for asset in older.request.assets] == ["image", "talking_photo"]
    assert [asset.kind for asset in newer.request.assets] == ["image"]
    upload = {"type": "asset_id", "asset_id": newer.request.assets[0].placeholder}
    first, second = newer.request.payload["scenes"]
    assert (first["input"]["image"], second["source"]) == (upload, upload)
    assert newer.digest == older.digest


def test_what_v3_lacks_is_found_once_in_the_row_that_wrote_it(folder: Folder) -> None:
    folder.write("people.csv", "id,size\n1,1\n2,0.5\n3,1\n")
    text = (
        "api: v3\ndata: people.csv\nkey: '{{ id }}'\nvariables: {size: {type: number}}\n"
        "defaults: {voice: v}\nscenes:\n- say: Hello\n"
        "  character: {type: avatar, avatar_id: A, scale: '{{ size }}'}\n"
    )
    found = folder.problem(text)
    assert (found.code, found.path) == ("not-in-v3", "scenes[0].character.scale")
    assert found.cell is not None
    assert (found.cell.row, found.cell.column, found.value) == (2, "size", None)


def test_the_rules_of_v2_come_first(folder: Folder) -> None:
    found = folder.problems(f"api: v3\ntest: true\n{HEAD}scenes:\n- say: Hello\n  voice: {{speed: 3}}\n")
    assert [one.code for one in found] == ["out-of-range"]


@pytest.mark.parametrize(
    "film",
    [
        film({"character": ANNA, "background": RED}, {"character": LOOK | IV | {"prompt": "wave"}}),
        film({"background": IMAGE, "voice": SILENT}, {"background": CLIP | {"play_style": "loop"}}),
        film({"character": ANNA, "voice": SAID | {"speed": 1.2, "pitch": -3}}, caption=True),
        film({"character": ANNA}, dimension={"width": 1080, "height": 1350}),
        film({"character": ANNA | {"matting": True}, "background": IMAGE}),
    ],
)
def test_a_request_of_v3_that_is_imported_compiles_to_itself(film: Film, folder: Folder) -> None:
    written = body("v3", film, title="T")
    spec = import_request(json.dumps(written), "request.json").spec
    (video,) = specfile.load(folder.write("spec.yaml", spec)).compile()
    assert video.request.payload == written


def test_the_page_about_dialects_tells_what_each_kind_of_request_says() -> None:
    page = (ROOT / "docs" / "dialects.md").read_text(encoding="utf-8")
    head, _, *rows = page.split("## Which kind of v3 request")[1].split("\n\n")[2].split("\n")
    kinds = [cell.strip(" `") for cell in head.strip("|").split("|")][1:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    said = {kind: {row[0] for row in cells if row[number] == "yes"} for number, kind in enumerate(kinds, 1)}
    assert said == KINDS
