"""What the service says about the end of an API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from specfile.film import Json
from specfile.heygen.answers import scrub


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The service says that an API will go away. `sunset` is the day as the service wrote it."""

    text: str
    sunset: str | None = None


def notice_in(
    headers: Mapping[str, str], json: Json, *, hide: Callable[[str], str] = lambda text: text
) -> Notice | None:
    """What an answer says about the end of its API, if anything. `hide` takes out what must not be shown."""
    sunset = headers.get("Sunset")
    sunset = hide(scrub(sunset)) if sunset else None
    warning = json.get("warning") if isinstance(json, Mapping) else None
    words = warning.get("message") if isinstance(warning, Mapping) else None
    if words is None and sunset is None and headers.get("Deprecation") in {None, "false"}:
        return None
    ends = f" and ends on {sunset}" if sunset else ""
    return Notice(text=scrub(str(words)) if words else f"this API is deprecated{ends}", sunset=sunset)
