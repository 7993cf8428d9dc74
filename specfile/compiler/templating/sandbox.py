"""The environment that templates run in: plain data in, a bounded amount of work, nothing from outside.

Only what the spec and its data hold can be read: no clock, no randomness, no environment, no files but macros
of the project, no address of an object in memory. The same inputs therefore give the same film.
"""

from __future__ import annotations

import functools
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType
from typing import Any, Final

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedFormatter

from specfile.compiler.templating.bounding import COUNTED, DECIDED, JOINED, MADE, SHORT, WEIGHED, bounded
from specfile.compiler.templating.budget import MAX_STEPS, Budget
from specfile.compiler.templating.calls import TEXT_FILTERS, Strict, check_call, check_operation, joined
from specfile.compiler.templating.conditions import deciding
from specfile.compiler.templating.filters import FILTERS, BadFilterValue
from specfile.compiler.templating.limits import TooMuch, is_collection, only_text, spelled, weigh
from specfile.compiler.templating.macros import Macros
from specfile.compiler.templating.pauses import pause
from specfile.compiler.templating.slips import check_arguments
from specfile.film import Json

_UNREPEATABLE: Final = ("random", "pprint", "xmlattr")
"""Filters that may give another text the next time: `pprint` and `xmlattr` show addresses in memory."""

_UNBOUNDED: Final = frozenset({"encode", "from_bytes", "maketrans", "to_bytes", "translate"})
"""Methods of plain values that are hard to bound, and that no text needs."""

_SINGLE: Final = frozenset({bool, float, int, str, type(None)})
_LARGE: Final = 4096


class UndefinedName(jinja2.UndefinedError):
    """A name has no value, or the value called `owner` has nothing of that name."""

    def __init__(self, name: str, owner: object, message: str | None) -> None:
        super().__init__(message)
        self.name = name
        self.owner = owner


class Undefined(jinja2.StrictUndefined):
    """Undefined is an error that remembers which name it was, and of what."""

    def __init__(self, hint: str | None = None, obj: Any = jinja2.utils.missing, name: str | None = None,
                 exc: type[jinja2.TemplateRuntimeError] = jinja2.UndefinedError) -> None:  # fmt: skip
        remember: Any = functools.partial(UndefinedName, name or "", obj)
        super().__init__(hint=hint, obj=obj, name=name, exc=remember if exc is jinja2.UndefinedError else exc)

    def fail(self) -> None:
        """Raise what any use of this value would raise."""
        self._fail_with_undefined_error()


