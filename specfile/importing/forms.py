"""Which kind of request a value is, and how it is wrapped."""

from __future__ import annotations

from typing import Final, Literal

from specfile.film import Json

Form = Literal["v2", "v3", "webm", "clips", "flat"]

_V3_TYPES: Final = frozenset({"studio", "avatar", "image", "cinematic_avatar"})
_SPOKEN: Final = frozenset(
    {"script", "input_text", "voice", "voice_id", "audio_url", "audio_asset_id", "input_audio"}
)
_SEEN: Final = frozenset({"character", "avatar_id", "talking_photo_id", "avatar"})
_WRAPPERS: Final = ("body", "data", "json", "payload", "request", "request_body", "params", "jsonBody")


def recognise(value: dict[str, Json], endpoint: str | None = None) -> Form | None:
    """The form of a request, told by its own keys, and by where it is sent if they leave a doubt."""
    if "video_inputs" in value:
        return "v2"
    if "avatar_pose_id" in value:
        return "webm"
    if value.get("type") in tuple(_V3_TYPES) or endpoint == "/v3/videos":
        return "v3"
    if isinstance(value.get("clips"), list):
        return "clips"
    if endpoint == "/v1/video.webm":
        return "webm"
    if endpoint == "/v2/video/generate":
        return "v2" if not _SPOKEN & value.keys() else "flat"
    if _SPOKEN & value.keys() and _SEEN & value.keys():
        return "flat"
    if are_scenes(value.get("scenes")):
        return "flat"
    return None


def are_scenes(value: Json) -> bool:
    """Whether a list holds scenes rather than requests."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and _is_scene(item) for item in value)
    )


def _is_scene(item: dict[str, Json]) -> bool:
    return "video_inputs" not in item and isinstance(item.get("voice") or item.get("character"), dict)


def wrapped(value: dict[str, Json]) -> str | None:
    """The key under which a request lies in a value that is none itself, as a program holds it."""
    if recognise(value) is not None:
        return None
    inner = ((name, value[name]) for name in _WRAPPERS if name in value)
    return next((name for name, one in inner if _may_be_request(one)), None)


def _may_be_request(value: Json) -> bool:
    if isinstance(value, dict):
        return recognise(value) is not None or wrapped(value) is not None
    return isinstance(value, str) and value.lstrip().startswith("{")


def why_not(value: Json) -> tuple[str, str]:
    """What something that is no known request seems to be, and what to do."""
    if not isinstance(value, dict):
        return "this is no request", 'give the JSON body of one: `{"video_inputs": […]}`'
    if isinstance(value.get("variables"), dict):
        return "this is a call of a template made in the app, which holds no scenes", (
            "write the scenes in a spec; `specfile init` gives one to start from"
        )
    if "video_id" in value or (isinstance(value.get("data"), dict) and "video_id" in value["data"]):
        return "this is an answer of the service, not a request", "give what was sent"
    if not value:
        return "this request is empty", 'give the JSON body of a request: `{"video_inputs": […]}`'
    return "this is no request that specfile knows: nothing in it says what is spoken, and by whom", (
        "give a body with `video_inputs` (v2), `avatar_pose_id` (webm), or `type` and `scenes` (v3)"
    )
