"""Templates: plain data in, text or a value out, always the same, and never without end."""

from __future__ import annotations

import pytest

from specfile.compiler.templating.templates import TemplateError, Templates
from tests.compiler.compiling import Json

SCOPE: dict[str, Json] = {
    "name": "Ada",
    "one": "1",
    "two": "2",
    "n": 2,
    "nothing": None,
    "yes": True,
    "names": ["Ada", "Bob"],
    "record": {"items": "mine", "keys": 3, "city": "Paris"},
    "self": "me",
    "result": 7,
    "row_text": "{{ name }} {% if %}",
}


def text(template: str) -> str:
    return Templates().template(template).text(SCOPE)


def value(template: str) -> Json:
    return Templates().template(template).value(SCOPE)


def refused(template: str) -> TemplateError:
    with pytest.raises(TemplateError) as raised:
        text(template)
    return raised.value


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("plain", "plain"),
        ("Hi {{ name }}!", "Hi Ada!"),
        ("{{ one + two }}", "12"),
        ("{{ n }}", "2"),
        ("{{ n / 4 }}", "0.5"),
        ("{{ name | upper }}", "ADA"),
        ("{{ names | join(' and ') }}", "Ada and Bob"),
        ("{{ ', '.join(names) }}", "Ada, Bob"),
        (
            "{% for x in names %}{{ loop.index }}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "1Ada, 2Bob",
        ),
        ("{% set x = 'a' %}{{ x ~ n }}", "a2"),
        ("{% macro hi(who) %}Hi {{ who }}{% endmacro %}{{ hi(name) }}", "Hi Ada"),
        ("{# remark #}x", "x"),
        ("{% raw %}{{ name }}{% endraw %}", "{{ name }}"),
        ("{{ '{{' }}", "{{"),
        ("{{ '%s is %d' | format(name, n) }}", "Ada is 2"),
        ("{{ '%.1f' % 0.25 }}", "0.2"),
        ("{{ '{:>4}'.format(n) }}x", "   2x"),
        ("{{ missing | default('friend') }}", "friend"),
        ("{{ nothing or 'friend' }}", "friend"),
        ("{{ '<b>' }}", "<b>"),
    ],
)
def test_template_yields_text(template: str, shown: str) -> None:
    assert text(template) == shown


@pytest.mark.parametrize(
    ("template", "given"),
    [
        ("{{ one + two }}", "12"),
        ("{{ n + 1 }}", 3),
        ("{{ n == 2 }}", True),
        ("{{ nothing }}", None),
        ("{{ names }}", ["Ada", "Bob"]),
        ("{{ {'a': (1, 2)} }}", {"a": [1, 2]}),
        ("{{ {1: 2} }}", {"1": 2}),
        ("{{ range(3) }}", [0, 1, 2]),
        ("{{ names | map('upper') }}", ["ADA", "BOB"]),
        ("{{ names | batch(1) }}", [["Ada"], ["Bob"]]),
        ("  {{ n }}  ", 2),
        ("{{- n -}}", 2),
        ("{{ n }}{{ n }}", "22"),
        ("{{ n }} ", 2),
        ("{{ '}}' }}", "}}"),
        ("{{ result }}", 7),
    ],
)
def test_lone_template_keeps_the_type_of_its_value(template: str, given: Json) -> None:
    """`"1" + "2"` is never 12, and what can be read only once becomes a list."""
    assert value(template) == given
    assert type(value(template)) is type(given)


@pytest.mark.parametrize(
    "template", ["{{ 'x' if not yes }}", "x{{ 'x' if not yes }}", "{{ 'a' ~ ('x' if not yes) }}"]
)
def test_if_without_else_says_what_to_add(template: str) -> None:
    error = refused(template)
    assert (error.code, error.hint) == ("undefined-variable", "add `else ''`, or what to say instead")


def test_undefined_hidden_in_a_list_is_found() -> None:
    with pytest.raises(TemplateError, match="`missing` has no value here"):
        value("{{ [n, missing] }}")
    with pytest.raises(TemplateError, match="no text, number, list or mapping"):
        value("{{ [n, 'x' if not yes] }}")


def test_items_of_a_mapping_win_over_its_methods() -> None:
    assert text("{{ record.items }}{{ record.keys }}{{ record['items'] }}") == "mine3mine"
    assert value("{{ record.values() | list | length }}") == 3


def test_row_values_are_never_rendered_again() -> None:
    assert text("{{ row_text }}") == "{{ name }} {% if %}"
    assert text("{{ row_text ~ row_text }}") == "{{ name }} {% if %}" * 2


@pytest.mark.parametrize(
    "template",
    [
        "{{ missing }}",
        "{{ missing.x }}",
        "x {{ missing }}",
        "{{ missing + 1 }}",
        "{{ missing == 1 }}",
        "{{ 'a' ~ missing }}",
        "{{ missing | upper }}",
        "{{ [missing] | join }}",
        "{{ '%s' % missing }}",
        "{% if missing %}x{% endif %}",
        "{% for x in missing %}{% endfor %}",
        "{{ record.citi }}",
        "{{ record['citi'] }}",
        "{{ names[5] }}",
        "{{ name.first }}",
        "{{ missing if missing else 'x' }}",
    ],
)
def test_undefined_is_an_error_and_never_none(template: str) -> None:
    assert refused(template).code == "undefined-variable"
    with pytest.raises(TemplateError):
        value(template)


