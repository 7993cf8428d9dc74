"""Asking for many addresses at once, each once, within a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, NamedTuple

from specfile.film import AssetKind
from specfile.online.judging import Problem, judge
from specfile.online.looking import Seen, look

MOST: Final = 500
"""So many addresses are asked for; a table may name a hundred thousand."""

SECONDS: Final = 120.0
_AT_ONCE: Final = 8


class Wanted(NamedTuple):
    """An address, and the kind of file that the field takes."""

    url: str
    kind: AssetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking: what is wrong where something is, and how many addresses were not asked for."""

    problems: Mapping[Wanted, Problem]
    asked: int
    left: int


def ask(
    wanted: Iterable[Wanted],
    *,
    look: Callable[[str], Seen] = look,
    now: Callable[[], float] = time.monotonic,
) -> Asked:
    """Look at the file behind each address. Nothing is fetched but headers and first bytes.

    `now` gives seconds that only grow; past the time no further address is begun.
    """
    fields = tuple(dict.fromkeys(wanted))
    urls = tuple(dict.fromkeys(one.url for one in fields))
    end = now() + SECONDS

    def look_in_time(url: str) -> Seen | None:
        return look(url) if now() < end else None

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = dict(zip(urls, pool.map(look_in_time, urls[:MOST]), strict=False))
    seen = {url: answer for url, answer in answers.items() if answer is not None}
    judged = ((one, judge(one.url, one.kind, seen[one.url])) for one in fields if one.url in seen)
    problems = {one: problem for one, problem in judged if problem is not None}
    return Asked(problems=problems, asked=len(seen), left=len(urls) - len(seen))
