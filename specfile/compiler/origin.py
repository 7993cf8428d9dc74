"""Where every value of a request was written: its place, the row behind it, and the files that lead there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from specfile.compiler.scope import Scope
from specfile.compiler.values import IsBad, Place, Value, locate, locate_key, locate_piece, walk
from specfile.diagnostics import Cell, Span
from specfile.language import Spec
from specfile.language.library import way_to

Path = tuple[str | int, ...]
"""A place in a request: `("video_inputs", 2, "voice", "speed")`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The values of one request with their places. `tree` has the request's own structure.

    `scope` is the video's, `scopes` are those that its scenes were made in, `names` what these are called.
    """

    spec: Spec
    tree: Value
    scope: Scope
    scopes: tuple[Scope, ...] = ()
    names: tuple[str | None, ...] = ()

    def at(self, path: Path, is_bad: IsBad | None = None) -> Place:
        """The place of a value, or of the nearest one around it that is written anywhere.

        `is_bad` tells which texts are as wrong as the one at `path`.
        """
        return locate(self.tree, path, is_bad)

    def holding(self, path: Path, piece: str) -> Place:
        """The place of what holds a piece of the text at a path."""
        return locate_piece(self.tree, path, piece)

    def key_at(self, path: Path) -> Place:
        """The place of the key that a path ends with, or of the mapping where it has no such key."""
        return locate_key(self.tree, path)

    def lacking(self, path: Path, names: Iterable[str]) -> Place:
        """The place of a mapping that lacks `names`: the scene's own, where only `defaults` give the part.

        What a scene lacks is missing in the scene, whichever defaults it inherits. What is written as null
        is missing there, and what a mapping without fields was to give, in that. What is said is the scene's
        own, wherever its voice is written.
        """
        for name in names:
            *_, found = walk(self.tree, (*path, name))
            if found.content is None:
                return self.at((*path, name))
        place = self.at(path)
        if "input_text" in names and place.used is not None:
            return Place(place.used)
        *_, part = walk(self.tree, path)
        if "input_text" not in names and (part.hollow is not None or part.fields == {}):
            return place if part.hollow is None else Place(part.hollow)
        *_, scene = walk(self.tree, path[:2])
        own = path[:1] != ("video_inputs",) or scene.node.span.holds(place.span) or place.used is not None
        return place if own else self.at(path[:2])

    def cell(self, place: Place) -> Cell | None:
        """The cell behind a value, where there is data."""
        return self.scope.cell(place.reads)

    def related(self, path: Path, place: Place) -> tuple[tuple[Span, str], ...]:
        """Where a value that is written elsewhere is used, and the places that lead to its file."""
        used = ((place.used, "this is where it is used"),) if place.used is not None else ()
        return (*used, *way(place.span, self._scope_of(path), self.spec))

    def scene_at(self, path: Path) -> str | None:
        """What the scene is called that a path leads into."""
        match path:
            case ("video_inputs", int() as index, *_) if index < len(self.names):
                return self.names[index]
        return None

    def _scope_of(self, path: Path) -> Scope:
        match path:
            case ("video_inputs", int() as index, *_) if index < len(self.scopes):
                return self.scopes[index]
        return self.scope


def way(span: Span, scope: Scope, spec: Spec) -> tuple[tuple[Span, str], ...]:
    """The places that lead from the spec to the file of `span`, nearest first."""
    files = [name for name, _ in scope.sites]
    if span.file not in files:
        return way_to(span.file, spec.opened)
    last = len(files) - 1 - files[::-1].index(span.file)
    return tuple((site, "used here") for _, site in reversed(scope.sites[: last + 1]))
