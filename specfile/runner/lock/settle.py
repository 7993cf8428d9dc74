"""The rules by which duplicate lines become one.

A lock is a set of lines. Merging two branches may bring duplicates in any order, and a killed build leaves a
journal, so what a line means never depends on where it stands. Lines about one film are settled in two steps:

1. Lines about the same render (the same video id; a line without an id belongs to its attempt) become one:
   of what is known of a render, the later knowledge wins.
2. Of several renders of one film one leads: a finished one, else the higher attempt, else the state that is
   further on, else the latest. The ids of the others are kept in `previous`, so that they count as known.

While a film is rendered again (`--again`), the earlier line stays beside the open one until the new attempt
has an outcome: a refused or failed attempt must not displace a finished film.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from specfile.film import pair_hash
from specfile.runner.lock.entries import (
    FINISHED,
    PENDING,
    AssetKey,
    Entry,
    Line,
    Lock,
    Pair,
    PinnedVoice,
    Previous,
    State,
    Tombstone,
    Uploaded,
)

# Of one render: a video that was fetched and is gone at the service today is gone.
_WITHIN_RENDER: Final = {state: rank for rank, state in enumerate(State)}
_BETWEEN_RENDERS: Final = {
    state: rank
    for rank, state in enumerate(
        (
            State.SUBMITTING,
            State.WITHDRAWN,
            State.FAILED,
            State.SUBMITTED,
            State.LOST,
            State.COMPLETED,
            State.DOWNLOADED,
        )
    )
}


def settle(lines: Iterable[Line]) -> Lock:
    """Make one lock of any lines in any order; the same set of lines always gives the same lock."""
    heads: dict[str, set[str]] = defaultdict(set)
    pins: dict[str, str] = {}
    assets: dict[AssetKey, str] = {}
    tombstones: dict[str, int] = {}
    by_pair: dict[Pair, list[Entry]] = {}
    for line in lines:
        if isinstance(line, Entry):
            by_pair.setdefault((line.key, line.digest), []).append(line)
        elif isinstance(line, PinnedVoice):
            # Two branches looked it up and were told different voices; a fixed choice keeps to one of them.
            pins[line.avatar] = min(line.id, pins.get(line.avatar, line.id))
        elif isinstance(line, Uploaded):
            # Two uploads of the same bytes are equally good; any fixed choice will do.
            assets[line.asset] = min(line.id, assets.get(line.asset, line.id))
        elif isinstance(line, Tombstone):
            tombstones[line.pair_hash] = max(line.attempt, tombstones.get(line.pair_hash, 0))
        else:
            heads[line.name].add(line.value)
    entries, reruns = _settle_pairs(by_pair, tombstones)
    return Lock(
        heads={name: tuple(sorted(values)) for name, values in heads.items()},
        pins=pins,
        assets=assets,
        entries=entries,
        reruns=reruns,
        tombstones=tombstones,
    )


def _settle_pairs(
    by_pair: Mapping[Pair, list[Entry]], tombstones: Mapping[str, int]
) -> tuple[dict[Pair, Entry], dict[Pair, Entry]]:
    entries: dict[Pair, Entry] = {}
    reruns: dict[Pair, Entry] = {}
    for pair, lines in by_pair.items():
        buried = tombstones.get(pair_hash(*pair), 0) if tombstones else 0
        entry, rerun = settle_pair(lines, buried)
        if entry is not None:
            entries[pair] = entry
        if rerun is not None:
            reruns[pair] = rerun
    return entries, reruns


def settle_pair(lines: Iterable[Entry], buried: int = 0) -> tuple[Entry | None, Entry | None]:
    """Settle the lines of one film: the line that leads, and the open line of a later attempt beside it.

    `buried` is the last attempt that a tombstone covers.
    """
    lines = list(lines)
    if len(lines) == 1 and not buried and not lines[0].previous:
        return lines[0], None
    if not buried and _is_one_render(lines):
        return _of_one_render(lines), None
    told = _told(lines, buried)
    model = min(lines, key=lambda line: line.api)
    renders = _renders([line for line in lines if line.attempt > buried], told, model)
    if not renders:
        return None, None
    known = _known(renders, told)
    closed_ones = [one for one in renders if one.state not in PENDING]
    pending_ones = [one for one in renders if one.state in PENDING]
    if not closed_ones:
        return _with_previous(_best(pending_ones, _pending_rank), known, None), None
    closed = _best(closed_ones, _between)
    if not pending_ones:
        return _with_previous(closed, known, None), None
    pending = _best(pending_ones, _pending_rank)
    if pending.attempt > closed.attempt:
        return _with_previous(closed, known, pending), replace(pending, previous=())
    return _with_previous(max(closed, pending, key=_between), known, None), None


def _best(entries: list[Entry], rank: Callable[[Entry], tuple[object, ...]]) -> Entry:
    """The highest; of equals, always the same one whatever their order."""
    if len(entries) == 1:
        return entries[0]
    top = max(rank(one) for one in entries)
    first, *others = (one for one in entries if rank(one) == top)
    return max((first, *others), key=repr) if others else first


def _is_one_render(lines: list[Entry]) -> bool:
    """Whether all lines speak of the same render and of no other, as nearly all do."""
    attempts = {line.attempt for line in lines}
    ids = {line.video_id for line in lines if line.video_id is not None}
    return len(attempts) == 1 and len(ids) < 2 and not any(line.previous for line in lines)


def _of_one_render(lines: list[Entry]) -> Entry:
    """The latest that is known of it; a line without an id says less than one that has it."""
    named = [line for line in lines if line.video_id is not None]
    return _merge_named(named, None) if named else _best(lines, _unnamed_rank)


def _renders(alive: list[Entry], told: Mapping[str, Previous], model: Entry) -> list[Entry]:
    """One entry per render, each with the latest that is known of it.

    A line without an id speaks of the render of its attempt that has one, where there is one. A render that
    only a `previous` list speaks of is made into an entry like `model`: all it takes to go on is its id.
    """
    named = {line.attempt for line in alive if line.video_id is not None}
    named.update(one.attempt for one in told.values())
    groups: dict[str | int, list[Entry]] = defaultdict(list)
    for line in alive:
        if line.video_id is not None:
            groups[line.video_id].append(line)
        elif line.attempt not in named:
            groups[line.attempt].append(line)
    lines = [
        _merge_named(group, told.get(name)) if isinstance(name, str) else _best(group, _unnamed_rank)
        for name, group in groups.items()
    ]
    return lines + [_entry_of(one, model) for one in told.values() if one.video_id not in groups]


def _told(lines: Iterable[Entry], buried: int) -> dict[str, Previous]:
    """What `previous` lists say of renders, by video id; the latest that any of them knows."""
    told: dict[str, Previous] = {}
    for one in (one for line in lines for one in line.previous if one.attempt > buried):
        known = told.get(one.video_id, one)
        told[one.video_id] = max(one, known, key=lambda each: (_WITHIN_RENDER[each.state], each.attempt))
    return told


def _merge_named(group: list[Entry], told: Previous | None) -> Entry:
    best = _best(group, lambda one: (_WITHIN_RENDER[one.state], one.time))
    if told is not None and _WITHIN_RENDER[told.state] > _WITHIN_RENDER[best.state]:
        return replace(best, state=_told_state(told))
    return best


def _entry_of(one: Previous, model: Entry) -> Entry:
    return Entry(
        key=model.key,
        digest=model.digest,
        state=_told_state(one),
        video_id=one.video_id,
        attempt=one.attempt,
        api=model.api,
    )


def _told_state(one: Previous) -> State:
    """A film whose file nobody remembers is finished, and to be fetched again."""
    return State.COMPLETED if one.state is State.DOWNLOADED else one.state


def _unnamed_rank(entry: Entry) -> tuple[str, int]:
    """A later intent governs: the earlier one was refused or searched for before it was written."""
    return (entry.submitted_at or "", _WITHIN_RENDER[entry.state])


def _between(entry: Entry) -> tuple[bool, int, int, bool, str]:
    return (
        entry.state in FINISHED,
        entry.attempt,
        _BETWEEN_RENDERS[entry.state],
        entry.video_id is not None,
        entry.time,
    )


def _pending_rank(entry: Entry) -> tuple[bool, tuple[bool, int, int, bool, str]]:
    # A withdrawn intent never hides a render that may exist.
    return (entry.state is not State.WITHDRAWN, _between(entry))


def _known(renders: Iterable[Entry], told: Mapping[str, Previous]) -> dict[str, Previous]:
    """Every render with an id, as `previous` would list it."""
    known = dict(told)
    for render in renders:
        if render.video_id is not None and _WITHIN_RENDER[render.state] >= _rank(known.get(render.video_id)):
            known[render.video_id] = Previous(render.attempt, render.video_id, render.state)
    return known


def _rank(one: Previous | None) -> int:
    return _WITHIN_RENDER[one.state] if one is not None else -1


def _with_previous(leader: Entry, known: Mapping[str, Previous], beside: Entry | None) -> Entry:
    led = {leader.video_id, beside.video_id if beside else None}
    previous = tuple(sorted(one for one in known.values() if one.video_id not in led))
    return leader if previous == leader.previous else replace(leader, previous=previous)
