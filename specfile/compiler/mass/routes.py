"""Ways through a storyboard: what has to be decided for a row, and what comes of it.

A way is learned from one row that was compiled step by step. The decisions of all known ways form a tree; a
row whose decisions lead to its end is filled into the moulds that lie there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson

from specfile.compiler.mass.learned import Lesson, Unlearnable
from specfile.compiler.mass.moulds import Mould, Poured
from specfile.compiler.mass.rendering import Rendering
from specfile.compiler.mass.sources import Miss, Source, State
from specfile.compiler.trace import Answer, Evaluation
from specfile.film import Json

MAX_ROUTES: Final = 1_000
"""Ways that are kept. More than a storyboard has are those of values that differ in every row."""


_MOST_ANSWERS: Final = 1_000


class Decision:
    """Something that decides which way a row goes."""

    signature: Hashable

    def outcome(self, state: State) -> Hashable:
        """What a row's values decide.

        Raises:
            Miss: nothing that is known, or what must be looked at closely.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Truth(Decision):
    """An `if`. Answers are remembered by the texts that it reads: most conditions ask for one of a few."""

    signature: Hashable
    source: Source
    reads: tuple[Source, ...]
    known: dict[tuple[Json, ...], bool] = field(default_factory=dict)

    def outcome(self, state: State) -> Hashable:
        """Whether it holds; a text decides nothing."""
        asked = tuple([source.get(state) for source in self.reads])
        if any(type(one) is not str for one in asked):
            return self._answer(state)  # 1, 1.0 and true are one key, and not the same to every condition
        if asked not in self.known:
            answer = self._answer(state)
            if len(self.known) >= _MOST_ANSWERS:
                return answer
            self.known[asked] = answer
        return self.known[asked]

    def _answer(self, state: State) -> bool:
        answer = self.source.get(state)
        if isinstance(answer, str):
            raise Miss
        return bool(answer)


@dataclass(frozen=True)
class Rounds(Decision):
    """A `for` over a list from the data. `parts` is how many names take each item apart, 1 for none."""

    signature: Hashable
    source: Source
    parts: int

    def outcome(self, state: State) -> Hashable:
        """How many rounds it goes."""
        items = self.source.get(state)
        if not isinstance(items, list) or (self.parts > 1 and not all(map(self._comes_apart, items))):
            raise Miss
        return len(items)

    def _comes_apart(self, item: Json) -> bool:
        return isinstance(item, list) and len(item) == self.parts


@dataclass(frozen=True)
class Same(Decision):
    """Values that shape the request: they have to be the same."""

    signature: Hashable
    reads: Mapping[str, Source]

    def outcome(self, state: State) -> Hashable:
        """The values."""
        return orjson.dumps([source.get(state) for source in self.reads.values()])


@dataclass
class Route:
    """What comes of a row at the end of its way. `taken` counts the rows."""

    rendering: Rendering
    moulds: tuple[Mould, ...]
    answers: tuple[Answer, ...]
    taken: int = 0

    def poured(self, state: State) -> tuple[Poured, ...]:
        """The row's videos. Raises whatever goes wrong; then the row has to be looked at closely."""
        values = self.rendering.values(state)
        return tuple([mould.poured(values) for mould in self.moulds])


@dataclass
class _Fork:
    decision: Decision
    ways: dict[Hashable, _Fork | Route] = field(default_factory=dict)


@dataclass
class Routes:
    """All ways that are known. `start` tells rows apart that begin differently."""

    starts: dict[Hashable, _Fork | Route] = field(default_factory=dict)
    count: int = 0

    def find(self, start: Hashable, state: State) -> Route | None:
        """The way that a row goes, where it is known. May raise anything; then it is not."""
        place = self.starts.get(start)
        while isinstance(place, _Fork):
            place = place.ways.get(place.decision.outcome(state))
        return place

    def learn(self, start: Hashable, state: State, decisions: list[Decision], route: Route) -> None:
        """Remember a way. `state` is of the row that it was learned from.

        Raises:
            Unlearnable: the way there is not what it was before, or there are too many.
        """
        if self.count >= MAX_ROUTES:
            raise Unlearnable
        ways, step = self.starts, start
        for decision in decisions:
            fork = ways.setdefault(step, _Fork(decision))
            if not isinstance(fork, _Fork) or fork.decision.signature != decision.signature:
                raise Unlearnable
            ways, step = fork.ways, fork.decision.outcome(state)
        if ways.setdefault(step, route) is not route:
            raise Unlearnable
        self.count += 1


def decisions_of(lesson: Lesson) -> list[Decision]:
    """What decided the way of the row, in the order in which it was decided."""
    return [decision for one in lesson.events for decision in _decisions(lesson, one)]


def _decisions(lesson: Lesson, one: Evaluation) -> Iterator[Decision]:
    role, template = lesson.role(one), one.mixed.template
    signature = (template.source, role, lesson.is_free(one), one.lone, one.kind)
    if role == "condition":
        yield Truth(signature, lesson.yielded(one), tuple(lesson.reads(one).values()))
        return
    if keys := lesson.keys(one):
        yield Same((template.source, role, "keys"), keys)
    if not lesson.is_free(one):
        yield Same(signature, lesson.deciding(one))
    elif role == "loop":
        yield Rounds(signature, lesson.yielded(one), lesson.parts(one))
