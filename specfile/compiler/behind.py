"""Which of a row's values stand behind a field of a film, and which of them tell two wordings of it apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from specfile.compiler.blame import Mixed
from specfile.compiler.origin import Origin, Path
from specfile.compiler.templating.chains import Chain
from specfile.compiler.trace import Trace
from specfile.compiler.values import Value, walk
from specfile.film import Json
from specfile.language.blocks import RESERVED


@dataclass(frozen=True, slots=True)
class Part:
    """A value between the words of a template: the row's names behind it, and whether it is one itself."""

    names: frozenset[str]
    is_own: bool


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What one field was made of.

    Attributes:
        names: the row's names that were read for it.
        parts: its words and the values between them; None where a template does more than that.
        columns: those names whose values come from the data.
    """

    names: frozenset[str]
    parts: tuple[str | Part, ...] | None = None
    columns: frozenset[str] = frozenset()

    def telling(self, old: Json, new: Json) -> frozenset[str] | None:
        """The names by whose values two contents of the field differ: none where only its words do.

        None where that can't be told from the contents.
        """
        if self.parts is None or not isinstance(old, str) or not isinstance(new, str):
            return None
        pattern = _pattern(self.parts)
        before, now = pattern.fullmatch(old), pattern.fullmatch(new)
        if now is None:
            return None
        if before is None:
            return frozenset()
        values = [one for one in self.parts if isinstance(one, Part)]
        pairs = zip(values, before.groups(), now.groups(), strict=True)
        differing = [one for one, was, text in pairs if was != text]
        if not differing or any(one.names and not one.is_own for one in differing):
            return None
        return frozenset[str]().union(*(one.names for one in differing))


def made_of(origin: Origin, trace: Trace, path: Path) -> MadeOf:
    """What a field of a film was made of; of the scenes as a whole, what decided how many there are.

    `path` is the field's in the request that `origin` is of.
    """
    if path == ("video_inputs",):
        return MadeOf(_names(_deciding(trace)))
    found = list(walk(origin.tree, path))
    if len(found) <= len(path):
        return MadeOf(frozenset())  # it is there no more
    return MadeOf(_names([found[-1].origins()]), _parts(found[-1]))


def _names(found: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*found) - (RESERVED - {"row"})


def _deciding(trace: Trace) -> Iterator[frozenset[str]]:
    """The names behind every `if` and `for`."""
    for one in trace.evaluations:
        if id(one.mixed) in trace.roles:
            yield one.mixed.scope.origins(one.mixed.template.reads)


def _parts(value: Value) -> tuple[str | Part, ...] | None:
    mixed = value.yielded
    if not isinstance(mixed, Mixed) or mixed.template.bare is None:
        return None
    return tuple(one if isinstance(one, str) else _part(one, mixed) for one in mixed.template.bare)


def _part(chain: Chain, mixed: Mixed) -> Part:
    scope = mixed.scope
    is_own = not chain.steps and chain.root not in scope.through
    return Part(_names([scope.origins(chain.roots)]), is_own)


def _pattern(parts: tuple[str | Part, ...]) -> re.Pattern[str]:
    """What texts with these words look like; spaces beside a value may have been trimmed with it."""
    return re.compile("".join(_piece(one) for one in parts).join((r"\s*", r"\s*")), re.DOTALL)


def _piece(one: str | Part) -> str:
    if isinstance(one, Part):
        return "(.*?)"
    inner = one.strip()
    before = r"\s*" if one[:1].isspace() else ""
    after = r"\s*" if one[-1:].isspace() and inner else ""
    return before + re.escape(inner) + after
