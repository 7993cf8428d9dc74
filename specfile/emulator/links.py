"""Links to files that work for a while, without a key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
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

    def sign(self, path: str) -> str:
        """The path with a query that lets anyone fetch it until it expires."""
        expires = str(int(self.clock() + self.life))
        return f"{path}?Expires={expires}&Signature={self._signature(path, expires)}"

    def check(self, path: str, expires: str | None, signature: str | None) -> Verdict:
        """Judge a path by the two values of its query."""
        if not expires or not signature:
            return Verdict.UNSIGNED
        if not hmac.compare_digest(self._signature(path, expires).encode(), signature.encode()):
            return Verdict.WRONG
        return Verdict.EXPIRED if int(expires) <= self.clock() else Verdict.GOOD

    def _signature(self, path: str, expires: str) -> str:
        return hmac.new(self.secret, f"{path}\n{expires}".encode(), hashlib.sha256).hexdigest()
