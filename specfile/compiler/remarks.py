"""What is suspicious about a spec as a whole, once all its rows have been compiled: warnings only.

An id with spaces around it, a name that is declared and never used, a column that nothing reads, a condition
that was never true, names that would be spelled in capitals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from specfile.compiler.templating.templates import TemplateError, Templates, is_template
from specfile.data import Row
from specfile.diagnostics import Diagnostic, Severity, Span
from specfile.diagnostics.suggest import nearest
from specfile.diagnostics.wording import show
from specfile.language import Block, Spec
from specfile.language.blocks import BUILT_IN
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarNode

_FEWEST = 3
"""Rows below which nothing is said of all rows: two people may well both be called in capitals."""

_ID_SHORTHANDS = frozenset({"avatar", "photo", "voice"})

OWN_COLUMNS = "specfile_"
"""How columns begin that specfile itself adds to a table."""

_SHOWN = 5
"""How many names a message lists."""


@dataclass(slots=True)
class _Tally:
    """How often a condition was asked, and whether it was ever true."""

    path: str
    asked: int = 0
    was_true: bool = False


@dataclass
class Watch:
    """Notes what happens while rows are compiled. One for all rows of a spec.

    `names` are all that a row had a value for, `reached` the places of the blocks whose contents were made,
    `capitals` the columns of names that every row had in capitals, each with its first.
    """

    rows: int = 0
    names: set[str] = field(default_factory=set)
    reached: set[Span] = field(default_factory=set)
    columns: frozenset[str] = frozenset()
    source: str | None = None
    conditions: dict[Span, _Tally] = field(default_factory=dict)
    capitals: dict[str, str] = field(default_factory=dict)
    _last: frozenset[str] | None = None

    def row(self, row: Row) -> None:
        """A row is about to be compiled."""
        self.rows += 1
        if row.columns is not self._last:
            self._last = row.columns
            self.names.update(row.values)
            self.columns |= row.columns
            self.source = row.source
        if self.rows == 1:
            self.capitals = {name: row.values[name] for name in row.columns if "name" in name}
        for name in tuple(self.capitals):
            text = row.values[name] if name in row.columns else None
            if not (isinstance(text, str) and len(text) > 1 and text.isupper()):
                del self.capitals[name]

    def join(self, other: Watch) -> None:
        """Add what another one noted of other rows of the same spec, these first."""
        is_first = self.rows == 0
        self.rows += other.rows
        self.names |= other.names
        self.reached |= other.reached
        self.columns |= other.columns
        self.source = self.source or other.source
        for span, tally in other.conditions.items():
            self.condition(span, tally.path, answer=tally.was_true, times=tally.asked)
        if is_first:
            self.capitals = dict(other.capitals)
        elif other.rows:
            self.capitals = {name: text for name, text in self.capitals.items() if name in other.capitals}

    def condition(self, span: Span, path: str, *, answer: bool, times: int = 1) -> None:
        """An `if` was asked."""
        tally = self.conditions.setdefault(span, _Tally(path))
        tally.asked += times
        tally.was_true |= answer


def remarks(spec: Spec, templates: Templates, watch: Watch) -> Iterator[Diagnostic]:
    """The warnings about a spec whose rows have all been compiled without an error."""
    yield from _padded_ids(spec)
    used = _names_used(spec, templates)
    yield from _unused_names(spec, used)
    yield from _unused_columns(spec, used, watch)
    if watch.source is not None and watch.rows >= _FEWEST:
        yield from _never_true(spec, watch)
        yield from _in_capitals(spec, used, watch)


def _padded_ids(spec: Spec) -> Iterator[Diagnostic]:
    """Ids with spaces around them, which are cut off: whoever copies them elsewhere is less lucky."""
    for block in spec.blocks():
        entries = (*block.fields.values(), *(entry for layer in block.defaults for entry in layer))
        for node in _ids(entries):
            if node.text != node.text.strip():
                yield Diagnostic(
                    code="padded-id",
                    severity=Severity.WARNING,
                    message=f"the id {show(node.text)} has spaces around it, which are cut off",
                    span=node.span,
                    hint=f"write {show(node.text.strip())}",
                )


def _ids(entries: Iterable[Entry]) -> Iterator[ScalarNode]:
    for entry in entries:
        if isinstance(entry.value, MapNode):
            yield from _ids(entry.value)
        elif isinstance(entry.value, ScalarNode) and (
            entry.name in _ID_SHORTHANDS or entry.name.endswith("_id")
        ):
            yield entry.value


def _unused_names(spec: Spec, used: Mapping[str, frozenset[str]]) -> Iterator[Diagnostic]:
    """Variables and constants that nothing reads, in the spec's own files; a base may well offer more."""
    bases = _bases(spec)
    for block in spec.blocks():
        file = block.node.span.file
        if file.startswith(BUILT_IN):
            continue
        names = [*block.variables, *(() if block.used else block.constants)]
        for entry in names:
            if entry.key.span.file not in bases and entry.name not in used[file]:
                yield _unused(entry, "variable" if entry in block.variables else "constant", used[file])


