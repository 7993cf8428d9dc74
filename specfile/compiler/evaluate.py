"""From a node as written to a value: templates filled in, and read as the field that takes it wants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from specfile.compiler.blame import Mixed
from specfile.compiler.origin import way
from specfile.compiler.scope import Scope
from specfile.compiler.templating.conditions import TextCondition
from specfile.compiler.templating.slips import Slip
from specfile.compiler.templating.templates import Template, TemplateError, Templates, is_template
from specfile.compiler.trace import Evaluation, Trace
from specfile.compiler.values import Field, Place, Value, known_as
from specfile.diagnostics import Diagnostic, Severity, Span
from specfile.diagnostics.suggest import did_you_mean, nearest
from specfile.diagnostics.wording import show
from specfile.film import Json, canonical_number
from specfile.language import Spec
from specfile.language.blocks import RESERVED
from specfile.language.nodes import ListNode, MapNode, Node, ScalarNode, describe, number, plain_scalar
from specfile.schemas import Kind, Shape

_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})
_WANTED = {
    "text": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "mapping": "a mapping",
    "list": "a list",
}

TEXT = Shape(kind="text")
NUMBER = Shape(kind="number")
BOOLEAN = Shape(kind="boolean")


class Failed(Exception):
    """A value could not be evaluated; why has been reported."""


class Evaluator:
    """Evaluates nodes and collects what is wrong with them in `found`."""

    def __init__(self, templates: Templates, spec: Spec, trace: Trace | None = None) -> None:
        self.templates = templates
        self.found: list[Diagnostic] = []
        self.trace = trace
        self._spec = spec

    def value(self, node: Node, shape: Shape | None, scope: Scope, path: str) -> Value:
        """The node's value, read as `shape` says; without one, as YAML reads it.

        Raises:
            Failed: it has none; the reason is in `found`.
        """
        if isinstance(node, MapNode):
            return self._mapping(node, shape, scope, path)
        if isinstance(node, ListNode):
            return self._list(node, shape, scope, path)
        return self._scalar(node, shape, scope, path)

    def part(self, node: Node, shape: Shape, scope: Scope, path: str) -> Value:
        """A value that is either text or the mapping `shape`, such as `voice:` or `background:`.

        Raises:
            Failed: it has none; the reason is in `found`.
        """
        if not isinstance(node, ScalarNode) or node.kind == "null":
            return self.value(node, shape, scope, path)
        if is_template(node.text):
            mixed = Mixed(self.compile(node, scope, path), node, scope)
            content = self._evaluate(mixed, path, lone=mixed.template.lone)
            if isinstance(content, Mapping | str):
                return _as_field(_yielded(content, mixed), shape)
        return self._scalar(node, TEXT, scope, path)

    def text(self, node: ScalarNode, scope: Scope, path: str) -> str:
        """A scalar's text, trimmed.

        Raises:
            Failed: it has none; the reason is in `found`.
        """
        content = self._scalar(node, TEXT, scope, path).content
        return content if isinstance(content, str) else ""

    def expression(self, node: ScalarNode, text: str, scope: Scope, path: str) -> tuple[Json, Mixed]:
        """The value of a bare expression, and what it was made of.

        Raises:
            Failed: it has none; the reason is in `found`.
        """
        try:
            template = self.templates.expression(text)
        except TemplateError as error:
            raise self._failed(error, node, scope, path) from error
        mixed = Mixed(template, node, scope)
        return self._evaluate(mixed, path, lone=True), mixed

    def compile(self, node: ScalarNode, scope: Scope, path: str) -> Template:
        """The template in a scalar.

        Raises:
            Failed: it is not valid; the reason is in `found`.
        """
        try:
            return self.templates.template(node.text)
        except TemplateError as error:
            raise self._failed(error, node, scope, path) from error

    def refuse(self, error: TemplateError, node: ScalarNode, scope: Scope, path: str) -> Failed:
        """Note what is wrong with a template that was not evaluated, at the piece of it at fault."""
        return self._failed(error, node, scope, path)

    def report(
        self,
        code: str,
        message: str,
        place: Place | Span,
        scope: Scope,
        *,
        path: str | None = None,
        value: str | None = None,
        hint: str | None = None,
        related: Sequence[tuple[Span, str]] = (),
        severity: Severity = Severity.ERROR,
    ) -> Failed:
        """Note what is wrong, with the cell behind it. Gives an exception for where there is no going on."""
        place = place if isinstance(place, Place) else Place(place)
        self.found.append(
            Diagnostic(
                code=code,
                message=message,
                span=place.span,
                path=path,
                value=value,
                cell=scope.cell(place.reads) if place.reads else None,
                hint=hint,
                severity=severity,
                related=(*_used(place), *related, *way(place.span, scope, self._spec)),
            )
        )
        return Failed(message)

    def _mapping(self, node: MapNode, shape: Shape | None, scope: Scope, path: str) -> Value:
        if shape is not None and shape.kind != "mapping":
            raise self._wrong_type(node, shape, scope, path)
        known = shape.fields if shape is not None else {}
        fields: dict[str, Field] = {}
        failed = False
        for entry in node:
            try:
                inner = self.value(entry.value, known.get(entry.name), scope, f"{path}.{entry.name}")
                fields[entry.name] = Field(entry.key.span, inner)
            except Failed:
                failed = True  # go on, so that every mistake in the mapping is reported at once
        if failed:
            raise Failed(path)
        return Value(fields, node)

    def _list(self, node: ListNode, shape: Shape | None, scope: Scope, path: str) -> Value:
        if shape is not None and shape.kind != "list":
            raise self._wrong_type(node, shape, scope, path)
        item_shape = shape.item if shape is not None else None
        items = (self.value(item, item_shape, scope, f"{path}[{i}]") for i, item in enumerate(node.items))
        return Value(tuple(items), node)

    def _scalar(self, node: ScalarNode, shape: Shape | None, scope: Scope, path: str) -> Value:
        if node.kind == "null":
            return Value(None, node)
        if not is_template(node.text):
            return Value(self._written(node, shape, scope, path), node)
        mixed = Mixed(self.compile(node, scope, path), node, scope)
        as_text = shape is not None and shape.kind == "text"
        lone = mixed.template.lone and not as_text
        content = self._evaluate(mixed, path, lone=lone, kind=shape.kind if shape is not None else None)
        if shape is None:
            return _yielded(content, mixed)
        if as_text:
            return _as_field(_yielded(content, mixed), shape)
        read = _read_as(shape, content)
        if read is None:
            message = f"{_label(path)} is {show(content)}; it must be {_WANTED[shape.kind]}"
            hint = f"make the template yield {_WANTED[shape.kind]}"
            raise self.report("wrong-type", message, mixed.place(), scope, path=path, hint=hint)
        return _as_field(_yielded(read, mixed, content), shape)

    def _evaluate(self, mixed: Mixed, path: str, *, lone: bool, kind: Kind | None = None) -> Json:
        template, scope = mixed.template, mixed.scope
        try:
            content = template.value(scope.names) if lone else template.text(scope.names)
        except TemplateError as error:
            raise self._failed(error, mixed.node, scope, path, mixed) from error
        if self.trace is not None:
            self.trace.evaluated(Evaluation(mixed, lone=lone, kind=kind, content=content))
        return content

    def _written(self, node: ScalarNode, shape: Shape | None, scope: Scope, path: str) -> Json:
        """A scalar without a template, taken as it is written wherever the field is text."""
        if shape is None:
            return plain_scalar(node)
        if shape.kind == "text":
            return node.text.strip()
        if shape.kind in ("number", "integer") and node.kind in ("int", "float"):
            value = number(node.text)
            if value is not None:
                return canonical_number(value) if isinstance(value, float) else value
        if shape.kind == "boolean" and node.kind == "bool":
            return node.text.lower() == "true"
        raise self._wrong_type(node, shape, scope, path)

    def _wrong_type(self, node: Node, shape: Shape, scope: Scope, path: str) -> Failed:
        written = show(node.text) if isinstance(node, ScalarNode) else describe(node)
        message = f"{_label(path)} is {written}; it must be {_WANTED[shape.kind]}"
        hint = _type_hint(node, shape, path)
        return self.report("wrong-type", message, node.place, scope, path=path, hint=hint)

    def _failed(
        self, error: TemplateError, node: ScalarNode, scope: Scope, path: str, mixed: Mixed | None = None
    ) -> Failed:
        place = self._blamed(error, node, mixed)
        is_word = mixed is not None and error.name in mixed.template.words
        if mixed is not None and isinstance(error.__cause__, TextCondition):
            error.hint = mixed.deciding(error.__cause__.text)[1]
        hint = _unnameable(error, node, scope) or error.hint or self._hint(error, scope, is_word=is_word)
        message = str(error)
        if error.name in scope.declared:
            message += "; it is declared without a `default`"
        if error.code in ("template-failed", "if-is-text") and mixed is not None:
            message += untyped(mixed.template.reads, scope)
        macro = ((error.where, "in this macro"),) if error.where is not None else ()
        return self.report(error.code, message, place, scope, path=path, hint=hint, related=macro)

    def _blamed(self, error: TemplateError, node: ScalarNode, mixed: Mixed | None) -> Place:
        """The value that a template could not use, else the piece of the template at fault."""
        piece = self._span_within(node, error)
        culprit = _culprit(error, mixed) if mixed is not None else None
        if culprit is not None:
            elsewhere = culprit.used is not None
            return replace(culprit, used=piece) if elsewhere else replace(culprit, span=piece)
        # A name that has no value is missing from the spec, whatever the row holds.
        is_of_spec = error.name is not None or _is_wording(error)
        reads = mixed.template.reads if mixed and not is_of_spec else frozenset[str]()
        origins = mixed.scope.origins(reads) if mixed else reads
        return Place(piece, origins)

    def _hint(self, error: TemplateError, scope: Scope, *, is_word: bool) -> str | None:
        if error.code == "undefined-variable" and error.name is not None:
            return self._where_from(error.name, scope, is_word=is_word)
        if error.code == "unknown-filter" and error.needle is not None:
            return did_you_mean(error.needle, self.templates.filters)
        if error.code == "template-syntax":
            return "a template looks like `{{ name }}`, or `{% if vip %}Dear{% else %}Hi{% endif %}`"
        if error.code == "template-forbidden":
            return "a template can only read plain values"
        if error.code == "template-failed":
            if isinstance(error.__cause__, TypeError):
                return "a column is text unless `variables` declares its type"
            return "correct the expression; what templates can do is in docs/templates.md"
        if error.code == "template-limit":
            return "the service takes at most 4,999 characters a scene; make less"
        return None

    def _where_from(self, name: str, scope: Scope, *, is_word: bool = False) -> str:
        # A declared name is no slip of the pen; the column for it may be one.
        is_declared = name in scope.declared
        known = (scope.row.columns - scope.declared if is_declared else scope.names.keys()) - RESERVED
        match = nearest(name, known)
        meant = f'`"{name}"`, in quotes, if text is meant' if is_word else None
        if match is not None and not match.isidentifier():
            return _rename(match)
        if match is not None:
            return f"did you mean `{match}`?" + (f" Or write {meant}" if meant else "")
        if name == "loop":
            return "`loop` exists only inside a `for`"
        if meant:
            return f"write {meant}"
        if is_declared:
            return f"give `{name}` a default, add a column `{name}`, or give --var {name}=…"
        if scope.sites:
            return (
                f"declare it under this file's `variables`, and give it beside `use`: `with: {{{name}: …}}`"
            )
        return f"declare it under `variables` with a default, add a column `{name}`, or give --var {name}=…"

    def _span_within(self, node: ScalarNode, error: TemplateError) -> Span:
        """The piece of a scalar that a template error is about, where the source shows it."""
        source = self._spec.sources[node.span.file]
        pattern = re.compile(_as_words(error.needle) if error.needle else r"\{[{%#].*?(?=['\"]?\s*$)")
        for line in range(node.span.line, node.span.end_line + 1):
            text = source.line(line)
            start = node.span.column - 1 if line == node.span.line else 0
            for match in pattern.finditer(text, start):
                if error.needle is None or _in_template(text[: match.start()]) or not is_template(node.text):
                    return Span.at(source.name, line, match.start() + 1, len(match[0]))
        return node.span


def untyped(names: Iterable[str], scope: Scope) -> str:
    """The end of a message where one of the names is text only because nothing says what it is."""
    found = next((name for name in sorted(names) if name in scope.untyped), None)
    return f"; `{found}` is declared without a `type`, so it is text" if found is not None else ""


def _used(place: Place) -> tuple[tuple[Span, str], ...]:
    return ((place.used, "this is where it is used"),) if place.used is not None else ()


def _yielded(content: Json, mixed: Mixed, unread: Json = None) -> Value:
    """What a template yielded, placed where it is written: elsewhere, where it was taken over whole.

    `unread` is what it was before it was read as what the field wants.
    """
    content = content.strip() if isinstance(content, str) else content
    reads = mixed.scope.origins(mixed.template.reads)
    origin = mixed.origin()
    if origin is None or not _says(content if unread is None else unread, origin.data()):
        return replace(known_as(content, mixed.node, reads), mixture=mixed, yielded=mixed)
    return replace(origin.holding(content), used=mixed.node.place, yielded=mixed)


def _as_field(value: Value, shape: Shape) -> Value:
    """A value that was written elsewhere, read as the field it came to: text is as it was written."""
    if value.fields is not None:
        known = shape.fields
        fields = {
            name: Field(one.key, _as_field(one.value, known[name])) if name in known else one
            for name, one in value.fields.items()
        }
        return replace(value, content=fields)
    node = value.node
    if shape.kind == "text" and isinstance(node, ScalarNode) and node.kind in ("int", "float"):
        return replace(value, content=node.text) if _says(value.data(), number(node.text)) else value
    return value


def _says(content: Json, written: Json) -> bool:
    """Whether a template yielded what is written, as it is or as a text; a default may have taken over."""
    if isinstance(written, str) and isinstance(content, str):
        return content.strip() == written.strip()
    if isinstance(content, str) and isinstance(written, int | float):
        return number(content.strip()) == written
    return content == written and isinstance(content, bool) == isinstance(written, bool)


def _culprit(error: TemplateError, mixed: Mixed) -> Place | None:
    """The place of the value that made a template fail, where it is known."""
    if error.code == "undefined-variable":
        if error.name is not None or error.needle is None:
            return None
        return mixed.dangling() or mixed.lacking(error.needle)
    if error.code == "bad-filter-value" and error.needle is not None:
        return mixed.filtered(error.needle)
    if isinstance(error.__cause__, TextCondition):
        return mixed.deciding(error.__cause__.text)[0]
    if isinstance(error.__cause__, Slip):
        text = error.__cause__.text
        return mixed.first(lambda value: value == text) if text is not None else None
    if error.code == "not-text" or isinstance(error.__cause__, TypeError):
        return mixed.first(_is_no_text)
    return None


def _unnameable(error: TemplateError, node: ScalarNode, scope: Scope) -> str | None:
    """What to do about a column in a broken template that no template can name, such as `1st_name`."""
    if error.code != "template-syntax":
        return None
    names = (name for name in sorted(scope.names) if name and not name.isidentifier())
    found = next((name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", node.text)), None)
    return _rename(found) if found is not None else None


def _rename(column: str) -> str:
    return f"rename the column `{column}`: a template can name letters, digits and _, a letter first"


def _is_wording(error: TemplateError) -> bool:
    """Whether the template is wrong as it is written, whatever the values are."""
    is_call = isinstance(error.__cause__, Slip) and error.__cause__.text is None
    return is_call or error.code == "template-forbidden"


def _is_no_text(value: Json) -> bool:
    return isinstance(value, bool | list | Mapping) or value is None


def _as_words(needle: str) -> str:
    """A pattern for a piece of a template that begins and ends where words do."""
    before = r"(?<!\w)" if re.match(r"\w", needle) else ""
    after = r"(?!\w)" if re.search(r"\w$", needle) else ""
    return before + re.escape(needle) + after


def _in_template(before: str) -> bool:
    """Whether a line's beginning leaves a template open."""
    return max(before.rfind("{{"), before.rfind("{%")) > max(before.rfind("}}"), before.rfind("%}"))


