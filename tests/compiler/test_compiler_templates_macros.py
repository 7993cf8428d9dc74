"""Macros from files: read from the project's `templates` only, and held to the same rules as any template."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.compiler.templating.templates import TemplateError, Templates
from specfile.diagnostics import Span
from tests.compiler.compiling import Json

GREETINGS = """\
{% macro hello(name, formal=false) %}
{%- if formal %}Good day{% else %}Hello{% endif %}, {{ name }}
{%- endmacro %}
{% macro bye(name) %}Bye, {{ nmae }}{% endmacro %}
{% macro loud(name) %}
  {{ name | uper_case }}
{% endmacro %}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "templates").mkdir(parents=True)
    write(root, "greetings.j2", GREETINGS.replace("uper_case", "upper"))
    return root


def write(root: Path, name: str, text: str) -> None:
    path = root / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def templates(root: Path) -> Templates:
    return Templates(root / "templates", "templates")


def text(root: Path, template: str, scope: dict[str, Json] | None = None) -> str:
    return templates(root).template(template).text(scope or {"name": "Ada"})


def refused(root: Path, template: str, scope: dict[str, Json] | None = None) -> TemplateError:
    with pytest.raises(TemplateError) as raised:
        text(root, template, scope)
    return raised.value


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{% from 'greetings.j2' import hello %}{{ hello(name) }}!", "Hello, Ada!"),
        ("{% from 'greetings.j2' import hello as hi %}{{ hi(name, formal=true) }}!", "Good day, Ada!"),
        ("{% import 'greetings.j2' as g %}{{ g.hello(name) }}!", "Hello, Ada!"),
        ("{% from 'more/polite.j2' import dear, sign %}{{ dear(name) }}{{ sign }}", "Good day, Ada.Yours"),
    ],
)
def test_macro_of_a_file_speaks(root: Path, template: str, shown: str) -> None:
    polite = (
        "{% from 'greetings.j2' import hello %}{% set sign = 'Yours' %}"
        "{% macro dear(name) %}{{ hello(name, true) }}.{% endmacro %}"
    )
    write(root, "more/polite.j2", polite)
    assert text(root, template) == shown


def test_reads_are_of_the_scalar_alone(root: Path) -> None:
    template = templates(root).template("{% from 'greetings.j2' import hello %}{{ hello(name) }}")
    assert template.reads == {"name"}


def test_file_is_read_once_and_told(root: Path) -> None:
    known = templates(root)
    template = known.template("{% from 'greetings.j2' import hello %}{{ hello(name) }}")
    write(root, "greetings.j2", "{% macro hello(name) %}changed{% endmacro %}")
    again = known.template("{% from 'greetings.j2' import hello %}{{ hello(name) }}!")
    assert (template.text({"name": "Ada"}), again.text({"name": "Ada"})) == ("Hello, Ada", "Hello, Ada!")
    assert [source.name for source in known.sources] == ["templates/greetings.j2"]


@pytest.mark.parametrize(
    ("template", "code", "message", "hint"),
    [
        ("{% from 'greeting.j2' import hello %}", "file-missing",
         "there is no file `greeting.j2` in templates", "did you mean `greetings.j2`?"),
        ("{% from 'greetings.j2' import helo %}", "undefined-variable",
         "there is no macro `helo` in templates/greetings.j2", "did you mean `hello`?"),
        ("{% import 'greetings.j2' as g %}{{ g.helo(name) }}", "undefined-variable",
         "there is no macro `helo` in templates/greetings.j2", "did you mean `hello`?"),
        ("{% from '../secret.j2' import hello %}", "outside-project",
         "`../secret.j2` lies outside the project's folder `templates`",
         "macros are in `templates` at the project's root; name the file by its path in there"),
        ("{% from 'a/../../secret.j2' import hello %}", "outside-project",
         "`a/../../secret.j2` lies outside the project's folder `templates`",
         "macros are in `templates` at the project's root; name the file by its path in there"),
        ("{% from '/etc/passwd' import hello %}", "outside-project",
         "`/etc/passwd` lies outside the project's folder `templates`",
         "macros are in `templates` at the project's root; name the file by its path in there"),
        ("{% from 'C:\\\\secret.j2' import hello %}", "outside-project",
         "`C:\\secret.j2` lies outside the project's folder `templates`",
         "macros are in `templates` at the project's root; name the file by its path in there"),
        ("{% from name import hello %}", "template-forbidden",
         "an import must name its file in quotes", 'write `{% from "greetings.j2" import hello %}`'),
        ("{% from 'greetings.j2' import hello with context %}", "template-forbidden",
         "a macro sees only what it is given, so `with context` is not possible",
         "hand it over: `{{ hello(first_name) }}`"),
        ("{% include 'greetings.j2' %}", "template-forbidden",
         "`{% include %}` is not possible here; only macros can be read from other files",
         'write `{% from "greetings.j2" import hello %}`, and a macro `hello` in templates/greetings.j2'),
        ("{% extends 'greetings.j2' %}", "template-forbidden",
         "`{% extends %}` is not possible here; only macros can be read from other files",
         'write `{% from "greetings.j2" import hello %}`, and a macro `hello` in templates/greetings.j2'),
    ],
)  # fmt: skip
def test_what_can_not_be_imported_is_named(
    root: Path, template: str, code: str, message: str, hint: str
) -> None:
    (root / "secret.j2").write_text("{% macro hello() %}secret{% endmacro %}", encoding="utf-8")
    error = refused(root, template)
    assert (error.code, str(error), error.hint, error.where) == (code, message, hint, None)


