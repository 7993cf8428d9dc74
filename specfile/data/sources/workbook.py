"""Sheets of an Excel workbook as rows of values, read by openpyxl."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Self
from zipfile import BadZipFile, ZipFile

from specfile.data.cells import as_json
from specfile.data.sources.unseen import Unseen, unseen_in
from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.errors import MissingExtra
from specfile.film import Json

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MOST_TEXTS: Final = 512 * 1024 * 1024
"""Bytes of the texts that the cells of a workbook share; more than a million rows of prose."""

_MOST_ROWS: Final = 1_048_576
"""As many as a sheet has."""

_AT_ONCE: Final = 500
"""Rows that are read in one go."""

_INEXACT: Final = 1e15
"""From here on a spreadsheet shows an exponent, as it has only fifteen digits."""

_LONGEST_REASON: Final = 120
"""Characters of what openpyxl says went wrong; of styles it lists all that there are."""

_MIDNIGHT: Final = dt.time()


class Workbook:
    """A workbook that is open, for use in a `with`. What can't be read in it is said of the file.

    Raises:
        SpecError: it is none, or is damaged.
        MissingExtra: openpyxl isn't installed.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        self._file = path.open("rb")
        try:
            with _told_of(name):
                self._workbook = _opened(self._file)
        except BaseException:
            self._file.close()
            raise
        self._sheets: dict[str, Worksheet] = {one.title: one for one in self._workbook.worksheets}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._workbook.close()
        self._file.close()

    @property
    def sheets(self) -> Sequence[str]:
        """The names of its sheets of cells; those that can be seen come first."""
        return sorted(self._sheets, key=lambda name: self._sheets[name].sheet_state != "visible")

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Json]]]:
        """The rows of a sheet that hold something, with their numbers from 1.

        Raises:
            SpecError: the sheet is damaged.
        """
        with _told_of(self._name):
            there = self._sheets[sheet]
            # What a sheet says of its size is often wrong; rows beyond it would be cut off.
            there.reset_dimensions()
            lines = enumerate(there.iter_rows(values_only=True), start=1)
        while True:
            with _told_of(self._name):
                some = list(islice(lines, _AT_ONCE))
            if not some:
                return
            if some[-1][0] > _MOST_ROWS:
                raise SpecError([_broken(self._name, "it has a row that no sheet has")])
            for number, values in some:
                cells = list(map(_value, values))
                if any(cell is not None and (cell.__class__ is not str or cell.strip()) for cell in cells):
                    yield number, cells

    def unseen(self, sheet: str) -> Unseen:
        """What is in a sheet, and not in the values of its cells.

        Raises:
            SpecError: the sheet is damaged.
        """
        with _told_of(self._name), self._sheets[sheet]._get_source() as file:  # noqa: SLF001 - names no part
            return unseen_in(file)


def _opened(file: IO[bytes]) -> Any:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - only in the extra
    except ModuleNotFoundError as error:
        raise MissingExtra("reading Excel files", "data") from error
    with ZipFile(file) as parts:
        if any(one.file_size > _MOST_TEXTS for one in parts.infolist() if _is_read_whole(one.filename)):
            message = f"a part of it has more than {_MOST_TEXTS // 2**20} MiB"
            raise ValueError(message)
    return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _is_read_whole(part: str) -> bool:
    return part.endswith((".xml", ".rels")) and not part.startswith(("xl/worksheets/", "xl/pivotCache/"))


def _value(value: Any) -> Json:
    """A cell's value as JSON has it: whole numbers have no fraction, and days no time."""
    if value is None or value.__class__ is int:
        return value
    if value.__class__ is str:
        return _unescaped(value) if "_x" in value else value
    if value.__class__ is float:
        return int(value) if value.is_integer() and abs(value) < _INEXACT else as_json(value)
    if isinstance(value, dt.datetime) and value.time() == _MIDNIGHT:
        return value.date().isoformat()
    if isinstance(value, dt.timedelta):
        return _duration(value)
    return as_json(value)


def _unescaped(text: str) -> Json:
    from openpyxl.utils.escape import unescape  # noqa: PLC0415 - few cells have any

    return as_json(unescape(text))


def _duration(value: dt.timedelta) -> str:
    """Hours, minutes and seconds, as a sheet shows a length of time."""
    seconds = round(abs(value).total_seconds())
    sign = "-" if value < dt.timedelta() else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@contextmanager
def _told_of(name: str) -> Iterator[None]:
    """Says of the file whatever openpyxl stumbles over, which may be anything; its warnings are of looks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except MissingExtra:
            raise
        except (BadZipFile, KeyError, OSError) as error:
            reason = getattr(error, "strerror", None) or "it is no Excel workbook, or a damaged one"
            raise SpecError([_broken(name, reason)]) from error
        except Exception as error:
            words = " ".join(str(error.__cause__ or error).split()) or type(error).__name__
            reason = words if len(words) <= _LONGEST_REASON else f"{words[:_LONGEST_REASON]}…"
            raise SpecError([_broken(name, f"a part of it is damaged or unusual ({reason})")]) from error


def _broken(name: str, reason: str) -> Diagnostic:
    return Diagnostic(
        code="file-unreadable",
        message=f"the data {name} can't be read: {reason}",
        span=Span.at(name, 1, 1),
        path="data",
        hint="open it in a spreadsheet and save it again, as .xlsx or as CSV",
    )
