"""Whether the first thing that is said of a spoiled project is said of what was spoiled.

Right are only:

- a place that overlaps the new text of the value, or its key; for a misspelt or doubled key that key or its
  twin;
- a cell of exactly the row and the column that were spoiled (or of the row whose key is there twice);
- for what was deleted or made null (which is as good as leaving it out), a place in the mapping or list that
  has lost it, or a message that names the key in backticks; where it is inherited from `defaults`, also the
  scene that lacks it;
- for a misspelt name by which other places go (of a variable, constant, parameter, column, or in a
  template), a message or hint that has the name, old or new, as a word, or the place of one of its uses.

A mutation is harmless where nothing is said; also where all that is said is a warning that a variable,
constant or column is never used any more of which the old value was a use, for then the spec is valid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import specfile
from specfile.diagnostics import Diagnostic, Severity, Span, SpecError
from tests.mutation.leaves import Stretch, Text, YamlLeaf
from tests.mutation.surgery import Mutation

Verdict = Literal["harmless", "right", "wrong"]


@dataclass(frozen=True)
class Judged:
    """What came of a mutation, with everything that was said."""

    verdict: Verdict
    said: Sequence[Diagnostic]


def judged(mutation: Mutation) -> Judged:
    """Check the project with this one file spoiled, and put it back."""
    project = mutation.leaf.project
    path = project.folder / mutation.leaf.file
    before = path.read_bytes()
    path.write_bytes(mutation.text.encode())
    try:
        said = _check(project.spec)
        first = _first(said)
        if first is None or _is_left_unused(first, mutation):
            return Judged("harmless", said)
        return Judged("right" if _is_right(first, mutation) else "wrong", said)
    finally:
        path.write_bytes(before)


def _check(spec: Path) -> Sequence[Diagnostic]:
    try:
        return specfile.load(spec).check()
    except SpecError as error:
        return error.diagnostics


def _first(said: Sequence[Diagnostic]) -> Diagnostic | None:
    """The first error; where there is none, the first warning."""
    for severity in (Severity.ERROR, Severity.WARNING):
        for one in said:
            if one.severity is severity:
                return one
    return None


def _is_left_unused(one: Diagnostic, mutation: Mutation) -> bool:
    unused = one.severity is Severity.WARNING and one.code.startswith("unused-")
    return unused and any(
        _has_word(mutation.leaf.written, name) for name in re.findall("`(.+?)`", one.message)
    )


def _is_right(one: Diagnostic, mutation: Mutation) -> bool:
    return (
        _in_places(one.span, mutation)
        or (one.cell is not None and (one.cell.row, one.cell.column) in mutation.cells)
        or (mutation.lost is not None and _tells_loss(one, mutation, mutation.lost))
        or (mutation.used_elsewhere and _tells_name(one, mutation))
    )


def _in_places(span: Span | None, mutation: Mutation) -> bool:
    if span is None or Path(span.file) != mutation.leaf.project.folder / mutation.leaf.file:
        return False
    stretch = Text(mutation.text).stretch(span)
    return any(stretch.overlaps(place) for place in mutation.places)


def _tells_loss(one: Diagnostic, mutation: Mutation, lost: Stretch) -> bool:
    if any(f"`{name}`" in one.message for name in mutation.names):
        return True
    folder = mutation.leaf.project.folder
    here = one.span is not None and Path(one.span.file) == folder / mutation.leaf.file
    if here and one.span is not None and Text(mutation.text).stretch(one.span).within(lost):
        return True
    return _is_inherited(mutation) and one.path is not None and one.path.startswith("scenes[")


def _is_inherited(mutation: Mutation) -> bool:
    leaf = mutation.leaf
    return isinstance(leaf, YamlLeaf) and "defaults" in leaf.path


def _tells_name(one: Diagnostic, mutation: Mutation) -> bool:
    said = f"{one.message}\n{one.hint}"
    if any(_has_word(said, name) for name in mutation.names):
        return True
    if one.span is None:
        return False
    path = Path(one.span.file)
    spoiled = path == mutation.leaf.project.folder / mutation.leaf.file
    text = Text(mutation.text if spoiled else path.read_text(encoding="utf-8"))
    stretch = text.stretch(one.span)
    return any(_has_word(text.text[stretch.start : stretch.end], name) for name in mutation.names)


def _has_word(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
