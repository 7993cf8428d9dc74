"""Blocks become scenes: repeated, filtered, with their defaults laid under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from specfile.compiler.evaluate import Evaluator, Failed
from specfile.compiler.scenes import Parts, SceneReader, lay_over
from specfile.compiler.scope import Scope
from specfile.compiler.values import Field, Value
from specfile.diagnostics.wording import show
from specfile.film import Json
from specfile.language import Block, Loop

MAX_REPEATS = 10_000
"""Loops that go further, all rounds of a video together, are a mistake: a video has at most 50 scenes."""


@dataclass(frozen=True)
class Expander:
    """Expands blocks for one row."""

    evaluator: Evaluator
    reader: SceneReader
    _rounds_so_far: Iterator[int] = field(default_factory=lambda: count(1), init=False)

    def scenes(self, block: Block, scope: Scope, inherited: Parts) -> Iterator[Value]:
        """The scenes that a block inside the spec makes, as mappings of parts."""
        try:
            for inner in self.repeats(block, scope):
                bound = self.bind(block, inner)
                if self.included(block, bound):
                    yield from self.contents(block, bound, inherited)
        except Failed:
            return

    def contents(self, block: Block, scope: Scope, inherited: Parts) -> Iterator[Value]:
        """What a block holds, once its scope is settled."""
        try:
            defaults = self._defaults(block, scope, inherited)
            if block.fields:
                parts = self.reader.parts(block.fields.values(), scope, block.path)
                yield _scene(block, lay_over(defaults, parts, self.reader.shape))
        except Failed:
            return
        for inner in block.blocks:
            yield from self.scenes(inner, scope, defaults)

    def repeats(self, block: Block, scope: Scope) -> Iterator[Scope]:
        """One scope for each round of the block's `for`; just the scope itself where it has none.

        Raises:
            Failed: the loop can't run; why has been reported.
        """
        loop = block.loop
        if loop is None:
            yield scope
            return
        items, reads = self.evaluator.expression(loop.node, loop.expression, scope, loop.path)
        rounds = self._rounds(items, loop, scope, reads)
        for index, item in enumerate(rounds):
            if next(self._rounds_so_far) > MAX_REPEATS:
                message = f"`for` goes on for more than {MAX_REPEATS:,} rounds"
                hint = "a video has at most 50 scenes"
                raise self._bad_for(message, hint, loop, scope, reads)
            names = self._unpack(item, loop, scope, reads)
            yield scope.bind({**names, "loop": _loop(index, len(rounds))}, reads)

    def bind(self, block: Block, scope: Scope) -> Scope:
        """The scope with the block's `with` added, one constant after the other.

        Raises:
            Failed: a constant has no value; why has been reported.
        """
        for entry in block.constants:
            value = self.evaluator.value(entry.value, None, scope, _within(block, f"with.{entry.name}"))
            scope = scope.bind({entry.name: value.plain()}, value.reads)
        return scope

    def included(self, block: Block, scope: Scope) -> bool:
        """Whether the block's `if` holds.

        Raises:
            Failed: it has no answer; why has been reported.
        """
        if block.condition is None:
            return True
        path = _within(block, "if")
        answer, reads = self.evaluator.expression(block.condition, block.condition.text, scope, path)
        if isinstance(answer, str):
            message = f"`if` asks for true or false and gets the text {show(answer)}"
            hint = 'compare it (`== "yes"`), or declare the variable as `{type: boolean}`'
            raise self.evaluator.report(
                "if-is-text", message, block.condition.span, scope, path=path, reads=reads, hint=hint
            )
        return bool(answer)

    def _defaults(self, block: Block, scope: Scope, inherited: Parts) -> Parts:
        if block.defaults is None:
            return inherited
        path = _within(block, "defaults")
        return lay_over(inherited, self.reader.parts(block.defaults, scope, path), self.reader.shape)

    def _rounds(self, items: Json, loop: Loop, scope: Scope, reads: frozenset[str]) -> list[Json]:
        if isinstance(items, Mapping):
            return list(items.items())
        if not isinstance(items, list):
            message = f"`for` needs a list or a mapping and gets {show(items)}"
            hint = 'declare the variable as `{type: array}`, or write a list such as ["en", "de"]'
            raise self._bad_for(message, hint, loop, scope, reads)
        return items

    def _unpack(self, item: Json, loop: Loop, scope: Scope, reads: frozenset[str]) -> dict[str, Json]:
        names = loop.names
        if len(names) == 1:
            return {names[0]: item}
        if isinstance(item, list | tuple) and len(item) == len(names):
            return dict(zip(names, item, strict=True))
        message = f"`for` names {len(names)} values for each item and gets {show(item)}"
        raise self._bad_for(message, "name as many as each item has", loop, scope, reads)

    def _bad_for(self, message: str, hint: str, loop: Loop, scope: Scope, reads: frozenset[str]) -> Failed:
        span = loop.node.span
        return self.evaluator.report("bad-for", message, span, scope, path=loop.path, reads=reads, hint=hint)


def _within(block: Block, name: str) -> str:
    return f"{block.path}.{name}" if block.path else name


def _scene(block: Block, parts: Parts) -> Value:
    fields = {}
    for name, part in parts.items():
        entry = block.fields.get(name)
        fields[name] = Field(entry.key.span if entry else part.node.place, part)
    return Value(fields, block.node)


def _loop(index: int, length: int) -> dict[str, Json]:
    """Jinja's `loop`, as plain data."""
    return {
        "index": index + 1,
        "index0": index,
        "revindex": length - index,
        "revindex0": length - index - 1,
        "first": index == 0,
        "last": index == length - 1,
        "length": length,
    }
