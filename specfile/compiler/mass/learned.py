"""Which sources stand behind what one row's trace shows: a value that is fixed, or how to get it anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from specfile.compiler.blame import Mixed
from specfile.compiler.mass.sources import (
    FittedTo,
    Fixed,
    ItemOf,
    ListOf,
    MappingOf,
    Own,
    Reached,
    Source,
    Trimmed,
    Yielded,
)
from specfile.compiler.scope import Fitted, Given, Item, Scope
from specfile.compiler.templating.chains import Chain
from specfile.compiler.templating.templates import is_template
from specfile.compiler.trace import Evaluation, Trace
from specfile.compiler.values import Value
from specfile.language.nodes import Node, ScalarNode


class Unlearnable(Exception):
    """Rows like this one are always looked at closely."""


@dataclass
class Lesson:
    """What one row's trace teaches.

    Attributes:
        trace: what happened on the row's way.
        varying: the names that another row may have other values for.
        defaults: those of them that hold the text of a default here.
        held: the evaluations that the finished requests hold as they are, by the `id` of their mixture.
        scopes: those that the scenes were made in.
    """

    trace: Trace
    varying: frozenset[str]
    defaults: frozenset[str]
    held: frozenset[int]
    scopes: tuple[Scope, ...]
    _known: dict[object, Source] = field(default_factory=dict)
    _varying: dict[object, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.events = [one for one in self.trace.evaluations if self._varies(one.mixed)]
        self._by_mixed = {id(one.mixed): one for one in self.events}
        every = (*self.scopes, *(one.mixed.scope for one in self.events))
        bound = {id(value) for scope in every for one in scope.written.values() for value in _yields(one)}
        bound |= {
            id(maker.mixed) for scope in every for maker in scope.makers.values() if isinstance(maker, Given)
        }
        self.free: set[int] = set()
        for one in self.events:
            if self._is_free(one, bound):
                self.free.add(id(one.mixed))

    def role(self, one: Evaluation) -> str | None:
        """Whether only the truth of it counts, or only the items that a loop goes over."""
        found = self.trace.roles.get(id(one.mixed))
        return found.kind if found is not None else None

    def is_free(self, one: Evaluation) -> bool:
        """Whether any other value of it leads the same way; else the values that it reads decide."""
        return id(one.mixed) in self.free

    def parts(self, one: Evaluation) -> int:
        """How many names take each item of a loop apart, 1 where the item is taken whole."""
        return self.trace.roles[id(one.mixed)].parts

    def reads(self, one: Evaluation) -> dict[str, Source]:
        """The sources of the names that an evaluation reads; names that have no value are left out."""
        scope = one.mixed.scope
        names = sorted(name for name in one.mixed.template.reads if name in scope.names)
        return {name: self.source(scope, name) for name in names}

    def keys(self, one: Evaluation) -> dict[str, Source]:
        """The sources of what leads a template to one place or another in a file; empty where none does."""
        chain, scope = one.mixed.template.chain, one.mixed.scope
        if chain is None or chain.root not in scope.written:
            return {}
        steps = [step for step in chain.steps if isinstance(step, Chain)]
        if not any(self._name_varies(scope, root) for step in steps for root in step.roots):
            return {}
        return {f"{number}": self._reached(step, scope) for number, step in enumerate(steps)}

    def deciding(self, one: Evaluation) -> dict[str, Source]:
        """The sources of what decides the way where only the same leads the same way.

        It is the value, where that says all; a loop goes over what is written, whatever a default gives.
        """
        template = one.mixed.template
        chain, reads = template.chain, self.reads(one)
        if chain is not None and (not chain.steps or chain.root in template.spared):
            return reads
        return {"": Yielded(template, one.lone, reads)}

    def yielded(self, one: Evaluation) -> Source:
        """The source of what an evaluation yields."""
        if not self.is_free(one):
            content = one.content
            return Fixed(content.strip() if isinstance(content, str) else content)
        key = id(one.mixed)
        if key not in self._known:
            template, chain, reads = one.mixed.template, one.mixed.template.chain, self.reads(one)
            is_name = chain is not None and not chain.steps and template.bare == (chain,)
            if one.lone and is_name and chain is not None and reads:
                self._known[key] = Trimmed(reads[chain.root])
            else:
                self._known[key] = Yielded(template, one.lone, reads)
        return self._known[key]

    def fitted(self) -> Iterator[Source]:
        """The varying values that were read as declared: each has to fit, whether anything uses it or not."""
        for one in self.trace.fitted:
            if self._name_varies(one.scope, one.name):
                yield self._fitted(one)

    def source(self, scope: Scope, name: str) -> Source:
        """Where the value of a name comes from, in the scope of a template that reads it."""
        maker = scope.makers.get(name)
        written = None if self._is_default(scope, name) else scope.written.get(name)
        if not self._name_varies(scope, name):
            return self._once(("fixed", id(scope.names[name])), Fixed(scope.names[name]))
        if isinstance(maker, Item):
            return self._item(maker, scope, name)
        if isinstance(maker, Fitted):
            return self._fitted(maker)
        if isinstance(maker, Given) and isinstance(maker.mixed, Mixed):
            return self._of_mixed(maker.mixed)
        if written is not None:
            return self._once(("written", id(written)), self._of_value(written))
        if name in scope.through:
            raise Unlearnable(name)
        return self._once(("own", name), Own(name))

    def _reached(self, chain: Chain, scope: Scope) -> Source:
        return Reached(chain, {name: self.source(scope, name) for name in sorted(chain.roots)})

    def _once(self, key: object, source: Source) -> Source:
        return self._known.setdefault(key, source)

    def _fitted(self, maker: Fitted) -> Source:
        inner = self.source(maker.scope, maker.name)
        return self._once(("fitted", id(maker)), FittedTo(inner, maker.variable))

    def _item(self, maker: Item, scope: Scope, name: str) -> Source:
        loop = self._by_mixed.get(id(maker.loop))
        if loop is None or not self.is_free(loop):
            return Fixed(scope.names[name])
        return self._once(("item", id(maker)), ItemOf(self.yielded(loop), maker.index, maker.position))

    def _of_mixed(self, mixed: Mixed) -> Source:
        one = self._by_mixed.get(id(mixed))
        if one is None:
            raise Unlearnable
        return self.yielded(one)

    def _of_value(self, value: Value) -> Source:
        if not self._value_varies(value):
            return Fixed(value.data())
        if isinstance(value.yielded, Mixed):
            return self._of_mixed(value.yielded)
        if isinstance(value.content, dict):
            return MappingOf({name: self._of_value(one.value) for name, one in value.content.items()})
        if isinstance(value.content, tuple):
            return ListOf(tuple(map(self._of_value, value.content)))
        raise Unlearnable

    def _is_default(self, scope: Scope, name: str) -> bool:
        """Whether it is the text of a default: another row's text in its place makes no difference."""
        return name in self.defaults and name not in scope.through

    def _varies(self, mixed: Mixed) -> bool:
        """Whether a template may yield something else for another row.

        What a value says of its origins is not enough: one that was picked from constants has those of the
        constant, not of what picked it.
        """
        if id(mixed) not in self._varying:
            names = mixed.template.reads & mixed.scope.names.keys()
            self._varying[id(mixed)] = any(self._name_varies(mixed.scope, name) for name in names)
        return self._varying[id(mixed)]

    def _name_varies(self, scope: Scope, name: str) -> bool:
        key = (id(scope), name)
        if key not in self._varying:
            self._varying[key] = self._is_varying(scope, name)
        return self._varying[key]

    def _is_varying(self, scope: Scope, name: str) -> bool:
        match scope.makers.get(name):
            case Item(loop=Mixed() as loop):
                return self._varies(loop)
            case Fitted(scope=outer, name=inner):
                return self._name_varies(outer, inner)
            case Given(mixed=Mixed() as mixed):
                return self._varies(mixed)
        written = None if self._is_default(scope, name) else scope.written.get(name)
        if written is not None:
            return self._value_varies(written)
        if name == "loop":
            return False  # how often a loop goes round is settled before
        return bool(scope.origins({name}) & self.varying)

    def _value_varies(self, value: Value) -> bool:
        yields = (one for one in _yields(value) if isinstance(one, Mixed))
        return bool(value.origins() & self.varying) or any(map(self._varies, yields))

    def _is_picked(self, origin: Value) -> bool:
        """Whether a value is written in a file. The text of a default that is handed on is like any other."""
        is_written = isinstance(origin.node, ScalarNode) and not is_template(origin.node.text)
        return is_written and (id(origin.yielded) not in self.free or is_number(origin.node))

    def _is_free(self, one: Evaluation, bound: Iterable[int]) -> bool:
        """Whether what is yielded is only put somewhere, and means the same wherever it was written.

        A number that is written in a file is shown as it is written there, 3.10 and not 3.1; which one it is
        that a row picks has to be the same.
        """
        role = self.role(one)
        if role == "condition":
            return True
        chain, template = one.mixed.template.chain, one.mixed.template
        is_written = chain is not None and not self._is_default(one.mixed.scope, chain.root)
        origin = one.mixed.origin() if is_written else None
        if origin is not None and self._is_picked(origin):
            return False
        if role == "loop":
            is_sure = chain is None or chain.root not in template.spared
            has_places = origin is not None and not (is_sure and not _holds_number(origin))
            return isinstance(one.content, list) and not has_places
        return id(one.mixed) in self.held or (id(one.mixed) in bound and one.kind is None)


def is_number(node: Node | None) -> bool:
    """Whether a value is written as a number, so that one made of it is shown as it is written there."""
    return isinstance(node, ScalarNode) and node.kind in ("int", "float")


def _holds_number(value: Value) -> bool:
    """Whether a number is written in it, to be shown as it is written."""
    if is_number(value.node):
        return True
    inner: Iterable[Value] = ()
    if isinstance(value.content, dict):
        inner = (one.value for one in value.content.values())
    elif isinstance(value.content, tuple):
        inner = value.content
    return any(map(_holds_number, inner))


def _yields(value: Value) -> Iterator[object]:
    """The evaluations behind a value and all that it holds."""
    if value.yielded is not None:
        yield value.yielded
    inner: Iterable[Value] = ()
    if isinstance(value.content, dict):
        inner = (one.value for one in value.content.values())
    elif isinstance(value.content, tuple):
        inner = value.content
    for one in inner:
        yield from _yields(one)
