"""The other files of a spec, those it uses or extends: found inside the project, each read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.diagnostics.suggest import did_you_mean
from specfile.language.blocks import BUILT_IN
from specfile.language.nodes import MapNode, ScalarNode, describe
from specfile.language.parse import parse
from specfile.language.paths import FileProblem, project_root, require_file, resolve
from specfile.language.source import SourceFile, read_source
from specfile.language.version import other_version
from specfile.resources import resource

MAX_DEPTH = 20
"""How many files may lead to one another; no project needs five."""

Opened = Mapping[str, tuple[Span, str]]
"""For each file but the spec itself: where it is named first, and how that place is called."""


class Library:
    """Finds and parses files by the name that a spec gives them.

    `sources` are all files read so far by the name that messages show, `opened` tells where each of them but
    the spec is named first, and `warnings` is what parsing them noted.
    """

    def __init__(self, spec: SourceFile) -> None:
        self.root = project_root(spec.path)
        self.sources = {spec.name: spec}
        self.opened: dict[str, tuple[Span, str]] = {}
        self.warnings: list[Diagnostic] = []
        self._spec = spec
        self._parsed: dict[Path, tuple[SourceFile, MapNode]] = {}
        self._reading = [spec]

    @contextmanager
    def reading(self, source: SourceFile) -> Iterator[None]:
        """While it lasts, files are named in `source`."""
        self._reading.append(source)
        try:
            yield
        finally:
            self._reading.pop()

    def open(self, node: ScalarNode, word: str) -> tuple[SourceFile, MapNode]:
        """The file that `node` names, and the mapping in it. `word` is what is done with it: used, extended.

        Raises:
            SpecError: it can't be read, holds no mapping, or leads back to itself.
        """
        if "{{" in node.text or "{%" in node.text:
            raise SpecError([_not_plain(node)])
        path = self._path(node)
        self._refuse_cycle(node, path, word)
        if path not in self._parsed:
            source = self._read(node, path)
            self.sources[source.name] = source
            self.opened.setdefault(source.name, (node.span, f"{word} here"))
            self._parsed[path] = source, self._mapping(source)
        return self._parsed[path]

    def _path(self, node: ScalarNode) -> Path:
        if node.text.startswith(BUILT_IN):
            return _built_in(node)
        try:
            path = resolve(self.root, node.text, self.sources[node.span.file].path.parent)
            require_file(node.text, path)
        except FileProblem as problem:
            found = Diagnostic(code=problem.code, message=str(problem), span=node.span, hint=problem.hint)
            raise SpecError([found]) from problem
        return path

    def _refuse_cycle(self, node: ScalarNode, path: Path, word: str) -> None:
        names = [source.name for source in self._reading]
        on_the_way = [source.path.resolve() for source in self._reading]
        if path in on_the_way:
            circle = [*names[on_the_way.index(path) :], names[on_the_way.index(path)]]
            message = f"these files lead back to themselves: {' → '.join(circle)}"
            hint = f"take what both need into a third file, and let that be {word}"
            raise SpecError([Diagnostic(code="file-cycle", message=message, span=node.span, hint=hint)])
        self.refuse_depth(node, 1)

    def refuse_depth(self, node: ScalarNode, height: int) -> None:
        """Refuse a file that stands on `height` files, itself included, on top of those being read.

        Raises:
            SpecError: too many files lead to one another.
        """
        names = [*(source.name for source in self._reading), node.text]
        if len(self._reading) + height - 1 > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} files lead to one another: {names[0]} → {names[1]} → …"
            hint = "use the file itself rather than one that uses it"
            raise SpecError([Diagnostic(code="file-cycle", message=message, span=node.span, hint=hint)])

    def _read(self, node: ScalarNode, path: Path) -> SourceFile:
        try:
            built_in = node.text.startswith(BUILT_IN)
            return read_source(path, node.text if built_in else self._spec.name_of(path))
        except SpecError as error:
            hint = "the path is relative to the file it is written in"
            raise SpecError(
                [one if one.span else replace(one, span=node.span, hint=hint) for one in error.diagnostics]
            ) from error

    def _mapping(self, source: SourceFile) -> MapNode:
        node, warnings = parse(source)
        self.warnings.extend(warnings)
        if not isinstance(node, MapNode):
            message = f"{source.name} must be a mapping, and is {describe(node)}"
            hint = "begin with `scenes:`, and below it the list"
            raise SpecError([Diagnostic(code="wrong-type", message=message, span=node.place, hint=hint)])
        if (other := other_version(node)) is not None:
            raise SpecError([other])
        return node


def with_way(diagnostic: Diagnostic, opened: Opened) -> Diagnostic:
    """The diagnostic with the places that lead from the spec to the file it is about."""
    file = diagnostic.span.file if diagnostic.span is not None else ""
    return replace(diagnostic, related=(*diagnostic.related, *way_to(file, opened)))


def way_to(file: str, opened: Opened) -> tuple[tuple[Span, str], ...]:
    """The places that lead from the spec to a file that it uses or extends, nearest first."""
    way: list[tuple[Span, str]] = []
    while file in opened and len(way) < MAX_DEPTH:
        way.append(opened[file])
        file = opened[file][0].file
    return tuple(way)


def built_in_scenes() -> tuple[str, ...]:
    """The names of the scenes that come with specfile, as `use` takes them."""
    return tuple(sorted(BUILT_IN + path.stem for path in resource("templates", "scenes").glob("*.yaml")))


def _built_in(node: ScalarNode) -> Path:
    if node.text not in built_in_scenes():
        message = f"no scene called `{node.text}` comes with specfile"
        hint = did_you_mean(node.text, built_in_scenes())
        raise SpecError([Diagnostic(code="file-missing", message=message, span=node.span, hint=hint)])
    return resource("templates", "scenes", f"{node.text.removeprefix(BUILT_IN)}.yaml")


def _not_plain(node: ScalarNode) -> Diagnostic:
    return Diagnostic(
        code="template-not-here",
        message="a file to use or extend is named as it is, without a template",
        span=node.span,
        hint='use one file for each case and choose by `if`, such as `if: lang == "de"`',
    )