def _bases(spec: Spec) -> frozenset[str]:
    """The files that a spec extends, directly and through others."""
    return frozenset(file for file, (_, word) in spec.opened.items() if word.startswith("extended"))


def _unused(entry: Entry, kind: str, used: Iterable[str]) -> Diagnostic:
    match = nearest(entry.name, used)
    return Diagnostic(
        code="unused-variable" if kind == "variable" else "unused-constant",
        severity=Severity.WARNING,
        message=f"the {kind} `{entry.name}` is never used",
        span=entry.key.span,
        hint=f"is `{match}` meant to be it? else remove it"
        if match
        else "use it in a template, or remove it",
    )


def _unused_columns(spec: Spec, used: Mapping[str, frozenset[str]], watch: Watch) -> Iterator[Diagnostic]:
    unused = watch.columns - used[spec.source.name]
    names = sorted(name for name in unused if not name.startswith(OWN_COLUMNS))
    if not names or spec.data is None:
        return
    listed = _listed(names)
    is_one = len(names) == 1
    yield Diagnostic(
        code="unused-column",
        severity=Severity.WARNING,
        message=f"{'column' if is_one else 'columns'} {listed} of {watch.source} "
        f"{'is' if is_one else 'are'} never used",
        span=spec.data.span,
        path="data",
        hint=f"use {'it' if is_one else 'them'} in a template, or silence this with "
        "`# specfile: ignore[unused-column]`",
    )


def _never_true(spec: Spec, watch: Watch) -> Iterator[Diagnostic]:
    """Conditions of the spec's own file; those of other files ask for what this spec may well not give."""
    for span, tally in watch.conditions.items():
        if span.file == spec.source.name and tally.asked >= _FEWEST and not tally.was_true:
            yield Diagnostic(
                code="never-true",
                severity=Severity.WARNING,
                message=f"this `if` was false all {tally.asked:,} times that it was asked",
                span=span,
                path=tally.path,
                hint="look at what it compares: upper and lower case count, and so do spaces",
            )


def _in_capitals(spec: Spec, used: Mapping[str, frozenset[str]], watch: Watch) -> Iterator[Diagnostic]:
    for name, example in watch.capitals.items():
        if name in used[spec.source.name] and spec.data is not None:
            yield Diagnostic(
                code="name-in-capitals",
                severity=Severity.WARNING,
                message=f"every `{name}` of {watch.source} is in capitals, such as {example}",
                span=spec.data.span,
                path="data",
                hint=f"write `{{{{ {name} | title }}}}` where it is said or shown",
            )


def _names_used(spec: Spec, templates: Templates) -> Mapping[str, frozenset[str]]:
    """The names that templates and expressions read, by the file whose names they are.

    What a base file reads counts for the spec that extends it: they are one storyboard.
    """
    used: dict[str, set[str]] = {spec.source.name: set()}
    bases = _bases(spec)
    for block in spec.blocks():
        file, read = block.node.span.file, frozenset(_read_by(block, templates))
        used.setdefault(file, set()).update(read)
        if file in bases:
            used[spec.source.name].update(read)
    top = [*(entry.value for entry in spec.settings.values()), spec.key, *_output(spec)]
    used[spec.source.name].update(_read_in([node for node in top if node is not None], templates))
    return {file: frozenset(names) for file, names in used.items()}


def _output(spec: Spec) -> Sequence[ScalarNode | None]:
    return (spec.output.dir, spec.output.file, spec.output.lock)


def _read_by(block: Block, templates: Templates) -> Iterator[str]:
    """The names that a block itself reads, those inside it left out."""
    nodes: list[Node] = [entry.value for entry in (*block.constants, *block.fields.values())]
    yield from _read_in([*nodes, *block.defaults], templates)
    for expression in (
        block.condition.text if block.condition is not None else None,
        block.loop.expression if block.loop is not None else None,
    ):
        if expression is not None:
            yield from _reads(templates, expression, bare=True)


def _read_in(nodes: Iterable[Node], templates: Templates) -> Iterator[str]:
    for node in nodes:
        match node:
            case ScalarNode() if is_template(node.text):
                yield from _reads(templates, node.text, bare=False)
            case MapNode():
                yield from _read_in([entry.value for entry in node], templates)
            case ListNode():
                yield from _read_in(node.items, templates)


def _reads(templates: Templates, text: str, *, bare: bool) -> frozenset[str]:
    try:
        return (templates.expression if bare else templates.template)(text).reads
    except TemplateError:
        return frozenset()  # it was never evaluated, else it would have been reported


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
