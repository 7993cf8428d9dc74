"""What is wrong with a file at an address, by what was seen there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from specfile.compiler.contents import type_of
from specfile.compiler.rules.addresses import SAVE_IT
from specfile.compiler.upload_limits import upload_limit
from specfile.diagnostics import Severity
from specfile.film import AssetKind
from specfile.online.looking import Seen

_NAMED: Final = {"image": "a picture", "video": "a video", "audio": "a recording"}
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_LOGIN: Final = ("login", "signin", "sign-in", "sign_in", "/auth", "accounts.", "sso")
_USABLE: Final = {"image": {"image"}, "video": {"video"}, "audio": {"audio", "video"}}
"""Kinds of file that a field can use, by the first half of their type. The sound of a video may be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, how bad that is, and what to do."""

    code: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR


def judge(url: str, kind: AssetKind, seen: Seen) -> Problem | None:
    """What is wrong with the file at an address, for a field that takes this kind; None if nothing is."""
    if seen.private is not None:
        message = f"the service can't reach {seen.private}: it is known in your own network only"
        return Problem(code="private-address", message=message, hint=SAVE_IT)
    if seen.status is None:
        return Problem(
            code="address-unreachable",
            message=f"nothing was found there: {seen.trouble}",
            hint=f"try the address in a browser that is signed in nowhere, or {SAVE_IT}",
            severity=Severity.ERROR if seen.is_unknown_host else Severity.WARNING,
        )
    if seen.status != 200:
        return _refused(seen.status)
    return _of_content(url, kind, seen)


def _refused(status: int) -> Problem:
    if status in {401, 403, 407}:
        message = f"the host gives this to those who sign in, not to everybody (status {status})"
        return Problem(code="address-unreachable", message=message, hint=f"make it public, or {SAVE_IT}")
    if status in {404, 410}:
        message = f"the host has nothing there (status {status})"
        return Problem(code="address-unreachable", message=message, hint="look for a mistyped address")
    return Problem(
        code="address-unreachable",
        message=f"the host answered with status {status}",
        hint=f"try again later, or {SAVE_IT}",
        severity=Severity.WARNING,
    )


def _of_content(url: str, kind: AssetKind, seen: Seen) -> Problem | None:
    real = type_of(seen.beginning) if seen.beginning else None
    if seen.media_type in _PAGES or (real is not None and real.name == "a web page"):
        return _page(url, seen)
    if seen.length == 0:
        message = "the file there is empty"
        return Problem(code="address-of-another-kind", message=message, hint="put the file there again")
    media_type = seen.media_type
    if real is not None and real.kind is not None and real.kind not in _USABLE[kind]:
        message = f"what is there is {real.name} by its content, and the field takes {_NAMED[kind]}"
        return Problem(code="address-of-another-kind", message=message, hint=_other(kind))
    if (
        real is None
        and "/" in media_type
        and media_type.partition("/")[0] not in {*_USABLE[kind], "application"}
    ):
        message = f"the host calls this {media_type}, and the field takes {_NAMED[kind]}"
        return Problem(code="address-of-another-kind", message=message, hint=_other(kind))
    if media_type.partition("/")[0] not in _USABLE[kind]:
        return _untyped(kind, media_type)
    most = upload_limit("v2", kind).bytes
    if seen.length is not None and seen.length > most:
        message = (
            f"the file there has {seen.length / 2**20:,.0f} MB; the service takes at most {most // 2**20} MB"
        )
        return Problem(code="file-too-large", message=message, hint="make it smaller, or shorten it")
    return None


def _untyped(kind: AssetKind, media_type: str) -> Problem:
    called = f"calls it {media_type}" if media_type else "doesn't say of what type it is"
    return Problem(
        code="address-of-another-kind",
        message=f"the host {called}, by which the service may not know it for {_NAMED[kind]}",
        hint=f"have the host send the file's own type, or {SAVE_IT}",
        severity=Severity.WARNING,
    )


def _page(url: str, seen: Seen) -> Problem:
    final = urlsplit(seen.final)
    place = f"{final.hostname or ''}{final.path}".lower()
    is_login = any(word in place for word in _LOGIN)
    what = "a page that asks to sign in" if is_login else "a web page"
    message = f"this is {what}, not the file itself"
    if seen.final != url:
        message = f"this leads to {what} at {final.hostname}, not to the file itself"
    return Problem(code="address-is-page", message=message, hint=SAVE_IT)


def _other(kind: AssetKind) -> str:
    return f"write the address of {_NAMED[kind]}"
