"""Comments that silence warnings and notes: `# specfile: ignore[CODE]`, or `ignore[CODE, OTHER]`.

Behind a value such a comment holds for its own line, on a line of its own for the next line that is neither
empty nor a comment. Behind `data` it also holds for all that is said of the table. Errors can't be silenced.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError, YAMLStreamError

from specfile.diagnostics import Diagnostic, Severity, Span, enough, has_errors, in_order
from specfile.diagnostics.codes import codes
from specfile.diagnostics.suggest import nearest
from specfile.language.source import SourceFile

_IGNORE = re.compile(r"#\s*specfile:\s*ignore\b\s*(?:\[(?P<codes>[^\]]*)\])?")


_NOTHING = re.compile(r"\s*(#|$)")

FOUND_ONLINE = frozenset({"address-unreachable", "address-is-page", "address-of-another-kind"})
"""Codes that only asking outside gives, so that a comment for one is of use where nobody asked."""

FOUND_IN_FRAMES = frozenset({"text-leaves-frame", "text-under-captions"})
"""Codes that only drawing gives; likewise."""

_MAX_REMARKS = 1_000
"""So many comments that don't work are not typed by hand."""

_Stretch = tuple[tuple[int, int], tuple[int, int]]
"""From a line and column to another, which is left out."""

_Meant = tuple[str, int, str]
"""A file, a line of it, and a code."""


@dataclass(frozen=True, slots=True)
class _Ignore:
    """One code in a comment, empty where there is none, and the line that it is meant for."""

    named: str
    span: Span
    line: int

    @property
    def meant(self) -> _Meant:
        """What it silences."""
        return self.span.file, self.line, self.named


def is_ignore(comment: str) -> bool:
    """Whether a comment begins as one that silences something."""
    return _IGNORE.match(comment) is not None


def apply_ignores(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, SourceFile]
) -> tuple[Diagnostic, ...]:
    """What is found about files without what their comments silence; see `Ignores.applied`."""
    return Ignores(sources).applied(diagnostics)


@dataclass(frozen=True, slots=True)
class DataPlace:
    """What messages call the table, and where the spec names it."""

    name: str
    place: Span


class Ignores:
    """The comments in files, which are given by the names that spans carry."""

    def __init__(self, sources: Mapping[str, SourceFile]) -> None:
        self._ignores = [ignore for source in sources.values() for ignore in _ignores(source)]
        self._silenced = {ignore.meant for ignore in self._ignores}

    def silence(self, one: Diagnostic, data: DataPlace | None = None) -> bool:
        """Whether a comment silences a diagnostic. `data` is the table, where there is one."""
        return not _is_error(one) and not self._silenced.isdisjoint(_meant(one, data))

    def applied(
        self, diagnostics: Iterable[Diagnostic], data: DataPlace | None = None
    ) -> tuple[Diagnostic, ...]:
        """The diagnostics without those that are silenced, and with warnings about comments that don't work.

        A comment that silences nothing is reported only where there are no errors: a check that stops early
        hasn't seen all.
        """
        diagnostics = tuple(diagnostics)
        if not self._ignores:
            return diagnostics
        kept = [one for one in diagnostics if not self.silence(one, data)]
        stopped = has_errors(diagnostics)
        found = {meant: one for one in sorted(diagnostics, key=_is_error) for meant in _meant(one, data)}
        remarks = (_remark(ignore, found.get(ignore.meant), stopped=stopped) for ignore in self._ignores)
        told = list(islice((remark for remark in remarks if remark is not None), _MAX_REMARKS))
        return in_order([*kept, *told, *([enough(_MAX_REMARKS)] if len(told) == _MAX_REMARKS else ())])


