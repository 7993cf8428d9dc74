"""Templates from a grammar: mostly well-formed, with arguments that nobody expects."""

from __future__ import annotations

from random import Random
from typing import Final

from jinja2 import Environment

from specfile.compiler.templating.filters import FILTERS

_FILTERS: Final = sorted({*Environment().filters, *FILTERS, "nosuch"})
_TESTS: Final = sorted(Environment().tests)
_ATOMS: Final = (
    "name",
    "id",
    "tags",
    "day",
    "lang",
    "loop",
    "row",
    "key",
    "nosuch",
    "none",
    "true",
    "1",
    "0",
    "-1",
    "1.5",
    "1e308",
    "2**62",
    "10**8",
    "10**9",
    "9999999999999999999999",
    "''",
    "'x'",
    "'%s'",
    "'{}'",
    "'%999999999d'",
    "'{:>999999999}'",
    "'%*d'",
    "'{0.__class__}'",
    "'ü👋'",
    "'2026-02-30'",
    "'EUR'",
    "'de'",
    "'xx_YY'",
    "'long'",
    "[]",
    "[1, 2]",
    "{}",
    "{'a': 1}",
    "range(3)",
    "range(10**6)",
    "range(10**9)",
    "('x' * 10**5)",
    "'x' * 10**8",
    "[0] * 10**8",
    "[[1]] * 1000",
    "cycler",
    "joiner",
    "lipsum(99)",
    "dict",
    "self",
    "caller",
    "varargs",
    "pause",
    "pause(1)",
    "pause(-1)",
    "namespace",
    "()",
    "(1,)",
    "'x'.join",
    "name.__class__",
    "name.__class__.__mro__",
    "''.format",
    "'{:%Y}'",
    "'\\ud800'",
    "'\\x00'",
    "range",
)
_DOUBLED: Final = "{% for i in range(30) %}{% set n.v = n.v + n.v %}{% endfor %}{{ n.v }}"
_METHODS: Final = (
    "upper",
    "format",
    "join",
    "replace",
    "split",
    "center",
    "ljust",
    "zfill",
    "encode",
    "expandtabs",
    "items",
    "values",
    "keys",
    "get",
    "index",
    "count",
    "append",
    "bit_length",
    "to_bytes",
    "as_integer_ratio",
    "format_map",
    "translate",
    "title",
    "splitlines",
    "partition",
    "startswith",
    "casefold",
    "isdigit",
    "hex",
    "update",
    "pop",
    "sort",
    "copy",
)
_OPERATORS: Final = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "~",
    "==",
    "!=",
    "<",
    ">=",
    "in",
    "not in",
    "and",
    "or",
    "|",
    "is",
)
_BOMBS: Final = (
    "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
    "{% for i in range(99999) %}{{ 'x' * 1000 }}{% endfor %}",
    "{% for i in range(99999) %}{% set a = 'y' * 99999 %}{% endfor %}",
    "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}",
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
    "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% for x in [[[[1]]]] recursive %}{{ loop(x) }}{% endfor %}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{% set n = namespace(x='a') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=2) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=2) %}{% for i in range(60) %}{% set n.x = n.x ** n.x %}{% endfor %}{{ n.x }}",
    "{{ 'x' * 10**8 }}",
    "{{ ['x'] * 10**8 }}",
    "{{ 10**10**10 }}",
    "{{ 2 ** 99999 }}",
    "{{ '%099999999d' % 1 }}",
    "{{ '{:99999999}'.format(1) }}",
    "{{ 'x'.ljust(10**9) }}",
    "{{ 'x' | center(10**9) }}",
    "{{ 'a b' | indent(10**9) }}",
    "{{ ('a' * 50000) | replace('a', 'b' * 50000) }}",
    "{{ ('a' * 90000) | wordwrap(1) }}",
    "{{ ('a ' * 90000) | title }}",
    "{{ ('a' * 90000) | urlize }}",
    "{{ ('<' * 90000) | striptags }}",
    "{{ ('www.' * 20000) | urlize }}",
    "{{ ('(' * 90000) | urlize }}",
    "{{ range(100000) | list | join(',') }}",
    "{{ range(100000) | sum }}",
    "{{ (range(9999) | list) * 9 | batch(2) }}",
    "{{ range(99999) | batch(10**9) | list }}",
    "{{ range(9) | slice(10**9) | list }}",
    "{{ [1] | batch(10**8, 0) | list }}",
    "{{ ('x' * 99999) | slug }}",
    "{{ ('9' * 99999) | number }}",
    "{{ ('9' * 9999) | int }}",
    "{{ ('9' * 9999) | float }}",
    "{{ 1e308 | currency('EUR', 'de') }}",
    "{{ 1 | number(10**8) }}",
    "{{ 1 | round(10**8) }}",
    "{{ 1.5 | round(400) }}",
    "{{ '1' * 400 | date }}",
    "{{ 10**300 | ordinal }}",
    "{{ 10**4000 | ordinal('de') }}",
    "{{ 10**300 | filesizeformat }}",
    "{{ ('a' * 99999 ~ '!') | regex_search('(a+)+$') }}",
    "{% call f() %}{% endcall %}",
    "{% include 'm.j2' %}",
    "{% from 'm.j2' import hello %}{{ hello('x', 99999) }}",
    "{% import 'm.j2' as m %}{{ m.hello(m) }}",
    "{% extends 'm.j2' %}",
    "{% from 'nosuch.j2' import x %}",
    "{% from '../s.yaml' import x %}",
    "{% block x %}{{ self.x() }}{% endblock %}",
    "{% set x %}{% for i in range(9999) %}{{ 'y' * 999 }}{% endfor %}{% endset %}{{ x }}",
    "{% do 1 %}",
    "{% debug %}",
    "{% filter upper %}{{ 'x' * 999999 }}{% endfilter %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{% trans %}x{% endtrans %}",
    "{{ '(' * 500 }}",
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
    "{{ " + "[" * 3000 + " }}",
    "{{ " + "-" * 3000 + "1 }}",
    "{{ " + "1+" * 3000 + "1 }}",
    "{{ " + "not " * 3000 + "1 }}",
    "{{ x" + ".a" * 3000 + " }}",
    "{{ x" + "|upper" * 3000 + " }}",
    "{% if 1 %}" * 200 + "{% endif %}" * 200,
    "{% for a in [1] %}" * 30 + "{% endfor %}" * 30,
    "{{ " + "a ~ " * 3000 + "a }}",
    "{{ " + "1 if 1 else " * 1000 + "1 }}",
    "{{ '" + "a" * 100000 + "' }}",
    "{#" + "x" * 100000,
    "{{ 1 " + " " * 100000 + "}}",
    "{% for k, v in {'a': 1} | dictsort(10**9) %}{% endfor %}",
    "{{ tags | map('upper') }}",
    "{{ [tags] | tojson(10**9) }}",
    "{{ range(10**5) | list | tojson(4) }}",
    "{{ tags | groupby('0') }}",
    "{{ tags | map(attribute='" + "0." * 9999 + "0') | list }}",
    "{{ 'x' | attr('__class__') }}",
    "{{ ().__class__.__base__.__subclasses__() }}",
    "{{ x.__init__.__globals__ }}",
    "{{ ''.join(range(10**5) | map('string')) }}",
    "{{ range(10**5) | map('string') | map('center', 9000) | list }}",
    "{{ ('a,' * 99999).split(',') | unique | list }}",
    "{{ ('a' * 99999) | list | sort | reverse | list | length }}",
    "{{ [range(99999) | list] * 999 | sum(start=[]) }}",
    "{{ range(99999) | map('pause') | list }}",
    "{{ ('a' * 99999) | wordcount }}",
    "{{ 'a' in ('b' * 999999) }}",
    "{{ ('ab' * 99999).count('ab') }}",
    "{{ ('a' * 99999).find('a' * 50000 ~ 'b') }}",
)


