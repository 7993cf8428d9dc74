"""The rows that are wrong, as a table that can be corrected and given back by `--data`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TextIO

from specfile.data import Table
from specfile.data.cells import text_of
from specfile.errors import UsageError
from specfile.loaded import LoadedSpec

ADDED: Final = ("specfile_row", "specfile_problem")
"""The columns that are added: a row's number in the table it came from, and what is wrong with it.

They stand before all others. A row may have too many cells or too few, and goes on having them: it is still
wrong where nobody corrects it.
"""

_ENCODING: Final = "utf-8-sig"
"""With a mark at the beginning, without which Excel takes UTF-8 for something else."""


def require_writable(path: Path) -> None:
    """Refuse to write over a file that is something else than such a table.

    Raises:
        UsageError: it is.
    """
    if path.exists() and not _is_ours(path):
        message = f"--bad-rows {path} would be written over, and holds no rows that specfile left there"
        raise UsageError(message, hint="name a file that there isn't yet")


def write_bad_rows(path: Path, loaded: LoadedSpec, refused: Mapping[int, str]) -> None:
    """Write the rows of these numbers, as they stand in the data, each with what is wrong.

    Where there are none, the table of an earlier run is deleted: it would be taken for one of this.

    Raises:
        SpecError: the data can't be read any more.
        UsageError: the file can't be written, is the data itself, or something else than such a table.
    """
    require_writable(path)
    data = loaded.data_file
    if data is not None and data.exists() and path.exists() and path.samefile(data):
        message = f"--bad-rows {path} is the data itself, whose other rows would be lost"
        raise UsageError(message, hint="name another file")
    table = loaded.table() if refused else None
    unfinished = path.with_name(f"{path.name}.part")
    try:
        if table is None:
            path.unlink(missing_ok=True)
            return
        with unfinished.open("w", encoding=_ENCODING, newline="") as file:
            _write(file, table, refused)
        unfinished.replace(path)  # at once: half a table would be taken for a whole one
    except OSError as error:
        message = f"--bad-rows {path} can't be written: {error.strerror}"
        raise UsageError(message) from error


def _write(file: TextIO, table: Table, refused: Mapping[int, str]) -> None:
    """The header all in quotes, so that nothing in it passes for the separator."""
    kept = [index for index, name in enumerate(table.names) if name not in ADDED]
    names = [*ADDED, *(table.headers[index] for index in kept)]
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow(names)
    writer, left = csv.writer(file), len(refused)
    for record in table:
        if record.number not in refused:
            continue
        cells = record.cells
        within = [cells[index] for index in kept if index < len(cells)]
        beyond = cells[len(table.names) :]
        reason = " ".join(refused[record.number].split())
        writer.writerow([record.number, reason, *map(text_of, (*within, *beyond))])
        left -= 1
        if not left:
            return


def _is_ours(path: Path) -> bool:
    """Whether a file begins as such a table does."""
    try:
        with path.open(encoding=_ENCODING, newline="") as file:
            header = next(csv.reader([file.readline(4096)]), [])
    except (OSError, ValueError, csv.Error):
        return False
    return tuple(header[: len(ADDED)]) == ADDED
