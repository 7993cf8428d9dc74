"""What people read on stderr: diagnostics with their excerpts, errors with their hints."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from specfile.diagnostics import Diagnostic, Severity
from specfile.errors import SeveralErrors, SpecfileError

if TYPE_CHECKING:
    from specfile.heygen import Notice

_STYLES: dict[str, dict[str, Any]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "note": {"fg": "cyan", "bold": True},
    "message": {"bold": True},
    "frame": {"fg": "blue"},
    "mark": {"fg": "red"},
    "hint": {"fg": "green"},
}
"""How each role of `diagnostics.text` looks on a terminal; click leaves colour out everywhere else."""


def show_diagnostics(
    diagnostics: Iterable[Diagnostic], source: Callable[[str], str | None] | None = None
) -> None:
    """Show diagnostics as text, the first hundred whole and the rest counted.

    `source` gives the text of a file that a span names, for its excerpt; it is read where there is none.
    """
    from specfile.diagnostics.text import write_text  # noqa: PLC0415 - a clean run needs no writer

    diagnostics = tuple(diagnostics)
    text = write_text(diagnostics, source=source or read_text, style=_style)
    say(text.rstrip("\n"))
    _offer_page(diagnostics)


def _offer_page(diagnostics: Iterable[Diagnostic]) -> None:
    """On a terminal, say where more is told about the first error; a log needs no such line."""
    first = next((one.code for one in diagnostics if one.severity is Severity.ERROR), None)
    if first is None or not sys.stderr.isatty():
        return
    from specfile.diagnostics.codes import codes  # noqa: PLC0415 - see above

    if first in codes():
        say(f"{_style('hint', f'specfile explain {first}')} says more")


def show_error(error: SpecfileError) -> None:
    """Show an error and what to do about it; of several, each."""
    for one in error.errors if isinstance(error, SeveralErrors) else (error,):
        say(f"{_style('error', 'error')}: {one}")
        if one.hint:
            say(f"{_style('hint', 'hint')}: {one.hint}")


def say(text: str) -> None:
    """A line on stderr. A reader that has left, as `2>&1 | head` does, is no reason to leave work undone."""
    try:
        click.echo(text, err=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


class Notices:
    """Shows what the service says of itself: each notice once in a run, however many connections hear it."""

    def __init__(self, show: Callable[[Notice], None] | None = None) -> None:
        self._show = show or (lambda notice: say(f"the service says: {notice.text}"))
        self._shown: set[Notice] = set()
        self._guard = threading.Lock()

    def __call__(self, notice: Notice) -> None:
        """Show a notice, unless it was shown before. May be called from any thread."""
        with self._guard:
            is_new = notice not in self._shown
            self._shown.add(notice)
        if is_new:
            self._show(notice)


@cache
def read_text(name: str) -> str | None:
    """The text of a file that a span names, for its excerpt; None where it can't be read any more."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError):
        return None


def without_color() -> None:
    """Leave colour out from now on. The environment tells whatever draws, here and in other processes."""
    os.environ["NO_COLOR"] = "1"


def _style(role: str, text: str) -> str:
    if role not in _STYLES or os.environ.get("NO_COLOR"):
        return text
    return click.style(text, **_STYLES[role])
