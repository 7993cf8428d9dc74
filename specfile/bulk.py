"""Every request of a spec as a line, in memory that doesn't grow with the rows, over processes if asked.

Nothing is given away before everything is known to be right: lines wait in temporary files.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from specfile.compiler import Made, Notes, Outcome
from specfile.data import Shard
from specfile.diagnostics import Diagnostic, Severity, SpecError
from specfile.film import Json
from specfile.loaded import LoadedSpec
from specfile.stream import Reading, Stream

if TYPE_CHECKING:
    from specfile.catalogue import Catalogue

_BUFFER: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Lines:
    """One line for each video, in stretches of files that follow the order of the rows.

    `keys` are those of all videos, where they were wanted.
    """

    stretches: tuple[Stretch, ...]
    keys: tuple[str, ...]
    stream: Stream

    @property
    def keys_kept(self) -> Iterator[str]:
        """The keys of the videos that are not left out."""
        left_out = self.stream.taken_back
        return (key for number, key in enumerate(self.keys) if number not in left_out)

    @property
    def whole_file(self) -> Path | None:
        """The file that holds these lines and nothing else, where there is one."""
        if len(self.stretches) != 1 or self.stream.taken_back:
            return None
        (one,) = self.stretches
        return one.path if one.start == 0 and one.end == one.path.stat().st_size else None

    @property
    def _paths(self) -> frozenset[Path]:
        return frozenset(one.path for one in self.stretches)

    def write(self, out: BinaryIO, keys: Container[str] | None = None) -> None:
        """Write the lines; of videos with these keys, if any are given."""
        left_out = self.stream.taken_back
        if keys is None and not left_out:
            with ExitStack() as files:
                opened = {path: files.enter_context(path.open("rb", 0)) for path in self._paths}
                for one in self.stretches:
                    one.copy(opened[one.path], out)
            return
        for number, line in enumerate(line for one in self.stretches for line in one.lines()):
            if number not in left_out and (keys is None or self.keys[number] in keys):
                out.write(line)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a file, in bytes."""

    path: Path
    start: int
    end: int

    def copy(self, file: BinaryIO, out: BinaryIO) -> None:
        """Write it whole. `file` is its file, opened without a buffer."""
        file.seek(self.start)
        left = self.end - self.start
        while left:
            piece = file.read(min(left, _BUFFER))
            out.write(piece)
            left -= len(piece)

    def lines(self) -> Iterator[bytes]:
        """Its lines, with their ends."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            left = self.end - self.start
            while left:
                line = file.readline()
                left -= len(line)
                yield line


def compile_lines(
    loaded: LoadedSpec,
    folder: Path,
    *,
    payload: bool,
    with_keys: bool,
    executor: Executor | None,
    shards: int,
) -> Lines:
    """Compile a spec to lines, kept in `folder` until they are written.

    Args:
        loaded: the spec.
        folder: an empty folder of one's own.
        payload: only the body of each request.
        with_keys: remember the keys.
        executor: where to compile all parts of the rows but the first; none where they are not shared. A
            table with something to say about its rows is gone through once more, here, so that what is said
            does not depend on it.
        shards: into how many parts to share the rows.

    Raises:
        LockError: the lock, which is read where a default voice is asked for, is damaged.
    """
    if executor is not None:
        work = _Work.of(loaded, folder, payload=payload, with_keys=with_keys)
        others = [executor.submit(compile_shard, work.part(index, shards)) for index in range(1, shards)]
        parts = [compile_shard(work.part(0, shards)), *(one.result() for one in others)]
        if lines := _joined(loaded, parts):
            return lines
    stream = loaded.stream(is_final=True)
    path = folder / "lines"
    keys: list[str] = []
    with path.open("wb", buffering=_BUFFER) as file:
        for made in stream:
            file.write(_line(made, payload=payload))
            if with_keys:
                keys.append(made.key)
        end = file.tell()
    return Lines((Stretch(path, 0, end),), tuple(keys), stream)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What a process needs to know to compile a part of a spec's rows."""

    spec: str
    given: Mapping[str, Json]
    data: str | None
    api: Any
    account: str | None
    reading: Reading
    catalogue: Catalogue | None
    path: Path
    payload: bool
    with_keys: bool
    shard: Shard

    @classmethod
    def of(cls, loaded: LoadedSpec, folder: Path, *, payload: bool, with_keys: bool) -> _Work:
        return cls(
            spec=loaded.spec.source.name,
            given=dict(loaded.given),
            data=loaded.data,
            api=loaded.api,
            account=loaded.account.name if loaded.account is not None else None,
            reading=loaded.reading,
            catalogue=loaded.catalogue,
            path=folder / "lines",
            payload=payload,
            with_keys=with_keys,
            shard=Shard(0, 1),
        )

    def part(self, index: int, count: int) -> _Work:
        return replace(self, shard=Shard(index, count), path=self.path.with_name(f"lines-{index}"))


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of the rows came to: a stretch of lines, and their keys, for each stretch of rows.

    `found` is about the spec and no row; None where there is something to say about rows.
    """

    stretches: tuple[tuple[int, Stretch, tuple[str, ...]], ...]
    count: int
    notes: Notes
    found: tuple[Diagnostic, ...] | None


def compile_shard(work: _Work) -> Part:
    """Compile a part of the rows, in whichever process; what is wrong is explained elsewhere."""
    loaded = LoadedSpec.read(
        work.spec,
        variables=work.given,
        data=work.data,
        api=work.api,
        account=work.account,
        reading=work.reading,
    )
    loaded = replace(loaded, catalogue=work.catalogue)
    found: list[Diagnostic] = []
    is_remark = _is_note if loaded.reading.counts_warnings else _is_remark
    is_sound = True
    stretches: list[tuple[int, Stretch, tuple[str, ...]]] = []
    keys: list[str] = []
    count = start = stretch = last = 0
    compiler = loaded.compiler()
    with work.path.open("wb", buffering=_BUFFER) as file:

        def end() -> None:
            nonlocal start
            if file.tell() > start:
                stretches.append((stretch, Stretch(work.path, start, file.tell()), tuple(keys)))
            start = file.tell()
            keys.clear()

        try:
            for outcome in compiler.part(loaded.rows(work.shard)):
                if not all(map(is_remark, outcome.diagnostics)) or (outcome.made is None and outcome.row):
                    is_sound = False
                    break
                found += outcome.diagnostics
                if outcome.made is None:
                    continue
                if outcome.row is not None and outcome.row > last:
                    end()
                    stretch = work.shard.stretch_of(outcome.row)
                    last = work.shard.last_of(stretch)
                file.write(_line(outcome.made, payload=work.payload))
                count += 1
                if work.with_keys:
                    keys.append(outcome.made.key)
        except SpecError:
            is_sound = False
        end()
    return Part(tuple(stretches), count, compiler.notes, tuple(found) if is_sound else None)


def _joined(loaded: LoadedSpec, parts: Sequence[Part]) -> Lines | None:
    """The parts put together; None where anything is to be said about rows."""
    compiler = loaded.compiler()
    found: list[Diagnostic] = []
    for part in parts:
        if part.found is None:
            return None
        found += part.found
        compiler.notes.join(part.notes)
    ending = [Outcome(None, tuple(found)), *compiler.ending(loaded.rows())]
    if any(outcome.row is not None for outcome in ending):
        return None
    stream = Stream(lambda: iter(ending), loaded.finished, loaded.reading)
    for _ in stream:
        pass
    stream.count = sum(part.count for part in parts)
    stretches = sorted((one for part in parts for one in part.stretches), key=lambda one: one[0])
    keys = tuple(key for _, _, names in stretches for key in names)
    return Lines(tuple(one for _, one, _ in stretches), keys, stream)


def _is_remark(one: Diagnostic) -> bool:
    """Whether it is about the spec, and stops nothing."""
    return one.cell is None and one.severity is not Severity.ERROR


def _is_note(one: Diagnostic) -> bool:
    """Whether it is about the spec, and stops nothing where a warning would."""
    return one.cell is None and one.severity is Severity.NOTE


def _line(made: Made, *, payload: bool) -> bytes:
    return made.body() + b"\n" if payload else made.line()
