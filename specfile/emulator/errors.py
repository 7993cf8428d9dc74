"""The service's errors, with its own codes and wording, and the one place that writes them as JSON.

The service answers in three families: the older endpoints with a number beside the data, the v2 endpoints
with an `error` object beside empty data, and the gateway in front of both with an `error` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

Family = Literal["v1", "v2", "gateway"]

REFUSALS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: ("invalid_parameter", "Invalid parameter."),
        401: ("unauthorized", "Unauthorized"),
        402: ("insufficient_credit", "Insufficient credit. Please top up your account."),
        403: ("forbidden", "You are not allowed to do this."),
        404: ("not_found", "Not found."),
        409: ("request_in_progress", "A request with this idempotency key is in progress."),
        410: ("gone", "This endpoint has been removed."),
        429: ("rate_limit_exceeded", "Too many requests, please try again later."),
        500: ("internal_error", "Internal error, please try again later."),
        502: ("bad_gateway", "Bad gateway."),
        503: ("service_unavailable", "The service is unavailable, please try again later."),
        504: ("gateway_timeout", "The request timed out."),
    }
)
"""The service's code and words for a status, where nothing more is to be said."""


_IN_V3: Final[Mapping[int | str, tuple[int, str]]] = MappingProxyType(
    {
        40031: (404, "video_not_found"),
        40010: (404, "webhook_endpoint_not_found"),
        40001: (400, "invalid_parameter"),
        400543: (400, "invalid_parameter"),
        400112: (401, "unauthorized"),
        "avatar_not_found": (404, "avatar_not_found"),
        "voice_not_found": (404, "voice_not_found"),
        "asset_not_found": (404, "asset_not_found"),
    }
)
"""Status and code in v3, by the older code."""


class ApiError(Exception):
    """An answer that refuses. `status` is the HTTP status, `code` the service's own."""

    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, family: Family, status: int, code: int | str, message: str) -> None:
        super().__init__(message)
        self.family = family
        self.status = status
        self.code = code
        self.message = message

    def for_v3(self) -> ApiError:
        """The same refusal as the gateway in front of v3 writes it, which has codes of its own."""
        status, code = _IN_V3.get(self.code, (self.status, self.code))
        error = ApiError("gateway", status, code, self.message)
        error.headers = self.headers
        return error

    def body(self) -> dict[str, Any]:
        """The body of the answer."""
        if self.family == "v1":
            return {"code": self.code, "data": None, "message": self.message}
        error = {"code": self.code, "message": self.message}
        return {"data": None, "error": error} if self.family == "v2" else {"error": error}


class Unauthorized(ApiError):
    """The request has no key."""

    def __init__(self) -> None:
        super().__init__("v1", 401, 400112, "Unauthorized")

    def body(self) -> dict[str, Any]:
        """The body of the answer, which has no data, not even an empty one."""
        return {"code": self.code, "message": self.message}


class InvalidParameter(ApiError):
    """A field of a v2 body is missing or wrong; `path` names it."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__("v2", 400, "invalid_parameter", f"{path} is invalid: {problem}")


class InvalidQuery(ApiError):
    """A parameter of an older endpoint is missing or wrong."""

    def __init__(self, message: str) -> None:
        super().__init__("v1", 400, 40001, message)


class InvalidV1Parameter(ApiError):
    """A field of the body of an older endpoint is missing or wrong; `path` names it."""

    def __init__(self, path: str | None, problem: str) -> None:
        message = problem if path is None else f"{path} is invalid: {problem}"
        super().__init__("v1", 400, 40001 if problem.endswith("required") else 400175, message)


class InvalidV3Parameter(ApiError):
    """A field of a v3 request is missing or wrong; `path` names it."""

    def __init__(self, path: str | None, problem: str) -> None:
        message = problem if path is None else f"{path} is invalid: {problem}"
        super().__init__("gateway", 400, "invalid_parameter", message)
        self.path = path

    def for_v3(self) -> ApiError:
        """It is one of v3's already."""
        return self

    def body(self) -> dict[str, Any]:
        """The body of the answer, with the field beside the message."""
        error = {"code": self.code, "message": self.message, "param": self.path, "doc_url": None}
        return {"error": error}


