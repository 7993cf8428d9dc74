"""Rules about addresses that the service fetches files from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from pathlib import PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from specfile.compiler.rules.finding import Finding, Subject
from specfile.compiler.rules.share_links import detour, share_link
from specfile.diagnostics.wording import show

SAVE_IT: Final = "save the file in the project and name it by its path"
_BLANK: Final = re.compile(r"[\s\x00-\x1f]")
_PAGES: Final = frozenset({".html", ".htm", ".xhtml", ".php", ".asp", ".aspx", ".jsp"})
_KINDS: Final = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg", ".heic"), "image"),
    **dict.fromkeys((".mp4", ".mov", ".webm", ".avi", ".mkv"), "video"),
    **dict.fromkeys((".mp3", ".wav", ".m4a", ".aac", ".ogg", ".flac"), "audio"),
    **dict.fromkeys((".pdf", ".zip", ".txt", ".csv", ".json", ".docx", ".pptx"), "document"),
}
_NOT_TAKEN: Final = {
    "image": {"video", "audio", "document"},
    "video": {"image", "audio", "document"},
    "audio": {"image", "document"},
}
"""Kinds of file, by ending, that a field can't use. Sound may be taken from a video, so that stays silent."""
_SIGNED: Final = (
    {"x-amz-signature"},
    {"x-goog-signature"},
    {"signature", "expires"},
    {"signature", "key-pair-id"},
    {"sig", "se"},
)
"""Parameters of signed links: Amazon S3, Google Cloud Storage, older forms of both, CloudFront, Azure."""


_has_blank = lru_cache(maxsize=1024)(_BLANK.search)


class Address(NamedTuple):
    """An address taken apart: `host` and `ending` in lower case, `names` those of its parameters."""

    host: str
    path: str
    ending: str
    names: frozenset[str]


def address_spaces(subject: Subject) -> Iterator[Finding]:
    """An address holds no spaces; what fetches it may cut it there."""
    for path, url in subject.addresses:
        if blank := _has_blank(url):
            written = quote(url.strip(), safe="%/:=&?~#+!$,;'@()*[]")
            yield Finding(
                path, f"{show(url)} holds a space or line break", f"write {written}", piece=blank[0]
            )


def share_links(subject: Subject) -> Iterator[Finding]:
    """A page that shows or offers a file is not the file."""
    for path, url in subject.addresses:
        link = share_link(url)
        if link is not None:
            hint = f"write {link.direct}, or {SAVE_IT}" if link.direct else SAVE_IT
            yield Finding(path, f"this is {link.what}: a page for people, not the file itself", hint)


def download_link(subject: Subject) -> Iterator[Finding]:
    """A download that comes by a detour, or without the type that the service knows files by."""
    for path, url in subject.addresses:
        link = detour(url)
        if link is not None:
            hint = f"write {link.direct}, or {SAVE_IT}" if link.direct else SAVE_IT
            yield Finding(path, link.what, hint)


def page_address(subject: Subject) -> Iterator[Finding]:
    """An address that names a site or a web page, no file."""
    for path, url in subject.addresses:
        address = take_apart(url)
        if not address.host:
            hint = "write an address such as https://media.example.com/file.png"
            yield Finding(path, f"{show(url)} is no web address", hint)
        elif address.path in ("", "/") and not address.names:
            yield Finding(
                path, f"{show(url)} names a site, not a file", "write the whole address of the file"
            )
        elif address.ending in _PAGES and share_link(url) is None:
            yield Finding(path, f"{show(url)} is a web page by its ending, not a file", SAVE_IT)


def file_of_another_kind(subject: Subject) -> Iterator[Finding]:
    """The ending says that the file can't be what the field takes."""
    for path, url in subject.addresses:
        part = subject.payload["video_inputs"][path[1]][path[2]]
        kind = _KINDS.get(take_apart(url).ending)
        if kind in _NOT_TAKEN[part["type"]]:
            message = f"by its ending this is {_named(str(kind))}, and the field takes {_named(part['type'])}"
            known = path[2] == "background" and kind in ("image", "video")
            hint = f"write `type: {kind}`" if known else f"write the address of {_named(part['type'])}"
            yield Finding(path, message, hint)


def private_address(subject: Subject) -> Iterator[Finding]:
    """The service fetches from its own network, where these names mean nothing or something else."""
    for path, url in subject.addresses:
        host = take_apart(url).host
        if host and is_private(host):
            yield Finding(
                path, f"the service can't reach {host}: it is known in your own network only", SAVE_IT
            )


def signed_link(subject: Subject) -> Iterator[Finding]:
    """The address is part of the film, so that every new signature makes another film, paid for again."""
    for path, url in subject.addresses:
        names = take_apart(url).names
        if names and any(signature <= names for signature in _SIGNED):
            yield Finding(
                path,
                "this link is signed: it expires, and with a new signature the video counts as changed "
                "and is paid for again",
                f"{SAVE_IT}, upload it once and write `asset:ID`, or use an address that stays",
            )


@lru_cache(maxsize=1024)
def is_private(host: str) -> bool:
    """Whether a host means nothing outside its own network."""
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan", ".home.arpa"))


@lru_cache(maxsize=1024)
def take_apart(url: str) -> Address:
    """The pieces of an address; all empty where it is none."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return Address("", "", "", frozenset())
    names = frozenset(name.lower() for name in parse_qs(parts.query, keep_blank_values=True))
    return Address(host, parts.path, PurePosixPath(parts.path).suffix.lower(), names)


def _named(kind: str) -> str:
    return {"image": "an image", "video": "a video", "audio": "a recording"}.get(kind, f"a {kind}")
