"""Macros of a project in its specs: called in a text, and named with their file where they go wrong."""

from __future__ import annotations

from tests.compiler.compiling import Folder

HEAD = "defaults: {avatar: A, voice: V}\nscenes:\n"
CALL = """- say: '{% from "greet.j2" import hello %}{{ hello("Ada") }}'\n"""


def test_macro_is_found_in_the_templates_folder_of_the_root(folder: Folder) -> None:
    folder.write("templates/greet.j2", "{% macro hello(name) %}Hi {{ name }}!{% endmacro %}")
    assert folder.spoken(HEAD + CALL) == ["Hi Ada!"]


def test_mistake_in_a_macro_shows_the_call_and_the_line_of_the_macro(folder: Folder) -> None:
    path = folder.write("templates/greet.j2", "{% macro hello(name) %}\nHi {{ nmae }}!\n{% endmacro %}")
    one = folder.problem(HEAD + CALL)
    ((where, words),) = one.related
    assert (one.code, one.path, words) == ("undefined-variable", "scenes[0].say", "in this macro")
    assert (where.file, where.line) == (str(path), 2)