class RequestInProgress(ApiError):
    """The first request with this key is still being worked on."""

    def __init__(self) -> None:
        super().__init__("gateway", 409, *REFUSALS[409])


class AssetTooLarge(ApiError):
    """The uploaded file is larger than v3 takes."""

    def __init__(self, limit: int) -> None:
        message = f"The file is larger than {limit // 1024 // 1024} MB."
        super().__init__("gateway", 400, "invalid_parameter", message)


class BatchNotFound(ApiError):
    """No batch of this account has that id."""

    def __init__(self, batch_id: str) -> None:
        super().__init__("gateway", 404, "not_found", f"Batch {batch_id} not found.")


class NotUploadedYet(ApiError):
    """A file is to be taken on whose bytes haven't come."""

    def __init__(self, asset_id: str) -> None:
        message = f"The file of asset {asset_id} has not been uploaded yet."
        super().__init__("gateway", 409, "resource_not_ready", message)


class ChecksumMismatch(ApiError):
    """The bytes of a file aren't those that its checksum is of."""

    def __init__(self) -> None:
        message = "checksum_sha256 does not match the uploaded file."
        super().__init__("gateway", 400, "invalid_parameter", message)


class VideoNotFound(ApiError):
    """No video of this account has that id."""

    def __init__(self) -> None:
        super().__init__("v1", 404, 40031, "ResourceType.PACIFIC_VIDEO not found")


class ResourceDenied(ApiError):
    """The video belongs to somebody whose videos this key may not read."""

    def __init__(self) -> None:
        message = "You do not have access to this resource."
        super().__init__("gateway", 403, "resource_access_denied", message)


class EndpointNotFound(ApiError):
    """No webhook endpoint of this account has that id."""

    def __init__(self) -> None:
        super().__init__("v1", 404, 40010, "Webhook endpoint not found")


class InsufficientCredit(ApiError):
    """The account has no credit left."""

    def __init__(self) -> None:
        super().__init__("v2", 402, *REFUSALS[402])


class TrialLimitExceeded(ApiError):
    """The account has sent as many videos today as it may."""

    def __init__(self, limit: int) -> None:
        message = f"Trial accounts can make {limit} videos a day. Please upgrade your plan."
        super().__init__("v2", 402, "trial_limit_exceeded", message)


class TestLimitExceeded(ApiError):
    """The account has sent as many tests as it may."""

    __test__ = False  # pytest takes any name that begins so for its own

    def __init__(self, limit: int, time: str) -> None:
        message = f"Trial accounts can make {limit} test videos {time}. Please upgrade your plan."
        super().__init__("v2", 402, "trial_limit_exceeded", message)


class TooManyRenders(ApiError):
    """As many videos are under way as the plan allows."""

    def __init__(self, limit: int) -> None:
        message = f"Your plan renders {limit} videos at a time. Please try again later."
        super().__init__("v2", 429, "rate_limit_exceeded", message)
        self.headers = {"Retry-After": "5"}


class AvatarNotFound(ApiError):
    """The avatar or talking photo is not in the catalogue."""

    def __init__(self, avatar_id: str) -> None:
        message = f"Avatar {avatar_id} not found or no longer available."
        super().__init__("v2", 400, "avatar_not_found", message)


class NoUnlimitedMode(ApiError):
    """The older API is to animate an avatar that only newer engines can."""

    def __init__(self) -> None:
        message = (
            "This avatar does not support unlimited mode."
            " Please use a different avatar, or use Avatar IV or Avatar V."
        )
        super().__init__("v2", 400, "internal_error", message)


