"""What people read on stderr: diagnostics with their excerpts, errors with their hints."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import click

from specfile.diagnostics import Diagnostic
from specfile.errors import SpecfileError

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


def show_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Show diagnostics as text, the first hundred whole and the rest counted."""
    from specfile.diagnostics.text import write_text  # noqa: PLC0415 - a clean run needs no writer

    text = write_text(tuple(diagnostics), source=read_text, style=_style)
    click.echo(text.rstrip("\n"), err=True)


def show_error(error: SpecfileError) -> None:
    """Show one error and what to do about it."""
    click.echo(f"{_style('error', 'error')}: {error}", err=True)
    if error.hint:
        click.echo(f"{_style('hint', 'hint')}: {error.hint}", err=True)


def say(text: str) -> None:
    """One line of progress on stderr."""
    click.echo(text, err=True)


@cache
def read_text(name: str) -> str | None:
    """The text of a file that a span names, for its excerpt; None where it can't be read any more."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError):
        return None


def _style(role: str, text: str) -> str:
    return click.style(text, **_STYLES[role]) if role in _STYLES else text
