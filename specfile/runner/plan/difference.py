"""Where two films first differ, in the spec's own terms, and which variable or column is behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from specfile.compiler import MadeOf
from specfile.film import Json

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where two films differ, and what each has there; None where it has nothing."""

    path: Path
    old: Json
    new: Json

    @property
    def request_path(self) -> Path:
        """The same place in a v2 request."""
        return ("video_inputs", *self.path[1:]) if self.path[:1] == ("scenes",) else self.path

    def __str__(self) -> str:
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps).lstrip(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a film is another one than before.

    Attributes:
        path: where the two first differ, such as `scenes[1].voice.input_text`.
        columns: the columns of the data behind that.
        variables: the variables behind it, and `row` where the row's number is.
        is_sure: whether their values differ; else they are only what the field is made of.
    """

    path: str
    columns: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    is_sure: bool = False

    def __str__(self) -> str:
        named = [_named("column", self.columns), _named("variable", self.variables)]
        behind = " and ".join(one for one in named if one)
        if not behind:
            return f"{self.path} differs"
        return f"{self.path} differs: {behind}" if self.is_sure else f"{self.path} differs, made of {behind}"


def first_difference(old: Json, new: Json) -> Difference | None:
    """The first place where two canonical films differ; None if they are equal.

    A film whose scenes only grew or shrank differs at `scenes`.
    """
    return _difference(old, new, ())


def cause_of(difference: Difference, made: MadeOf | None) -> Cause:
    """Why a film differs, as far as that is known of the field where it first does."""
    if made is None:
        return Cause(path=str(difference))
    telling = made.telling(difference.old, difference.new)
    names = made.names if telling is None else telling
    return Cause(
        path=str(difference),
        columns=tuple(sorted(names & made.columns)),
        variables=tuple(sorted(names - made.columns)),
        is_sure=telling is not None,
    )


def _difference(old: Json, new: Json, path: Path) -> Difference | None:
    if old == new:
        return None
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted(old.keys() | new.keys(), key=lambda name: (name != "scenes", name)):
            found = _difference(old.get(name), new.get(name), (*path, name))
            if found is not None:
                return found
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return next(_difference(a, b, (*path, index)) for index, (a, b) in pairs if a != b)
    return Difference(path, old, new)


def _named(what: str, names: Iterable[str]) -> str:
    *others, last = names or ("",)
    if not last:
        return ""
    return f"{what}s {', '.join(others)} and {last}" if others else f"{what} {last}"