@pytest.mark.parametrize(
    "template",
    [
        "{{ nothing }}",
        "{{ yes }}",
        "{{ names }}",
        "{{ record }}",
        "{{ name.upper }}",
        "{{ range }}",
        "x{{ nothing }}",
        "{{ nothing | upper }}",
        "{{ yes | string }}",
        "{{ [none] | join(',') }}",
        "{{ 'a' ~ none }}",
        "{{ '%s' % none }}",
        "{{ '{}'.format(true) }}",
        "{{ '%s' | format(names) }}",
        "{{ ' '.join([none]) }}",
        "{{ none | replace('N', 'n') }}",
        "{{ nothing | trim }}",
        "{{ '\\ud800' }}",
        "x{{ '\\ud800' }}",
    ],
)
def test_what_is_no_text_never_becomes_one(template: str) -> None:
    assert refused(template).code == "not-text"


@pytest.mark.parametrize(
    "template",
    [
        "{{ now() }}",
        "{{ [1, 2] | random }}",
        "{{ name.upper | pprint }}",
        "{{ lipsum(1) }}",
        "{{ cycler }}",
        "{{ environment }}",
        "{{ request }}",
        "{{ namespace() }}",
        "{{ dict(a=1) }}",
    ],
)
def test_there_is_no_clock_no_chance_and_no_environment(template: str) -> None:
    assert refused(template).code in ("undefined-variable", "unknown-filter")


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ name | attr('__class__') }}",
        "{{ names.append(1) }}",
        "{{ record.pop('city') }}",
        "{{ record.clear() }}",
        "{{ n.to_bytes(9) }}",
        "{{ name.translate({}) }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{% include 'x' %}",
        "{% extends 'x' %}",
    ],
)
def test_only_plain_data_can_be_read_and_nothing_changed(template: str) -> None:
    assert refused(template).code in ("template-forbidden", "template-failed", "undefined-variable")
    assert SCOPE["names"] == ["Ada", "Bob"]


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'x' * 10 ** 8 }}",
        "{{ 10 ** 8 * 'x' }}",
        "{{ [0] * 10 ** 9 }}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (10 ** 9, 1) }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ '{:{}}'.format(1, 10 ** 9) }}",
        "{{ 'x' | center(10 ** 9) }}",
        "{{ 'x'.center(10 ** 9) }}",
        "{{ 'x'.ljust(10 ** 9) }}",
        "{{ 'x' | indent(10 ** 9) }}",
        "{{ ('x' * 9999) | replace('x', 'x' * 9999) }}",
        "{{ ('x' * 9999).replace('x', 'x' * 9999) }}",
        "{{ ['x' * 9999] * 9999 }}{{ (['x' * 9999] * 9999) | join }}",
        "{{ range(99999) | join('x' * 9999) }}",
        "{{ ''.join(['x' * 9999] * 9999) }}",
        "{{ 1 | round(10 ** 9) }}",
        "{{ [1] | batch(10 ** 9, 0) | list }}",
        "{% set x = 'x' * 999999 %}{{ x ~ x }}",
        "{{ 'x' * 999999 }}" * 3,
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    ],
)
def test_work_and_size_are_bounded(template: str) -> None:
    assert refused(template).code in ("template-limit", "template-failed", "not-text")


@pytest.mark.parametrize("template", ["{{ 10 ** 30 }}", "{{ [10 ** 30] }}"])
def test_number_that_json_readers_disagree_on_is_refused(template: str) -> None:
    with pytest.raises(TemplateError, match="more than 64 bits"):
        value(template)


@pytest.mark.parametrize(
    "template",
    [
        "{{ name",
        "{{ }}",
        "{% if %}",
        "{% endfor %}",
        "{{ name | uper }}",
        "{{ 1 is odder }}",
        "{{ " + "(" * 3000,
        "{{ " + "1+" * 30000 + "1 }}",
        "{{ " + "9" * 5000 + " }}",
        "{% if 1 %}" * 300 + "{% endif %}" * 300,
    ],
)
def test_what_is_no_template_is_one_error(template: str) -> None:
    assert refused(template).code in ("template-syntax", "unknown-filter")


@pytest.mark.parametrize("text", ["", "a }} {{ b", "a = 1", "a }}", "x in", "{{ a }}", "a {% if %}"])
def test_bare_expression_is_one_expression(text: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Templates().expression(text)
    assert raised.value.code == "template-syntax"


def test_reads_are_the_names_from_outside() -> None:
    template = Templates().template(
        "{% for x in names %}{{ x }}{{ record.city }}{% endfor %}{{ range(n) | list }}"
    )
    assert template.reads == {"names", "record", "n"}


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'Hi NAME' | replace('NAME', none) }}",
        "{{ 'Hi NAME'.replace('NAME', none) }}",
        "{{ '%(a)s' % {'a': none} }}",
        "{{ '%(a)s' % {'a': range} }}",
        "{{ '%s' % {'a': none} }}",
        "{{ '%s' % ({'a': none},) }}",
        "{{ '{a}'.format_map({'a': none}) }}",
        "{{ '{0[a]}'.format({'a': none}) }}",
        "{{ '{0.upper}'.format('a') }}",
        "{{ [{'a': none}] | join(attribute='a') }}",
        "{{ [{'a': 1}] | join }}",
        "{{ '%s' | format({'a': none}) }}",
    ],
)
def test_nothing_puts_into_a_text_what_is_no_text(template: str) -> None:
    assert refused(template).code == "not-text"


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a NAME' | replace('NAME', 1) }}",
        "{{ 'a %(a)s' % {'a': 1, 'b': none} }}",
        "{{ 'a {a}'.format_map({'a': 1, 'b': none}) }}",
        "{{ 'a {0[a]}'.format({'a': 1, 'b': none}) }}",
        "{{ 'a ' ~ [{'a': 1}] | join(attribute='a') }}",
        "{{ 'a %s' | format(1) }}",
    ],
)
def test_what_a_pattern_does_not_name_may_be_anything(template: str) -> None:
    assert value(template) == "a 1"
