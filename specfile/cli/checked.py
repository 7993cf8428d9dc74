"""Specs read, compiled and judged, the same way for every command that goes on with their videos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from specfile.bad_rows import write_bad_rows
from specfile.cli.messages import say, show_diagnostics
from specfile.cli.options import Inputs
from specfile.diagnostics import Diagnostic, Severity, SpecError
from specfile.diagnostics.strict import strictly
from specfile.film import Video
from specfile.loaded import LoadedSpec, gathered
from specfile.report.words import count


def rows_told(
    inputs: Inputs, loaded: LoadedSpec, refused: Mapping[int, str], *, is_sound: bool, quiet: bool
) -> Iterator[str]:
    """What is to be said of which rows were looked at and left out; those that are wrong are written down.

    `quiet` leaves out what nothing is wrong with.

    Raises:
        SpecError: the data can't be read any more.
        UsageError: the file for them can't be written.
    """
    if inputs.reading.most is not None and loaded.data_name is not None and not quiet:
        rows = "row" if inputs.reading.most == 1 else f"{inputs.reading.most:,} rows"
        yield f"looked at the first {rows} of {loaded.data_name}"
    if inputs.bad_rows is not None:
        write_bad_rows(inputs.bad_rows, loaded, refused)
    if refused and (inputs.reading.keep_going or inputs.bad_rows is not None):
        are_wrong = f"{'is' if len(refused) == 1 else 'are'} wrong"
        done = "left out" if inputs.reading.keep_going and is_sound else are_wrong
        where = f", see {inputs.bad_rows}" if inputs.bad_rows is not None else ""
        yield f"{loaded.spec.source.name}: {count(len(refused), 'row')} {done}{where}"


class Batch:
    """Judges several specs together: nothing is done with any of them while one is wrong."""

    def __init__(self, inputs: Inputs, *, strict: bool, quiet: bool = False) -> None:
        self.is_partial = False
        self._inputs = inputs
        self._strict = strict
        self._quiet = quiet
        self._found: list[Diagnostic] = []
        self._told: list[str] = []
        self._is_sound = True

    @contextmanager
    def taking_up(self) -> Iterator[None]:
        """Note what stops a spec, and go on with the next."""
        try:
            yield
        except SpecError as error:
            self._found += error.diagnostics
            self._is_sound = False

    def add(
        self,
        loaded: LoadedSpec,
        found: Iterable[Diagnostic],
        refused: Mapping[int, str],
        *,
        is_sound: bool,
    ) -> None:
        """Take up what was found about a spec, and write down the rows that are wrong.

        Raises:
            SpecError: the data can't be read any more.
            UsageError: the file for such rows can't be written.
        """
        found = tuple(found)
        self._found += found
        # Where rows are left out for warnings, the stream has judged them already.
        if self._strict and not loaded.reading.counts_warnings:
            is_sound &= all(one.severity is not Severity.WARNING for one in found)
        self._is_sound &= is_sound
        self._told += rows_told(self._inputs, loaded, refused, is_sound=is_sound, quiet=self._quiet)
        self.is_partial |= bool(refused)

    def require_sound(self) -> None:
        """Show what was found, and what is to be said of the rows.

        Raises:
            SpecError: something of it is wrong, or with `strict` is a warning.
        """
        judged = strictly(self._found) if self._strict else tuple(self._found)
        if judged and self._is_sound:
            show_diagnostics(judged)
        for line in self._told:
            say(line)
        if not self._is_sound:
            raise SpecError(judged)


def checked(
    specs: Iterable[Path],
    inputs: Inputs,
    *,
    local: bool = False,
    account: str | None = None,
    strict: bool,
    is_plan: bool = False,
    quiet: bool = False,
) -> dict[Path, tuple[LoadedSpec, Sequence[Video]]]:
    """Every spec and its videos, all of them checked before anything is done with any; warnings are shown.

    `account` names the plan whose limits hold. `is_plan` lets videos pass whose default voices are yet to be
    looked up. A spec of which rows were left out says so itself.

    Raises:
        SpecError: one or more are wrong, or with `strict` give a warning.
    """
    batch = Batch(inputs, strict=strict, quiet=quiet)
    good: dict[Path, tuple[LoadedSpec, Sequence[Video]]] = {}
    for spec in specs:
        with batch.taking_up():
            loaded = inputs.load(spec, account=account)
            stream = loaded.stream(local=local, is_final=not is_plan)
            videos, found, refused = gathered(stream)
            batch.add(loaded, found, refused, is_sound=stream.is_sound)
            good[spec] = replace(loaded, is_partial=True) if refused else loaded, videos
    batch.require_sound()
    return good
