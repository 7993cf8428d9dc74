"""Source files: text as the user wrote it, with the name that messages show."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from specfile.diagnostics import Diagnostic, Span, SpecError

MAX_BYTES = 16 * 1024 * 1024
"""A storyboard is written by hand; a file beyond this is something else given by mistake."""


@dataclass(frozen=True)
class SourceFile:
    """One text file: where it is, what messages call it, what it says."""

    path: Path
    name: str
    text: str = field(repr=False)

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends. Only what YAML calls a line break counts as one."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def line(self, number: int) -> str:
        """Line `number`, from 1; empty where the file has fewer."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def name_of(self, path: Path) -> str:
        """What messages call another file, which `path` names: as it looks from where this one is named."""
        way = os.path.relpath(path, self.path.parent.resolve())
        return Path(os.path.normpath(Path(self.name).parent / way)).as_posix()

    def start(self) -> Span:
        """The very beginning of the file."""
        return Span.at(self.name, 1, 1)


def read_source(path: Path, name: str | None = None) -> SourceFile:
    """Read a UTF-8 file, with or without a byte order mark.

    Raises:
        SpecError: it is missing, a folder, unreadable, far too large, or not UTF-8.
    """
    name = name if name is not None else str(path)
    try:
        content = _read_bytes(path)
    except OSError as error:
        raise SpecError([_unreadable(name, error)]) from error
    if len(content) > MAX_BYTES:
        raise SpecError([_too_large(name)])
    try:
        return SourceFile(path, name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SpecError([_not_utf8(name, content, error)]) from error


def _read_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _too_large(name: str) -> Diagnostic:
    message = f"{name} has more than {MAX_BYTES // 2**20} MiB; that is no storyboard"
    return Diagnostic(code="file-unreadable", message=message, hint="is this the file you meant?")


def _unreadable(name: str, error: OSError) -> Diagnostic:
    reason = (
        "there is no such file" if isinstance(error, FileNotFoundError) else (error.strerror or str(error))
    )
    return Diagnostic(
        code="file-missing" if isinstance(error, FileNotFoundError) else "file-unreadable",
        message=f"{name} can't be read: {reason}",
        hint="check the path; it is relative to the folder you are in",
    )


def _not_utf8(name: str, content: bytes, error: UnicodeDecodeError) -> Diagnostic:
    before = content[: error.start]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return Diagnostic(
        code="not-utf8",
        message=f"{name} is not UTF-8 text: byte 0x{content[error.start]:02x} can't be read",
        span=Span.at(name, line, column),
        hint="save the file as UTF-8",
    )
