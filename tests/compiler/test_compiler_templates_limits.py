"""No template works for long or takes much memory, whatever it asks for."""

from __future__ import annotations

import itertools
import time

import pytest

from specfile.compiler.templating.templates import TemplateError, Templates

LONG = "{% set long = 'x' * 1000000 %}"
NESTED = "{% set a = [[0] * 999999] * 999999 %}{% set b = [[0] * 999999] * 999999 %}"
DOUBLED = "{% set t = (1,) %}" + "{% set t = (t, t) %}" * 60


def refused(template: str) -> TemplateError:
    began = time.thread_time()
    with pytest.raises(TemplateError) as raised:
        Templates().template(template).text({"text": "x"})
    assert time.thread_time() - began < 3
    return raised.value


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'x' * 10 ** 8 }}",
        "{{ range(10 ** 12) | list }}",
        "{{ range(10 ** 30) }}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        LONG + "{% for c in long %}{% for d in long %}{% endfor %}{% endfor %}",
        LONG + "{% macro f(s) %}{{ s }}{{ s }}{% endmacro %}{{ f(f(f(f(f(f(f(f(long)))))))) }}",
        LONG + "{% macro f(s) %}" + "{{ s }}" * 1000 + "{% endmacro %}{{ f(long) }}",
        "{% macro f() %}{% for i in range(99999) %}" + "y" * 999 + "{% endfor %}{% endmacro %}{{ f() }}",
        "{% set x %}{% for i in range(9999) %}" + "{{ text }}" * 99 + "{% endfor %}{% endset %}",
        "{% filter upper %}{% for i in range(99999) %}" + "z" * 999 + "{% endfor %}{% endfilter %}",
        "{% set x %}{% for i in range(99999) %}" + "z" * 999 + "{% endfor %}{% endset %}",
        "{% for x in [1] recursive %}" + "y" * 999 + "{{ loop([0] * 999999) }}{% endfor %}",
        LONG + "{% macro f(n) %}{% set rest = n[1:] %}{{ f(rest) }}{% endmacro %}{{ f(long) }}",
        LONG + "{% for i in range(99999) %}{% set kept = long[1:] %}{% endfor %}",
        LONG + "{% for i in range(99999) %}{% set kept = long | upper %}{% endfor %}",
        "{{ range(99999) | map('center', 9999) | list | length }}",
    ],
)  # fmt: skip
def test_what_is_made_on_the_way_is_bounded(template: str) -> None:
    assert refused(template).code == "template-limit"


@pytest.mark.parametrize(
    "template",
    [
        "{% set a = [0] * 999999 %}{{ ([a] * 999999) | tojson }}",
        NESTED + "{{ 'y' if a == b else 'n' }}",
        NESTED + "{{ 'y' if a is eq(b) else 'n' }}",
        NESTED + "{{ [a] | select('eq', b) | list }}",
        NESTED + "{{ a.count(b) }}",
        NESTED + "{{ a | unique | list }}",
        NESTED + "{% for i in range(2) %}{{ 'y' if loop.changed(a) else 'n' }}{% endfor %}",
        NESTED + "{{ '{0[a]}'.format({'a': a}) }}",
        NESTED + "{{ '%(a)s' % {'a': a} }}",
        DOUBLED + "{{ {t: 1} }}",
        DOUBLED + "{{ {}[t] }}",
        DOUBLED + "{{ {}.get(t) }}",
        DOUBLED + "{{ 'y' if t in [t] else 'n' }}",
    ],
)
def test_values_that_are_shared_a_million_times_are_not_gone_through(template: str) -> None:
    assert refused(template).code == "template-limit"


def test_value_of_many_shared_lists_is_refused() -> None:
    with pytest.raises(TemplateError, match="more than 1,000,000 characters or items"):
        Templates().template("{{ [['x' * 9999] * 999] * 99999 }}").value({})


