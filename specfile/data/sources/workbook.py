"""The parts of an Excel workbook (.xlsx) that rows need, read as streams.

Only what decides a cell's value is looked at, and what is malformed elsewhere does no harm: workbooks come
from many programs. openpyxl reads styles in full and fails on those of some programs; calamine makes empty
cells of errors such as #N/A, which nobody would notice, and holds a sheet whole.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, Self
from xml.parsers import expat

from specfile.data.sources.workbook_parts import (
    FIRST_DAY,
    FIRST_DAY_1904,
    SheetCell,
    SheetReader,
    StyleReader,
    TextReader,
)

_MOST_TEXTS: Final = 512 * 1024 * 1024
"""Bytes of the texts that the cells of a workbook share; more than a million rows of prose."""

_CHUNK: Final = 64 * 1024
_DAMAGED: Final = (
    *(expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError),
    *(RuntimeError, NotImplementedError, ValueError, IndexError),
)


class BadWorkbook(Exception):
    """The file is no workbook, or a part of it can't be read. The message completes "… can't be read: …"."""


class Workbook:
    """A workbook that is open, for use in a `with`.

    Raises:
        BadWorkbook: it is none.
        OSError: it can't be read.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            self._file.close()
            message = "it is no Excel workbook"
            raise BadWorkbook(message) from error
        self._first_day = FIRST_DAY

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()  # a zip file leaves it open as long as somebody reads a part

    @cached_property
    def sheets(self) -> Mapping[str, str]:
        """The names of the sheets, in their order, with the parts that hold them.

        Raises:
            BadWorkbook: they can't be found.
        """
        parts = self._relations(self._main)
        found: dict[str, str] = {}

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == "sheet":
                identifier = next((one for key, one in attributes.items() if key.endswith(":id")), "")
                kind, part = parts.get(identifier, ("", ""))
                if kind.endswith("/worksheet"):  # and no sheet of nothing but a chart
                    found[attributes.get("name", "")] = part
            elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self._first_day = FIRST_DAY_1904

        for _ in self._parsed(self._main, start):
            pass
        if not found:
            message = "it has no sheets"
            raise BadWorkbook(message)
        return found

    def rows(self, sheet: str) -> Iterator[tuple[int, list[SheetCell]]]:
        """The rows of a sheet that hold something, with their numbers from 1.

        Raises:
            BadWorkbook: the sheet is broken.
        """
        part = self.sheets[sheet]  # which also tells on which day its dates begin
        reader = SheetReader(self._texts, self._dates, self._first_day)
        for _ in self._parsed(part, reader.start, reader.end, reader.text):
            yield from reader.take()
        yield from reader.take()

    @cached_property
    def _main(self) -> str:
        """The part that lists the sheets."""
        return self._related("", "/officeDocument") or "xl/workbook.xml"

    @cached_property
    def _texts(self) -> list[str]:
        """The texts that cells share, by their index."""
        texts: list[str] = []
        part = self._related(self._main, "/sharedStrings")
        if part is None:
            return texts
        reader = TextReader(texts)
        for _ in self._parsed(part, reader.start, reader.end, reader.text, most=_MOST_TEXTS):
            pass
        return texts

    @cached_property
    def _dates(self) -> frozenset[int]:
        """The styles, by their index, that show a number as a date or a time."""
        reader = StyleReader()
        part = self._related(self._main, "/styles")
        if part is not None:
            for _ in self._parsed(part, reader.start, reader.end):
                pass
        return frozenset(reader.dates)

    def _related(self, part: str, kind: str) -> str | None:
        """The part of that kind that another refers to."""
        relations = self._relations(part).values()
        return next((path for one, path in relations if one.endswith(kind)), None)

    def _relations(self, part: str) -> Mapping[str, tuple[str, str]]:
        """What a part refers to: kind and path of each, by its id."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == "Relationship":
                target = posixpath.join("/", folder, attributes.get("Target", ""))
                path = posixpath.normpath(target).lstrip("/")
                found[attributes.get("Id", "")] = (attributes.get("Type", ""), path)

        for _ in self._parsed(posixpath.join(folder, "_rels", f"{name}.rels"), start):
            pass
        return found

    def _parsed(
        self,
        part: str,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        most: int | None = None,
    ) -> Iterator[None]:
        """Parse a part piece by piece, telling of elements by their names without namespaces.

        `most` is how many bytes it may have.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: start(_bare(name), attributes)
        parser.StartDoctypeDeclHandler = _refuse_doctype
        if end is not None:
            parser.EndElementHandler = lambda name: end(_bare(name))
        parser.CharacterDataHandler = text
        read = 0
        try:
            with self._zip.open(part) as file:
                while piece := file.read(_CHUNK):
                    read += len(piece)
                    if most is not None and read > most:
                        message = f"its part {part} has more than {most // 2**20} MiB"
                        raise BadWorkbook(message)
                    parser.Parse(piece)
                    yield
                parser.Parse(b"", True)
        except KeyError as error:
            message = f"it is no Excel workbook; it lacks {part}"
            raise BadWorkbook(message) from error
        except _DAMAGED as error:
            message = f"its part {part} is damaged ({error})"
            raise BadWorkbook(message) from error


def _bare(name: str) -> str:
    """The name of an element without its namespace, which programs name as they like."""
    return name.rpartition(":")[2] if ":" in name else name


def _refuse_doctype(*_: object) -> None:
    message = "a workbook has no document type"
    raise ValueError(message)
