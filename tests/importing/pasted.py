"""Reads the cases of imports: what was pasted, the spec it becomes, and what is said on stderr."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from specfile.cli import group
from specfile.cli.exits import run_to_exit_code
from tests.running import Ran

CASES = Path(__file__).parent / "cases"
GIVEN = sorted(path for path in CASES.iterdir() if path.suffix not in (".yaml", ".txt"))


def imported(case: Path) -> Ran:
    """What `specfile import` does with a case, as if one stood in its folder."""
    out, err = io.StringIO(), io.StringIO()
    with _within(case.parent), redirect_stdout(out), redirect_stderr(err):
        code = run_to_exit_code(group, ["import", case.name])
    return Ran(code, out.getvalue(), err.getvalue())


def expected(case: Path) -> tuple[str, str]:
    """The spec and the words on stderr, each empty where there are none."""
    return _read(case.with_suffix(".yaml")), _read(case.with_suffix(".txt"))


def write(case: Path) -> None:
    """Write what a case gives now as what is expected of it."""
    ran = imported(case)
    for suffix, text in ((".yaml", ran.out), (".txt", ran.err)):
        path = case.with_suffix(suffix)
        path.unlink(missing_ok=True)
        if text:
            path.write_text(text, encoding="utf-8", newline="\n")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


if __name__ == "__main__":
    for one in GIVEN:
        if not sys.argv[1:] or one.stem in sys.argv[1:]:
            write(one)
