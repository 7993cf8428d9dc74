"""What the service tells by itself when a video is over, and how to know that it is the service that tells.

    v1   Signature         hex HMAC-SHA256 of the body under the endpoint's secret
    v3   Heygen-Signature  the same, with Heygen-Timestamp (Unix seconds) and Heygen-Event-Id

Only the body is signed. A captured message can be sent again under a new time and a new id, so a message
counts as known by its signature too.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import orjson

from specfile.film import Json
from specfile.heygen.errors import HeygenError, Unreachable
from specfile.heygen.transport import Transport

SKEW_S: Final = 300.0
"""How far the time of a message may lie from ours."""

_REMEMBERED: Final = 10_000
_EVENTS: Final[Mapping[str, Literal["completed", "failed"]]] = {
    "avatar_video.success": "completed",
    "avatar_video.fail": "failed",
}
_ENDPOINTS: Final = "/v3/webhooks/endpoints"


class WebhookRefused(HeygenError):
    """A message that isn't the service's, or can't be told to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoOver:
    """The service tells that a video is over. What came of it is to be asked."""

    video_id: str
    progress: Literal["completed", "failed"]


class Receiver:
    """Judges messages one by one and remembers them; safe to use from many threads.

    `secrets` are those of the endpoints that the messages may be for.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [secret.encode() for secret in secrets]
        self._known: OrderedDict[str, None] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, headers: Mapping[str, str], body: bytes, now: float) -> VideoOver | None:
        """Read a message.

        Args:
            headers: of the request, under whatever case.
            body: as it came, to the byte.
            now: our time, in Unix seconds.

        Returns:
            Which video is over; None for what is known already or speaks of something else.

        Raises:
            WebhookRefused: it has no good signature, is too old, or can't be read.
        """
        named = {name.lower(): value.strip() for name, value in headers.items()}
        signature = named.get("heygen-signature") or named.get("signature") or ""
        if not any(hmac.compare_digest(_signed(secret, body), _bytes(signature)) for secret in self._secrets):
            raise WebhookRefused("the message has no signature of the service", code="bad_signature")
        if "heygen-signature" in named or "heygen-timestamp" in named:
            _refuse_old(named.get("heygen-timestamp", ""), now)
        event = _event(body)
        if self._is_known(signature.lower(), named.get("heygen-event-id")):
            return None
        return event

    def _is_known(self, *names: str | None) -> bool:
        with self._guard:
            found = [name for name in names if name]
            is_known = any(name in self._known for name in found)
            self._known.update(dict.fromkeys(found))
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return is_known


def _signed(secret: bytes, body: bytes) -> bytes:
    return hmac.new(secret, body, hashlib.sha256).hexdigest().encode()


def _bytes(signature: str) -> bytes:
    return signature.lower().encode("utf-8", "replace")


def _refuse_old(timestamp: str, now: float) -> None:
    if not timestamp.isdecimal():
        raise WebhookRefused("the message has no time", code="no_timestamp")
    if abs(now - int(timestamp)) > SKEW_S:
        raise WebhookRefused(f"the message is more than {SKEW_S:.0f} s old or early", code="old_timestamp")


def _event(body: bytes) -> VideoOver | None:
    try:
        json: Json = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise WebhookRefused("the message is not JSON", code="not_json") from error
    if not isinstance(json, Mapping):
        raise WebhookRefused("the message is not an object", code="not_json")
    kind, data = json.get("event_type"), json.get("event_data")
    progress = _EVENTS.get(kind) if isinstance(kind, str) else None
    video_id = data.get("video_id") if isinstance(data, Mapping) else None
    if progress is None or not isinstance(video_id, str):
        return None
    return VideoOver(video_id=video_id, progress=progress)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that the service tells of every video, and the secret that its messages are signed with."""

    id: str
    secret: str = field(repr=False)


def register(transport: Transport, url: str) -> Endpoint:
    """Have the service tell an address of finished videos; it asks the address by OPTIONS first.

    Raises:
        HeygenError: it won't, or gave no usable answer.
    """
    answer = transport.post(_ENDPOINTS, {"url": url, "events": list(_EVENTS)}, {})
    data = answer.get("data") if isinstance(answer, Mapping) else None
    endpoint_id = data.get("endpoint_id") if isinstance(data, Mapping) else None
    secret = data.get("secret") if isinstance(data, Mapping) else None
    if not isinstance(endpoint_id, str) or not isinstance(secret, str):
        raise Unreachable("the service's answer names no endpoint", code="no_endpoint")
    return Endpoint(endpoint_id, secret)


def unregister(transport: Transport, endpoint: Endpoint) -> None:
    """Take back what `register` did. Raises what `Transport.delete` raises."""
    transport.delete(f"{_ENDPOINTS}/{endpoint.id}", {})
