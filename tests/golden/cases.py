"""Reads the golden cases."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import specfile
from specfile.diagnostics import Diagnostic, SpecError
from specfile.diagnostics.text import write_text
from tests.golden.offered import CATALOGUE

BAD = Path(__file__).parent / "bad"


def diagnose(case: Path) -> tuple[Diagnostic, ...]:
    """What `specfile check` finds in a case, named as if one stood in its folder.

    Cases called `offered-…` are held against a catalogue; the others, as by one who never asked for any.
    """
    catalogue = CATALOGUE if case.name.startswith("offered-") else None
    with _within(case.parent):
        try:
            return replace(specfile.load(case.name), catalogue=catalogue).check()
        except SpecError as error:
            return error.diagnostics


def shown(case: Path) -> str:
    """The text of the diagnostics of a case."""
    return write_text(diagnose(case), source=lambda name: _source(case.parent / name))


def marks(text: str) -> set[tuple[int, int]]:
    """The places that marker comments point at, as line and column from 1."""
    places: set[tuple[int, int]] = set()
    above = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not re.match(r"\s*#[ <]*[\^<]", line):
            above = number
            continue
        places |= {(above, match.start() + 1) for match in re.finditer(r"\^|#(?=<)", line)}
    return places


def _source(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
