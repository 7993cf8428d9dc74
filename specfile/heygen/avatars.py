"""What the service knows of an avatar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from specfile.heygen.errors import NotFound, Unreachable
from specfile.heygen.transport import Transport

_HINT: Final = "write the id of a voice in place of `default`, or correct the avatar's id"


def default_voice(transport: Transport, avatar_id: str) -> str | None:
    """The id of an avatar's default voice; None where it has none.

    Source: GET /v2/avatar/{id}/details, `data.default_voice_id`.

    Raises:
        NotFound: the service knows no such avatar.
        HeygenError: what else `Transport.get` raises.
    """
    try:
        answer = transport.get(f"/v2/avatar/{quote(avatar_id, safe='')}/details", {})
    except NotFound as error:
        message = f"the service knows no avatar `{avatar_id}`"
        raise NotFound(message, code=error.code, words=error.words, hint=_HINT) from error
    data = answer.get("data") if isinstance(answer, Mapping) else None
    if not isinstance(data, Mapping):
        message = f"the service's answer holds no details of avatar `{avatar_id}`"
        raise Unreachable(message, code="no_details")
    voice = data.get("default_voice_id")
    return voice if isinstance(voice, str) and voice else None