def _remark(ignore: _Ignore, fitting: Diagnostic | None, *, stopped: bool) -> Diagnostic | None:
    """What is wrong with a comment, if anything is. `fitting` is what it silences, an error first of all."""
    if ignore.named not in codes():
        return _unknown(ignore)
    if fitting is not None and _is_error(fitting):
        message = f"`{ignore.named}` is an error here, and errors can't be ignored"
        return _warning("ignore-error", message, ignore, hint="correct the error and delete this comment")
    if fitting is not None or stopped or ignore.named in FOUND_ONLINE | FOUND_IN_FRAMES:
        return None
    message = f"there is no `{ignore.named}` on line {ignore.line} to ignore"
    return _warning("useless-ignore", message, ignore, hint="delete the comment")


def _unknown(ignore: _Ignore) -> Diagnostic:
    if not ignore.named:
        hint = "write `# specfile: ignore[CODE]`, with the code of the warning"
        return _warning("unknown-ignore", "this comment names no code to ignore", ignore, hint=hint)
    match = nearest(ignore.named, codes())
    hint = f"did you mean `{match}`?" if match else "`specfile explain` lists all codes"
    return _warning("unknown-ignore", f"there is no code `{ignore.named}`", ignore, hint=hint)


def _warning(code: str, message: str, ignore: _Ignore, *, hint: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.WARNING, message=message, span=ignore.span, hint=hint)


def _meant(one: Diagnostic, data: DataPlace | None) -> Sequence[_Meant]:
    """What a comment would have to name: the line of a diagnostic; that of `data` for what a table holds."""
    span = one.span
    found = [(span.file, span.line, one.code)] if span is not None else []
    is_of_table = data is not None and (
        span.file == data.name if span is not None else one.cell is not None and one.cell.source == data.name
    )
    if data is not None and is_of_table:
        found.append((data.place.file, data.place.line, one.code))
    return found


def _is_error(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is Severity.ERROR


def _ignores(source: SourceFile) -> Iterator[_Ignore]:
    if not _IGNORE.search(source.text):
        return
    scalars = list(_scalars(source.text))
    below = _lines_below(source.lines)
    for number, line in enumerate(source.lines, start=1):
        for match in _IGNORE.finditer(line):
            if not _is_within((number, match.start() + 1), scalars):
                meant = below[number] if line.lstrip().startswith("#") else number
                yield from _named(match, source, number, meant)


def _is_within(place: tuple[int, int], stretches: Sequence[_Stretch]) -> bool:
    """Whether a place lies in one of these stretches, which follow one another."""
    before = bisect_right(stretches, place, key=itemgetter(0))
    return before > 0 and place < stretches[before - 1][1]


def _named(match: re.Match[str], source: SourceFile, number: int, meant: int) -> Iterator[_Ignore]:
    """The codes between the brackets, each at its own place."""
    found = list(re.finditer(r"[^\s,]+", match["codes"] or ""))
    start = match.start("codes") + 1
    for one in found:
        yield _Ignore(one[0], Span.at(source.name, number, start + one.start(), len(one[0])), meant)
    if not found:
        yield _Ignore("", Span.at(source.name, number, match.start() + 1, len(match[0].rstrip())), meant)


def _lines_below(lines: Sequence[str]) -> Mapping[int, int]:
    """For each line, the first one below that holds more than a comment; itself where there is none."""
    below: dict[int, int] = {}
    nearest_below = 0
    for number in range(len(lines), 0, -1):
        below[number] = nearest_below or number
        if not _NOTHING.match(lines[number - 1]):
            nearest_below = number
    return below


def _scalars(text: str) -> Iterator[_Stretch]:
    """Where the file's scalars begin and end, as line and column from 1: in them a `#` begins no comment."""
    try:
        for token in YAML(typ="safe", pure=True).scan(text):
            if token.id != "<scalar>":
                continue
            start, end = token.start_mark, token.end_mark
            # Behind the `|` or `>-` that a block of text begins with there may be a comment.
            begins = (start.line + 2, 1) if token.style in ("|", ">") else (start.line + 1, start.column + 1)
            yield begins, (end.line + 1, end.column + 1)
    except (YAMLError, YAMLStreamError):
        return