@pytest.mark.parametrize("link", ["file", "folder", "templates"])
def test_link_leads_nowhere_outside(root: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.j2").write_text("{% macro hello() %}secret{% endmacro %}", encoding="utf-8")
    name = "folder/secret.j2" if link == "folder" else "secret.j2"
    if link == "templates":
        (root / "templates" / "greetings.j2").unlink()
        (root / "templates").rmdir()
        (root / "templates").symlink_to(outside)
    elif link == "folder":
        (root / "templates" / "folder").symlink_to(outside)
    else:
        (root / "templates" / "secret.j2").symlink_to(outside / "secret.j2")
    error = refused(root, f"{{% from '{name}' import hello %}}{{{{ hello() }}}}")
    assert (error.code, str(error), error.hint) == (
        "outside-project",
        f"`{name}` is a link out of the project's folder `templates`",
        "put the file itself there",
    )


def test_link_within_the_folder_is_followed(root: Path) -> None:
    (root / "templates" / "same.j2").symlink_to("greetings.j2")
    assert text(root, "{% from 'same.j2' import hello %}{{ hello(name) }}") == "Hello, Ada"


def test_without_a_folder_there_are_no_macros() -> None:
    with pytest.raises(TemplateError) as raised:
        Templates().template("{% import 'x.j2' as x %}")
    assert (raised.value.code, str(raised.value)) == (
        "file-missing",
        "there is no file `x.j2` of macros here",
    )


def test_mistake_in_a_macro_names_its_file_and_line(root: Path) -> None:
    error = refused(root, "{% from 'greetings.j2' import bye %}Well: {{ bye(name) }}")
    assert (error.code, str(error), error.name) == ("undefined-variable", "`nmae` has no value here", "nmae")
    assert error.where == Span.at("templates/greetings.j2", 4, 30, 4)
    assert error.hint == "a macro sees only what it is given: add `nmae` to its parameters and to the call"
    assert error.needle is None


@pytest.mark.parametrize(
    ("macro", "code", "where"),
    [
        ("{% macro f(x) %}\n  {{ x | currency('eur') }}\n{% endmacro %}", "bad-filter-value", (2, 10, 8)),
        ("{% macro f(x) %}\n{{ x.a }}\n{% endmacro %}", "undefined-variable", (2, 6, 1)),
        ("{% macro f(x) %}\n\n{{ none }}\n{% endmacro %}", "not-text", (3, 1, 10)),
        ("{% macro f(x) %}\n{{ 'x' * 10 ** 8 }}\n{% endmacro %}", "template-limit", (2, 1, 19)),
        ("{% macro f(x) %}\n{{ x / 0 }}\n{% endmacro %}", "template-failed", (2, 1, 11)),
        ("{% macro f(x) %}\n{{ x.__class__ }}\n{% endmacro %}", "template-forbidden", (2, 1, 17)),
        ("{% macro f(x) %}\n{{ x | uper }}\n{% endmacro %}", "unknown-filter", (2, 8, 4)),
        ("{% macro f(x) %}\n{{ x + }}\n{% endmacro %}", "template-syntax", (2, 1, 9)),
        ("{% macro f(x) %}\n{{ 1e400 }}\n{% endmacro %}", "template-syntax", (2, 1, 11)),
        ("{% macro f(x) %}{% endmacro %}\n{% include 'f.j2' %}", "template-forbidden", (2, 4, 7)),
        ("{% macro f(x) %}{% endmacro %}\n{% from 'g.j2' import g %}", "file-missing", (2, 10, 4)),
        ("{% macro f(x) %}{% endmacro %}\n{% from 'f.j2' import f %}", "file-cycle", (2, 10, 4)),
        ("{% macro f(x) %}\n{% for a in x %}{% for b in x %}{% endfor %}{% endfor %}\n{% endmacro %}",
         "template-limit", (2, 1, 56)),
    ],
)  # fmt: skip
def test_every_rule_holds_inside_a_file_of_macros(
    root: Path, macro: str, code: str, where: tuple[int, int, int]
) -> None:
    write(root, "f.j2", macro)
    error = refused(root, "{% from 'f.j2' import f %}{{ f(five * 999) }}", {"five": "x"})
    assert (error.code, error.where) == (code, Span.at("templates/f.j2", *where))


def test_mistake_is_placed_in_the_innermost_file(root: Path) -> None:
    write(root, "inner.j2", "{% macro g(x) %}{{ x }}{% endmacro %}")
    write(root, "outer.j2", "{% from 'inner.j2' import g %}\n{% macro f(x) %}{{ g(none) }}{% endmacro %}")
    error = refused(root, "{% from 'outer.j2' import f %}{{ f(1) }}")
    assert (error.code, error.where) == ("not-text", Span.at("templates/inner.j2", 1, 1, 37))


def test_circle_of_files_is_named(root: Path) -> None:
    write(root, "a.j2", "{% from 'b.j2' import b %}{% macro a() %}{% endmacro %}")
    write(root, "b.j2", "{% from 'a.j2' import a %}{% macro b() %}{% endmacro %}")
    error = refused(root, "{% from 'a.j2' import a %}{{ a() }}")
    assert (error.code, str(error)) == (
        "file-cycle",
        "these files lead back to themselves: a.j2 → b.j2 → a.j2",
    )


def test_macro_file_that_is_no_text_is_named(root: Path) -> None:
    (root / "templates" / "bad.j2").write_bytes(b"\xff\xfe")
    error = refused(root, "{% from 'bad.j2' import f %}")
    assert (error.code, error.needle) == ("not-utf8", "bad.j2")


def test_same_inputs_give_the_same_text(root: Path) -> None:
    template = "{% import 'greetings.j2' as g %}{{ g.hello(name) }}"
    known = templates(root).template(template)
    assert {known.text({"name": "Ada"}) for _ in range(3)} | {text(root, template)} == {"Hello, Ada"}
