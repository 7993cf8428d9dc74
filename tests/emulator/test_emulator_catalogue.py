"""What can be filmed and heard: the catalogue in both APIs, and what its looks and voices refuse."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.emulator.catalogue import ENGINES, load_catalogue
from specfile.emulator.voice_samples import VoiceSamples, introduction, tone
from tests.emulator.support import BODY, KEY, copy_clip

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
CLARA = "5e1f0c1d7a9b4c0f8d2e6b3a41c7f901"
EDWARD = "a07d3b52e1964f5c9c48d1f60b7e2a13"
LENA = "7f2d9a40b1c34e5f8a6d0c3b92e715f4"

CATALOGUE = load_catalogue()
GROUPS = {group.name: group for group in CATALOGUE.groups.values()}
VOICES = {voice.name: voice for voice in CATALOGUE.voices.values()}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as running:
        yield running.url


@pytest.fixture
def fresh() -> Iterator[str]:
    with Emulator(EmulatorSettings(progress=AT_ONCE), renderer=copy_clip) as running:
        yield running.url


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    settings = EmulatorSettings(progress=AT_ONCE, strict_ids=True, concurrent=99)
    with Emulator(settings, renderer=copy_clip) as running:
        yield running.url


def get(address: str, **query: str | int) -> Any:
    answer = requests.get(address, headers=KEY, params=query, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def upload_photo(url: str) -> str:
    headers = {**KEY, "Content-Type": "image/png"}
    answer = requests.post(f"{url}/v1/talking_photo", data=PNG, headers=headers, timeout=10)
    photo_id: str = answer.json()["data"]["talking_photo_id"]
    return photo_id


# --- the catalogue itself -----------------------------------------------------------------------------


def test_ids_are_used_once_and_point_to_something() -> None:
    looks = [look for group in CATALOGUE.groups.values() for look in group.looks]
    ids = [*CATALOGUE.groups, *(look.id for look in looks), *CATALOGUE.voices]
    assert len(ids) == len(set(ids))
    assert len(looks) == len(CATALOGUE.avatars) + len(CATALOGUE.photos)
    assert {look.default_voice_id for look in looks} <= {None, *CATALOGUE.voices}
    assert all(look.engines and set(look.engines) <= set(ENGINES) for look in looks)
    assert {
        group.name for group in CATALOGUE.groups.values() if len({x.type for x in group.looks}) > 1
    } == set()


def test_it_has_one_of_each_kind_that_clients_must_cope_with() -> None:
    avatars = CATALOGUE.avatars.values()
    assert {look.engines for look in avatars} >= {
        ("avatar_iii",),
        ("avatar_iii", "avatar_iv"),
        ("avatar_iv", "avatar_v"),
        ENGINES,
    }
    assert {look.orientation for look in avatars} == {"landscape", "portrait", "square"}
    assert {look.status for look in avatars} == {"completed", "processing"}
    assert {look.type for look in avatars} == {"studio_avatar", "digital_twin"}
    assert [look.name for look in avatars if look.default_voice_id is None and look.listed] == [
        "Emil in the library"
    ]
    assert {(voice.public, voice.listed, voice.expired) for voice in CATALOGUE.voices.values()} == {
        (True, True, False),
        (False, True, False),
        (False, False, False),
        (False, False, True),
    }


# --- the older API ------------------------------------------------------------------------------------


def test_avatars_are_listed_whole(url: str) -> None:
    data = get(f"{url}/v2/avatars")["data"]
    assert data["avatars"][0] == {
        "avatar_id": "Mara_office_front",
        "avatar_name": "Mara in the office",
        "gender": "female",
        "preview_image_url": f"{url}/portraits/Mara_office_front.svg",
        "preview_video_url": f"{url}/clip.mp4",
        "premium": False,
        "type": None,
        "tags": ["AVATAR_IV"],
        "default_voice_id": CLARA,
    }
    assert data["talking_photos"][0] == {
        "talking_photo_id": LENA,
        "talking_photo_name": "Portrait of Lena",
        "preview_image_url": f"{url}/portraits/{LENA}.svg",
    }


def test_the_list_lacks_newer_avatars_and_those_in_training(url: str) -> None:
    listed = {avatar["avatar_id"] for avatar in get(f"{url}/v2/avatars")["data"]["avatars"]}
    missing = [look.name for look in CATALOGUE.avatars.values() if look.id not in listed]
    assert missing == ["Emil on the terrace", "Nora on stage"]
    details = get(f"{url}/v2/avatar/Emil_terrace_front/details")["data"]
    assert details["name"] == "Emil on the terrace"


def test_an_avatar_has_details_with_its_default_voice(url: str) -> None:
    assert get(f"{url}/v2/avatar/Tobias_studio_side/details") == {
        "error": None,
        "data": {
            "type": "avatar",
            "id": "Tobias_studio_side",
            "name": "Tobias in the studio",
            "gender": "male",
            "preview_image_url": f"{url}/portraits/Tobias_studio_side.svg",
            "preview_video_url": f"{url}/clip.mp4",
            "premium": False,
            "is_public": True,
            "default_voice_id": EDWARD,
            "tags": ["AVATAR_IV", "NEW"],
        },
    }


def test_groups_are_the_accounts_own_unless_the_public_ones_are_asked_for(url: str) -> None:
    own = get(f"{url}/v2/avatar_group.list")["data"]
    every = get(f"{url}/v2/avatar_group.list", include_public="true")["data"]
    assert [group["name"] for group in own["avatar_group_list"]] == ["Nora", "Lena", "Omar", "Viktor"]
    assert every["total_count"] == len(every["avatar_group_list"]) == len(CATALOGUE.groups)
    assert own["total_count"] == 4
    assert own["avatar_group_list"][1] == {
        "id": GROUPS["Lena"].id,
        "name": "Lena",
        "created_at": 1746057600,
        "num_looks": 3,
        "preview_image": f"{url}/portraits/{LENA}.svg",
        "group_type": "PHOTO",
        "train_status": "ready",
        "default_voice_id": CLARA,
    }


def test_a_group_of_photos_has_looks(url: str) -> None:
    looks = get(f"{url}/v2/avatar_group/{GROUPS['Lena'].id}/avatars")["data"]["avatar_list"]
    assert [look["name"] for look in looks] == ["Portrait of Lena", "Lena in the rain", "Lena at the lectern"]
    assert looks[0] == {
        "id": LENA,
        "name": "Portrait of Lena",
        "image_url": f"{url}/portraits/{LENA}.svg",
        "created_at": 1746057600,
        "status": "completed",
        "group_id": GROUPS["Lena"].id,
        "is_motion": False,
        "motion_preview_url": None,
        "business_type": "generated",
        "upscaled": False,
        "upscale_availability": {"available": False, "reason": "The emulator doesn't upscale"},
        "background_sound_effect": None,
        "moderation_msg": None,
        "default_voice_id": CLARA,
    }


def test_a_group_of_avatars_names_them_as_both_generations_of_clients_ask(url: str) -> None:
    looks = get(f"{url}/v2/avatar_group/{GROUPS['Ines'].id}/avatars")["data"]["avatar_list"]
    assert [(look["id"], look["avatar_id"], look["name"], look["avatar_name"]) for look in looks] == [
        ("Ines_lobby_front", "Ines_lobby_front", "Ines in the lobby", "Ines in the lobby")
    ]


def test_voices_and_locales_are_listed(url: str) -> None:
    voices = get(f"{url}/v2/voices")["data"]["voices"]
    locales = get(f"{url}/v2/voices/locales")["data"]["locales"]
    assert voices[1] == {
        "voice_id": EDWARD,
        "language": "English",
        "gender": "male",
        "name": "Edward",
        "preview_audio": f"{url}/voices/{EDWARD}.wav",
        "support_pause": True,
        "emotion_support": False,
        "support_interactive_avatar": False,
        "support_locale": True,
    }
    assert locales[0] == {
        "locale": "en-US",
        "language": "English",
        "label": "English (United States)",
        "language_code": "en",
    }


def test_the_older_quota_says_what_is_left_and_what_is_spent(fresh: str) -> None:
    requests.post(f"{fresh}/v2/video/generate", json=BODY, headers=KEY, timeout=10)
    data = get(f"{fresh}/v1/video_generate.quota")["data"]
    assert data == {"remaining_quota": 600_000 - 1, "used_quota": 1}


def test_an_uploaded_photo_is_in_every_list_of_photos(fresh: str) -> None:
    older, photo = upload_photo(fresh), upload_photo(fresh)
    picture = f"{fresh}/assets/{photo}"
    group = get(f"{fresh}/v2/avatar_group.list")["data"]["avatar_group_list"][0]
    look = get(f"{fresh}/v2/avatar_group/{group['id']}/avatars")["data"]["avatar_list"][0]
    assert (group["name"], group["group_type"], group["num_looks"]) == (photo, "PHOTO", 1)
    assert (look["id"], look["image_url"], look["business_type"]) == (photo, picture, "uploaded")
    assert get(f"{fresh}/v1/talking_photo.list")["data"][:2] == [
        {"id": one, "circle_image": address, "image_url": address, "is_preset": False}
        for one, address in ((photo, picture), (older, f"{fresh}/assets/{older}"))
    ]
    assert get(f"{fresh}/v2/avatars")["data"]["talking_photos"][0]["talking_photo_id"] == photo
    assert get(f"{fresh}/v2/avatar/{photo}/details")["data"]["type"] == "talking_photo"
    assert get(f"{fresh}/v3/avatars/looks/{photo}")["data"]["group_id"] == group["id"]
    assert get(f"{fresh}/v3/avatars/{group['id']}")["data"]["looks_count"] == 1
    body = {"type": "avatar", "avatar_id": photo, "script": "Hi", "voice_id": "v"}
    assert requests.post(f"{fresh}/v3/videos", json=body, headers=KEY, timeout=10).status_code == 200


# --- v3 -----------------------------------------------------------------------------------------------


def test_a_group_and_a_look_of_v3(url: str) -> None:
    mara = GROUPS["Mara"]
    assert get(f"{url}/v3/avatars/{mara.id}") == {
        "data": {
            "id": mara.id,
            "name": "Mara",
            "created_at": 1709251200,
            "looks_count": 3,
            "gender": "female",
            "default_voice_id": CLARA,
            "preview_image_url": f"{url}/portraits/Mara_office_front.svg",
            "preview_video_url": f"{url}/clip.mp4",
            "consent_status": None,
        }
    }
    assert get(f"{url}/v3/avatars/looks/Mara_kitchen_upright") == {
        "data": {
            "id": "Mara_kitchen_upright",
            "name": "Mara in the kitchen",
            "avatar_type": "studio_avatar",
            "group_id": mara.id,
            "gender": "female",
            "default_voice_id": CLARA,
            "image_width": 1080,
            "image_height": 1920,
            "preferred_orientation": "portrait",
            "preview_image_url": f"{url}/portraits/Mara_kitchen_upright.svg",
            "preview_video_url": f"{url}/clip.mp4",
            "status": "completed",
            "supported_api_engines": ["avatar_iii", "avatar_iv"],
            "tags": ["AVATAR_IV"],
            "error": None,
        }
    }


def test_looks_are_filtered(url: str) -> None:
    def names(**query: str) -> list[str]:
        return [look["name"] for look in get(f"{url}/v3/avatars/looks", limit=50, **query)["data"]]

    assert names(group_id=GROUPS["Tobias"].id) == ["Tobias in the studio", "Tobias in the workshop"]
    assert names(avatar_type="digital_twin") == ["Nora at home", "Nora on stage"]
    assert names(ownership="public", avatar_type="photo_avatar") == [
        "Rosa at the market",
        "Rosa in the library",
    ]
    assert names(group_id="no-such-group") == []
    assert len(names()) == len(CATALOGUE.avatars) + len(CATALOGUE.photos)


def test_groups_of_v3_are_filtered(url: str) -> None:
    groups = get(f"{url}/v3/avatars", ownership="private")["data"]
    assert [group["name"] for group in groups] == ["Nora", "Lena", "Omar", "Viktor"]


def test_looks_come_in_pages(url: str) -> None:
    names: list[str] = []
    page: dict[str, Any] = {"next_token": "", "has_more": True}
    while page["has_more"]:
        page = get(f"{url}/v3/avatars/looks", limit=5, token=page["next_token"])
        names += [look["name"] for look in page["data"]]
    assert page["next_token"] is None
    assert names == [look.name for group in CATALOGUE.groups.values() for look in group.looks]


def test_voices_of_v3_are_filtered(url: str) -> None:
    def names(**query: str) -> list[str]:
        return [voice["name"] for voice in get(f"{url}/v3/voices", **query)["data"]]

    assert names(engine="fish") == ["Giulia", "Marek"]
    assert names(language="german") == ["Friedrich"]
    assert names(type="private") == ["Nora (clone)"]
    assert names(gender="male", language="English") == ["Edward", "Samuel"]
    assert len(names()) == len([voice for voice in CATALOGUE.voices.values() if voice.listed]) == 15


def test_a_voice_of_v3_is_known_by_id_even_where_the_list_lacks_it(url: str) -> None:
    take, gregor = VOICES["Studio take 3"], VOICES["Gregor (clone)"]
    common = {
        "language": "German",
        "type": "private",
        "support_locale": False,
        "support_interactive_avatar": False,
        "created_at": None,
    }
    assert get(f"{url}/v3/voices/{take.id}")["data"] == {
        **common,
        "voice_id": take.id,
        "name": "Studio take 3",
        "gender": "female",
        "preview_audio_url": f"{url}/voices/{take.id}.wav",
        "support_pause": False,
        "status": "complete",
        "failure_message": None,
    }
    assert get(f"{url}/v3/voices/{gregor.id}")["data"] == {
        **common,
        "voice_id": gregor.id,
        "name": "Gregor (clone)",
        "gender": "male",
        "preview_audio_url": None,
        "support_pause": True,
        "status": "failed",
        "failure_message": "Voice is expired",
    }


def test_the_key_may_do_everything(url: str) -> None:
    data = get(f"{url}/v3/api_keys/self")["data"]
    assert (data["key_id"], data["status"], data["scope_mode"]) == ("emulated-key", "active", "full")


REFUSED_QUERIES = [
    ("/v3/avatars?limit=51", "limit", "Input should be between 1 and 50"),
    ("/v3/avatars/looks?limit=51", "limit", "Input should be between 1 and 50"),
    ("/v3/avatars/looks?limit=0", "limit", "Input should be between 1 and 50"),
    ("/v3/voices?limit=101", "limit", "Input should be between 1 and 100"),
    ("/v3/voices?token=x", "token", "Input should be a valid token"),
    ("/v3/voices?token=ZnJvbSAx%20", "token", "Input should be a valid token"),
    ("/v3/voices?type=mine", "type", "Input should be 'public' or 'private'"),
    (
        "/v3/avatars/looks?avatar_type=avatar",
        "avatar_type",
        "Input should be 'studio_avatar' or 'digital_twin' or 'photo_avatar'",
    ),
]


@pytest.mark.parametrize(("path", "param", "problem"), REFUSED_QUERIES)
def test_a_query_that_v3_refuses(url: str, path: str, param: str, problem: str) -> None:
    answer = requests.get(url + path, headers=KEY, timeout=10)
    error = {
        "code": "invalid_parameter",
        "message": f"{param} is invalid: {problem}",
        "param": param,
        "doc_url": None,
    }
    assert (answer.status_code, answer.json()) == (400, {"error": error})


# --- ids ----------------------------------------------------------------------------------------------

MARA_GROUP = GROUPS["Mara"].id
GONE = "Avatar {} not found or no longer available."
UNKNOWN = [
    (f"/v2/avatar/{MARA_GROUP}/details", 400, "avatar_not_found", GONE.format(MARA_GROUP)),
    (f"/v3/avatars/looks/{MARA_GROUP}", 404, "avatar_not_found", GONE.format(MARA_GROUP)),
    ("/v3/avatars/Mara_office_front", 404, "avatar_not_found", GONE.format("Mara_office_front")),
    ("/v3/voices/nobody", 404, "voice_not_found", "Voice nobody not found."),
    ("/v2/avatar_group/nobody/avatars", 400, "internal_error", "Avatar looks not found."),
]


@pytest.mark.parametrize(("path", "status", "code", "message"), UNKNOWN)
def test_strict_ids_are_those_of_the_catalogue(
    strict: str, path: str, status: int, code: str, message: str
) -> None:
    answer = requests.get(strict + path, headers=KEY, timeout=10)
    error = {"code": code, "message": message}
    body = {"error": error} if path.startswith("/v3") else {"data": None, "error": error}
    assert (answer.status_code, answer.json()) == (status, body)


def test_other_ids_stand_for_avatars_and_voices_that_can_do_everything(url: str) -> None:
    look = get(f"{url}/v3/avatars/looks/Whoever")["data"]
    voice = get(f"{url}/v3/voices/whoever")["data"]
    assert (look["name"], look["supported_api_engines"]) == ("Whoever", list(ENGINES))
    assert (voice["name"], voice["preview_audio_url"]) == ("whoever", None)


@pytest.mark.parametrize("avatar_id", [LENA, MARA_GROUP], ids=["a photo", "a group"])
def test_what_is_no_avatar_is_refused_as_one_with_strict_ids(strict: str, avatar_id: str) -> None:
    assert sent_v2(strict, {"type": "avatar", "avatar_id": avatar_id}) == (
        400,
        "avatar_not_found",
        GONE.format(avatar_id),
    )


def test_a_photo_is_named_as_any_look_in_v3(strict: str) -> None:
    assert sent_v3(strict, avatar_id=upload_photo(strict), voice_id=CLARA) == (200, None, None)


# --- what looks and voices refuse ---------------------------------------------------------------------


def sent_v2(url: str, character: dict[str, Any], voice_id: str = CLARA) -> tuple[int, str | None, str | None]:
    voice = {"type": "text", "voice_id": voice_id, "input_text": "Hello"}
    body = {**BODY, "video_inputs": [{"character": character, "voice": voice}]}
    return refusal(requests.post(f"{url}/v2/video/generate", json=body, headers=KEY, timeout=10))


def sent_v3(url: str, **fields: Any) -> tuple[int, str | None, str | None]:
    body = {"type": "avatar", "script": "Hello", "resolution": "720p", **fields}
    return refusal(requests.post(f"{url}/v3/videos", json=body, headers=KEY, timeout=10))


def refusal(answer: requests.Response) -> tuple[int, str | None, str | None]:
    error = answer.json().get("error") or {"code": None, "message": None}
    return answer.status_code, error["code"], error["message"]


NO_IV = "This video avatar does not support Avatar IV video generation."
STAGE = next(look.id for look in CATALOGUE.avatars.values() if look.status == "processing")
GREGOR = VOICES["Gregor (clone)"].id


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"avatar_id": "Mara_garden_front"}, (400, "invalid_parameter", NO_IV)),
        ({"avatar_id": "Mara_garden_front", "engine": {"type": "avatar_iii"}}, (200, None, None)),
        (
            {"avatar_id": "Tobias_workshop_front", "engine": {"type": "avatar_iii"}},
            (400, "invalid_parameter", NO_IV.replace("IV", "III")),
        ),
        ({"avatar_id": "Tobias_workshop_front"}, (200, None, None)),
        (
            {"avatar_id": STAGE},
            (409, "resource_not_ready", f"Avatar {STAGE} is still being processed."),
        ),
        (
            {"avatar_id": "Emil_library_front"},
            (
                400,
                "invalid_parameter",
                "voice_id is invalid: Field required: this avatar has no default voice",
            ),
        ),
        ({"avatar_id": "Emil_library_front", "voice_id": CLARA}, (200, None, None)),
        (
            {"avatar_id": "Mara_office_front", "voice_id": GREGOR},
            (403, "voice_not_usable", "Voice is expired"),
        ),
    ],
)
def test_what_v3_refuses_of_a_look(
    strict: str, fields: dict[str, Any], outcome: tuple[int, str | None, str | None]
) -> None:
    assert sent_v3(strict, **fields) == outcome


def test_a_scene_is_refused_like_a_standalone_avatar(url: str) -> None:
    person = {"type": "avatar", "avatar_id": "Yuki_window_side", "script": "Hello"}
    body = {"type": "studio", "scenes": [{"type": "avatar_video", "input": person}]}
    answer = requests.post(f"{url}/v3/videos", json=body, headers=KEY, timeout=10)
    assert refusal(answer) == (400, "invalid_parameter", NO_IV)


UNLIMITED = (
    "This avatar does not support unlimited mode."
    " Please use a different avatar, or use Avatar IV or Avatar V."
)


@pytest.mark.parametrize(
    ("avatar_id", "fields", "outcome"),
    [
        ("Tobias_workshop_front", {}, (400, "internal_error", UNLIMITED)),
        ("Tobias_workshop_front", {"use_avatar_iv_model": True}, (200, None, None)),
        ("Mara_garden_front", {}, (200, None, None)),
        ("Mara_garden_front", {"use_avatar_iv_model": True}, (400, "invalid_parameter", NO_IV)),
        (STAGE, {}, (400, "avatar_not_found", GONE.format(STAGE))),
    ],
)
def test_what_the_older_api_refuses_of_an_avatar(
    url: str, avatar_id: str, fields: dict[str, Any], outcome: tuple[int, str | None, str | None]
) -> None:
    assert sent_v2(url, {"type": "avatar", "avatar_id": avatar_id, **fields}) == outcome


def test_an_expired_voice_is_refused(url: str) -> None:
    avatar = {"type": "avatar", "avatar_id": "Mara_office_front"}
    assert sent_v2(url, avatar, GREGOR) == (400, "invalid_parameter", "Voice is expired")


# --- what is seen and heard ---------------------------------------------------------------------------


def test_every_picture_and_clip_is_served_without_a_key(url: str) -> None:
    looks = get(f"{url}/v3/avatars/looks", limit=50)["data"]
    pictures = {requests.get(look["preview_image_url"], timeout=10).text for look in looks}
    assert len(pictures) == len(looks)
    assert all(picture.startswith("<svg ") for picture in pictures)
    clip = requests.get(f"{url}/clip.mp4", timeout=10)
    assert (clip.status_code, clip.headers["Content-Type"]) == (200, "video/mp4")


@pytest.mark.parametrize(
    ("look_id", "size"),
    [
        ("Mara_office_front", 'viewBox="0 0 320 180" width="960" height="540"'),
        ("Mara_kitchen_upright", 'viewBox="109 0 102 180" width="306" height="540"'),
        ("Farida_clinic_square", 'viewBox="70 0 180 180" width="540" height="540"'),
    ],
)
def test_a_picture_stands_as_its_look_does(url: str, look_id: str, size: str) -> None:
    assert size in requests.get(f"{url}/portraits/{look_id}.svg", timeout=10).text


def length(audio: bytes) -> float:
    with wave.open(io.BytesIO(audio)) as reader:
        return float(reader.getnframes() / reader.getframerate())


def test_a_voice_introduces_itself(url: str) -> None:
    pytest.importorskip("espeakng_loader")
    voice = get(f"{url}/v2/voices")["data"]["voices"][0]
    first, again = (requests.get(voice["preview_audio"], timeout=60) for _ in range(2))
    assert (first.status_code, first.headers["Content-Type"]) == (200, "audio/wav")
    assert first.content == again.content
    assert 1.5 < length(first.content) < 6


def test_a_voice_says_what_it_is_given(url: str) -> None:
    pytest.importorskip("espeakng_loader")
    answer = requests.post(
        f"{url}/v2/voices/{CLARA}/preview", json={"text": "Yes."}, headers=KEY, timeout=60
    ).json()["data"]
    assert answer["voice_id"] == CLARA
    sample = requests.get(answer["audio_url"], timeout=10)
    assert (sample.status_code, sample.headers["Content-Type"]) == (200, "audio/wav")
    assert length(sample.content) < 1.5


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"text": ""}', b'{"text": 1}'])
def test_a_preview_of_nothing_that_can_be_said_is_refused(url: str, body: bytes) -> None:
    answer = requests.post(f"{url}/v2/voices/{CLARA}/preview", data=body, headers=KEY, timeout=10)
    assert refusal(answer) == (
        400,
        "invalid_parameter",
        "text is invalid: String should have 1 to 300 characters",
    )


@pytest.mark.parametrize("path", ["/voices/nobody.wav", "/samples/none.wav", f"/samples/{'0' * 32}.wav"])
def test_there_is_nothing_to_hear_of_others(url: str, path: str) -> None:
    assert requests.get(url + path, timeout=10).status_code == 404


def test_without_the_preview_a_sample_is_a_tone_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(__import__("sys").modules, "specfile.preview.speech.speaker", raising=False)
    monkeypatch.setitem(__import__("sys").modules, "espeakng_loader", None)
    samples = VoiceSamples(tmp_path / "samples")
    path = samples.path(samples.make(VOICES["Clara"]))
    assert path is not None
    audio = path.read_bytes()
    assert audio == tone(CLARA) != tone(EDWARD)
    assert length(audio) == 0.6
    assert b"A tone, not a voice" in audio


def test_voices_introduce_themselves_in_their_language() -> None:
    assert introduction(VOICES["Friedrich"]) == "Guten Tag, mein Name ist Friedrich. So klinge ich."
    assert introduction(VOICES["Nadia"]) == "Hello, my name is Nadia. This is how I sound."
