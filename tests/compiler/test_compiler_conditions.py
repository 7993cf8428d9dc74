"""Conditions: a text such as `no`, which counts as true, decides none."""

from __future__ import annotations

import pytest

from specfile.compiler.templating.templates import TemplateError, Templates


@pytest.mark.parametrize("template", ["{% if vip %}Dear{% endif %}", "{{ 'Dear' if not vip else 'Hi' }}"])
def test_text_that_says_no_decides_nothing(template: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Templates().template(template).text({"vip": "No"})
    assert raised.value.code == "if-is-text"
    assert str(raised.value) == '`if` asks for true or false and gets the text "No"'


@pytest.mark.parametrize("condition", ["vip and 1 == 1", "not vip", "vip or false"])
def test_text_that_says_no_decides_nothing_in_a_bare_condition(condition: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Templates().expression(condition).value({"vip": "no"})
    assert raised.value.code == "if-is-text"


def test_other_texts_may_stand_in_for_each_other() -> None:
    assert Templates().template("{{ name or 'friend' }}").text({"name": "no"}) == "no"
    assert Templates().template("{% if name %}Hi{% endif %}").text({"name": "Ada"}) == "Hi"
