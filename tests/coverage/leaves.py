"""Every field of a request, as its schema has it: what it is called here, and where it stands in a body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from specfile.schemas import Dialect, Shape, shape

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One field that holds a plain value.

    `name` has the member of each union in it, as in `character.avatar.scale`; `at` is its place in a body, in
    the first item of every list.
    """

    name: str
    at: Path


def leaves(dialect: Dialect) -> list[Leaf]:
    """The fields of a dialect's request. Those of v2's scenes are named from the scene on."""
    found = [Leaf(".".join(name), at) for name, at in _inside(shape(dialect), (), ())]
    if dialect == "v2":
        found = [Leaf(one.name.removeprefix("video_inputs."), one.at) for one in found]
    return found


def _inside(one: Shape, name: tuple[str, ...], at: Path) -> Iterator[tuple[tuple[str, ...], Path]]:
    if one.members:
        for tag, fields in one.members.items():
            for field, inner in fields.items():
                yield from _inside(inner, (*name, tag, field), (*at, field))
    elif one.item is not None:
        yield from _inside(one.item, name, (*at, 0))
    elif one.fields:
        for field, inner in one.fields.items():
            yield from _inside(inner, (*name, field), (*at, field))
    else:
        yield name, at


def value_at(body: Any, at: Path) -> Any:
    """What stands there.

    Raises:
        LookupError: nothing does.
    """
    for step in at:
        body = body[step]
    return body


def with_value(body: dict[str, Any], at: Path, value: Any) -> None:
    """Put a value there, with whatever is missing on the way."""
    inner: Any = body
    for step in at[:-1]:
        inner = inner.setdefault(step, {}) if isinstance(step, str) else inner[step]
    inner[at[-1]] = value
