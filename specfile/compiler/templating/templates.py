"""Jinja inside scalars: plain data in, text or a value out, with the place of every mistake."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError

from specfile.compiler.templating.bounding import decided
from specfile.compiler.templating.chains import (
    Chain,
    as_chain,
    chains,
    filtered,
    spared,
    without_default,
    words,
)
from specfile.compiler.templating.conditions import TextCondition
from specfile.compiler.templating.filters import BadFilterValue
from specfile.compiler.templating.limits import (
    NotText,
    TooMuch,
    check_size,
    plain_data,
    spelled,
    whole_characters,
)
from specfile.compiler.templating.macros import MacroProblem, Macros
from specfile.compiler.templating.sandbox import Environment, Undefined, UndefinedName
from specfile.compiler.templating.slips import Slip
from specfile.compiler.templating.together import Together, Wanted, can_join
from specfile.compiler.templating.wording import foreign
from specfile.diagnostics import Span
from specfile.diagnostics.suggest import did_you_mean
from specfile.diagnostics.wording import show
from specfile.film import Json
from specfile.language.source import SourceFile

_MAX_TAGS = 10_000
"""In all templates of a spec; compiling so many takes most of a second."""

_EXPRESSION = 'an expression looks like `plan == "pro"`, or `vip and not name`'


class TemplateError(Exception):
    """A template can't be evaluated.

    `needle` is the piece of the template at fault, for underlining, where it is known. `name` is set where
    that name has no value at all. `hint` says what to type, where that is known without the spec. `where` is
    the place in a file of macros, where the mistake is in one; `needle` is None then.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        needle: str | None = None,
        name: str | None = None,
        hint: str | None = None,
        where: Span | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.needle = needle
        self.name = name
        self.hint = hint
        self.where = where


_RESULT = "result"
"""The name that a lone expression's value is kept under while it is evaluated, as Jinja itself does it."""


@dataclass(frozen=True)
class Template:
    """One scalar's template, ready to evaluate.

    Attributes:
        reads: the names it takes from outside.
        lone: whether it is exactly one `{{ … }}`.
        chains: the values that it reaches for.
        chain: the only one, where it is that and nothing else.
        filtered: those that filters are given, by the filter's name.
        spared: the names that it is ready to miss.
        words: those that stand where a text may be meant.
        joins: whether it can be filled in together with others.
        bare: its words and the chains between them, where it is nothing else.
        source: its text.
    """

    reads: frozenset[str]
    lone: bool
    chains: tuple[Chain, ...]
    chain: Chain | None
    filtered: Mapping[str, Chain]
    spared: frozenset[str]
    words: frozenset[str]
    joins: bool
    bare: tuple[str | Chain, ...] | None
    source: str
    _environment: Environment
    _macros: Macros
    _compiled: jinja2.Template

    def text(self, scope: dict[str, Json]) -> str:
        """The text it yields.

        Raises:
            TemplateError: a name has no value, a value is not text or a number, or the text has no end.
        """
        return str(self._guard(self._shown if self.lone else self._text, scope))

    def value(self, scope: dict[str, Json]) -> Json:
        """The value of a lone `{{ … }}`, with its type; the text of any other template.

        Raises:
            TemplateError: a name has no value, or the expression fails or yields no plain data.
        """
        return self._guard(self._data, scope) if self.lone else self.text(scope)

    def _text(self, scope: dict[str, Json]) -> str:
        chunks, size = [], 0
        for chunk in self._compiled.root_render_func(self._compiled.new_context(scope)):
            size += len(chunk)
            check_size(size)
            chunks.append(chunk)
        return whole_characters("".join(chunks))

    def _shown(self, scope: dict[str, Json]) -> str:
        return whole_characters(str(spelled(self._result(scope))))

    def _data(self, scope: dict[str, Json]) -> Json:
        try:
            return plain_data(self._result(scope))
        except NotText as error:
            message = "the template yields something that is no text, number, list or mapping"
            raise TemplateError("template-failed", message) from error

    def _result(self, scope: dict[str, Json]) -> Any:
        context = self._compiled.new_context(scope)
        for _ in self._compiled.root_render_func(context):
            pass
        value = context.vars[_RESULT]
        if isinstance(value, Undefined):
            value.fail()
        if isinstance(value, jinja2.Undefined):
            raise _without_else()
        return value

    def _guard(self, evaluate: Callable[[dict[str, Json]], Any], scope: dict[str, Json]) -> Any:
        self._environment.begin()
        try:
            return evaluate(scope)
        except Exception as error:
            # An expression is the user's program; whatever it raises is theirs to correct.
            raise _inside_macro(_explained(error, self._macros), error.__traceback__, self._macros) from error


