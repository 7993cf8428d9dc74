"""Looking through the account's recent videos for those that no line of the lock knows."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from specfile.film import Api
from specfile.heygen import HeygenError, Listed, NotFound, QuestionRefused, Service, Unreachable, Videos


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A video of the account that no line knows. What the dialect doesn't tell is None.

    `suffix` is that of its file, such as `.webm`; None while it has none.
    """

    video_id: str
    created_at: datetime | None
    has_failed: bool = False
    callback_id: str | None = None
    title: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search brought to light, by video id.

    `trouble` is why the search is incomplete; then the absence of a video means nothing.
    """

    seen: Mapping[str, Seen]
    trouble: HeygenError | None = None


def search(
    service: Service,
    api: Api,
    since: datetime,
    known: AbstractSet[str],
    seen: Mapping[str, Seen],
) -> Findings:
    """Look at every video that was created after `since` and isn't known.

    Args:
        service: where to look.
        api: the dialect in which the videos were begun.
        since: how far back to look.
        known: ids that need no look.
        seen: what earlier searches of this build saw; no question is asked about those again.
    """
    videos, found = service.videos(api), dict(seen)
    try:
        for listed in _recent(videos, since):
            if listed.video_id not in known and listed.video_id not in found:
                one = _look_at(videos, listed)
                if one is not None:
                    found[one.video_id] = one
    except HeygenError as error:
        return Findings(found, error)
    return Findings(found)


def _look_at(videos: Videos, listed: Listed) -> Seen | None:
    """One video of the list; None where it can't be ours."""
    if videos.is_replaying:
        return Seen(
            video_id=listed.video_id,
            created_at=listed.created_at,
            has_failed=listed.progress == "failed",
            title=listed.title,
        )
    try:
        status = videos.status(listed.video_id)
    except (NotFound, QuestionRefused):
        # Deleted between the list and the question, or somebody else's: of ours, the service tells us.
        return None
    return Seen(
        video_id=listed.video_id,
        created_at=status.created_at or listed.created_at,
        has_failed=status.progress == "failed",
        callback_id=status.callback_id,
        suffix=suffix_of(status.video_url),
    )


def suffix_of(link: str | None) -> str | None:
    """What the name of a file ends with, by its link: `.mp4`, `.webm`, or None where that isn't told."""
    return PurePosixPath(urlsplit(link).path).suffix.lower() or None if link is not None else None


def _recent(videos: Videos, since: datetime) -> list[Listed]:
    """What was created after `since`.

    Where that is more than a page, it is read twice: whatever is deleted meanwhile moves a video from the
    page to come to the one that was just read, and it is seen on neither.
    """
    found, has_pages = _read_list(videos, since)
    if has_pages:
        found += _read_list(videos, since)[0]
    return list({one.video_id: one for one in found}.values())


def _read_list(videos: Videos, since: datetime) -> tuple[list[Listed], bool]:
    """The list down to the first page that has nothing recent, and whether it took more than one."""
    found: list[Listed] = []
    token: str | None = None
    asked: set[str] = set()
    while True:
        page = videos.list(token)
        recent = [one for one in page.videos if one.created_at is None or one.created_at >= since]
        found += [one for one in recent if one.video_id]
        token = page.next
        if token is None or (page.videos and not recent):
            return found, bool(asked)
        if token in asked:
            raise Unreachable("the service's list comes back to a page it has given before", code="no_list")
        asked.add(token)