def _read_as(shape: Shape, content: Json) -> Json:
    """What a template yielded, read as a number, boolean, mapping or list; None where it is none."""
    if shape.kind == "boolean":
        return _boolean(content)
    if shape.kind in ("number", "integer"):
        value = number(content.strip()) if isinstance(content, str) else content
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return canonical_number(value) if isinstance(value, float) else value
    return content if isinstance(content, Mapping if shape.kind == "mapping" else list) else None


def _boolean(content: Json) -> bool | None:
    if not isinstance(content, str):
        return content if isinstance(content, bool) else None
    word = content.strip().lower()
    return word in _TRUE if word in _TRUE | _FALSE else None


def _label(path: str) -> str:
    """The last name of a path, as a message calls it."""
    return f"`{path.rsplit('.', 1)[-1]}`"


def _type_hint(node: Node, shape: Shape, path: str) -> str:
    text = node.text.strip() if isinstance(node, ScalarNode) else ""
    if shape.kind in ("number", "integer"):
        value = number(text) if number(text) is not None else number(text.replace(",", "."))
        return f"write {value}, without quotes" if value is not None else "write a number such as 1.5"
    if shape.kind == "boolean":
        word = text.lower()
        return f"write {str(word in _TRUE).lower()}" if word in _TRUE | _FALSE else "write true or false"
    if shape.kind == "text" and path.rpartition(".")[2] == "avatar":
        return "write its id here, and the rest under `character`: `character: {avatar_id: …, scale: 1.2}`"
    return "write one value here" if shape.kind == "text" else f"write {_WANTED[shape.kind]} here"
