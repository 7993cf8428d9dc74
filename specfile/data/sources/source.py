"""A source of rows as it is asked for, and what is said where it can't be read."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.language.blocks import Data


@dataclass(frozen=True)
class Source:
    """A local file to read rows from.

    `name` is what messages call it, `place` where the spec names it, `written` what the spec says of how to
    read it.
    """

    path: Path
    name: str
    place: Span | None = None
    written: Data | None = None

    @property
    def start(self) -> Span:
        """The very beginning of the file."""
        return Span.at(self.name, 1, 1)

    @property
    def bare_name(self) -> str:
        """The file's name without its folder, for what a hint says to write."""
        return self.name.rpartition("/")[2]

    def option(self, name: str) -> str | None:
        """What the spec says of one of the ways to read the file."""
        node = self.written.options.get(name) if self.written is not None else None
        return node.text if node is not None else None

    def option_place(self, name: str) -> Span | None:
        """Where the spec says it."""
        node = self.written.options.get(name) if self.written is not None else None
        return node.span if node is not None else self.place

    def head(self, size: int = 4096) -> bytes:
        """The first bytes.

        Raises:
            SpecError: there is no such file, it is a folder or a device, or it can't be read.
        """
        try:
            mode = os.stat(self.path).st_mode  # noqa: PTH116 - takes any name, like the rest of this room
            if stat.S_ISDIR(mode):
                raise SpecError([self.unreadable("it is a folder")])
            if not stat.S_ISREG(mode):
                # A pipe would be waited for, and can't be read a second time.
                raise SpecError([self.unreadable("it is no ordinary file")])
            with self.path.open("rb") as file:
                return file.read(size)
        except (OSError, ValueError) as error:  # a ValueError is a path that no file can have
            raise SpecError([self.failed(error)]) from error

    def failed(self, error: OSError | ValueError) -> Diagnostic:
        """The error for what the system says of a file."""
        if isinstance(error, FileNotFoundError):
            return self.unreadable("there is no such file", is_missing=True)
        return self.unreadable(getattr(error, "strerror", None) or str(error))

    def unreadable(self, reason: str, *, is_missing: bool = False) -> Diagnostic:
        """The error for a file that can't be read at all."""
        return Diagnostic(
            code="file-missing" if is_missing else "file-unreadable",
            message=f"the data {self.name} can't be read: {reason}",
            span=self.place,
            path="data",
            hint="the path is relative to the spec's folder",
        )

    def empty(self) -> Diagnostic:
        """The error for a file with nothing in it."""
        hint = "its first line names the columns, each further line is a row"
        return Diagnostic(code="empty-file", message=f"{self.name} is empty", span=self.start, hint=hint)

    def bad_option(self, name: str, message: str, hint: str) -> Diagnostic:
        """The error for a way to read the file that can't be meant."""
        place = self.option_place(name)
        return Diagnostic(code="not-allowed", message=message, span=place, path=f"data.{name}", hint=hint)
