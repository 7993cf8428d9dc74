"""The leaves of a project: every scalar value of its YAML files, and every cell of its data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from specfile.data import Variable, open_table
from specfile.data.sources.delimited import DelimitedTable
from specfile.diagnostics import Span
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarNode
from specfile.language.parse import parse
from specfile.language.source import SourceFile
from specfile.loaded import LoadedSpec
from tests.mutation.projects import Project

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Stretch:
    """A stretch of a file's text, in characters; the end is exclusive."""

    start: int
    end: int

    def overlaps(self, other: Stretch) -> bool:
        """Whether they share a character, or touch where one of them is empty."""
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end

    def within(self, other: Stretch) -> bool:
        """Whether this one lies wholly in the other."""
        return other.start <= self.start and self.end <= other.end


class Text:
    """The text of a file, with its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def stretch(self, span: Span) -> Stretch:
        """Where a span is in the text, blanks at its end left out."""
        start, end = self._offset(span.line, span.column), self._offset(span.end_line, span.end_column)
        return Stretch(start, max(start, start + len(_trimmed(self.text[start:end]))))

    def _offset(self, line: int, column: int) -> int:
        return min(self._starts[min(line, len(self._starts)) - 1] + column - 1, len(self.text))


@dataclass(frozen=True)
class Leaf:
    """What every leaf has: its project, its file, and where its value stands there."""

    project: Project
    file: str
    text: Text = field(repr=False)
    value: Stretch

    @property
    def written(self) -> str:
        """The value as it stands in the file."""
        return self.text.text[self.value.start : self.value.end]


@dataclass(frozen=True)
class YamlLeaf(Leaf):
    """A scalar, as the value of `entry` in a mapping or as an item of a list.

    `siblings` are the stretches of all entries or items around it, and `index` is its own among them.
    `declared` is the name of the variable, constant or parameter that it is a part of, and where that stands.
    """

    node: ScalarNode
    path: Path
    parent: MapNode | ListNode = field(repr=False)
    entry: Entry | None = field(repr=False)
    siblings: tuple[Stretch, ...] = field(repr=False)
    index: int
    declared: tuple[str, Stretch] | None

    @property
    def key(self) -> Stretch | None:
        """Where its key stands, in quotes where it has some."""
        return self.text.stretch(self.entry.key.span) if self.entry is not None else None

    @property
    def name(self) -> str:
        """The key that it is the value of; of a list's item, that of the list."""
        return next(str(step) for step in reversed(self.path) if isinstance(step, str))

    @property
    def around(self) -> Stretch:
        """The mapping or list that it is in."""
        if self.in_flow:
            return self.text.stretch(self.parent.span)
        return Stretch(self.siblings[0].start, self.siblings[-1].end)

    @property
    def in_flow(self) -> bool:
        """Whether what it is in is written in braces or brackets."""
        return self.text.text[self.text.stretch(self.parent.span).start] in "{["


@dataclass(frozen=True)
class CellLeaf(Leaf):
    """A cell. `header` is where its column's name stands, `names_row` whether the key is made of it."""

    row: int
    column: str
    variable: Variable | None = field(repr=False)
    header: Stretch
    names_row: bool
    others: tuple[str, ...] = field(repr=False)


def leaves(project: Project) -> Iterator[Leaf]:
    """Every leaf of a project."""
    loaded = LoadedSpec.read(project.spec)
    for source in loaded.spec.sources.values():
        if source.path.resolve().is_relative_to(project.folder):
            node, _ = parse(source)
            yield from _scalars(project, source, Text(source.text), node, ())
    if loaded.spec.data is not None:
        yield from _cells(project, loaded)


def _scalars(
    project: Project,
    source: SourceFile,
    text: Text,
    node: Node,
    path: Path,
    *,
    declared: tuple[str, Stretch] | None = None,
) -> Iterator[YamlLeaf]:
    entries = node.entries if isinstance(node, MapNode) else ()
    items = node.items if isinstance(node, ListNode) else ()
    inner = [(entry.name, entry.value, entry) for entry in entries] + [
        (index, item, None) for index, item in enumerate(items)
    ]
    stretches = tuple(_whole(text, entry, value) for _, value, entry in inner)
    for index, (step, value, entry) in enumerate(inner):
        if entry is not None and declared is None and path[-1:] in (("variables",), ("with",)):
            named: tuple[str, Stretch] | None = (entry.name, text.stretch(entry.key.span))
        else:
            named = declared
        if not isinstance(value, ScalarNode):
            yield from _scalars(project, source, text, value, (*path, step), declared=named)
        elif isinstance(node, MapNode | ListNode):
            yield YamlLeaf(
                project=project,
                file=source.path.resolve().relative_to(project.folder).as_posix(),
                text=text,
                value=text.stretch(value.span),
                node=value,
                path=(*path, step),
                parent=node,
                entry=entry,
                siblings=stretches,
                index=index,
                declared=named,
            )


def _whole(text: Text, entry: Entry | None, value: Node) -> Stretch:
    end = text.stretch(value.span)
    return Stretch(text.stretch(entry.key.span).start if entry is not None else end.start, end.end)


def _trimmed(written: str) -> str:
    """Without what follows a value before the next one begins: blanks, and lines that are comments."""
    lines = written.rstrip().split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return "\n".join(lines).rstrip()


def _cells(project: Project, loaded: LoadedSpec) -> Iterator[CellLeaf]:
    spec = loaded.spec
    assert spec.data is not None
    assert spec.key is not None
    source = spec.data.source
    path = spec.folder_of(source) / source.text
    table = open_table(path, path.name)
    assert isinstance(table, DelimitedTable)
    text = Text(path.read_text(encoding="utf-8"))
    records = list(table)
    headers = _headers(text.text, table.delimiter)
    for record in records:
        for index, name in enumerate(table.names):
            place = record.span(index)
            assert place is not None
            empty = not record.cells[index]
            span = Span.at(path.name, place.line, place.column, 0) if empty else place
            yield CellLeaf(
                project=project,
                file=path.resolve().relative_to(project.folder).as_posix(),
                text=text,
                value=text.stretch(span),
                row=record.number,
                column=name,
                variable=loaded.variables.get(name),
                header=headers[index],
                names_row=name in spec.key.text,
                others=tuple(one.cells[index] for one in records if one.number != record.number),
            )


def _headers(text: str, delimiter: str) -> list[Stretch]:
    """Where the column names stand; none of ours is in quotes."""
    stretches, start = [], 0
    for name in text.split("\n", 1)[0].split(delimiter):
        stretches.append(Stretch(start, start + len(name)))
        start += len(name) + 1
    return stretches
