"""Blocks become scenes: repeated, filtered, with their defaults laid under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from specfile.compiler.blame import Mixed
from specfile.compiler.evaluate import BOOLEAN, TEXT, Evaluator, Failed, untyped
from specfile.compiler.pieces import pieces
from specfile.compiler.remarks import Watch
from specfile.compiler.scenes import Parts, SceneReader, lay_over
from specfile.compiler.scope import Fitted, Item, Scope
from specfile.compiler.trace import Role
from specfile.compiler.values import Field, Place, Value, as_written, known_as, place_of, walk
from specfile.data import BadValue, Variable
from specfile.diagnostics import Span
from specfile.diagnostics.wording import show
from specfile.film import Json
from specfile.language import Block, Loop, Used
from specfile.language.nodes import ScalarNode, plain_scalar
from specfile.schemas import Shape

MAX_BLOCKS = 10_000
"""Blocks that a video's loops and files come to; far more than its 50 scenes can need."""

Declared = Mapping[Span, Mapping[str, Variable]]
"""The variables of every block that declares some, by the block's place."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A scene as a mapping of parts, and the scope it was made in.

    `id` is its own, `named` where that is written. `sound` is false where something was reported about the
    scene, so that there is no more to it than its place.
    """

    value: Value
    scope: Scope
    id: str | None = None
    named: Span | None = None
    sound: bool = True


