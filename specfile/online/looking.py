"""Looking at an address from outside, as the service will: without any key, and without fetching the file."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests
import urllib3.exceptions
from requests.utils import get_environ_proxies, select_proxy

from specfile.compiler.contents import BEGINNING
from specfile.online.outside import IsAllowed, NotOutside, from_outside, is_public

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
MOST_REDIRECTS: Final = 5

_LEADS_ON: Final = frozenset({301, 302, 303, 307, 308})
_TELLS_NOTHING: Final = frozenset({"", "application/octet-stream", "binary/octet-stream", "text/plain"})
"""Types that say nothing of what a file holds; then its first bytes are looked at."""

Addresses = Callable[[str], Iterable[str]]
"""Gives the IP addresses of a host; raises OSError where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen at an address.

    `status` is None where there was no answer, and `trouble` then says why in a word or two. `final` is where
    redirects led, `media_type` what the host calls the file, `length` its bytes, and `beginning` its first
    ones where those had to be looked at. `private` is a host on the way that only its own network knows.
    """

    final: str
    status: int | None = None
    trouble: str | None = None
    is_unknown_host: bool = False
    media_type: str = ""
    length: int | None = None
    beginning: bytes = b""
    private: str | None = None


def addresses_of(host: str) -> list[str]:
    """The IP addresses of a host, by the system's resolver."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def look(url: str, *, addresses: Addresses = addresses_of, is_allowed: IsAllowed = is_public) -> Seen:
    """Look at an address: by HEAD, and where that isn't enough by its first bytes. Never raises.

    `is_allowed` says which IP addresses may be asked; by default those that the whole world can reach.
    """
    with from_outside(is_allowed) as session:
        for _ in range(MOST_REDIRECTS + 1):
            seen = _look_once(session, url, addresses, is_allowed)
            if isinstance(seen, Seen):
                return seen
            url = seen
    return Seen(final=url, trouble="it leads on and on")


def _look_once(
    session: requests.Session, url: str, addresses: Addresses, is_allowed: IsAllowed
) -> Seen | str:
    """What is there, or where it leads on to."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return Seen(final=url, trouble="this is no address")
    try:
        # Behind a proxy it is often the proxy alone that resolves names.
        found = list(_written_in(host) if _goes_through_proxy(url) else addresses(host))
    except (OSError, UnicodeError):
        return Seen(final=url, trouble=f"there is no host {host}", is_unknown_host=True)
    if not all(map(is_allowed, found)):
        return Seen(final=url, private=host)
    try:
        head = _answer(session, "HEAD", url)
        if isinstance(head, str) or (head.status == 200 and head.media_type not in _TELLS_NOTHING):
            return head
        # Not every host answers HEAD, and what a signed link allows is often GET alone.
        return _answer(session, "GET", url)
    except NotOutside:
        return Seen(final=url, private=host)
    except requests.Timeout:
        return Seen(final=url, trouble="there was no answer in time")
    except requests.exceptions.SSLError:
        return Seen(final=url, trouble="its certificate can't be trusted")
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError):
        return Seen(final=url, trouble="there was no usable answer")


def _goes_through_proxy(url: str) -> bool:
    """Whether the environment has a proxy for an address, and no exception."""
    return select_proxy(url, get_environ_proxies(url)) is not None


def _written_in(host: str) -> list[str]:
    """The IP address that a host is written as, however that is done; nothing for a name. Asks nobody."""
    if f".{host}".endswith(".localhost"):  # RFC 6761, 6.3
        return ["127.0.0.1"]
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(one[4][0]) for one in found]


def _answer(session: requests.Session, method: str, url: str) -> Seen | str:
    headers = {"Accept-Encoding": "identity"}
    if method == "GET":
        headers["Range"] = f"bytes=0-{BEGINNING - 1}"
    with session.request(
        method,
        url,
        headers=headers,
        timeout=(CONNECT_SECONDS, READ_SECONDS),
        allow_redirects=False,
        stream=True,
    ) as response:
        location = response.headers.get("Location")
        if response.status_code in _LEADS_ON and location:
            return urljoin(url, location)
        beginning = next(response.iter_content(BEGINNING), b"") if method == "GET" else b""
        return Seen(
            final=url,
            status=200 if response.status_code == 206 else response.status_code,
            media_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            length=_length(response),
            beginning=beginning,
        )


def _length(response: requests.Response) -> int | None:
    """How many bytes the whole file has."""
    told = response.headers.get("Content-Length", "")
    if response.status_code == 206:
        told = response.headers.get("Content-Range", "").rpartition("/")[2]
    return int(told) if told.isdecimal() else None