def template(random: Random) -> str:
    """A text with templates, a bare expression, or one of the known bombs."""
    match random.randrange(5):
        case 0:
            return random.choice(_BOMBS)
        case 1:
            return f"x in {expression(random)}"
        case 2:
            return _statement(random)
    return (
        "".join(
            random.choice(("Hi ", "", f"{{{{ {expression(random)} }}}}", _statement(random)))
            for _ in range(random.randint(1, 3))
        )
        or f"{{{{ {expression(random)} }}}}"
    )


def expression(random: Random, depth: int = 4) -> str:
    """An expression of some depth."""
    if depth == 0 or random.random() < 0.25:
        return random.choice(_ATOMS)
    one, two = expression(random, depth - 1), expression(random, depth - 1)
    match random.randrange(9):
        case 0 | 1 | 2:
            return f"{one} | {random.choice(_FILTERS)}" + (
                f"({_arguments(random, depth)})" if random.random() < 0.5 else ""
            )
        case 3:
            return f"({one} {random.choice(_OPERATORS)} {two})"
        case 4:
            return f"({one}).{random.choice(_METHODS)}({_arguments(random, depth)})"
        case 5:
            return f"({one})[{random.choice((two, ':', f':{two}', '::-1', f'::{two}', '0'))}]"
        case 6:
            return (
                f"({one} is {random.choice(_TESTS)}({two}))"
                if random.random() < 0.4
                else f"({one} is {random.choice(_TESTS)})"
            )
        case 7:
            return f"({one} if {two} else {random.choice(_ATOMS)})"
    return random.choice(
        (
            f"[{one}, {two}]",
            f"{{'a': {one}}}",
            f"({one})",
            f"-{one}",
            f"not {one}",
            f"range({one})",
            f"pause({one})",
        )
    )


