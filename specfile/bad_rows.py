"""The rows that were refused, as a table that can be corrected and given back by `--data`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from specfile.loaded import LoadedSpec

ADDED: Final = ("specfile_row", "specfile_problem")
"""The columns that are added: a row's number in the table it came from, and what is wrong with it."""


def write_bad_rows(path: Path, loaded: LoadedSpec, refused: Mapping[int, str]) -> None:
    """Write the rows of these numbers, as they stand in the data, each with what is wrong.

    Raises:
        SpecError: the data can't be read any more.
        OSError: the file can't be written.
    """
    table = loaded.table()
    if table is None:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*table.headers, *ADDED])
        for record in table:
            if record.number in refused:
                writer.writerow([*record.cells, record.number, refused[record.number]])
