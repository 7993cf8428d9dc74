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
