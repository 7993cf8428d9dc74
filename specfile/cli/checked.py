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
from specfile.loaded import LoadedSpec
from specfile.report.words import count


class Batch:
    """Judges several specs together: nothing is done with any of them while one is wrong."""

    def __init__(self, inputs: Inputs, *, strict: bool) -> None:
        self.is_partial = False
        self._bad_rows = inputs.bad_rows
        self._strict = strict
        self._found: list[Diagnostic] = []
        self._left_out: list[str] = []
        self._is_sound = True

    @contextmanager
    def of(self, spec: Path) -> Iterator[None]:  # noqa: ARG002 - says whose errors are meant
        """Take up what stops a spec, and go on with the next."""
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
        """Take up what was found about a spec, and write down the rows that it refused."""
        self._found += found
        self._is_sound &= is_sound
        if not refused:
            return
        self.is_partial = True
        self._left_out.append(f"{loaded.spec.source.name}: {count(len(refused), 'row')} left out")
        if self._bad_rows is not None:
            write_bad_rows(self._bad_rows, loaded, refused)
            self._left_out[-1] += f", see {self._bad_rows}"

    def require_sound(self) -> None:
        """Show what was found.

        Raises:
            SpecError: something of it is wrong, or with `strict` is a warning.
        """
        judged = strictly(self._found) if self._strict else tuple(self._found)
        has_warnings = any(one.severity is Severity.WARNING for one in self._found)
        if not self._is_sound or (self._strict and has_warnings):
            raise SpecError(judged)
        if judged:
            show_diagnostics(judged)
        for line in self._left_out:
            say(line)


def checked(
    specs: Iterable[Path],
    inputs: Inputs,
    *,
    local: bool = False,
    account: str | None = None,
    strict: bool,
    is_plan: bool = False,
) -> dict[Path, tuple[LoadedSpec, Sequence[Video]]]:
    """Every spec and its videos, all of them checked before anything is done with any; warnings are shown.

    `account` names the plan whose limits hold. `is_plan` lets videos pass whose default voices are yet to be
    looked up. A spec of which rows were left out says so itself.

    Raises:
        SpecError: one or more are wrong, or with `strict` give a warning.
    """
    batch = Batch(inputs, strict=strict)
    good: dict[Path, tuple[LoadedSpec, Sequence[Video]]] = {}
    for spec in specs:
        with batch.of(spec):
            loaded = inputs.load(spec, account=account)
            videos, found, refused = loaded.compiled(local=local, is_plan=is_plan)
            batch.add(loaded, found, refused, is_sound=True)
            good[spec] = replace(loaded, is_partial=bool(refused)), videos
    batch.require_sound()
    return good
