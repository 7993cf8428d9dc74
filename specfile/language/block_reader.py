"""From nodes to blocks: which keys are there, and is each of the right kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from specfile.diagnostics import Diagnostic, SpecError
from specfile.diagnostics.suggest import did_you_mean
from specfile.language.blocks import BLOCK_KEYS, SCENE_FIELDS, USED_KEYS, Block, Loop, Used
from specfile.language.keys import Keys, inside, written
from specfile.language.library import Library
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarNode, describe

_LOOP = re.compile(
    r"\s*(?P<names>[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s+in\s+(?P<expression>\S.*?)\s*", re.DOTALL
)


_SQUEEZED = re.compile(rf"({'|'.join(SCENE_FIELDS)}):(\S.*)", re.DOTALL)
"""`say:Hello`, which is text to YAML for want of a space."""


class BlockReader:
    """Reads blocks, those in used files included; what is wrong with them goes to `keys`."""

    def __init__(self, keys: Keys, library: Library) -> None:
        self.keys = keys
        self._library = library
        self._files: dict[Path, Block | None] = {}
        self._heights: dict[Path, int] = {}
        self._highest = 0

    def block(
        self,
        node: MapNode,
        path: str,
        *,
        scene_fields: Iterable[str] = (),
        defaults: tuple[MapNode, ...] | None = None,
        is_whole: bool = True,
    ) -> Block:
        """The block that a mapping is. `path` is its place in its file, empty for the file's own mapping.

        Where it is not whole, as a file it extends can't be read, its content may be in what is missing.
        """
        fields = {entry.name: entry for entry in node if entry.name in scene_fields}
        self._one_content(node, fields, path, is_whole=is_whole)
        return Block(
            node=node,
            path=path,
            variables=self._variables(node, path),
            constants=self._constants(node, path),
            loop=self._loop(node, path),
            condition=self.keys.scalar(node, "if", path),
            defaults=defaults if defaults is not None else self.keys.defaults(node, path),
            blocks=self._blocks(node, path),
            used=self._used(node, path),
            fields=fields,
        )

    def _one_content(self, node: MapNode, fields: dict[str, Entry], path: str, *, is_whole: bool) -> None:
        """A block holds scene fields, or `scenes`, or `use`; exactly one of them."""
        held = [entry for entry in (node.get("scenes"), written(node, "use")) if entry is not None]
        held += [entry for name, entry in fields.items() if name != "id"][:1]
        if len(held) > 1:
            first, second = held[0].name, held[1].name
            self.keys.report(
                "scene-and-group",
                f"a block with `{first}` can't also have `{second}`",
                held[1].key.span,
                path=path or None,
                hint="put what all its scenes share under `defaults`"
                if second not in ("scenes", "use")
                else "make two blocks of it, each with its own `- `",
            )
        if held or fields or not is_whole or (path and _mistyped(node)):
            return
        self.keys.report(
            "no-scenes",
            f"{path} is empty" if path else "there are no scenes",
            node.place,
            path=path or None,
            hint="add `say: …` to it" if path else "add `scenes:` with a scene, such as `- say: Hello`",
        )

    def _blocks(self, node: MapNode, path: str) -> tuple[Block, ...]:
        entry = node.get("scenes")
        if entry is None:
            return ()
        within = inside(path, "scenes")
        if not isinstance(entry.value, ListNode):
            self.keys.report(
                "wrong-type",
                f"`scenes` must be a list, and this is {describe(entry.value)}",
                entry.value.place,
                path=within,
                hint="begin each scene with `- `",
            )
            return ()
        if not entry.value.items:
            self.keys.report(
                "no-scenes",
                "`scenes` is empty; a video has 1 to 50 scenes",
                entry.key.span,
                path=within,
                hint="add a scene, such as `- say: Hello`",
            )
        numbered = enumerate(entry.value.items)
        return tuple(
            block for i, item in numbered if (block := self._inner(item, f"{within}[{i}]")) is not None
        )

    def _inner(self, item: Node, path: str) -> Block | None:
        if not isinstance(item, MapNode):
            said = item.text if isinstance(item, ScalarNode) and item.text else "…"
            squeezed = _SQUEEZED.match(said)
            self.keys.report(
                "wrong-type",
                f"a scene must be a mapping, and this is {describe(item)}",
                item.place,
                path=path,
                hint=f"write `- {squeezed[1]}: {squeezed[2]}`, with a space behind the colon"
                if squeezed is not None
                else f"write `- say: {said}`",
            )
            return None
        self.keys.known(item, (*SCENE_FIELDS, *BLOCK_KEYS), where="a scene")
        return self.block(item, path, scene_fields=SCENE_FIELDS)

    def _used(self, node: MapNode, path: str) -> Used | None:
        place = self.keys.scalar(node, "use", path)
        if place is None:
            return None
        try:
            block = self._file(place)
        except SpecError as error:
            self.keys.found.extend(error.diagnostics)
            return None
        if block is None:
            return None
        self._parameters(node, place, block)
        return Used(node=place, block=block)

    def _file(self, place: ScalarNode) -> Block | None:
        """The block that a file is, or None where it was found wrong before.

        Raises:
            SpecError: it can't be read, or too many files lead to one another.
        """
        source, node = self._library.open(place, "used")
        path = source.path
        if path not in self._files:
            self._files[path] = None
            self.keys.known(node, USED_KEYS, where="a file of scenes to use")
            around, self._highest = self._highest, 0
            with self._library.reading(source):
                self._files[path] = self.block(node, "")
            self._heights[path], self._highest = self._highest + 1, around
        # A file that was read before, on a shorter way, brings all those along that it uses itself.
        self._library.refuse_depth(place, self._heights[path])
        self._highest = max(self._highest, self._heights[path])
        return self._files[path]

    def _parameters(self, node: MapNode, place: ScalarNode, block: Block) -> None:
        """A used file's variables are filled by the `with` beside it, all of them and no others."""
        declared = {entry.name: entry for entry in block.variables}
        given = {entry.name: entry for entry in self.keys.entries(node, "with")}
        for name, entry in given.items():
            if name not in declared:
                hint = did_you_mean(name, declared) if declared else f"declare it there: `{name}: {{}}`"
                self.keys.report(
                    "unknown-parameter", f"{place.text} has no variable `{name}`", entry.key.span, hint=hint
                )
        for name, entry in declared.items():
            if name in given or (isinstance(entry.value, MapNode) and entry.value.get("default")):
                continue
            self.keys.found.append(
                Diagnostic(
                    code="missing-parameter",
                    message=f"{place.text} needs a value for `{name}`, which has no `default`",
                    span=place.span,
                    hint=f"add `with: {{{name}: …}}` beside `use`",
                    related=((entry.key.span, f"`{name}` is declared here"),),
                )
            )

    def _constants(self, node: MapNode, path: str) -> tuple[Entry, ...]:
        entries = self.keys.entries(node, "with", path)
        for entry in entries:
            self.keys.usable_name(entry.name, entry.key.span)
        return entries

    def _loop(self, node: MapNode, path: str) -> Loop | None:
        scalar = self.keys.scalar(node, "for", path)
        if scalar is None:
            return None
        match = _LOOP.fullmatch(scalar.text)
        if match is None:
            self.keys.report(
                "bad-for",
                "`for` reads `name in list`, or `name, other in pairs`",
                scalar.span,
                path=inside(path, "for"),
                hint="for example `for: feature in features`",
            )
            return None
        names = tuple(name.strip() for name in match["names"].split(","))
        for name in names:
            self.keys.usable_name(name, scalar.span)
        if twice := next((name for name in names if names.count(name) > 1), None):
            self.keys.report(
                "bad-for",
                f"`for` gives the name `{twice}` to two values",
                scalar.span,
                path=inside(path, "for"),
                hint="name each of the two differently, such as `for: name, price in prices`",
            )
        return Loop(path=inside(path, "for"), names=names, expression=match["expression"], node=scalar)

    def _variables(self, node: MapNode, path: str) -> tuple[Entry, ...]:
        entries = self.keys.entries(node, "variables", path)
        for entry in entries:
            self.keys.usable_name(entry.name, entry.key.span)
            if not isinstance(entry.value, MapNode):
                self.keys.report(
                    "wrong-type",
                    f"variable `{entry.name}` is declared by a mapping",
                    entry.value.place,
                    path=inside(path, f"variables.{entry.name}"),
                    hint=f"{entry.name}: {{type: string}}",
                )
        return tuple(entry for entry in entries if isinstance(entry.value, MapNode))


def _mistyped(node: MapNode) -> bool:
    """Whether a key is none of a scene's: it was reported, and is perhaps the content that is missing."""
    return any(entry.name not in (*SCENE_FIELDS, *BLOCK_KEYS) for entry in node)
