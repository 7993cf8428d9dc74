"""What happens in a build as plain lines."""

from __future__ import annotations

from typing import Final

from specfile.report.words import balance, beside, count, length, span
from specfile.runner import events
from specfile.runner.events import Event

LEFT: Final = {
    "pending": "on the way",
    "rendered": "rendered, not downloaded",
    "absent": "not downloaded here",
}
"""How what a build leaves at the service reads."""


def event_line(event: Event) -> str | None:
    """An event as one plain line, or None where it needs none."""
    return _of_video(event) or _of_build(event)


def _of_video(event: Event) -> str | None:
    match event:
        case events.Sent(key=key, attempt=attempt):
            return f"{key}: sending" + (f" (attempt {attempt})" if attempt > 1 else "")
        case events.Accepted(key=key, video_id=video_id, adopted=adopted):
            found = "found at the service, rendering" if adopted else "rendering"
            return f"{key}: {found} (video {video_id})"
        case events.Finished(key=key, duration_s=seconds):
            return f"{key}: rendered" + (f", {length(seconds)}" if seconds is not None else "")
        case events.Saved(key=key, path=path, how=how):
            return f"{key}: {how} to {beside(path)}"
        case events.Left(key=key, result=result):
            return f"{key}: {LEFT[result]}"
        case events.Failed(key=key, code=code, words=words):
            return f"{key}: failed, {code}" + (f": {words}" if words else "")
        case events.Lost(key=key):
            return f"{key}: gone at the service"
        case events.Held(key=key, reason=reason):
            return f"{key}: held back, {reason}"
        case events.Stuck(key=key, seconds=seconds):
            return f"{key}: rendering for {span(seconds)}, far longer than others, and asked after on"
        case events.Remark(key=key, text=text):
            return f"{key}: {text}"
    return None


def _of_build(event: Event) -> str | None:
    match event:
        case events.Uploaded(path=path):
            return f"{path.name}: uploaded"
        case events.Waiting(seconds=seconds, reason=reason):
            return f"waiting {span(seconds)}: {reason}" if seconds >= 1 else None
        case events.Ceiling(limit=limit, reason=reason):
            return f"at most {count(limit, 'render')} at once from now on: {reason}"
        case events.Stalled(seconds=seconds):
            return f"the service has not answered for {span(seconds)}; still waiting"
        case events.Balance(remaining_usd=remaining, needed_usd=needed):
            return balance(remaining, needed)
        case events.Listening(url=url, trouble=trouble):
            return f"no webhooks at {url}, so asking instead: {trouble}" if trouble else f"listening at {url}"
        case events.Stopped(error=error):
            return f"stopped submitting: {error}"
    return None
