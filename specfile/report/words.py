"""How lengths, money and counts read."""

from __future__ import annotations

from pathlib import Path


def beside(path: Path) -> str:
    """A path as it is typed from the current folder, where it lies below it."""
    folder = Path.cwd()
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def length(seconds: float) -> str:
    """Seconds of film as `0:07`, `12:30` or `1:02:03`."""
    whole = max(round(seconds), 1) if seconds > 0 else 0
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def span(seconds: float) -> str:
    """How long something takes or took, to two places that matter: `40 s`, `3 min`, `1 h 20 min`."""
    whole = max(0, round(seconds))
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def ago(seconds: float) -> str:
    """How long it is since: `just now`, `5 minutes ago`, `3 hours ago`, `12 days ago`."""
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{count(int(seconds // size), noun)} ago"
    return "just now"


def money(usd: float) -> str:
    """US dollars and cents; what is less than a cent says so."""
    return f"${usd:,.2f}" if usd >= 0.005 or usd == 0 else "<$0.01"


def in_credits(number: float) -> str:
    """Credits to a tenth; what is less says so."""
    return f"{number:.1f} credits" if number >= 0.05 or number == 0 else "<0.1 credits"


def balance(remaining_usd: float, needed_usd: float) -> str:
    """What an account has left, and whether that is enough."""
    left = f"the account has {money(remaining_usd)} left"
    return left if needed_usd <= remaining_usd else f"{left}, and this needs about {money(needed_usd)}"


def megabytes(size: int) -> str:
    """Bytes as `0.4 MB` or `12 MB`."""
    whole = size / 2**20
    return f"{whole:.1f} MB" if whole < 10 else f"{whole:,.0f} MB"


def count(number: int, noun: str) -> str:
    """`1 video`, `2 videos`, `1,000 videos`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
