"""Fetching the file behind an address, as the service would: without any key, never from a private network.

The address is looked at before, so that pages, files of another kind or too large, and hosts that only their
own network knows are never fetched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from specfile.compiler.upload_limits import upload_limit
from specfile.diagnostics import Severity
from specfile.online.addresses import Wanted
from specfile.online.judging import Problem, judge
from specfile.online.looking import CONNECT_SECONDS, READ_SECONDS, Seen, look
from specfile.online.outside import IsAllowed, NotOutside, from_outside, is_public
from specfile.preview.files import replacing

SECONDS: Final = 60.0
"""A file that takes longer is given up: somebody waits for it."""

_CHUNK: Final = 1 << 16


class _GivenUp(Exception):
    """The file isn't worth waiting for; says why."""


def fetch(
    wanted: Wanted,
    path: Path,
    *,
    look: Callable[[str], Seen] = look,
    is_allowed: IsAllowed = is_public,
    now: Callable[[], float] = time.monotonic,
) -> Problem | None:
    """Put the file behind an address at a path, whole or not at all; tell what is wrong if it can't be had.

    `look` looks at it before, `is_allowed` says which IP addresses may be asked, and `now` gives seconds that
    only grow.

    Raises:
        OSError: it can't be written.
    """
    seen = look(wanted.url)
    problem = judge(wanted.url, wanted.kind, seen)
    if seen.status != 200 or (problem is not None and problem.severity is Severity.ERROR):
        return problem
    try:
        with replacing(path) as part, part.open("wb") as file:
            file.writelines(_pieces(seen.final, upload_limit("v2", wanted.kind).bytes, is_allowed, now))
    except NotOutside:
        return judge(wanted.url, wanted.kind, replace(seen, private=urlsplit(seen.final).hostname))
    except (_GivenUp, requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
        trouble = str(error) if isinstance(error, _GivenUp) else "the answer broke off"
        return judge(wanted.url, wanted.kind, replace(seen, status=None, trouble=trouble))
    return None


def _pieces(url: str, most: int, is_allowed: IsAllowed, now: Callable[[], float]) -> Iterator[bytes]:
    end = now() + SECONDS
    with (
        from_outside(is_allowed) as session,
        session.get(
            url,
            headers={"Accept-Encoding": "identity"},
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as response,
    ):
        if response.status_code != 200:
            raise _GivenUp(f"the host answered with status {response.status_code}")
        whole = int(response.headers.get("Content-Length", 0))
        size = 0
        for piece in response.iter_content(_CHUNK):
            size += len(piece)
            if size > most:
                raise _GivenUp(f"the file has more than {most // 2**20} MB")
            if now() > end:
                raise _GivenUp(f"it takes more than {SECONDS:.0f} s")
            yield piece
        if size < whole:
            raise _GivenUp("the answer broke off")
