"""What a scripted service offers: answers in the service's own shapes, of both dialects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.heygen.scripted_service import Fault, ScriptedService, answer

Json = Any
OFTEN = 10_000

MARA: Json = {
    "id": "Mara_office",
    "name": "Mara in the office",
    "avatar_type": "studio_avatar",
    "group_id": "g-mara",
    "gender": "Woman",
    "default_voice_id": "v-clara",
    "preferred_orientation": "landscape",
    "preview_image_url": "https://files.example/mara.webp",
    "status": "completed",
    "supported_api_engines": ["avatar_iii", "avatar_iv"],
    "tags": ["office"],
}
LENA: Json = {
    "id": "look-lena",
    "name": "Lena by the sea",
    "avatar_type": "photo_avatar",
    "group_id": "g-lena",
    "gender": "female",
    "preview_image_url": "https://files.example/lena.webp?Expires=1&Signature=s",
}
CLARA: Json = {
    "voice_id": "v-clara",
    "name": "Clara",
    "language": "English",
    "gender": "female",
    "type": "public",
    "preview_audio_url": "https://files.example/clara.mp3",
    "support_pause": True,
    "support_locale": True,
}
OWN_VOICE: Json = {
    "voice_id": "v-own",
    "name": "Mine",
    "language": "German",
    "gender": "male",
    "type": "private",
    "support_pause": False,
    "support_locale": False,
}
OLD_AVATARS: Json = {
    "error": None,
    "data": {
        "avatars": [
            {
                "avatar_id": "Mara_office",
                "avatar_name": "Mara",
                "gender": "female",
                "premium": True,
                "preview_video_url": "https://files.example/mara.mp4",
                "tags": None,
            },
            {"avatar_id": "Tobias_studio", "avatar_name": "Tobias", "gender": "male", "premium": False},
        ],
        "talking_photos": [
            {
                "talking_photo_id": "photo-1",
                "talking_photo_name": "Me",
                "preview_image_url": "https://files.example/me.jpg",
            }
        ],
    },
}
OLD_VOICES: Json = {
    "error": None,
    "data": {
        "voices": [
            {
                "voice_id": "v-clara",
                "language": "English",
                "gender": "Female",
                "name": "Clara - Natural",
                "preview_audio": "",
                "support_pause": True,
                "emotion_support": True,
                "support_locale": True,
            },
            {
                "voice_id": "v-edward",
                "language": "English",
                "gender": "unknown",
                "name": "Edward",
                "support_pause": False,
                "emotion_support": False,
                "support_locale": False,
            },
        ]
    },
}
OLD_GROUPS: Json = {
    "data": {
        "total_count": 2,
        "avatar_group_list": [
            {"id": "g-lena", "name": "Lena", "num_looks": 1, "group_type": "PHOTO"},
            {"id": "g-anna", "name": "Anna", "num_looks": 1, "group_type": "PRIVATE"},
        ],
    }
}
LOCALES: Json = {"data": {"locales": [{"locale": "en-GB", "language": "English", "label": "English (UK)"}]}}


def page(*items: Json, next_token: str | None = None) -> Json:
    """A page of a v3 list."""
    return {"data": list(items), "has_more": next_token is not None, "next_token": next_token}


def refused(path: str, code: str = "insufficient_api_key_scope", status: int = 403) -> Fault:
    """A question that the key may not ask."""
    return answer(path, status, {"error": {"code": code, "message": "no"}}, times=OFTEN)


def offer(service: ScriptedService, answers: Mapping[str, Json]) -> None:
    """Answer paths, each perhaps with a part of a query behind `?`, whenever they are asked for."""
    for address, body in answers.items():
        path, _, query = address.partition("?")
        service.faults.append(answer(path, 200, body, query=query, times=OFTEN))


EVERYTHING: Mapping[str, Json] = {
    "/v3/avatars/looks/Mara_office": {"data": MARA},
    "/v3/avatars/looks/look-new": {"data": {**LENA, "id": "look-new", "name": "New"}},
    "/v3/avatars/looks?ownership=public": page(MARA),
    "/v3/avatars/looks?ownership=private": page(LENA),
    "/v3/avatars/g-mara": {"data": {"id": "g-mara", "name": "Mara", "looks_count": 1}},
    "/v3/avatars?ownership=public": page({"id": "g-mara", "name": "Mara", "looks_count": 1}),
    "/v3/avatars?ownership=private": page({"id": "g-lena", "name": "Lena", "looks_count": 1}),
    "/v3/voices/v-hidden": {"data": {"voice_id": "v-hidden", "name": "Hidden", "support_pause": True}},
    "/v3/voices?type=public": page(CLARA),
    "/v3/voices?type=private": page(OWN_VOICE),
    "/v2/avatars": OLD_AVATARS,
    "/v2/voices/locales": LOCALES,
    "/v2/voices": OLD_VOICES,
}
"""The whole of a small account, as `offer` takes it; what is asked for by its id comes first."""
