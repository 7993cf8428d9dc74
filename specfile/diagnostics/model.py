"""The values that describe a problem."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from specfile.diagnostics.secrets import masked
from specfile.errors import SpecfileError


class Severity(StrEnum):
    """How bad it is: an error stops before anything is sent, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text file. Lines and columns count from 1, in characters; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def at(cls, file: str, line: int, column: int, width: int = 1) -> Span:
        """A stretch of `width` characters within one line."""
        return cls(file, line, column, line, column + width)

    def holds(self, other: Span) -> bool:
        """Whether another stretch lies within this one."""
        begins = (self.line, self.column) <= (other.line, other.column)
        ends = (other.end_line, other.end_column) <= (self.end_line, self.end_column)
        return self.file == other.file and begins and ends

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Cell:
    """The place in the data that a value came from: row number from 1, its key where known, the column."""

    source: str
    row: int
    column: str | None = None
    key: str | None = None

    def __str__(self) -> str:
        key = f" (key {self.key})" if self.key is not None else ""
        column = f", column {self.column}" if self.column is not None else ""
        return f"row {self.row} of {self.source}{key}{column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One problem.

    `code` names it for good (`specfile explain CODE`). `path` is the place in the spec's own terms, such as
    `scenes[2].voice.speed`, `scene` the name of that scene. `cell` is the data behind it; `value` the
    offending value after templating, where that differs from what is written. `hint` says what to type.
    `related` are further places with a word on each.
    """

    code: str
    message: str
    span: Span | None = None
    severity: Severity = Severity.ERROR
    path: str | None = None
    scene: str | None = None
    value: str | None = None
    cell: Cell | None = None
    hint: str | None = None
    related: Sequence[tuple[Span, str]] = field(default=())

    def __post_init__(self) -> None:
        """Mask keys in what is quoted from a file, whoever shows it."""
        for name in ("message", "value", "hint"):
            text = getattr(self, name)
            if text is not None:
                object.__setattr__(self, name, masked(text))


class SpecError(SpecfileError):
    """The spec or its data is wrong; carries every diagnostic of the stage that found it (exit 1)."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        errors = [one for one in self.diagnostics if one.severity is Severity.ERROR]
        first = errors[0] if errors else None
        place = f"{first.span}: " if first is not None and first.span is not None else ""
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{place}{first.message}{more}" if first is not None else "no errors")


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them stops the work."""
    return any(one.severity is Severity.ERROR for one in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by place, each said once: a scene that a loop repeats is wrong in one place of the file."""
    unique: dict[object, Diagnostic] = {}
    for one in diagnostics:
        unique.setdefault((one.code, one.message, one.span, one.value, one.cell), one)
    return tuple(sorted(unique.values(), key=_place))


def _place(diagnostic: Diagnostic) -> tuple[bool, str, int, int, int, str]:
    span = diagnostic.span
    row = diagnostic.cell.row if diagnostic.cell else 0
    if span is None:
        return (False, "", 0, 0, row, diagnostic.code)
    return (True, span.file, span.line, span.column, row, diagnostic.code)
