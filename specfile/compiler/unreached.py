"""What no row has come to yet, looked at as it is written, so that the first that does finds it sound.

Templates are compiled and never evaluated. A name that nothing can give a value is a warning, as no video
lacks it yet; what is wrong whatever a row holds is an error, in the words that a row would have met.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from specfile.compiler.check import check_rest
from specfile.compiler.evaluate import BOOLEAN, TEXT, Failed
from specfile.compiler.origin import Origin
from specfile.compiler.remarks import Watch
from specfile.compiler.scenes import Parts, SceneReader, lay_over
from specfile.compiler.scope import Scope
from specfile.compiler.templating.templates import TemplateError, is_template
from specfile.compiler.values import Field, Value
from specfile.data import Row
from specfile.diagnostics import Diagnostic, Severity, Span
from specfile.language import Block, Spec
from specfile.language.blocks import BUILT_IN, RESERVED
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarNode

_OF_ONE_VALUE: Final = frozenset(
    {"bad-colour", "empty-text", "not-allowed", "not-even", "out-of-range", "text-too-long", "wrong-type"}
)
"""What is wrong with a value whatever stands around it; what is missing a template may still give."""


def unreached(spec: Spec, reader: SceneReader, watch: Watch) -> Iterator[Diagnostic]:
    """What is wrong where no row came, and the names in any template that nothing gives a value.

    `reader` is one of its own, whose evaluator has found nothing yet.
    """
    is_whole = all(block.node.span in watch.reached for block in spec.blocks())
    look = _Look(spec, reader, watch.reached, is_whole)
    names = watch.names | RESERVED | _given_in(spec.block)
    scope = Scope(row=Row(number=0, values={}), names=dict.fromkeys(names))
    look.top(scope)
    look.block(spec.block, scope, {})
    yield from reader.evaluator.found
    yield from look.warnings


@dataclass
class _Look:
    """One look at a whole spec. Errors are left with the reader's evaluator."""

    spec: Spec
    reader: SceneReader
    reached: AbstractSet[Span]
    is_whole: bool
    warnings: list[Diagnostic] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)

    def top(self, scope: Scope) -> None:
        """The spec's own settings."""
        output = self.spec.output
        nodes = [(self.spec.key, "key"), (output.file, "output.file")]
        for node, path in [*nodes, *((one.value, name) for name, one in self.spec.settings.items())]:
            if node is not None:
                self._templates(node, scope, path)
        if self.spec.block.node.span in self.reached:
            self.reader.evaluator.found.clear()  # a row came here and has reported it

    def block(self, block: Block, scope: Scope, inherited: Parts) -> None:
        """A block and all that it holds."""
        if id(block) in self._seen or block.node.span.file.startswith(BUILT_IN):
            return
        self._seen.add(id(block))
        found = self.reader.evaluator.found
        before = len(found)
        self._own(block, scope)
        if not self.is_whole:
            inherited = self._literals(block, scope, inherited)
        if block.node.span in self.reached:
            del found[before:]  # a row came here and has reported it
        if block.used is not None:
            inside = block.used.block
            names = dict.fromkeys(RESERVED | _given_in(inside))
            file = inside.node.span.file
            used = replace(scope.inside({}, file, block.used.node.span), names=names)
            self.block(inside, used, inherited)
        for inner in block.blocks:
            self.block(inner, scope, inherited)

    def _own(self, block: Block, scope: Scope) -> None:
        """The templates and expressions of a block itself."""
        if block.loop is not None:
            self._template(block.loop.node, block.loop.expression, scope, block.loop.path, bare=True)
        if block.condition is not None:
            self._template(block.condition, block.condition.text, scope, _within(block, "if"), bare=True)
        for entry in block.constants:
            self._templates(entry.value, scope, _within(block, f"with.{entry.name}"))
        for layer in block.defaults:
            self._templates(layer, scope, _within(block, "defaults"))
        for entry in block.fields.values():
            self._templates(entry.value, scope, _within(block, entry.name))

    def _templates(self, node: Node, scope: Scope, path: str) -> None:
        for scalar, where in _scalars(node, path):
            if is_template(scalar.text):
                self._template(scalar, scalar.text, scope, where, bare=False)

    def _template(self, node: ScalarNode, text: str, scope: Scope, path: str, *, bare: bool) -> None:
        evaluator = self.reader.evaluator
        try:
            template = (evaluator.templates.expression if bare else evaluator.templates.template)(text)
        except TemplateError as error:
            if error.code != "template-limit":  # it is about all templates, and would be said at each one
                evaluator.refuse(error, node, scope, path)
            return
        for name in sorted(template.reads - template.spared - scope.names.keys()):
            message = f"`{name}` has no value here; no row came here so far, and the first one will fail"
            evaluator.refuse(
                TemplateError("undefined-variable", message, needle=name, name=name), node, scope, path
            )
            self.warnings.append(replace(evaluator.found.pop(), severity=Severity.WARNING))

    def _literals(self, block: Block, scope: Scope, inherited: Parts) -> Parts:
        """Hold what is written without a template against what its field takes; gives the defaults inside."""
        for layer in block.defaults:
            parts = self._parts(layer, scope, _within(block, "defaults"))
            inherited = lay_over(inherited, parts, self.reader.shape)
        if block.is_scene:
            for name, shape in (("id", TEXT), ("split", BOOLEAN)):
                entry = block.fields.get(name)
                if entry is not None and _is_literal(entry):
                    with suppress(Failed):
                        self.reader.evaluator.value(entry.value, shape, scope, f"{block.path}.{name}")
            parts = self._parts(block.fields.values(), scope, block.path)
            self._hold(block, lay_over(inherited, parts, self.reader.shape), scope)
        return inherited

    def _parts(self, entries: Iterable[Entry], scope: Scope, path: str) -> Parts:
        try:
            return self.reader.parts(filter(_is_literal, entries), scope, path)
        except Failed:
            return {}

    def _hold(self, block: Block, parts: Parts, scope: Scope) -> None:
        """Hold a scene's own values against the service's schema."""
        scene = Value({name: Field(part.node.place, part) for name, part in parts.items()}, block.node)
        inputs = Value((scene,), block.node)
        tree = Value({"video_inputs": Field(block.node.place, inputs)}, self.spec.block.node)
        origin = Origin(self.spec, tree, scope, (scope,), (None,))
        for one in check_rest("v2", tree.plain(), (0,), origin):
            is_own = one.span is not None and block.node.span.holds(one.span)
            if is_own and one.code in _OF_ONE_VALUE:
                path = (one.path or "").replace("scenes[0]", block.path, 1)
                self.reader.evaluator.found.append(replace(one, path=path))


def _given_in(block: Block) -> frozenset[str]:
    """The names that the blocks of one storyboard give a value, anywhere; a used file has its own."""
    own = {entry.name for entry in (*block.variables, *block.constants)}
    loop = block.loop.names if block.loop is not None else ()
    return frozenset(own).union(loop, *map(_given_in, block.blocks))


def _scalars(node: Node, path: str) -> Iterator[tuple[ScalarNode, str]]:
    match node:
        case ScalarNode():
            yield node, path
        case MapNode():
            for entry in node:
                yield from _scalars(entry.value, f"{path}.{entry.name}")
        case ListNode():
            for number, item in enumerate(node.items):
                yield from _scalars(item, f"{path}[{number}]")


def _is_literal(entry: Entry) -> bool:
    return not any(is_template(scalar.text) for scalar, _ in _scalars(entry.value, ""))


def _within(block: Block, name: str) -> str:
    return f"{block.path}.{name}" if block.path else name