class EngineNotSupported(ApiError):
    """A look can't be animated by that engine."""

    def __init__(self, engine: str, *, is_photo: bool) -> None:
        kind, name = "photo" if is_photo else "video", engine.removeprefix("avatar_").upper()
        message = f"This {kind} avatar does not support Avatar {name} video generation."
        super().__init__("v2", 400, "invalid_parameter", message)


class LookNotReady(ApiError):
    """A look of v3 is still being trained."""

    def __init__(self, look_id: str) -> None:
        super().__init__("gateway", 409, "resource_not_ready", f"Avatar {look_id} is still being processed.")


class ConsentRequired(ApiError):
    """The person has not agreed yet to being filmed as that look."""

    def __init__(self, look_id: str) -> None:
        super().__init__("gateway", 400, "avatar_consent_required", f"Avatar {look_id} awaits consent.")


class LookNotUsable(ApiError):
    """The training of a look failed."""

    def __init__(self, look_id: str) -> None:
        super().__init__("gateway", 400, "avatar_not_usable", f"Avatar {look_id} can't be used.")


class NoLooks(ApiError):
    """The older API knows no group of that id, or none with looks."""

    def __init__(self) -> None:
        super().__init__("v2", 400, "internal_error", "Avatar looks not found.")


class VoiceExpired(ApiError):
    """The voice can't be used any more. Of the older API's answer only the words are known."""

    def __init__(self) -> None:
        super().__init__("v2", 400, "invalid_parameter", "Voice is expired")

    def for_v3(self) -> ApiError:
        """The same refusal in v3, which has a code for it."""
        return ApiError("gateway", 403, "voice_not_usable", self.message)


class PhotoIsNoAvatar(ApiError):
    """A talking photo is named where only a studio avatar will do."""

    def __init__(self, avatar_id: str) -> None:
        message = f"Avatar {avatar_id} not found. WebM videos show studio avatars only."
        super().__init__("v1", 400, 400144, message)


class CustomAvatar(ApiError):
    """An avatar of the account's own is named where only a studio avatar will do."""

    def __init__(self, avatar_id: str) -> None:
        message = f"Avatar {avatar_id} is not permitted. WebM videos show studio avatars only."
        super().__init__("v1", 400, 400685, message)


class NoWebmOutput(ApiError):
    """The avatar can't be cut out of its background. The service's code for it isn't known."""

    def __init__(self, *, is_photo: bool) -> None:
        message = f"This {'photo' if is_photo else 'video'} avatar does not support webm output."
        super().__init__("gateway", 400, "invalid_parameter", message)


class VoiceNotFound(ApiError):
    """The voice is not in the catalogue."""

    def __init__(self, voice_id: str) -> None:
        super().__init__("v2", 400, "voice_not_found", f"Voice {voice_id} not found.")


class AssetNotFound(ApiError):
    """Nothing was uploaded under that id."""

    def __init__(self, asset_id: str) -> None:
        super().__init__("v2", 400, "asset_not_found", f"Asset {asset_id} not found.")


class WrongContentType(ApiError):
    """The uploaded bytes are not what their header says."""

    def __init__(self, declared: str, found: str) -> None:
        super().__init__("v1", 400, 400543, f"Content type not match {declared} != {found}")


class UnsupportedContentType(ApiError):
    """The endpoint takes no files of this type."""

    def __init__(self, declared: str) -> None:
        super().__init__("v1", 400, 400543, f"Content type {declared} is not supported")


class NoAssetData(ApiError):
    """An upload without bytes, or wrapped in a form."""

    def __init__(self) -> None:
        super().__init__("v1", 400, 40001, "asset data must be provided")


class NotFound(ApiError):
    """There is no such address, or not for this method."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__("gateway", status, "not_found" if status == 404 else "method_not_allowed", message)


class WrongHost(ApiError):
    """The request came in under a name that is not this machine's own."""

    def __init__(self) -> None:
        message = "The emulator answers to 127.0.0.1, localhost and [::1] only."
        super().__init__("gateway", 403, "forbidden", message)
