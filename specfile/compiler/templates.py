"""Jinja inside scalars: plain data in, text or a value out, with the place of every mistake.

Only what the spec and its data hold can be read: no clock, no randomness, no environment, no files. The
same inputs therefore give the same film.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jinja2
from jinja2 import meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from specfile.film import Json

_LONE: Final = re.compile(r"\{\{-?(?P<expression>.*?)-?\}\}", re.DOTALL)
_UNREPEATABLE_FILTERS: Final = ("random",)


class TemplateError(Exception):
    """A template can't be evaluated.

    `needle` is the piece of the template at fault, for underlining, where it is known; `line` its line
    within the template, from 1. `name` is set where a name has no value.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        needle: str | None = None,
        line: int | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.needle = needle
        self.line = line
        self.name = name


class _UndefinedName(jinja2.UndefinedError):
    def __init__(self, name: str, owner: object, message: str | None) -> None:
        super().__init__(message)
        self.name = name
        self.owner = owner


class _Undefined(jinja2.StrictUndefined):
    """Undefined is an error that remembers which name it was, and of what."""

    def __init__(self, hint: str | None = None, obj: Any = jinja2.utils.missing, name: str | None = None,
                 exc: type[jinja2.TemplateRuntimeError] = jinja2.UndefinedError) -> None:  # fmt: skip
        del exc
        remember: Any = functools.partial(_UndefinedName, name or "", obj)
        super().__init__(hint=hint, obj=obj, name=name, exc=remember)

    def fail(self) -> None:
        """Raise what any use of this value would raise."""
        self._fail_with_undefined_error()


class _NotText(Exception):
    """A value that has no one obvious spelling was put into a text."""

    def __init__(self, value: Json) -> None:
        super().__init__(value)
        self.value = value


class _Environment(ImmutableSandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """In a mapping, items win over attributes, so that a column may be called `items`."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _only_text(value: Any) -> Any:
    # An undefined value passes, to fail with its name when it is printed.
    if isinstance(value, str | int | float | _Undefined) and not isinstance(value, bool):
        return value
    raise _NotText(value)


def _environment() -> _Environment:
    environment = _Environment(
        undefined=_Undefined,
        autoescape=False,  # what is written is spoken or shown, never HTML
        keep_trailing_newline=True,
        finalize=_only_text,
    )
    environment.globals = {"range": environment.globals["range"]}
    for name in _UNREPEATABLE_FILTERS:
        del environment.filters[name]
    return environment


@dataclass(frozen=True)
class Template:
    """One scalar's template, ready to evaluate. `reads` are the names it takes from outside."""

    source: str
    reads: frozenset[str]
    lone: bool
    _render: Callable[[Mapping[str, Json]], str]
    _value: Callable[[Mapping[str, Json]], Any] | None

    def text(self, scope: Mapping[str, Json]) -> str:
        """The text it yields.

        Raises:
            TemplateError: a name has no value, or a value is not text or a number.
        """
        return str(self._guard(self._render, scope))

    def value(self, scope: Mapping[str, Json]) -> Json:
        """The value of a lone `{{ … }}`, with its type; the text of any other template.

        Raises:
            TemplateError: a name has no value, or the expression fails.
        """
        if self._value is None:
            return self.text(scope)
        value = self._guard(self._value, scope)
        if isinstance(value, _Undefined):
            self._guard(lambda _: value.fail(), scope)
        return value

    def _guard(self, evaluate: Callable[[Mapping[str, Json]], Any], scope: Mapping[str, Json]) -> Any:
        try:
            return evaluate(scope)
        except _UndefinedName as error:
            raise _undefined(error, scope) from error
        except _NotText as error:
            raise _not_text(error.value) from error
        except SecurityError as error:
            message = f"this is not allowed in a template: {error}"
            raise TemplateError("template-forbidden", message) from error
        except RecursionError as error:
            raise TemplateError("template-failed", "the template is nested too deeply") from error
        except Exception as error:
            # An expression is the user's program; whatever it raises is theirs to correct.
            message = f"the template fails: {error} ({type(error).__name__})"
            raise TemplateError("template-failed", message) from error


def is_template(text: str) -> bool:
    """Whether a scalar holds anything for Jinja to do."""
    return "{{" in text or "{%" in text or "{#" in text


class Templates:
    """Compiles templates, each text once."""

    def __init__(self) -> None:
        self._environment = _environment()
        self._known: dict[tuple[str, bool], Template] = {}

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of all filters."""
        return tuple(self._environment.filters)

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

    def _cached(self, text: str, *, bare: bool) -> Template:
        if (text, bare) not in self._known:
            try:
                self._known[text, bare] = self._compile(text, bare=bare)
            except jinja2.TemplateSyntaxError as error:
                raise _syntax(error) from error
        return self._known[text, bare]

    def _compile(self, text: str, *, bare: bool) -> Template:
        written = "{{ " + text + " }}" if bare else text
        tree = self._environment.parse(written)
        reads = frozenset(meta.find_undeclared_variables(tree)) - frozenset(self._environment.globals)
        lone = bare or (_is_lone(tree) and _LONE.fullmatch(text) is not None)
        value = None
        if lone:
            match = _LONE.fullmatch(written)
            value = self._expression_function(match["expression"] if match else text)
        return Template(text, reads, lone, self._environment.from_string(written).render, value)

    def _expression_function(self, expression: str) -> Callable[[Mapping[str, Json]], Any]:
        compiled = self._environment.compile_expression(expression.strip(), undefined_to_none=False)
        return lambda scope: compiled(**scope)


def _is_lone(tree: nodes.Template) -> bool:
    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return False
    outputs = tree.body[0].nodes
    return len(outputs) == 1 and not isinstance(outputs[0], nodes.TemplateData)


def _undefined(error: _UndefinedName, scope: Mapping[str, Json]) -> TemplateError:
    if error.owner is jinja2.utils.missing:
        message = f"`{error.name}` has no value here"
    elif isinstance(error.owner, Mapping):
        message = f"there is no `{error.name}` in this mapping"
    else:
        message = f"there is no `{error.name}` in this value"
    code = "undefined-variable" if error.name not in scope else "template-failed"
    return TemplateError(code, message, needle=error.name, name=error.name)


def _not_text(value: Json) -> TemplateError:
    kind = {type(None): "empty (null)", bool: "true or false"}.get(type(value))
    if kind is None:
        kind = (
            "a mapping" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else "no text"
        )
    return TemplateError("not-text", f"a text can't hold a value that is {kind}")


def _syntax(error: jinja2.TemplateSyntaxError) -> TemplateError:
    unknown = re.match(r"No (filter|test) named '([^']+)'", error.message or "")
    if unknown:
        message = f"there is no {unknown[1]} `{unknown[2]}`"
        return TemplateError("unknown-filter", message, needle=unknown[2], line=error.lineno)
    return TemplateError(
        "template-syntax", f"this is not a valid template: {error.message}", line=error.lineno
    )