def is_template(text: str) -> bool:
    """Whether a scalar holds anything for Jinja to do."""
    return "{{" in text or "{%" in text or "{#" in text


class Templates:
    """Compiles templates, each text once.

    Args:
        folder: where files of macros are; without it there are none.
        shown: what messages call that folder.
        clock: tells the seconds that this thread has worked, to end what takes too long.
    """

    def __init__(
        self,
        folder: Path | None = None,
        shown: str | None = None,
        *,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self._macros = Macros(folder, shown)
        self._environment = Environment(self._macros, clock)
        self._known: dict[tuple[str, bool], Template] = {}
        self._together: dict[tuple[Wanted, ...], Together] = {}
        self._tags = 0

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of all filters."""
        return tuple(name for name in self._environment.filters if not name.startswith("_"))

    @property
    def sources(self) -> tuple[SourceFile, ...]:
        """The files of macros that templates have read so far; what they yield depends on these, too."""
        return tuple(self._macros.sources.values())

    def template(self, text: str) -> Template:
        """The template in a scalar.

        Raises:
            TemplateError: it is not valid Jinja.
        """
        return self._cached(text.strip(), bare=False)

    def expression(self, text: str) -> Template:
        """A bare expression, as `for` and `if` hold.

        Raises:
            TemplateError: it is not a valid expression.
        """
        return self._cached(text.strip(), bare=True)

    def together(self, wanted: tuple[Wanted, ...]) -> Together:
        """Templates that were compiled one by one before, to be filled in together."""
        if wanted not in self._together:
            self._together[wanted] = Together(self._environment, wanted)
        return self._together[wanted]

    def _cached(self, text: str, *, bare: bool) -> Template:
        if (text, bare) not in self._known:
            tags = self._tags + text.count("{{") + text.count("{%")
            if tags > _MAX_TAGS:
                raise _too_many()
            try:
                self._known[text, bare] = self._compile(text, bare=bare)
                self._tags = tags
            except jinja2.TemplateSyntaxError as error:
                raise self._syntax(error, text, bare=bare) from error
            except (MacroProblem, jinja2.TemplateRuntimeError, TooMuch, NotText) as error:
                # Jinja calculates what is constant while it compiles: `[1]["a"] or 2` fails here.
                raise _explained(error, self._macros) from error
            except (RecursionError, SyntaxError, ValueError, OverflowError, MemoryError) as error:
                # Python compiles what Jinja makes of a template, and has limits of its own.
                message = "this template is nested too deeply, or holds a number that is too long"
                raise TemplateError("template-syntax", message) from error
        return self._known[text, bare]

    def _syntax(self, error: jinja2.TemplateSyntaxError, text: str, *, bare: bool) -> TemplateError:
        """What isn't valid, with its place where it is in a file of macros."""
        unknown = re.match(r"No (filter|test) named '([^']+)'", error.message or "")
        needle = unknown[2] if unknown else None if error.name else _endless_number(text)
        where = self._macros.span(error.name, error.lineno, needle) if error.name else None
        needle = needle if where is None else None
        if unknown is None:
            alien = foreign(text, bare=bare) if error.name is None and needle is None else None
            if alien is not None:
                return TemplateError("template-syntax", alien.message, needle=alien.needle, hint=alien.hint)
            reason = str(error.message).replace("end of print statement", "the end")
            kind, hint = ("expression", _EXPRESSION) if bare else ("template", None)
            message = f"this is not a valid {kind}: {reason if bare else error.message}"
            return TemplateError("template-syntax", message, needle=needle, where=where, hint=hint)
        known = self.filters if unknown[1] == "filter" else tuple(self._environment.tests)
        message, hint = f"there is no {unknown[1]} `{unknown[2]}`", did_you_mean(unknown[2], known)
        return TemplateError("unknown-filter", message, needle=needle, hint=hint, where=where)

    def _compile(self, text: str, *, bare: bool) -> Template:
        if bare and is_template(text):
            raise _braces(text)
        tree = self._environment.parse("{{ " + text + " }}" if bare else text)
        reads = frozenset(meta.find_undeclared_variables(tree)) | self._shadowed(tree)
        lone = _lone(tree)
        chain = as_chain(without_default(lone)) if lone is not None else None
        found, given, ready = chains(tree, reads), filtered(tree), spared(tree)
        bare_words, joins, plain = words(tree), not bare and can_join(tree), _bare(tree)
        if bare and lone is None:
            raise TemplateError("template-syntax", "this is more than one expression", hint=_EXPRESSION)
        if bare and isinstance(lone, nodes.Not | nodes.And | nodes.Or):
            lone = decided(lone)
        if lone is not None:
            tree.body = [nodes.Assign(nodes.Name(_RESULT, "store"), lone, lineno=1)]
        compiled = self._environment.compiled(tree)
        is_lone = lone is not None
        known = (found, chain, given, ready, bare_words, joins, plain, text)
        return Template(reads, is_lone, *known, self._environment, self._macros, compiled)

    def _shadowed(self, tree: nodes.Template) -> frozenset[str]:
        """The names of functions of ours that a template reads as values: columns may be called like them."""
        called = {id(call.node) for call in tree.find_all(nodes.Call)}
        names = [name for name in tree.find_all(nodes.Name) if id(name) not in called]
        read = {name.name for name in names if name.ctx == "load"}
        own = {name.name for name in names if name.ctx != "load"}
        return frozenset((read - own) & set(self._environment.globals))


def _lone(tree: nodes.Template) -> nodes.Expr | None:
    """The expression of a template that is one `{{ … }}` and nothing else."""
    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return None
    outputs = tree.body[0].nodes
    return outputs[0] if len(outputs) == 1 and not isinstance(outputs[0], nodes.TemplateData) else None


def _bare(tree: nodes.Template) -> tuple[str | Chain, ...] | None:
    """The words of a template and the chains between them, where it is nothing else."""
    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return None
    pieces: list[str | Chain] = []
    for one in tree.body[0].nodes:
        chain = as_chain(one)
        if isinstance(one, nodes.TemplateData):
            pieces.append(one.data)
        elif chain is not None:
            pieces.append(chain)
        else:
            return None
    return tuple(pieces)


def _explained(error: Exception, macros: Macros) -> TemplateError:
    """What went wrong, as the user's own."""
    match error:
        case TemplateError():
            return error
        case UndefinedName():
            return _undefined(error, macros)
        case NotText():
            return _not_text(error.value)
        case TextCondition():
            message = f"`if` asks for true or false and gets the text {show(error.text)}"
            hint = 'compare it (`== "yes"`), or declare the variable as `{type: boolean}`'
            return TemplateError("if-is-text", message, hint=hint)
        case TooMuch():
            return TemplateError("template-limit", str(error))
        case BadFilterValue():
            return TemplateError("bad-filter-value", str(error), needle=error.name or None, hint=error.hint)
        case MacroProblem():
            return TemplateError(
                error.code, str(error), needle=error.needle, hint=error.hint, where=error.where
            )
        case SecurityError():
            return TemplateError("template-forbidden", f"this is not allowed in a template: {error}")
        case RecursionError():
            hint = "a macro that calls itself has to end somewhere"
            return TemplateError("template-limit", "the template is nested too deeply", hint=hint)
        case Slip():
            return TemplateError("template-failed", str(error), needle=error.needle, hint=error.hint)
        case ZeroDivisionError():
            hint = "ask first whether the divisor is 0: `total / count if count else 0`"
            return TemplateError("template-failed", "this divides by zero", hint=hint)
    return TemplateError("template-failed", f"the template fails: {error} ({type(error).__name__})")


def _inside_macro(found: TemplateError, trace: TracebackType | None, macros: Macros) -> TemplateError:
    """The error with its place in a file of macros, where it came up in one."""
    inner = None
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, jinja2.Template):
            inner = (template, trace.tb_lineno)
        trace = trace.tb_next
    if inner is None or inner[0].name is None or found.where is not None:
        return found
    found.where = macros.span(inner[0].name, inner[0].get_corresponding_lineno(inner[1]), found.needle)
    found.needle = None
    if found.name is not None:
        found.hint = (
            f"a macro sees only what it is given: add `{found.name}` to its parameters and to the call"
        )
    return found


