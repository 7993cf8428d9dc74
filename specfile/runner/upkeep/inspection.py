"""What is in a lock, said in words: damage, what merges and crashes left, and what became of the files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from specfile.errors import LockError, UsageError
from specfile.runner.files.parts import file_hash
from specfile.runner.lock.entries import FINISHED, Entry, Line, Lock, State
from specfile.runner.lock.index import holders
from specfile.runner.lock.reading import NEWER_HINT, REPAIR_HINT, Trouble, Unreadable, require_one_owner, scan
from specfile.runner.lock.settle import settle
from specfile.runner.plan.planner import file_size

_PAID: Final = frozenset({*FINISHED, State.SUBMITTED})
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing worth knowing. `advice` says what to do, where there is anything to be done.

    Damage keeps builds from using the lock; everything else is only told.
    """

    text: str
    advice: str | None = None
    is_damage: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A lock that was looked through: what can be read of it, and what there is to say, damage first."""

    lock: Lock
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether builds can use it."""
        return not any(finding.is_damage for finding in self.findings)

    @property
    def states(self) -> Mapping[State, int]:
        """How many films are in which state."""
        return Counter(entry.state for entry in self.lock.entries.values())


def inspect(
    path: Path, *, service: str, others: Iterable[tuple[Path, Lock]] = (), verify: bool = False
) -> Inspection:
    """Look through a lock that may be damaged; nothing is written, and no owner is needed.

    Args:
        path: the lock; one that isn't there is empty.
        service: origin of the service that builds would use now, or `local`.
        others: the other locks of the project.
        verify: read every file, rather than look at its size only.

    Raises:
        UsageError: the lock or, to verify it, a file can't be read.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        text = b""
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}") from error
    rows = list(scan(text))
    lines = [row for row in rows if not isinstance(row, Unreadable)]
    lock = settle(lines)
    damage = [*_unreadable(row for row in rows if isinstance(row, Unreadable)), *_wrong_heads(path, lock)]
    told = [
        *_of_merges(lines, lock),
        *_paid_twice(lock),
        *_open_ends(lock),
        *_files(lock, path.absolute().parent, verify=verify),
        *_beside_others(path, lock, service, others),
    ]
    found = sorted((*damage, *told), key=lambda finding: not finding.is_damage)
    return Inspection(lock=lock, findings=tuple(found))


def _unreadable(rows: Iterable[Unreadable]) -> Iterator[Finding]:
    by_trouble: dict[Trouble, list[Unreadable]] = defaultdict(list)
    for row in rows:
        by_trouble[row.trouble].append(row)
    if marks := by_trouble[Trouble.CONFLICT]:
        where = _named([str(row.row) for row in marks])
        yield Finding(
            text=f"a merge left conflict markers in {_lines(len(marks))} {where}",
            advice=f"{REPAIR_HINT}, of both sides; `*.lock merge=union` in .gitattributes prevents them",
            is_damage=True,
        )
    for row in (*by_trouble[Trouble.BAD], *by_trouble[Trouble.NEWER]):
        advice = NEWER_HINT if row.trouble is Trouble.NEWER else REPAIR_HINT
        yield Finding(text=f"line {row.row} can't be read: {row.reason}", advice=advice, is_damage=True)
    for row in by_trouble[Trouble.TORN]:
        yield Finding(text=f"line {row.row} is torn: a build was cut short there; the next one leaves it out")


def _wrong_heads(path: Path, lock: Lock) -> Iterator[Finding]:
    try:
        require_one_owner(path, lock)
    except LockError as error:
        text = str(error).removeprefix(f"{path} ")
        yield Finding(text=text, advice=error.hint, is_damage=True)


def _of_merges(lines: Iterable[Line], lock: Lock) -> Iterator[Finding]:
    if len(lock.ids) > 1:
        ids = _named(lock.ids)
        yield Finding(
            text=f"it has {len(lock.ids)} ids, {ids}: it was begun on {len(lock.ids)} branches; the first "
            "counts, and what was sent with the others is known too",
        )
    written = Counter(line.pair for line in lines if isinstance(line, Entry))
    several = [pair for pair, number in written.items() if number > (2 if pair in lock.reruns else 1)]
    if several:
        films = "1 film has" if len(several) == 1 else f"{len(several):,} films have"
        keys = _named(dict.fromkeys(key for key, _ in sorted(several)))
        yield Finding(
            text=f"{films} several lines, of {keys}: left by a merge or a build cut short, settled by content"
        )


def _paid_twice(lock: Lock) -> Iterator[Finding]:
    """Renders of one film that no `--again` asked for.

    Lines without a token took a render over from another key, so that it wasn't paid for again.
    """
    renders: dict[tuple[str, int], dict[str, Entry]] = defaultdict(dict)
    for entry in (*lock.entries.values(), *lock.reruns.values()):
        if entry.token is not None and entry.video_id is not None and entry.state in _PAID:
            renders[entry.digest, entry.attempt].setdefault(entry.video_id, entry)
        for one in entry.previous:
            if one.state in _PAID:
                renders[entry.digest, one.attempt].setdefault(one.video_id, entry)
    used = {entry.video_id for entry in (*lock.entries.values(), *lock.reruns.values())}
    for same in renders.values():
        if len(same) > 1:
            keys = " and ".join(f"`{key}`" for key in sorted({entry.key for entry in same.values()}))
            advice = "let one machine build at a time, as the concurrency group of `init`'s workflow does"
            if spare := sorted(same.keys() - used):
                advice += f"; nothing uses {' and '.join(spare)}, which can be deleted at the service"
            yield Finding(
                text=f"the film of {keys} was paid for {_times(len(same))}, as {' and '.join(sorted(same))}: "
                "two machines built it at one time, or two branches each",
                advice=advice,
            )


def _open_ends(lock: Lock) -> Iterator[Finding]:
    lost = sorted(
        entry.key
        for entry in (*lock.entries.values(), *lock.reruns.values())
        if entry.state is State.SUBMITTING
    )
    if lost:
        yield Finding(
            text=f"whether {_named(lost)} was made isn't known: the answer to sending it was lost",
            advice="`specfile build` looks for it at the service, and sends nothing twice",
        )


def _files(lock: Lock, folder: Path, *, verify: bool) -> Iterator[Finding]:
    missing, changed = [], []
    for path, pair in sorted(holders(lock, folder).items()):
        entry = lock.entries[pair]
        size = file_size(Path(path))
        name = entry.files.video if entry.files is not None else path
        if size is None:
            missing.append(name)
        elif size != entry.bytes or (verify and _hash_of(Path(path)) != entry.sha256):
            changed.append(name)
    if missing:
        yield Finding(
            text=f"{_files_are(missing)} not here: {_named(missing)}",
            advice="`specfile build` fetches what is missing",
        )
    if changed:
        yield Finding(
            text=f"{_files_are(changed)} not what was downloaded: {_named(changed)}",
            advice="`specfile build` fetches a file of another size again; delete one that has the same size",
        )


def _beside_others(
    path: Path, lock: Lock, service: str, others: Iterable[tuple[Path, Lock]]
) -> Iterator[Finding]:
    recorded = next(iter(lock.heads.get("service", ())), service)
    if recorded != service:
        yield Finding(
            text=f"it records videos of {recorded}, and a build would use {service} now",
            advice=f"set HEYGEN_API_BASE={recorded} to go on with it",
        )
    mine = holders(lock, path.absolute().parent)
    for other, content in others:
        if lock.ids and content.ids == lock.ids:
            yield Finding(
                text=f"{other} is a copy of it",
                advice="delete the copy; a spec that is copied starts with a lock of its own",
            )
        else:
            theirs = holders(content, other.absolute().parent)
            if both := sorted(mine.keys() & theirs.keys()):
                yield Finding(
                    text=f"{other} records files of it too: {_named([Path(one).name for one in both])}",
                    advice="give one of the specs another `output.dir` or `output.file`",
                )


def _hash_of(path: Path) -> str:
    try:
        return file_hash(path)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}") from error


def _named(names: Iterable[str]) -> str:
    """The first few, and how many there are beside."""
    names = list(names)
    shown = ", ".join(names[:_MOST_NAMED])
    rest = len(names) - _MOST_NAMED
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def _lines(number: int) -> str:
    return "line" if number == 1 else "lines"


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"


def _files_are(names: list[str]) -> str:
    return "1 file is" if len(names) == 1 else f"{len(names):,} files are"
