"""What the service says about the end of an API: in headers (RFC 9745, RFC 8594), and beside the data.

Deprecation: true                       or the time since when, as `@1688169599`
Sunset: Sat, 31 Oct 2026 00:00:00 GMT
{"warning": {"message": "…", "v3_endpoint": "POST /v3/videos", "docs_url": "…", "sunset_date": "2026-10-31"}}
"""

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
    warning = json.get("warning") if isinstance(json, Mapping) else None
    told: Mapping[str, Json] = warning if isinstance(warning, Mapping) else {"message": warning}
    words, endpoint, page = (_text(told.get(name)) for name in ("message", "v3_endpoint", "docs_url"))
    sunset = headers.get("Sunset") or _text(told.get("sunset_date"))
    sunset = hide(scrub(sunset)) if sunset else None
    is_deprecated = headers.get("Deprecation", "false").strip().lower() not in {"", "false", "?0"}
    if words is None and sunset is None and not is_deprecated:
        return None
    text = words or "this API is deprecated" + (f" and ends on {sunset}" if sunset else "")
    if words is not None and sunset is not None and told.get("sunset_date") and sunset not in words:
        text += f" (it ends on {sunset})"
    if endpoint is not None and endpoint not in text:
        text += f"; in its place: {endpoint}, which `api: v3` in the spec uses"
    if page is not None and page not in text:
        text += f"; {page}"
    return Notice(text=hide(scrub(text)), sunset=sunset)


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None
