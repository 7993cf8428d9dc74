"""Rules about size and length. Those of a plan speak only where the user names the account's plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from specfile.compiler.rules.finding import Finding, Subject
from specfile.compiler.rules.plans import AccountPlan, longest_seconds
from specfile.film import Json

_DEFAULT: Final[Mapping[str, Json]] = {"width": 1920, "height": 1080}
_SIZES: Final = {720: "720p", 1080: "1080p", 2160: "4K"}


def plan_resolution(subject: Subject) -> Iterator[Finding]:
    """The service takes a picture that the plan doesn't allow, and fails minutes later, while rendering."""
    account = subject.account
    if account is None or account.short_side is None:
        return
    size = subject.payload.get("dimension", _DEFAULT)
    width, height = size["width"], size["height"]
    if min(width, height) <= account.short_side:
        return
    most = _SIZES.get(account.short_side, f"{account.short_side} pixels")
    given = f"{width}×{height}"
    start = (
        f"`dimension` is {given}" if "dimension" in subject.payload else f"without `dimension` it is {given}"
    )
    yield Finding(
        ("dimension",),
        f"{start}, and {account.title} goes up to {most}: the service would take the request "
        "and fail minutes later",
        f"write `dimension: {_fitting(width, height, account.short_side)}`",
    )


def plan_length(subject: Subject) -> Iterator[Finding]:
    """Longer than the plan allows, as far as it can be told beforehand."""
    account, seconds = subject.account, subject.seconds
    if account is None or account.seconds is None or seconds is None or seconds <= account.seconds:
        return
    yield Finding(
        ("video_inputs",),
        f"this video will take about {_minutes(seconds)}, "
        f"and {account.title} allows {_minutes(account.seconds)}",
        "make two videos of it, or say less",
    )


def film_too_long(subject: Subject) -> Iterator[Finding]:
    """Longer than any plan is known to allow."""
    longest, seconds = longest_seconds(), subject.seconds
    if seconds is not None and seconds > longest and (subject.account is None or not subject.account.seconds):
        yield Finding(
            ("video_inputs",),
            f"this video will take about {_minutes(seconds)}; no plan is known to allow more than "
            f"{_minutes(longest)}",
            "make two videos of it, or say less",
        )


def shortest_limit(account: AccountPlan | None) -> float:
    """The seconds up to which no rule about length finds anything."""
    limit = account.seconds if account is not None else None
    return min(longest_seconds(), limit) if limit is not None else longest_seconds()


def _fitting(width: int, height: int, short_side: int) -> str:
    """The size of the same shape that the plan allows, sides even as the service wants them."""
    factor = short_side / min(width, height)
    width, height = (2 * round(side * factor / 2) for side in (width, height))
    return {(1280, 720): "720p", (1920, 1080): "1080p"}.get((width, height), f"{width}x{height}")


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    if whole < 120:
        return f"{whole} seconds"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} minutes" if not rest else f"{minutes} minutes {rest} seconds"
