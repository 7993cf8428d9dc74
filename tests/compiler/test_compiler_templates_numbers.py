"""Numbers in templates: how a text shows them, and text that only looks like one."""

from __future__ import annotations

import pytest

from specfile.compiler.templating.templates import TemplateError, Templates


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ 20.0 }}", "20"),
        ("{{ price }}", "20"),
        ("It costs {{ price }}.", "It costs 20."),
        ("{{ monthly * 12 }}", "238.8"),
        ("A year is {{ monthly * 12 }}.", "A year is 238.8."),
        ("{{ monthly * 12 ~ ' EUR' }}", "238.8 EUR"),
        ("{{ [price, monthly * 12, 3, 'x'] | join(', ') }}", "20, 238.8, 3, x"),
        ("{{ [{'a': 2.0}, {'a': 0.5}] | join(' ', attribute='a') }}", "2 0.5"),
        ("{{ price | string }}", "20"),
        ("{{ 0.1 + 0.2 }}", "0.3"),
        ("{{ -0.0 }}", "0"),
        ("{{ 1e20 }}", "100000000000000000000"),
        ("{{ '20.0' }}", "20.0"),
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(price) }}", "20"),
    ],
)
def test_a_number_in_a_text_is_written_as_people_write_it(template: str, shown: str) -> None:
    assert Templates().template(template).text({"price": 20.0, "monthly": 19.9}) == shown


def test_a_number_that_is_no_text_keeps_its_digits() -> None:
    assert Templates().template("{{ monthly * 12 }}").value({"monthly": 19.9}) == 19.9 * 12


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ price * 12 }}", "49.90"),
        ("{{ 12 * price }}", "49.90"),
        ("{{ price + 1 }}", "49.90"),
        ("{{ price * 1.19 }}", "49.90"),
        ("{{ 100 / price }}", "49.90"),
        ("{{ german * 12 }}", "49,90"),
    ],
)
def test_text_that_reads_as_a_number_is_not_repeated(template: str, shown: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Templates().template(template).text({"price": "49.90", "german": "49,90"})
    assert str(raised.value) == f'this calculates with "{shown}", which is text'
    assert raised.value.hint == (
        "declare it as a number, `{type: number}`, under `variables`, or write `| float` behind it"
    )
    assert raised.value.code == "template-failed"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ '-' * 10 }}", "----------"),
        ("{{ 2 * 'ab' }}", "abab"),
        ("{{ price + price }}", "49.9049.90"),
        ("{{ price | float * 2 }}", "99.8"),
        ("{{ '%d' % 3 }}", "3"),
    ],
)
def test_other_text_is_still_repeated_and_put_together(template: str, shown: str) -> None:
    assert Templates().template(template).text({"price": "49.90"}) == shown


@pytest.mark.parametrize(
    ("template", "message", "hint"),
    [
        (
            "{{ 1 / 0 }}",
            "this divides by zero",
            "ask first whether the divisor is 0: `total / count if count else 0`",
        ),
        (
            "{{ 5 | currency('EUR', local='de') }}",
            "`currency` has no argument `local`",
            "did you mean `locale`?",
        ),
        ("{{ 5 | upper(x=1) }}", "`upper` has no argument `x`", "write `upper` without it"),
        ("{{ [1] | join(sep=', ') }}", "`join` has no argument `sep`", "known here: `attribute`, `d`"),
        ("{{ pause(second=1) }}", "`pause` has no argument `second`", "did you mean `seconds`?"),
        (
            "{{ 5 | currency }}",
            "`currency` can't be called like this: missing a required argument: 'code'",
            "write `currency(code, [locale])`; what is in brackets may be left out",
        ),
    ],
)
def test_a_calculation_or_call_that_fails_says_what_to_type(template: str, message: str, hint: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Templates().template(template).text({})
    assert (str(raised.value), raised.value.hint, raised.value.code) == (message, hint, "template-failed")
