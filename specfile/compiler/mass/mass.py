"""The mass path: rows in, finished videos out, or nothing where a row has to be looked at closely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from specfile.compiler.mass.casting import cast_route
from specfile.compiler.mass.learned import Unlearnable, is_number
from specfile.compiler.mass.moulds import Poured
from specfile.compiler.mass.routes import Route, Routes
from specfile.compiler.mass.sources import State
from specfile.compiler.remarks import Watch
from specfile.compiler.stepwise import Judged, Stepwise
from specfile.compiler.trace import Trace
from specfile.data import Row, Variable
from specfile.diagnostics import has_errors
from specfile.film import Video

_MOST_IN_VAIN: Final = 2_000
"""So many rows that teach nothing new say that the rows of this spec have little in common."""


class Mass:
    """What is known so far of the ways through one spec. `variables` are those that the spec declares."""

    def __init__(self, stepwise: Stepwise, variables: Mapping[str, Variable]) -> None:
        self._stepwise = stepwise
        self._texts = frozenset(name for name, one in variables.items() if one.is_text)
        self._plain = frozenset(name for name in self._texts if not is_number(variables[name].default_node))
        self._declared = frozenset(variables)
        self._routes = Routes()
        self._taken: list[Route] = []
        self._in_vain = 0
        self._defaulted: frozenset[str] = frozenset()
        self._started: frozenset[str] = frozenset()

    @property
    def learns(self) -> bool:
        """Whether it is worth while to follow how rows are compiled."""
        return self._in_vain < _MOST_IN_VAIN

    def poured(self, row: Row) -> tuple[Poured, ...] | None:
        """The videos of a row; None where it goes a way that isn't known, or asks for a closer look."""
        if row.source is None:
            return None  # a single row has nothing to be learned for
        state = State({**row.values, "row": row.number})
        try:
            route = self._routes.find(self._start(row), state)
            if route is None:
                return None
            poured = route.poured(state)
        except Exception:  # noqa: BLE001 - whatever a template raises, the long way explains it
            return None
        route.taken += 1
        return poured

    def learn(self, row: Row, trace: Trace, judged: Sequence[Judged]) -> None:
        """Learn the way that a row went, where it was sound."""
        if row.source is None or any(map(_is_of_its_row, judged)):
            return
        state = State({**row.values, "row": row.number})
        texts = (row.columns - self._declared) | (row.columns & self._texts) | (row.defaulted & self._plain)
        try:
            decisions, route = cast_route(self._stepwise, row, trace, judged, texts)
            self._prove(route, state, judged)
            self._routes.learn(self._start(row), state, decisions, route)
            self._taken.append(route)
        except Exception:  # noqa: BLE001 - what can't be learned is compiled the long way each time
            self._in_vain += 1

    def tell(self, watch: Watch) -> None:
        """Tell what happened to the rows that went known ways."""
        for route in self._taken:
            for answer in route.answers if route.taken else ():
                watch.condition(answer.span, answer.path, answer=answer.value, times=route.taken)
            route.taken = 0

    def _start(self, row: Row) -> frozenset[str]:
        """Which variables have their default, where that shows: a number is said as it is written there."""
        if row.defaulted is not self._defaulted:
            self._defaulted, self._started = row.defaulted, row.defaulted - self._plain
        return self._started

    def _prove(self, route: Route, state: State, judged: Sequence[Judged]) -> None:
        """See to it that the route gives just what the long way gave.

        Raises:
            Unlearnable: it doesn't.
        """
        made = [_facts(one.video()) for one in route.poured(state)]
        if made != [_facts(one.video) for one in judged if one.video is not None]:
            raise Unlearnable


def _facts(video: Video) -> tuple[object, ...]:
    """Everything there is to a video, for telling whether two are alike."""
    return (
        video.request,
        video.film,
        video.metadata,
        video.output,
        video.seconds,
        video.cost_usd,
        video.default_voices,
    )


def _is_of_its_row(one: Judged) -> bool:
    """Whether what came of a row is not for others: an error, or a warning that names a cell of it."""
    return one.draft is None or has_errors(one.diagnostics) or any(found.cell for found in one.diagnostics)
