"""Writes docs/coverage.md anew: `python -m tests.coverage.write`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.coverage.evidence import all_evidence
from tests.coverage.page import PAGE, page_of


def main() -> None:
    with TemporaryDirectory() as folder:
        PAGE.write_text(page_of(all_evidence(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