def _arguments(random: Random, depth: int) -> str:
    names = (
        "",
        "",
        "",
        "default=",
        "attribute=",
        "width=",
        "start=",
        "fill_with=",
        "locale=",
        "by=",
        "indent=",
    )
    return ", ".join(
        random.choice(names) + expression(random, min(depth - 1, 1)) for _ in range(random.randint(0, 3))
    )


def _statement(random: Random, depth: int = 2) -> str:
    inner = _statement(random, depth - 1) if depth else f"{{{{ {expression(random, 2)} }}}}"
    one = expression(random, 2)
    return random.choice(
        (
            f"{{% for i in {one} %}}{inner}{{{{ i }}}}{{% endfor %}}",
            f"{{% for a, b in {one} %}}{inner}{{{{ loop.index }}}}{{% else %}}x{{% endfor %}}",
            f"{{% for i in {one} recursive %}}{{{{ loop(i) }}}}{{% endfor %}}",
            f"{{% if {one} %}}{inner}{{% endif %}}",
            f"{{% set v = {one} %}}{inner}{{{{ v }}}}",
            f"{{% set v %}}{inner}{{% endset %}}{{{{ v }}}}",
            f"{{% macro m(a, b={one}) %}}{inner}{{{{ m(b) }}}}{{% endmacro %}}{{{{ m({one}) }}}}",
            f"{{% macro m() %}}{{{{ caller() }}}}{{% endmacro %}}{{% call m() %}}{inner}{{% endcall %}}",
            f"{{% set n = namespace(v={one}) %}}{_DOUBLED}",
            f"{{% filter {random.choice(_FILTERS)} %}}{inner}{{% endfilter %}}",
            f"{{% with v = {one} %}}{inner}{{{{ v }}}}{{% endwith %}}",
            f"{{% from 'm.j2' import hello %}}{{{{ hello({one}) }}}}",
            f"{{{{ {one} }}}}",
        )
    )
