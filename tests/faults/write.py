"""Writes docs/faults.md anew: `python -m tests.faults.write`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.matrix import cases
from tests.faults.table import PAGE, page_of
from tests.faults.trying import attempt, stage


def main() -> None:
    tried = {}
    with stage() as emulator:
        for case in cases():
            with TemporaryDirectory() as folder:
                tried[case] = attempt(case, emulator, Path(folder))
    PAGE.write_text(page_of(tried), encoding="utf-8")


if __name__ == "__main__":
    main()