class _Formatter(SandboxedFormatter):
    """Formats what can stand in a text, and nothing else."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        """The value that a field of the pattern names."""
        value, first = super().get_field(field_name, args, kwargs)
        return only_text(value), first


class Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with a budget for each evaluation; `begin` renews it.

    `clock` tells the seconds that this thread has worked, which a busy machine doesn't change.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, macros: Macros, clock: Callable[[], float] = time.thread_time) -> None:
        super().__init__(
            undefined=Undefined,
            autoescape=False,  # what is written is spoken or shown, never HTML
            keep_trailing_newline=True,
            finalize=self._shown,
            loader=macros,
            auto_reload=False,  # a file is read once, whatever happens to it while rows are compiled
            cache_size=-1,
        )
        self._budget = Budget(clock)
        self._macros = macros
        self.globals = {"range": _range, "pause": _named("pause", pause)}
        for name in _UNREPEATABLE:
            del self.filters[name]
        self.filters |= FILTERS
        self.filters = {name: self._checked(name, filter_) for name, filter_ in self.filters.items()}
        tests: Any = self.tests
        self.tests = {name: self._weighing(test) for name, test in tests.items()}
        self.filters |= {
            COUNTED: self._counted,
            DECIDED: deciding,
            JOINED: self._joined,
            MADE: self._budget.made,
            WEIGHED: _weighed,
        }

    def begin(self) -> None:
        """Begin an evaluation."""
        self._budget.begin()

    def compiled(self, tree: nodes.Template) -> jinja2.Template:
        """The template of a scalar, ready to run.

        Raises:
            TemplateSyntaxError: it is no template that may be run.
            MacroProblem: it asks for a file or a macro that there isn't.
        """
        self.begin()
        return self.from_string(self._prepared(tree))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """In a mapping, items win over attributes, so that a column may be called `items`."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An item, counted: filters follow paths such as `0.0.0` by way of this."""
        self._budget.step()
        return super().getitem(obj, _weighed(argument))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use an attribute."""
        return attr not in _UNBOUNDED and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """A text's `format` and `format_map`, kept in bounds."""
        safe = super().wrap_str_format(value)
        if safe is None:
            return None

        def bounded_format(*args: Any, **kwargs: Any) -> str:
            pattern = value.__self__
            check_call("format", (pattern, *args), kwargs)
            is_map = value.__name__ == "format_map" and len(args) == 1
            _Formatter(self).vformat(str(pattern), () if is_map else args, args[0] if is_map else kwargs)
            return safe(*args, **kwargs)

        return bounded_format

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, unless the result would be too large."""
        check_operation(operator, left, right)
        if operator == "%" and isinstance(left, str) and isinstance(right, Mapping):
            right = Strict(right)
        return self._budget.made(super().call_binop(context, operator, left, right))

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method or a macro, counted, and checked where it is a text's."""
        self._budget.step()
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        self._weigh((owner, *args, *kwargs.values()))
        if isinstance(owner, str):
            args = tuple(_listed(one) for one in args) if name == "join" else args
            check_call(name, (owner, *args), kwargs)
        if isinstance(obj, LoopContext):
            # Which loop it is can't be told; none prints more than the longest template made of `{{x}}` does.
            most = self._macros.longest * SHORT // len("{{x}}")
            args = tuple(self._counted(one, most) for one in args)
        return self._budget.made(super().call(context, obj, *args, **kwargs))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse a scalar, or a file of macros, which goes the way of a scalar's template at once."""
        self._macros.longest = max(self._macros.longest, len(source))
        tree = super()._parse(source, name, filename)
        return tree if name is None else self._prepared(tree, name)

    def _compile(self, source: str, filename: str) -> CodeType:
        """Compile what Jinja made of a template, without Python's remarks on a text that nobody wrote."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return super()._compile(source, filename)

    def _prepared(self, tree: nodes.Template, name: str | None = None) -> nodes.Template:
        self._macros.check(tree, name, self)
        bounded(tree, name).set_environment(self)
        return tree

    def _shown(self, value: Any) -> Any:
        """What is printed, once it is known to be text and not too long."""
        if type(value) is str and len(value) <= SHORT:
            return value  # a loop that repeats it has counted it
        text = spelled(value)
        if isinstance(text, str):
            self._budget.add(len(text))
        return text

    def _counted(self, items: Iterable[Json], repeated: int) -> Iterator[Json]:
        for item in items:
            self._budget.step()
            self._budget.add(repeated)
            yield item

    def _joined(self, values: Iterable[Any]) -> Any:
        return self._budget.made(joined(values))

    def _weigh(self, values: Iterable[Any]) -> None:
        """Refuse what a filter or a method would go through for ever."""
        for value in values:
            if type(value) not in _SINGLE and is_collection(value) and weigh(value) > _LARGE:
                self._budget.look()

    def _weighing(self, test: Callable[..., Any]) -> Callable[..., Any]:
        """A test that looks at what it is given before it works."""

        @functools.wraps(test)
        def weighing(*args: Any, **kwargs: Any) -> Any:
            self._weigh((*args, *kwargs.values()))
            return test(*args, **kwargs)

        return weighing

    def _checked(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter that is counted, and looks at what it is given before it works."""
        skipped = 1 if hasattr(function, "jinja_pass_arg") else 0
        named = _named(name, function) if name in FILTERS else function

        @functools.wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            self._budget.step()
            first = spelled(args[skipped]) if name in TEXT_FILTERS else args[skipped]
            given = (_listed(first) if name == "join" else first, *args[skipped + 1 :])
            self._weigh((*given, *kwargs.values()))
            check_call(name, given, kwargs)
            try:
                return self._budget.made(named(*args[:skipped], *given, **kwargs))
            except TypeError:
                check_arguments(name, function, (*args[:skipped], *given), kwargs, skipped + 1)
                raise

        return checked


def _range(*numbers: int) -> range:
    """Python's `range`, no longer than a loop may be."""
    made = range(*numbers)
    try:
        size = len(made)
    except OverflowError:
        size = MAX_STEPS + 1
    if size > MAX_STEPS:
        message = f"the template asks for a range of more than {MAX_STEPS:,} numbers"
        raise TooMuch(message)
    return made


def _named(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter or function whose complaints tell its name."""

    @functools.wraps(function)
    def named(*args: Any, **kwargs: Any) -> Any:
        for undefined in (one for one in args if isinstance(one, Undefined)):
            undefined.fail()
        try:
            return function(*args, **kwargs)
        except BadFilterValue as error:
            error.name = name
            raise
        except TypeError:
            passed = hasattr(function, "jinja_pass_arg") + (name in FILTERS)
            check_arguments(name, function, args, kwargs, passed)
            raise

    return named


def _weighed(value: Any) -> Any:
    if is_collection(value):
        weigh(value)
    return value


def _listed(items: Any) -> Any:
    """What is joined, as a list that can be looked at first."""
    is_data = isinstance(items, Iterable) and not isinstance(items, jinja2.Undefined | str | Mapping)
    return list(items) if is_data else items
