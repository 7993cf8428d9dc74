"""What happens while one row is compiled, in order: which templates were evaluated, and what that decided.

The mass path learns from it how to compile rows that go the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from specfile.compiler.blame import Mixed
from specfile.compiler.scope import Fitted
from specfile.diagnostics import Span
from specfile.film import Json
from specfile.schemas import Kind


@dataclass(frozen=True, slots=True)
class Role:
    """What an expression is asked for: only its truth, or the items of a list, of so many parts each."""

    kind: Literal["condition", "loop"]
    parts: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """A template, what it was filled in from, and what it yielded.

    `lone` says that its value was taken with its type, `kind` what the field then read it as.
    """

    mixed: Mixed
    lone: bool
    kind: Kind | None
    content: Json


@dataclass(frozen=True, slots=True)
class Answer:
    """What an `if` said."""

    span: Span
    path: str
    value: bool


@dataclass
class Trace:
    """Notes what happens. One for each row."""

    evaluations: list[Evaluation] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    roles: dict[int, Role] = field(default_factory=dict)
    fitted: list[Fitted] = field(default_factory=list)

    def evaluated(self, one: Evaluation) -> None:
        """A template was evaluated."""
        self.evaluations.append(one)

    def decided(self, mixed: Mixed, role: Role) -> None:
        """What an expression yielded was only asked for its truth, or for the items of a list."""
        self.roles[id(mixed)] = role

    def fits(self, one: Fitted) -> None:
        """A value fits the declaration that it was read by."""
        self.fitted.append(one)

    def answered(self, span: Span, path: str, *, value: bool) -> None:
        """An `if` was asked."""
        self.answers.append(Answer(span, path, value))
