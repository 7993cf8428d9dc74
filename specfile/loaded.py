"""A spec with the values that were given for it: what checking and compiling need, and nothing that sends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from specfile.compiler import Compiler, Complaint, MadeOf, Rows, Target
from specfile.compiler.origin import Origin
from specfile.compiler.rules import AccountPlan, account_plan, plan_names
from specfile.compiler.stepwise import Judged
from specfile.data import (
    BadValue,
    Refused,
    Row,
    Shard,
    Table,
    Variable,
    declare_all,
    open_table,
    single_row,
    typed_rows,
)
from specfile.diagnostics import MAX_PROBLEMS, Diagnostic, Severity, Span, SpecError, in_order
from specfile.diagnostics.suggest import did_you_mean
from specfile.errors import UsageError
from specfile.film import Api, Json, Video
from specfile.language import Spec, load_spec
from specfile.language.blocks import RESERVED
from specfile.language.ignores import DataPlace, Ignores
from specfile.language.library import with_way
from specfile.located import STDIN, Located, from_user, located
from specfile.pins import LockPins
from specfile.stream import ALL_ROWS, Reading, Stream, Tick

if TYPE_CHECKING:
    from specfile.catalogue import Catalogue

_TO_LOOK_UP: Final = "default-voice"


class Compiled(NamedTuple):
    """The videos that ought to exist, what was found on the way, and the rows that are wrong."""

    videos: tuple[Video, ...]
    found: tuple[Diagnostic, ...]
    refused: Mapping[int, str]


def gathered(stream: Stream) -> Compiled:
    """All videos of a stream that was not gone through yet, to be sent only if it turns out to be sound.

    What is noted of voices that are yet to be looked up is left out: their videos say so themselves.
    """
    made = [one.video() for one in stream]
    videos = tuple(one for number, one in enumerate(made) if number not in stream.taken_back)
    found = stream.found
    if stream.is_sound:
        found = tuple(one for one in found if one.code != _TO_LOOK_UP)
    return Compiled(videos, found, stream.refused)


@dataclass(frozen=True)
class LoadedSpec:
    """A spec as written, the declared variables, and the values given from outside.

    Attributes:
        spec: what is written.
        variables: the spec's own.
        declarations: those of every block by its place.
        given: the values from outside.
        data: a table that takes the place of the spec's own.
        warnings: what was remarkable when it was read.
        api: the dialect that wins over the spec's own.
        account: the plan whose limits videos are held against.
        reading: how much of the data is looked at.
        is_partial: whether rows were left out, as they were wrong.
        tick: told how many videos are compiled.
        catalogue: what the account is offered, where that is known.
    """

    spec: Spec
    variables: Mapping[str, Variable]
    declarations: Mapping[Span, Mapping[str, Variable]]
    given: Mapping[str, Json]
    data: str | None
    warnings: tuple[Diagnostic, ...]
    api: Api | None = None
    account: AccountPlan | None = None
    reading: Reading = ALL_ROWS
    is_partial: bool = False
    tick: Tick | None = field(default=None, compare=False, repr=False)
    catalogue: Catalogue | None = field(default=None, compare=False, repr=False)

    @classmethod
    def read(
        cls,
        path: str | Path,
        *,
        variables: Mapping[str, Json] | None = None,
        data: str | Path | None = None,
        api: Api | None = None,
        account: str | None = None,
        reading: Reading | None = None,
        name: str | None = None,
    ) -> Self:
        """Read a spec.

        Args:
            path: the YAML file.
            variables: values that win over defaults and data; text is read as the variable's declared type.
            data: a table to use in place of the spec's own: a path, an address, or - for stdin.
            api: the dialect to compile to in place of the spec's own.
            account: the account's plan, by its name in `schemas/plans.json`.
            reading: how much of the data to look at, and what to do about rows that are wrong.
            name: what messages call the file; the path as it is given unless told otherwise.

        Raises:
            SpecError: the file can't be read, or is no spec.
            UsageError: a variable doesn't fit its declaration, or there is no such plan.
        """
        plan = _plan(account) if account is not None else None
        # However the folder is spelled, paths below it must compare equal to those that a lock records.
        place = Path(path).parent.resolve() / Path(path).name
        spec, warnings = load_spec(place, name if name is not None else str(path))
        declarations = _declarations(spec)
        declared = declarations.get(spec.block.node.span, {})
        given = _given(declared, variables or {})
        unknown = () if spec.data is not None or data is not None else _undeclared(declared, given)
        table = str(data) if data is not None else None
        return cls(
            spec, declared, declarations, given, table, (*warnings, *unknown), api, plan, reading or ALL_ROWS
        )

    def check(self) -> tuple[Diagnostic, ...]:
        """Everything that can be known to be wrong offline, in order of place. Sends nothing.

        Raises:
            LockError: the lock, which is read where a default voice is asked for, is damaged.
        """
        stream = self.stream()
        for _ in stream:
            pass
        return stream.found

    def compile(self, *, local: bool = False) -> tuple[Video, ...]:
        """The videos that ought to exist, one per row (more with a top-level `for`).

        Raises:
            SpecError: the spec or its data is wrong, or a default voice isn't pinned in the lock; no video is
                given then.
            LockError: the lock, which is read where a default voice is asked for, is damaged.
        """
        return self.compiled(local=local).videos

    def compiled(
        self,
        *,
        local: bool = False,
        pins: Mapping[str, str] | None = None,
        voiceless: Mapping[str, str] | None = None,
        is_plan: bool = False,
    ) -> Compiled:
        """The videos that ought to exist, with everything that `check` finds.

        Args:
            local: put files where `--local` keeps them.
            pins: the default voices of avatars; those in the lock unless they are given.
            voiceless: avatars for which the service named no default voice, and what is wrong.
            is_plan: give videos whose default voices are yet to be looked up too; they say so themselves.

        Raises:
            SpecError: the spec or its data is wrong; it carries the warnings too.
            LockError: the lock is damaged.
        """
        stream = self.stream(local=local, pins=pins, voiceless=voiceless, is_final=not is_plan)
        compiled = gathered(stream)
        stream.require_sound()
        return compiled

    def lock_path(self, *, local: bool = False) -> Path:
        """Where the lock of this spec lies.

        Raises:
            SpecError: `output.lock` has no value, differs from row to row, or leaves the project.
        """
        row = single_row(self.variables, self.given)
        node = self.spec.output.lock
        if node is not None and ("{{" in node.text or "{%" in node.text) and (table := self.table()):
            columns = frozenset(table.names) - self.given.keys()
            row = row._replace(values={**dict.fromkeys(columns, ""), **row.values}, columns=columns)
        return Compiler(self.spec, self.declarations, Target(local=local), mass=False).lock_path(row)

    @property
    def whole(self) -> bool:
        """Whether the spec's own data decides what videos there are, so that others are orphaned."""
        piped = self.spec.data is not None and self.spec.data.source.text == STDIN
        all_of_it = self.reading.most is None and not self.is_partial
        return self.data is None and not self.given and not piped and all_of_it

    @property
    def data_name(self) -> str | None:
        """What messages call the data, once it was opened."""
        opened: Located | None = vars(self).get("_located")
        return opened.name if opened is not None else None

    @property
    def data_file(self) -> Path | None:
        """The file that the data was read from, once it was opened."""
        opened: Located | None = vars(self).get("_located")
        return opened.path if opened is not None else None

    @property
    def state_folder(self) -> Path:
        """The project's git-ignored folder for everything that isn't the lock."""
        return self.spec.root / ".specfile"

    def stream(
        self,
        *,
        local: bool = False,
        pins: Mapping[str, str] | None = None,
        voiceless: Mapping[str, str] | None = None,
        is_final: bool = False,
    ) -> Stream:
        """The videos one by one, and what is found about them.

        Args:
            local: put files where `--local` keeps them.
            pins: the default voices of avatars; those in the lock unless they are given.
            voiceless: avatars for which the service named no default voice, and what is wrong.
            is_final: refuse videos whose default voices are yet to be looked up.
        """
        reasons: dict[int, tuple[str, ...]] = {}
        return Stream(
            lambda: self.compiler(local=local, pins=pins, voiceless=voiceless).videos(
                _Rows(lambda: self._rows(None, reasons))
            ),
            partial(self.finished, is_final=is_final),
            self.reading,
            reasons=reasons,
            is_silenced=self.is_silenced,
            tick=self.tick,
        )

    def in_dialect(self, api: Api) -> Self:
        """The same spec for another API. Its data stays open, and is fetched no second time."""
        other = replace(self, api=api)
        if self.data_name is not None:
            vars(other)["_located"] = self._located
        return other

    def compiler(
        self,
        *,
        local: bool = False,
        pins: Mapping[str, str] | None = None,
        voiceless: Mapping[str, str] | None = None,
    ) -> Compiler:
        """What compiles the rows of this spec; arguments as of `stream`.

        Raises:
            SpecError: `output.lock` can't be used, where it is asked for pins.
        """
        known = LockPins(self.lock_path(local=local)) if pins is None else pins
        target = Target(
            local=local,
            api=self.api,
            account=self.account,
            pins=known,
            voiceless=voiceless or {},
            # The emulator's account is not the one that this is known of.
            catalogue=self.catalogue if not local else None,
        )
        has_rows = self.spec.data is not None or self.data is not None
        most = sys.maxsize if self.reading.to_the_end else MAX_PROBLEMS
        return Compiler(self.spec, self.declarations, target, mass=has_rows, most_repeats=most)

    def made_of(self, paths: Mapping[str, tuple[str | int, ...]]) -> dict[str, MadeOf]:
        """By key of a video, what the field at a path of its request was made of.

        Raises:
            SpecError: the spec or its data is wrong.
        """
        found = self.compiler().made_of(self.rows(), paths)
        table = self.table() if found else None
        columns = frozenset(table.names) - self.given.keys() if table is not None else frozenset()
        return {key: replace(one, columns=one.names & columns) for key, one in found.items()}

    def blamed(self, complaints: Mapping[str, Complaint], *, local: bool = False) -> dict[str, Diagnostic]:
        """By key of a video, the place in the spec and the row of what the service objects to.

        Raises:
            SpecError: the spec or its data is wrong by now.
            LockError: the lock is damaged.
        """
        return self.compiler(local=local).blamed(self.rows(), complaints)

    def origins(self, keys: Collection[str]) -> Iterator[tuple[str, Origin]]:
        """Where every value of some videos was written, by their keys.

        Raises:
            SpecError: the spec or its data is wrong.
            LockError: the lock is damaged.
        """
        for key, draft in self.compiler().drafts(self.rows(), keys):
            yield key, draft.origin

    def judged(self, keys: Collection[str]) -> Iterator[tuple[str, Judged]]:
        """Some videos by their keys, each with what was found about it that no comment silences.

        Raises:
            SpecError: the spec or its data is wrong.
            LockError: the lock is damaged.
        """
        for key, one in self.compiler().judged(self.rows(), keys):
            yield (
                key,
                replace(one, diagnostics=tuple(it for it in one.diagnostics if not self.is_silenced(it))),
            )

    def rows(self, shard: Shard | None = None) -> Rows:
        """The typed rows of the data, those of a shard where one is given."""
        return _Rows(lambda: self._rows(shard, {}))

    def finished(self, found: Iterable[Diagnostic], *, is_final: bool = False) -> tuple[Diagnostic, ...]:
        """What was found with what reading the spec found, in order, without what comments silence."""
        found = map(_refused, found) if is_final else found
        return self._ignores.applied(in_order([*self.warnings, *found]), self._data_place)

    @cached_property
    def _ignores(self) -> Ignores:
        return Ignores(self.spec.sources)

    def is_silenced(self, one: Diagnostic) -> bool:
        """Whether a comment in the spec silences a warning or a note."""
        return self._ignores.silence(one, self._data_place)

    @property
    def _data_place(self) -> DataPlace | None:
        """Where a comment stands that silences what is said of the data."""
        if self.data_name is None or self.spec.data is None:
            return None
        return DataPlace(self.data_name, self.spec.data.span)

    def _rows(self, shard: Shard | None, reasons: dict[int, tuple[str, ...]]) -> Iterator[Row | Refused]:
        """The rows; where all that are wrong are asked for, with the reasons why."""
        table = self.table()
        if table is None:
            yield single_row(self.variables, self.given)
            return
        if unknown := tuple(_undeclared(self.variables, self.given, table.names)):
            yield Refused(0, unknown)
        reading = self.reading
        rows = typed_rows(
            table,
            self.variables,
            self.given,
            most=reading.most,
            shard=shard,
            to_the_end=reading.to_the_end,
            every_flaw=reading.counts_warnings,
        )
        if not reading.to_the_end:
            yield from rows
            return
        for row in rows:
            if isinstance(row, Refused) and row.number:
                reasons[row.number] = row.reasons
            yield row

    def table(self) -> Table | None:
        """The data, opened; None where a spec has none.

        Raises:
            SpecError: it can't be read.
        """
        there = self._located
        if there is None:
            return None
        written = self.spec.data if self.data is None else None
        return open_table(there.path, there.name, written.span if written is not None else None, written)

    @cached_property
    def _located(self) -> Located | None:
        """The file that the rows are in; what was copied for it is kept as long as this."""
        return from_user(self.data) if self.data is not None else located(self.spec)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows that can be gone through more than once."""

    begin: Callable[[], Iterator[Row | Refused]]

    def __iter__(self) -> Iterator[Row | Refused]:
        return self.begin()


def _refused(found: Diagnostic) -> Diagnostic:
    """What `check` only notes, and no request can be made without: a default voice that isn't pinned yet."""
    return replace(found, severity=Severity.ERROR) if found.code == _TO_LOOK_UP else found


