"""How a build is shown: to people on a terminal or in a log, or to programs on stdout."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal, Protocol

from specfile.cli.exits import code_of
from specfile.cli.messages import Notices, say, show_diagnostics, show_error
from specfile.cli.terminal import stderr
from specfile.diagnostics import in_order
from specfile.errors import SpecfileError
from specfile.film import Json
from specfile.heygen import Notice
from specfile.report.event_json import JsonEvents, error_json, result_json
from specfile.report.live import LiveProgress
from specfile.report.progress import EveryLine, Listener, PlainProgress, Silent
from specfile.report.summary import summary_view
from specfile.report.tally import Tally, phases_of
from specfile.runner import BuildResult, Plan
from specfile.runner.events import Event

How = Literal["normal", "quiet", "verbose"]
Notify = Callable[[Event, str], None]
"""Told an event, and the name of the spec that it is of; `""` where it is of the build as a whole."""


class Screen(Protocol):
    """Where a build is shown."""

    @property
    def is_quiet(self) -> bool:
        """Whether only what went wrong is to be told on stderr."""

    @property
    def fills_stdout(self) -> bool:
        """Whether stdout is for a program, and nothing may be asked there."""

    def notice(self, notice: Notice) -> None:
        """Show what the service says of itself. May be called from any thread."""

    @contextmanager
    def showing(self, plans: Mapping[str, Plan], *, ceiling: int, free: bool) -> Iterator[Notify]:
        """Show builds of plans, by their specs' names, while the block lasts."""

    def ended(self, results: Mapping[str, BuildResult]) -> None:
        """Show what a build came to, by the specs' names, and what stopped it early."""

    def run(self, work: Callable[[], int]) -> int:
        """Do the command's work and give its exit code, or raise what it raises; either may be shown."""


class PeopleScreen:
    """A live view on a terminal, plain lines elsewhere, and a summary at the end; all of it on stderr."""

    fills_stdout = False

    def __init__(self, how: How) -> None:
        self._how = how
        self.notice = Notices()

    @property
    def is_quiet(self) -> bool:
        """Whether only what went wrong is to be told."""
        return self._how == "quiet"

    @contextmanager
    def showing(self, plans: Mapping[str, Plan], *, ceiling: int, free: bool) -> Iterator[Notify]:
        """Show builds of plans, by their specs' names, while the block lasts."""
        tally = Tally(phases_of(plans), time.monotonic, ceiling=ceiling)
        budget = None if free else sum(plan.cost_usd for plan in plans.values())
        with self._listener(tally, budget) as listener:
            yield listener

    def ended(self, results: Mapping[str, BuildResult]) -> None:
        """Show what a build came to, by the specs' names, and what stopped it early."""
        for spec, result in results.items():
            if not self.is_quiet or not result.is_complete:
                if len(results) > 1:
                    say(f"{spec}:")
                stderr().print(summary_view(result))
                if result.blamed:
                    say("")
                    show_diagnostics(in_order(result.blamed.values()))
        _show_stop(results)

    def run(self, work: Callable[[], int]) -> int:
        """Do the command's work; whoever called shows its errors."""
        return work()

    def _listener(self, tally: Tally, budget_usd: float | None) -> Listener:
        if self._how == "quiet":
            return Silent()
        if self._how == "verbose":
            return EveryLine(say, tally)
        console = stderr()
        if console.is_terminal:
            return LiveProgress(console, tally, budget_usd=budget_usd)
        return PlainProgress(say, tally)


class ProgramScreen:
    """Events as JSON Lines on stdout; the last line is what the command came to, whatever happens."""

    fills_stdout = True

    def __init__(self) -> None:
        self._events = JsonEvents(write_stdout, lambda: datetime.now(UTC))
        self._builds: list[dict[str, Json]] = []
        self._stop: SpecfileError | None = None
        self.notice = Notices(lambda notice: self._events.write({"event": "notice", "text": notice.text}))

    @property
    def is_quiet(self) -> bool:
        """Programs need no plan and no progress beside the events."""
        return True

    @contextmanager
    def showing(self, plans: Mapping[str, Plan], *, ceiling: int, free: bool) -> Iterator[Notify]:  # noqa: ARG002 - what people see needs them
        """Write the events of builds while the block lasts."""
        yield self._events

    def ended(self, results: Mapping[str, BuildResult]) -> None:
        """Keep what a build came to for the last line; what stopped it is shown to people too."""
        self._builds += [{"spec": spec, **result_json(result)} for spec, result in results.items()]
        self._stop = _show_stop(results)

    def run(self, work: Callable[[], int]) -> int:
        """Do the command's work, and say at the end what it came to."""
        try:
            code = work()
        except BaseException as error:
            self._end(code_of(error), error)
            raise
        self._end(code, self._stop)
        return code

    def _end(self, code: int, error: BaseException | None) -> None:
        told: dict[str, Json] = {"event": "result", "exit": code}
        if isinstance(error, SpecfileError):
            told["error"] = error_json(error)
        self._events.write({**told, "builds": self._builds})


def _show_stop(results: Mapping[str, BuildResult]) -> SpecfileError | None:
    """What stopped a build early; several specs are stopped by the same."""
    stop = next((result.stopped for result in results.values() if result.stopped is not None), None)
    if stop is not None:
        show_error(stop)
    return stop


def screen_for(form: str, *, quiet: bool, verbose: bool) -> Screen:
    """The screen that the options ask for."""
    if form == "json":
        return ProgramScreen()
    return PeopleScreen("quiet" if quiet else "verbose" if verbose else "normal")


def write_stdout(line: bytes) -> None:
    """Write a line to stdout. A reader that has left, as `| head` does, is no reason to lose a paid build."""
    try:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
