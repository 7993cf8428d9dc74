"""In which encoding a text file of rows is, and where it isn't."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import Final

from specfile.data.sources.source import Source
from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.diagnostics.suggest import did_you_mean

_UTF8: Final = "utf-8-sig"
"""UTF-8 with or without a byte order mark."""

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, which say for certain what a file is; the longer ones first, as one begins another."""

_COMMON: Final = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "cp1252",
    "latin-1",
    "cp1250",
    "cp1251",
    "mac-roman",
    "gb18030",
)


def encoding_of(source: Source) -> str:
    """The encoding that the spec names, else the one that a byte order mark tells, else UTF-8.

    Raises:
        SpecError: the spec names one that there is not, or the file can't be read.
    """
    head = source.head()
    asked = source.option("encoding")
    if asked is not None:
        return _asked(source, asked)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if marked is None and (likely := _of_two_bytes(head)) is not None:
        raise SpecError([_unmarked(source, likely)])
    return marked or _UTF8


def not_decodable(path: Path, name: str, encoding: str) -> Diagnostic:
    """The error for a file that isn't in its encoding, at its first such byte."""
    if encoding != _UTF8:
        message = f"{name} is not {encoding.upper()} text here"
        hint = "name another `encoding`, or save the file as UTF-8 and leave it out"
    else:
        message = f"{name} is not UTF-8 text"
        hint = (
            "save it as UTF-8 (in a spreadsheet: Save as, CSV UTF-8), or where it comes from Windows say "
            f"`data: {{from: {name.rpartition('/')[2]}, encoding: cp1252}}`"
        )
    place = Span.at(name, *_first_undecodable(path, encoding))
    return Diagnostic(code="not-utf8", message=message, span=place, hint=hint)


def _of_two_bytes(head: bytes) -> str | None:
    """UTF-16 without its mark: in the text of most languages every other byte is zero."""
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[start::2]
        if half.count(0) * 2 > len(half):
            return name
    return None


def _unmarked(source: Source, likely: str) -> Diagnostic:
    return Diagnostic(
        code="not-utf8",
        message=f"{source.name} is not UTF-8 text; it looks like UTF-16 without a byte order mark",
        span=source.start,
        hint=f"save it as UTF-8, or say `data: {{from: {source.bare_name}, encoding: {likely}}}`",
    )


def _asked(source: Source, name: str) -> str:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=name).close()
    except (LookupError, ValueError) as error:
        hint = did_you_mean(name, _COMMON)
        problem = source.bad_option("encoding", f"no encoding is called `{name}`", hint)
        raise SpecError([problem]) from error
    return _UTF8 if codecs.lookup(name).name == "utf-8" else name


def _first_undecodable(path: Path, encoding: str) -> tuple[int, int]:
    """Line and column of the first character that stands in for bytes of another encoding."""
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            for number, line in enumerate(file, start=1):
                if (position := line.find("\ufffd")) >= 0:
                    return number, position + 1
    except UnicodeError:  # UTF-16 that lacks the mark it begins with
        pass
    return 1, 1