@pytest.mark.parametrize(
    "template",
    [
        "{{ ('<>' * 499999) | striptags }}",
        "{{ (('<>' * 499999) | e).striptags() }}",
        "{{ ('a@' * 499999) | urlize }}",
        "{{ ('x' * 999999) | wordwrap(1) }}",
        "{{ ('x ' * 6000) | wordwrap(1, wrapstring='y' * 9999) }}",
        "{{ ('x\n' * 499999) | indent(9999) }}",
        "{{ ('x\n' * 499999) | indent('y' * 9999) }}",
        "{{ ('\t' * 999999).expandtabs(9999) }}",
        "{{ ([1] * 99999) | tojson(indent=8) }}",
        "{{ [1] | tojson(indent=9999) }}",
        "{{ ('a' * 999999).strip('b' * 499999 ~ 'a') }}",
        "{{ ('a' * 999999) | trim('b' * 499999 ~ 'a') }}",
        "{{ ('a' * 999999).rfind('b' ~ 'a' * 499999) }}",
        "{{ ('a' * 999999).rsplit('b' ~ 'a' * 499999) }}",
        "{{ ('{' ~ ':' * 999990).format(1) }}",
        "{{ ('x' * 99999) | sort(attribute=(['0.'] * 50000) | join ~ '0') }}",
        "{{ ('f' * 999999) | int(0, 16) % 3 }}",
        "{{ 2 ** 4000 * 2 ** 4000 // 3 }}",
    ],
)
def test_filters_and_methods_that_are_slow_on_long_texts_refuse_them(template: str) -> None:
    assert refused(template).code == "template-limit"


@pytest.mark.parametrize("template", ["{{ 'x'.encode() }}", "{{ 'x'.encode().center(10 ** 9) }}"])
def test_bytes_are_out_of_reach(template: str) -> None:
    assert refused(template).code == "template-forbidden"


def test_sum_is_of_numbers_only() -> None:
    assert Templates().template("{{ [1, 2.5] | sum(start=1) }}").text({}) == "4.5"
    assert Templates().template("{{ [{'n': 1}, {'n': 2}] | sum('n') }}").text({}) == "3"
    error = refused("{{ ([[]] * 99999) | sum(start=[]) }}")
    assert (error.code, str(error), error.needle) == (
        "bad-filter-value",
        "a sum is made of numbers, and one of these is a list",
        "sum",
    )


def test_work_ends_by_the_clock_that_is_passed_in() -> None:
    ticks = itertools.count(0, 0.4)
    templates = Templates(clock=lambda: next(ticks))
    template = templates.template("{% for i in range(n) %}{{ i }}{% endfor %}")
    assert template.text({"n": 100}).endswith("99")
    with pytest.raises(TemplateError) as raised:
        template.text({"n": 1000})
    assert (raised.value.code, str(raised.value)) == (
        "template-limit",
        "the template works for more than 1 second",
    )
    assert template.text({"n": 100}).endswith("99")


def test_short_texts_never_look_at_the_clock() -> None:
    def clock() -> float:
        raise AssertionError

    template = Templates(clock=clock).template("{% for i in names %}{{ i | upper }}{% endfor %}")
    assert template.text({"names": ["a", "b", "c"]}) == "ABC"


@pytest.mark.parametrize(
    ("template", "needle"),
    [("{{ 1e400 }}", "1e400"), ("1 {{ [1.5, 2e999] }}", "2e999"), ("{{ -1.5e+4_00 }}", "1.5e+4_00")],
)
def test_number_beyond_all_bounds_is_named(template: str, needle: str) -> None:
    error = refused(template)
    assert (error.code, str(error), error.needle) == (
        "template-syntax",
        "this is not a valid template: a number in it is larger than any computer's (1.8e308)",
        needle,
    )


@pytest.mark.parametrize("template", ["{{ 1e308 * 10 }}", "{{ 1e308 - -1e308 }}", "{{ '1e400' | float }}"])
def test_result_beyond_all_bounds_is_no_text(template: str) -> None:
    error = refused(template)
    assert (error.code, error.hint) == ("not-text", "correct the calculation")


def test_what_people_write_stays_far_within_the_limits() -> None:
    template = Templates().template(
        "{% for one in people | sort(attribute='name') %}{{ loop.index }}. {{ one.name | title }}"
        "{% if one.plan == best %} ({{ one.price | currency('EUR') }}){% endif %}\n{% endfor %}"
        "{{ people | map(attribute='price') | sum }} {{ people[0].name[:2] }} {{ note | wordwrap(40) }}"
    )
    people = [{"name": f"ada {i}", "plan": "pro", "price": i} for i in range(1000)]
    assert len(template.text({"people": people, "best": "pro", "note": "word " * 900})) > 20_000
