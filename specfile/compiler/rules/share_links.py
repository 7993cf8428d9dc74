"""Links that people share: to a page that shows or offers a file, not to the file."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


class ShareLink(NamedTuple):
    """What a link is, and the address of the file behind it, where that can be told."""

    what: str
    direct: str | None = None


_PAGES: Final = (
    (r"(drive|docs)\.google\.com/(file|open|drive|document|presentation)\b", "a Google Drive link"),
    (r"(photos\.app\.goo\.gl|photos\.google\.com)/", "a Google Photos link"),
    (r"(1drv\.ms|onedrive\.live\.com)/(?!download)", "a OneDrive link"),
    (r"[\w-]+\.sharepoint\.com/:[a-z]:/", "a SharePoint link"),
    (r"(we\.tl|(www\.)?wetransfer\.com)/", "a WeTransfer link"),
    (r"((www\.|m\.|music\.)?youtube\.com|youtu\.be)/", "a YouTube link"),
    (r"(www\.)?vimeo\.com/", "a Vimeo link"),
    (r"(www\.)?loom\.com/share/", "a Loom link"),
    (r"([\w-]+\.)?app\.box\.com/(s|file)/", "a Box link"),
    (r"(www\.)?icloud\.com/", "an iCloud link"),
    (r"(www\.)?canva\.com/design/", "a Canva link"),
    (r"(www\.)?unsplash\.com/photos/(?!.+/download$)", "an Unsplash link"),
    (r"(www\.)?pexels\.com/(\w\w-\w\w/)?(photo|video)/", "a Pexels link"),
    (r"(www\.)?imgur\.com/(?!.+\.(png|jpe?g|gif|mp4)$)", "an Imgur link"),
)
"""Hosts and paths that answer with a web page, whatever file it is about."""

_PATTERNS: Final = tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in _PAGES)
_GITHUB: Final = re.compile(r"github\.com/([^/]+/[^/]+)/blob/(.+)", re.IGNORECASE)
_DROPBOX: Final = re.compile(r"(www\.)?dropbox\.com/", re.IGNORECASE)
_DRIVE_DOWNLOAD: Final = re.compile(r"(drive|docs)\.google\.com/uc\b", re.IGNORECASE)
_FILE_ITSELF: Final = frozenset({("raw", "1"), ("raw", "true"), ("dl", "1"), ("download", "1")})
"""Parameters by which such a service gives the file, not the page."""


@lru_cache(maxsize=1024)
def share_link(url: str) -> ShareLink | None:
    """What kind of share link an address is; None where it may well be a file."""
    place, query = _taken_apart(url)
    if not _FILE_ITSELF.isdisjoint(query):
        return None
    if _DROPBOX.match(place):
        return ShareLink("a Dropbox link", _raw(url))
    if github := _GITHUB.match(place):
        return ShareLink("a GitHub link", f"https://raw.githubusercontent.com/{github[1]}/{github[2]}")
    what = next((what for pattern, what in _PATTERNS if pattern.match(place)), None)
    return ShareLink(what) if what is not None else None


@lru_cache(maxsize=1024)
def detour(url: str) -> ShareLink | None:
    """A download link that may fail; `what` says why."""
    place, query = _taken_apart(url)
    if _DROPBOX.match(place) and ("dl", "1") in query:
        return ShareLink(
            "Dropbox gives this as a download, without saying what type of file it is", _raw(url)
        )
    if _DRIVE_DOWNLOAD.match(place):
        return ShareLink("Google Drive leads elsewhere from here, and for a large file to a page that asks")
    return None


def _taken_apart(url: str) -> tuple[str, list[tuple[str, str]]]:
    """Host and path of an address, and its parameters; nothing where it is none."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname or ''}{parts.path}", parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return "", []


def _raw(url: str) -> str:
    """The same Dropbox link, giving the file as it is."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in query if name not in ("dl", "raw")]
    return urlunsplit(parts._replace(query=urlencode([*kept, ("raw", "1")])))
