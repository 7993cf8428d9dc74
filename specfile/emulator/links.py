"""Links to files that work for a while, without a key."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

Clock = Callable[[], float]
"""Gives the time in seconds since 1970."""


class Verdict(Enum):
    """What a link turns out to be; the value is what the file store says about it, code and message."""

    GOOD = ("", "")
    UNSIGNED = ("AccessDenied", "Access Denied")
    WRONG = ("SignatureDoesNotMatch", "The request signature does not match the signature you provided.")
    EXPIRED = ("AccessDenied", "Request has expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Signs paths with a secret, for `life` seconds."""

    secret: bytes
    life: float
    clock: Clock

    def sign(self, path: str, *, life: float | None = None) -> str:
        """The path with a query that lets anyone use it until it expires; no two are the same.

        `life` replaces the usual number of seconds.
        """
        expires = str(int(self.clock() + (self.life if life is None else life)))
        link_id = secrets.token_hex(4)
        signature = self._signature(path, expires, link_id)
        return f"{path}?Expires={expires}&Id={link_id}&Signature={signature}"

    def check(self, path: str, query: Mapping[str, str]) -> Verdict:
        """Judge a path by its query."""
        expires, signature = query.get("Expires"), query.get("Signature")
        if not expires or not signature:
            return Verdict.UNSIGNED
        expected = self._signature(path, expires, query.get("Id", ""))
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            return Verdict.WRONG
        return Verdict.EXPIRED if int(expires) <= self.clock() else Verdict.GOOD

    def _signature(self, path: str, expires: str, link_id: str) -> str:
        return hmac.new(self.secret, f"{path}\n{expires}\n{link_id}".encode(), hashlib.sha256).hexdigest()
