"""Diagnostics for people to read: the place, an excerpt with a mark under it, and what to type instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from specfile.diagnostics.details import facts, summary
from specfile.diagnostics.excerpt import excerpt, harmless
from specfile.diagnostics.model import Diagnostic, Span

Style = Callable[[str, str], str]
"""Given a role and a text, gives the text with colour. The roles: `error`, `warning`, `note`, `message`,
`frame`, `mark`, `hint`, `summary`."""


def write_text(
    diagnostics: Sequence[Diagnostic],
    *,
    source: Callable[[str], str | None],
    limit: int = 100,
    style: Style = lambda _role, text: text,
) -> str:
    """Tell the first `limit` diagnostics in full, count the rest by code, and end with a summary.

    `source` gives the text of a file by the name that spans carry, or None where it can't be had. Nothing
    in gives nothing out.
    """
    if not diagnostics:
        return ""
    writer = _Writer(source, style)
    told = ["\n".join(writer.diagnostic(one)) + "\n" for one in diagnostics[:limit]]
    rest = _counts(diagnostics[limit:])
    return "\n".join([*told, *rest, style("summary", summary(diagnostics)) + "\n"])


def _counts(diagnostics: Sequence[Diagnostic]) -> list[str]:
    if not diagnostics:
        return []
    counts = sorted(Counter(one.code for one in diagnostics).items(), key=lambda item: (-item[1], item[0]))
    lines = [f"and {len(diagnostics):,} more:", *(f"{count:>9,}  {code}" for code, count in counts)]
    return ["\n".join(lines) + "\n"]


class _Writer:
    """Writes diagnostics one after another; each file is read and split once."""

    def __init__(self, source: Callable[[str], str | None], style: Style) -> None:
        self._lines = cache(lambda name: _split(source(name)))
        self._style = style

    def diagnostic(self, diagnostic: Diagnostic) -> Iterator[str]:
        severity = diagnostic.severity.value
        head = self._style(severity, f"{severity}[{diagnostic.code}]")
        yield f"{head}: {self._style('message', _indented(diagnostic.message, '  '))}"
        places = [(diagnostic.span, "")] if diagnostic.span else []
        places += diagnostic.related
        width = max(2, *(len(str(span.line)) for span, _ in places)) if places else 2
        for span, words in places:
            yield from self._place(span, words, width)
        margin = " " * (width + 1)
        for fact in facts(diagnostic):
            yield f"{margin}{self._style('frame', '=')} {fact}"
        if diagnostic.hint is not None:
            yield f"{margin}{self._style('hint', 'hint:')} {_indented(diagnostic.hint, margin + ' ' * 6)}"

    def _place(self, span: Span, words: str, width: int) -> Iterator[str]:
        margin = " " * width
        arrow, bar = self._style("frame", f"{margin}-->"), self._style("frame", f"{margin} |")
        yield f"{arrow} {harmless(str(span))}" + (f": {_indented(words, margin + ' ' * 4)}" if words else "")
        lines = self._lines(span.file)
        if not 0 < span.line <= len(lines):
            return
        line = lines[span.line - 1]
        end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
        shown, mark = excerpt(line, span.column - 1, end)
        indent = len(mark) - len(mark.lstrip())
        yield bar
        yield f"{self._style('frame', f'{span.line:>{width}} |')} {shown}".rstrip()
        yield f"{bar} {mark[:indent]}{self._style('mark', mark[indent:])}"


def _split(text: str | None) -> list[str]:
    """The lines of a file by YAML's line breaks, the same that spans are counted by."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if text is not None else []


def _indented(text: str, margin: str) -> str:
    """Harmless text whose further lines, where it has any, stand below the first."""
    return f"\n{margin}".join(harmless(line) for line in text.split("\n"))