@dataclass(frozen=True)
class Expander:
    """Expands blocks for one row."""

    evaluator: Evaluator
    reader: SceneReader
    declared: Declared
    watch: Watch
    _so_far: Iterator[int] = field(default_factory=lambda: count(1), init=False)

    def scenes(self, block: Block, scope: Scope, inherited: Parts) -> Iterator[Expanded]:
        """The scenes that a block makes."""
        try:
            for inner in self.repeats(block, self._fill(block, scope)):
                bound = self.bind(block, inner)
                if self.included(block, bound):
                    yield from self.contents(block, bound, inherited)
        except Failed:
            return

    def contents(self, block: Block, scope: Scope, inherited: Parts) -> Iterator[Expanded]:
        """What a block holds, once its scope is settled."""
        self.watch.reached.add(block.node.span)
        try:
            defaults = self._defaults(block, scope, inherited)
            if block.is_scene:
                yield from self._scene(block, scope, defaults)
            if block.used is not None:
                inside = self._inside(block, block.used, scope)
                yield from self.scenes(block.used.block, inside, defaults)
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
            self._count(block, scope)
            yield scope
            return
        items, mixed = self.evaluator.expression(loop.node, loop.expression, scope, loop.path)
        self._decided(mixed, Role("loop", len(loop.names)))
        rounds = self._rounds(items, loop, scope, mixed)
        for index, item in enumerate(rounds):
            self._count(block, scope)
            names = self._unpack(item, rounds, loop, scope, mixed)
            written = names if mixed.origin() is not None or not mixed.template.reads else {}
            data = {name: value.data() for name, value in names.items()}
            is_one = len(names) == 1
            makers = {
                name: Item(mixed, index, None if is_one else position) for position, name in enumerate(names)
            }
            around = {**data, "loop": _loop(index, len(rounds))}
            yield scope.bind(around, mixed.template.reads, written, makers)

    def bind(self, block: Block, scope: Scope) -> Scope:
        """The scope with the block's `with` added, one constant after the other.

        Raises:
            Failed: a constant has no value; why has been reported.
        """
        for entry in block.constants:
            value = self.evaluator.value(entry.value, None, scope, _within(block, f"with.{entry.name}"))
            scope = scope.bind_value(entry.name, value)
        return scope

    def included(self, block: Block, scope: Scope) -> bool:
        """Whether the block's `if` holds.

        Raises:
            Failed: it has no answer; why has been reported.
        """
        if block.condition is None:
            return True
        path = _within(block, "if")
        answer, mixed = self.evaluator.expression(block.condition, block.condition.text, scope, path)
        if isinstance(answer, str):
            message = f"`if` asks for true or false and gets the text {show(answer)}"
            message += untyped(mixed.template.reads, scope)
            place, hint = mixed.deciding(answer)
            raise self.evaluator.report("if-is-text", message, place, scope, path=path, hint=hint)
        self._decided(mixed, Role("condition"))
        if self.evaluator.trace is not None:
            self.evaluator.trace.answered(block.condition.span, path, value=bool(answer))
        self.watch.condition(block.condition.span, path, answer=bool(answer))
        return bool(answer)

    def _decided(self, mixed: Mixed, role: Role) -> None:
        if self.evaluator.trace is not None:
            self.evaluator.trace.decided(mixed, role)

    def _scene(self, block: Block, scope: Scope, defaults: Parts) -> Iterator[Expanded]:
        """The scene of a block; several where `split` is asked for and the text too long for one."""
        try:
            name = self._own(block, "id", TEXT, scope)
            split = self._own(block, "split", BOOLEAN, scope)
            parts = self.reader.parts(block.fields.values(), scope, block.path)
        except Failed:
            yield Expanded(Value({}, block.node), scope, sound=False)
            return
        scene = _scene(block, lay_over(defaults, parts, self.reader.shape))
        place = name.node.place if name is not None else None
        for piece in pieces(scene) if split is not None and split.content else (scene,):
            yield Expanded(piece, scope, name.text if name is not None else None, place)

    def _own(self, block: Block, name: str, shape: Shape, scope: Scope) -> Value | None:
        """The value of a field that is no part of the scene."""
        entry = block.fields.get(name)
        return self.evaluator.value(entry.value, shape, scope, f"{block.path}.{name}") if entry else None

    def _fill(self, block: Block, scope: Scope) -> Scope:
        """The scope with the block's own variables, each read as it is declared.

        Raises:
            Failed: one has no value, or one that doesn't fit; why has been reported.
        """
        if not block.variables:
            return scope
        for name, variable in self.declared[block.node.span].items():
            value = self._filled(block, name, variable, scope)
            maker = Fitted(scope, name, variable) if name in scope.names else None
            if maker is not None and self.evaluator.trace is not None:
                self.evaluator.trace.fits(maker)
            scope = scope.bind_value(name, value, declared=True, maker=maker)
        return scope

    def _filled(self, block: Block, name: str, variable: Variable, scope: Scope) -> Value:
        declared = ((variable.entry.key.span, f"`{name}` is declared here"),)
        path = _within(block, f"variables.{name}")
        if name not in scope.names:
            if variable.default_node is not None:
                return as_written(variable.default_node).holding(variable.schema["default"])
            message = f"`{name}` has no value here"
            hint = "give the variable a default, or a value around the block"
            place = variable.entry.key.span
            raise self.evaluator.report("undefined-variable", message, place, scope, path=path, hint=hint)
        given = scope.value_of(name, variable.entry.value)
        try:
            return given.holding(variable.fit(_as_text(given) if variable.is_text else given.data()))
        except BadValue as error:
            *_, given = walk(given, error.path)
            message, hint = f"`{name}` {error}", f"correct the value, or the declaration of `{name}`"
            raise self.evaluator.report(
                "bad-parameter", message, place_of(given), scope, path=path, hint=hint, related=declared
            ) from error

    def _inside(self, block: Block, used: Used, scope: Scope) -> Scope:
        """The scope in a used file: it sees what `with` beside the `use` gives, and nothing else."""
        given = {entry.name: scope.value_of(entry.name, entry.value) for entry in block.constants}
        return scope.inside(given, used.block.node.span.file, used.node.span)

    def _defaults(self, block: Block, scope: Scope, inherited: Parts) -> Parts:
        path = _within(block, "defaults")
        for layer in block.defaults:
            inherited = lay_over(inherited, self.reader.parts(layer, scope, path), self.reader.shape)
        return inherited

    def _rounds(self, items: Json, loop: Loop, scope: Scope, mixed: Mixed) -> list[Value]:
        """The items to go over, each placed where it is written; of a mapping its keys with their values."""
        origin = mixed.origin() or known_as(items, loop.node, scope.origins(mixed.template.reads))
        if isinstance(items, list) and isinstance(origin.content, tuple):
            return list(origin.content)
        if isinstance(items, Mapping) and origin.fields is not None:
            return [_pair(name, field, origin) for name, field in origin.fields.items()]
        message = f"`for` needs a list or a mapping and gets {show(items)}"
        hint = 'declare the variable as `{type: array}`, or write a list such as ["en", "de"]'
        message += untyped(mixed.template.reads, scope)
        raise self._bad_for(message, hint, loop, scope, mixed.place())

    def _unpack(
        self, item: Value, rounds: list[Value], loop: Loop, scope: Scope, mixed: Mixed
    ) -> dict[str, Value]:
        names = loop.names
        if len(names) == 1:
            return {names[0]: item}
        if isinstance(item.content, tuple) and _has(len(names), item):
            return dict(zip(names, item.content, strict=True))
        message = f"`for` names {len(names)} values for each item and gets {show(item.data())}"
        # Where others fit, it is the item that doesn't.
        is_odd = mixed.origin() is not None and any(_has(len(names), one) for one in rounds)
        place = Place(item.node.place, item.reads, loop.node.span) if is_odd else mixed.place()
        raise self._bad_for(message, "name as many as each item has", loop, scope, place)

    def _count(self, block: Block, scope: Scope) -> None:
        """Stop what comes to far more than a video can hold, before it is made."""
        number = next(self._so_far)
        if number <= MAX_BLOCKS:
            return
        if number > MAX_BLOCKS + 1:
            raise Failed(block.path)  # said once; the blocks around it go on and come here again
        hint = "a video has at most 50 scenes"
        if block.loop is not None:
            message, path = f"`for` goes on for more than {MAX_BLOCKS:,} rounds", block.loop.path
            raise self.evaluator.report("bad-for", message, block.loop.node.span, scope, path=path, hint=hint)
        message = f"the files of this video come to more than {MAX_BLOCKS:,} blocks"
        raise self.evaluator.report(
            "too-many-scenes", message, block.node.place, scope, path=block.path or None, hint=hint
        )

    def _bad_for(self, message: str, hint: str, loop: Loop, scope: Scope, place: Place) -> Failed:
        return self.evaluator.report("bad-for", message, place, scope, path=loop.path, hint=hint)


def _has(count: int, item: Value) -> bool:
    return isinstance(item.content, tuple) and len(item.content) == count


def _within(block: Block, name: str) -> str:
    return f"{block.path}.{name}" if block.path else name


def _scene(block: Block, parts: Parts) -> Value:
    fields = {}
    for name, part in parts.items():
        entry = block.fields.get(name)
        fields[name] = Field(entry.key.span if entry else part.node.place, part)
    return Value(fields, block.node)


def _as_text(value: Value) -> Json:
    """What a variable that holds text is given: a scalar as written, a number as a text would show it."""
    node, data = value.node, value.data()
    if not isinstance(data, bool | int | float):
        return data
    if isinstance(node, ScalarNode) and value.used is None and data == plain_scalar(node):
        return node.text
    return data if isinstance(data, bool) else str(data)


def _pair(name: str, field: Field, mapping: Value) -> Value:
    """A key and its value, as `for key, value in mapping` takes them apart."""
    key = Value(name, ScalarNode(name, "text", plain=False, span=field.key), mapping.reads)
    return Value((key, field.value), mapping.node, mapping.reads)


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
