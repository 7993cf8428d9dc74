"""Expressions as other languages write them: what is said, and what to type."""

from __future__ import annotations

import pytest

from specfile.compiler.templating.templates import TemplateError, Templates


def complaint(expression: str, *, bare: bool = True) -> tuple[str, str | None]:
    templates = Templates()
    with pytest.raises(TemplateError) as raised:
        (templates.expression if bare else templates.template)(expression)
    assert raised.value.code == "template-syntax"
    return str(raised.value), raised.value.hint


@pytest.mark.parametrize(
    ("expression", "sign", "meaning", "right", "written"),
    [
        ('p = "pro"', "=", "a comparison", "==", 'p == "pro"'),
        ('p="pro"', "=", "a comparison", "==", 'p == "pro"'),
        ('(p = "pro")', "=", "a comparison", "==", 'p == "pro"'),
        ('p === "pro"', "===", "a comparison", "==", 'p == "pro"'),
        ('p <> "pro"', "<>", "a comparison", "!=", 'p != "pro"'),
        ("vip && new", "&&", "both", "and", "vip and new"),
        ("vip||new", "||", "either", "or", "vip or new"),
        ("!vip", "!", "the opposite", "not", "not vip"),
        ("vip OR new", "OR", "this", "or", None),
        ("NOT vip", "NOT", "this", "not", None),
    ],
)
def test_signs_of_other_languages_are_known(
    expression: str, sign: str, meaning: str, right: str, written: str | None
) -> None:
    said = (
        f"`{sign}` means nothing in an expression; for {meaning} there is `{right}`",
        f"write `{right}`: `{written}`" if written else f"write `{right}`, in small letters",
    )
    assert complaint(expression) == said
    assert complaint(f"{{% if {expression} %}}x{{% endif %}}", bare=False) == said


@pytest.mark.parametrize("expression", ["p == “pro”", "p == ‘pro’", "p == „pro“"])
def test_curly_quotes_are_known(expression: str) -> None:
    said = (f"`{expression[5]}` is no quote in an expression", "write straight quotes: `\"pro\"`, or `'pro'`")
    assert complaint(expression) == said
    assert complaint(f"{{{{ 1 if {expression} }}}}", bare=False) == said


def test_a_bare_expression_is_never_explained_with_braces() -> None:
    assert complaint("vip new") == (
        "this is not a valid expression: expected token 'the end', got 'new'",
        'an expression looks like `plan == "pro"`, or `vip and not name`',
    )


def test_named_arguments_and_quoted_signs_are_no_mistakes() -> None:
    assert Templates().expression('"a && b = !" ~ (5 | number(decimals=2))').value({}) == "a && b = !5.00"
    message, _ = complaint("5 | number(decimals=2) new")
    assert message == "this is not a valid expression: expected token 'the end', got 'new'"
