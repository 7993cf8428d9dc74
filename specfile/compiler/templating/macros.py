"""Files of macros: `{% from "greetings.j2" import hello %}` reads `templates/greetings.j2` of the project.

Nothing outside that folder can be read. Macros see what they are given and nothing else, so that what a text
depends on stands in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import jinja2
from jinja2 import nodes

from specfile.diagnostics import Span, SpecError
from specfile.diagnostics.suggest import did_you_mean
from specfile.language.source import SourceFile, read_source

_Loaded = tuple[str, str | None, Callable[[], bool] | None]


class MacroProblem(Exception):
    """A file of macros, or a macro in it, can't be had. `needle` is what asks for it."""

    def __init__(self, code: str, message: str, hint: str, needle: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint
        self.needle = needle
        self.where: Span | None = None


class Macros(jinja2.BaseLoader):
    """Reads files of macros from one folder, each once.

    `sources` are the files read so far, by the name they are imported by. `shown` is what messages call the
    folder. `longest` is the length of the longest template known.
    """

    def __init__(self, folder: Path | None, shown: str | None = None) -> None:
        self.sources: dict[str, SourceFile] = {}
        self.longest = 0
        self._folder = folder
        self._shown = shown if shown is not None else str(folder)
        self._exports: dict[str, frozenset[str]] = {}
        self._reading: list[str] = []

    def get_source(self, environment: jinja2.Environment, template: str) -> _Loaded:  # noqa: ARG002 - Jinja's
        """The text of a file, for Jinja.

        Raises:
            MacroProblem: it isn't there, lies outside the folder, or can't be read.
        """
        if template not in self.sources:
            self.sources[template] = self._read(template)
        source = self.sources[template]
        return source.text, source.name, None

    def check(self, tree: nodes.Template, name: str | None, environment: jinja2.Environment) -> None:
        """Make sure that every file and macro that a template imports is there. `name` is set for a file.

        Raises:
            MacroProblem: one isn't, or the template reads files in another way.
        """
        if name is not None:
            self._exports[name] = frozenset(_exported(tree))
        for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Block)):
            raise self._placed(_not_here(node), name, node)
        imports: list[nodes.Import | nodes.FromImport] = [
            *tree.find_all(nodes.Import),
            *tree.find_all(nodes.FromImport),
        ]
        for statement in imports:
            try:
                self._check_import(statement, environment)
            except MacroProblem as problem:
                raise self._placed(problem, name, statement) from problem

    def span(self, name: str, line: int, needle: str | None) -> Span | None:
        """The place of `needle` in a line of a file, or of the whole line."""
        source = self.sources.get(name)
        if source is None:
            return None
        text = source.line(line)
        found = re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", text) if needle else None
        if found is not None:
            return Span.at(source.name, line, found.start() + 1, len(found[0]))
        content = text.strip()
        return Span.at(source.name, line, text.find(content) + 1, max(len(content), 1))

    def exported(self, name: str) -> frozenset[str]:
        """The names of the macros and constants of a file."""
        return self._exports.get(name, frozenset())

    def _check_import(self, node: nodes.Import | nodes.FromImport, environment: jinja2.Environment) -> None:
        file = node.template.value if isinstance(node.template, nodes.Const) else None
        if not isinstance(file, str):
            hint = 'write `{% from "greetings.j2" import hello %}`'
            raise MacroProblem("template-forbidden", "an import must name its file in quotes", hint)
        if node.with_context:
            message = "a macro sees only what it is given, so `with context` is not possible"
            raise MacroProblem(
                "template-forbidden", message, "hand it over: `{{ hello(first_name) }}`", "with context"
            )
        self._load(file, environment)
        wanted = [one if isinstance(one, str) else one[0] for one in getattr(node, "names", [])]
        for one in wanted:
            if one not in self.exported(file):
                raise MacroProblem(
                    "undefined-variable",
                    f"there is no macro `{one}` in {self.sources[file].name}",
                    self.hint(one, file),
                    one,
                )

    def hint(self, macro: str, file: str) -> str:
        """What to write in place of a macro that there isn't."""
        known = self.exported(file)
        return (
            did_you_mean(macro, known)
            if known
            else "write it there: `{% macro hello(name) %}…{% endmacro %}`"
        )

    def _load(self, file: str, environment: jinja2.Environment) -> None:
        if file in self._reading:
            circle = " → ".join([*self._reading[self._reading.index(file) :], file])
            message = f"these files lead back to themselves: {circle}"
            raise MacroProblem("file-cycle", message, "take what both need into a third file", file)
        self._reading.append(file)
        try:
            environment.get_template(file)
        finally:
            self._reading.pop()

    def _read(self, file: str) -> SourceFile:
        path = self._path(file)
        try:
            return read_source(path, str(PurePosixPath(self._shown, file)))
        except SpecError as error:
            found = error.diagnostics[0]
            raise MacroProblem(
                found.code, found.message, found.hint or "is this the file you meant?", file
            ) from error

    def _path(self, file: str) -> Path:
        """Where a file is: inside the folder, and the folder inside its project, links followed."""
        names = file.replace("\\", "/").split("/")
        if self._folder is None:
            hint = "macros are in `templates` at the project's root"
            raise MacroProblem("file-missing", f"there is no file `{file}` of macros here", hint, file)
        if ".." in names or not all(names) or ":" in names[0]:
            message = f"`{file}` lies outside the project's folder `templates`"
            hint = "macros are in `templates` at the project's root; name the file by its path in there"
            raise MacroProblem("outside-project", message, hint, file)
        path = self._folder / file
        if not path.is_file():
            raise self._missing(file, self._folder)
        folder, root = self._folder.resolve(), self._folder.parent.resolve()
        if not (path.resolve().is_relative_to(folder) and folder.is_relative_to(root)):
            message = f"`{file}` is a link out of the project's folder `templates`"
            raise MacroProblem("outside-project", message, "put the file itself there", file)
        return path

    def _missing(self, file: str, folder: Path) -> MacroProblem:
        there = [path.relative_to(folder).as_posix() for path in folder.rglob("*.j2")]
        hint = did_you_mean(file, there) if there else "put it into `templates` at the project's root"
        return MacroProblem("file-missing", f"there is no file `{file}` in {self._shown}", hint, file)

    def _placed(self, problem: MacroProblem, name: str | None, node: nodes.Node) -> MacroProblem:
        """The problem with its place in the file called `name`, where it isn't in a file still further in."""
        if name is not None and problem.where is None:
            problem.where = self.span(name, node.lineno, problem.needle)
            problem.needle = None
        return problem


def _exported(tree: nodes.Template) -> Iterator[str]:
    """The names that a file gives to those who import it."""
    for node in tree.body:
        match node:
            case nodes.Macro():
                yield node.name
            case nodes.Assign() | nodes.AssignBlock():
                yield from (name.name for name in node.target.find_all(nodes.Name))
                if isinstance(node.target, nodes.Name):
                    yield node.target.name


def _not_here(node: nodes.Node) -> MacroProblem:
    word = type(node).__name__.lower()
    message = f"`{{% {word} %}}` is not possible here; only macros can be read from other files"
    hint = 'write `{% from "greetings.j2" import hello %}`, and a macro `hello` in templates/greetings.j2'
    return MacroProblem("template-forbidden", message, hint, word)