def _undefined(error: UndefinedName, macros: Macros) -> TemplateError:
    if error.owner is jinja2.utils.missing:
        message = f"`{error.name}` has no value here"
        return TemplateError("undefined-variable", message, needle=error.name, name=error.name)
    if isinstance(error.owner, TemplateModule):
        file = str(error.owner.__name__)
        message = f"there is no macro `{error.name}` in {macros.sources[file].name}"
        hint = macros.hint(error.name, file)
        return TemplateError("undefined-variable", message, needle=error.name, hint=hint)
    # What stands in brackets may be anything: `cast[true]`, `names[7]`.
    named: object = error.name
    name = named if isinstance(named, str) else show(named)
    if isinstance(error.owner, Mapping):
        message = f"there is no `{name}` in this mapping"
        hint = did_you_mean(name, map(str, error.owner)) if error.owner else "the mapping is empty"
    else:
        message = f"there is no `{name}` in this value"
        hint = "a column is text unless `variables` declares its type"
    return TemplateError("undefined-variable", message, needle=name, hint=hint)


def _too_many() -> TemplateError:
    message = f"there are more than {_MAX_TAGS:,} `{{{{` and `{{%` in the templates up to here"
    return TemplateError("template-limit", message, hint="put what differs from video to video into `data`")


def _braces(text: str) -> TemplateError:
    bare = re.sub(r"\{\{-?\s*|\s*-?\}\}", "", text)
    message = "`if` and `for` take a bare expression, without braces"
    return TemplateError("template-syntax", message, hint=f"write it without the braces: `{bare}`")