def _declarations(spec: Spec) -> Mapping[Span, Mapping[str, Variable]]:
    try:
        return declare_all(spec.blocks())
    except SpecError as error:
        raise SpecError([with_way(one, spec.opened) for one in error.diagnostics]) from error


def _given(declared: Mapping[str, Variable], values: Mapping[str, Json]) -> dict[str, Json]:
    """The values from outside, typed by their declarations; names that nothing declares stay text."""
    given: dict[str, Json] = {}
    for name, value in values.items():
        if name in RESERVED:
            message = f"`{name}` is a name that specfile itself gives a value"
            raise UsageError(message, hint=f"leave out the value for `{name}`")
        if not _is_whole(value):
            message = f"variable `{name}` holds half of a character, which can't be written in UTF-8"
            raise UsageError(message, hint="give the value in UTF-8")
        variable = declared.get(name)
        try:
            given[name] = value if variable is None else variable.fit(value)
        except BadValue as error:
            message = f"variable `{name}` {error}"
            raise UsageError(message) from error
    return given


def _is_whole(value: Json) -> bool:
    """Whether a value holds no lone surrogate, as a shell's argument does that is not UTF-8."""
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value)
    if isinstance(value, Mapping):
        return all(map(_is_whole, (*value, *value.values())))
    return not isinstance(value, (list, tuple)) or all(map(_is_whole, value))


def _plan(name: str) -> AccountPlan:
    if name not in plan_names():
        message = f"no plan of an account is called `{name}`"
        raise UsageError(message, hint=did_you_mean(name, plan_names()))
    return account_plan(name)


def _undeclared(
    declared: Mapping[str, Variable], given: Iterable[str], columns: Sequence[str] = ()
) -> Iterator[Diagnostic]:
    """A warning for each value that no variable of the spec and no column of its data can take."""
    known = (*declared, *columns)
    where = "which neither `variables` nor the data has" if columns else "which `variables` doesn't declare"
    for name in given:
        if name not in known:
            yield Diagnostic(
                code="unused-value",
                severity=Severity.WARNING,
                message=f"a value was given for `{name}`, {where}",
                hint=did_you_mean(name, known) if known else "declare it under `variables`",
            )
