"""Whose account a key belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from specfile.heygen.errors import AccountRefused, NotFound
from specfile.heygen.transport import Transport

USER: Final = "/v3/users/me"


def user_name(transport: Transport) -> str | None:
    """The account's user name, or None where the key may not read it or the service doesn't tell.

    Raises:
        RateLimited: each time it was too early.
        Unreachable: each time there was no usable answer.
    """
    try:
        json = transport.get(USER, {})
    except (AccountRefused, NotFound):
        # A key may be restricted to making videos, and a retired endpoint tells no more: both are no reason
        # not to make them. A key that is wrong altogether is refused by the call that comes next.
        return None
    data = json.get("data") if isinstance(json, Mapping) else None
    name = data.get("username") if isinstance(data, Mapping) else None
    return name if isinstance(name, str) and name else None