def _without_else() -> TemplateError:
    """Jinja has a lenient undefined of its own for this one case."""
    message = "an `if` without `else` has no value where its condition is false"
    return TemplateError("undefined-variable", message, hint="add `else ''`, or what to say instead")


def _not_text(value: object) -> TemplateError:
    match value:
        case jinja2.Undefined():
            return _without_else()
        case None:
            kind, hint = "empty (null)", "give it a text where it is empty: `{{ name or 'friend' }}`"
        case bool():
            kind, hint = "true or false", "say it in words: `{{ 'yes' if vip else 'no' }}`"
        case Mapping():
            kind, hint = "a mapping", "name the item that is meant: `{{ address.city }}`"
        case list() | tuple():
            kind, hint = "a list", "pick one item, or join them: `{{ names | join(', ') }}`"
        case float():
            kind, hint = "no finite number", "correct the calculation"
        case str():
            kind, hint = "half a character", "write the character itself"
        case _:
            kind, hint = "no plain data", "print a text or a number"
    return TemplateError("not-text", f"a text can't hold a value that is {kind}", hint=hint)


def _endless_number(text: str) -> str | None:
    """The first number of a template that is larger than any computer's."""
    numbers = re.findall(r"(?<![\w.])(?:\d+_)*\d+(?:\.(?:\d+_)*\d+)?(?:[eE][+-]?(?:\d+_)*\d+)?", text)
    return next((one for one in numbers if float(one) == math.inf), None)
