"""From nodes to a spec as written: which keys are there, and is each of the right kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from specfile.diagnostics import Diagnostic, Span, SpecError, has_errors, in_order
from specfile.diagnostics.suggest import did_you_mean
from specfile.language.blocks import (
    API_FIELDS,
    BLOCK_KEYS,
    OUTPUT_KEYS,
    RESERVED,
    SCENE_FIELDS,
    SPEC_KEYS,
    TEMPLATE_WORDS,
    Block,
    Loop,
    Output,
    Spec,
)
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarNode, describe
from specfile.language.parse import parse
from specfile.language.source import SourceFile, read_source

_LOOP = re.compile(
    r"\s*(?P<names>[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s+in\s+(?P<expression>\S.*?)\s*", re.DOTALL
)
_NAMES = "choose a name of letters, digits and _ that means nothing else in a template"
_INSTEAD = {
    "video_inputs": "put the same list under `scenes`",
    "aspect_ratio": "the service ignores it; write `dimension: 1080p`, `vertical`, `square` or WxH",
    "template": "write templates inside values, with `{{ … }}`",
}
"""What people type out of habit, and what to type here."""


def load_spec(path: Path, name: str | None = None) -> tuple[Spec, tuple[Diagnostic, ...]]:
    """Read a spec as written, with the warnings about it.

    Raises:
        SpecError: the file can't be read, is not YAML, or its keys are not a spec's.
    """
    source = read_source(path.absolute(), name if name is not None else str(path))
    node, warnings = parse(source)
    loader = _Loader(source)
    spec = loader.spec(node)
    if spec is None or has_errors(loader.found):
        raise SpecError([*loader.found, *warnings])
    return spec, in_order([*loader.found, *warnings])


def project_root(path: Path) -> Path:
    """The folder that nothing leaves: the nearest one with a `.git`, else the spec's own."""
    folder = path.resolve().parent
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)


class _Loader:
    """Reads one file's nodes and collects what is wrong with them."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.found: list[Diagnostic] = []

    def spec(self, node: Node) -> Spec | None:
        """The spec, or None where so much is wrong that there is none."""
        if not isinstance(node, MapNode):
            self._report(
                "wrong-type",
                f"a spec must be a mapping, and this is {describe(node)}",
                node.place,
                hint="begin with `specfile: 1`, then `scenes:`",
            )
            return None
        self._known_keys(node, SPEC_KEYS, where="a spec")
        self._version(node)
        self._key_where_needed(node)
        block = self._block(node, path="", scene_fields=())
        return Spec(
            source=self.source,
            root=project_root(self.source.path),
            block=block,
            api=self._one_of(node, "api", ("v2",)),
            settings={entry.name: entry for entry in node if entry.name in API_FIELDS},
            variables=self._variables(node),
            data=self._scalar(node, "data"),
            key=self._scalar(node, "key"),
            output=self._output(node),
            sources={self.source.name: self.source},
        )

    def _version(self, node: MapNode) -> None:
        entry = node.get("specfile")
        if entry is None:
            self._report(
                "missing-version",
                "the language version is missing",
                self.source.start(),
                hint="add `specfile: 1` as the first line",
            )
        elif not isinstance(entry.value, ScalarNode) or entry.value.text != "1":
            self._report(
                "unknown-version",
                "this specfile understands language version 1 only",
                entry.value.place,
                path="specfile",
                hint="write `specfile: 1`, or install a newer specfile",
            )

    def _key_where_needed(self, node: MapNode) -> None:
        """Several videos are told apart by a key that the user chooses, since rows move."""
        several = _written(node, "data") or _written(node, "for")
        if several is not None and _written(node, "key") is None:
            self._report(
                "no-key",
                f"a spec with `{several.name}` makes more than one video, so it needs a `key`",
                several.key.span,
                path="key",
                hint='add `key: "{{ … }}"`, made of what tells the videos apart',
            )

    def _block(self, node: MapNode, path: str, scene_fields: Iterable[str]) -> Block:
        fields = {entry.name: entry for entry in node if entry.name in scene_fields}
        mistyped = path and any(entry.name not in (*SCENE_FIELDS, *BLOCK_KEYS) for entry in node)
        blocks = self._blocks(node, path, required=not fields and not mistyped)
        if fields and blocks and (content := [name for name in fields if name != "id"]):
            entry = fields[content[0]]
            self._report(
                "scene-and-group",
                f"a block with `scenes` can't also have `{entry.name}`",
                entry.key.span,
                path=path,
                hint="put what all its scenes share under `defaults`",
            )
        return Block(
            node=node,
            path=path,
            constants=self._constants(node),
            loop=self._loop(node, path),
            condition=self._scalar(node, "if", path),
            defaults=self._mapping(node, "defaults", path),
            blocks=blocks,
            fields=fields,
        )

    def _blocks(self, node: MapNode, path: str, *, required: bool) -> tuple[Block, ...]:
        entry = node.get("scenes")
        if entry is None:
            if required:
                what = f"{path} is empty" if path else "there are no scenes"
                self._report(
                    "no-scenes",
                    what,
                    node.place,
                    path=path or None,
                    hint="add `say: …` to it"
                    if path
                    else "add `scenes:` with a scene, such as `- say: Hello`",
                )
            return ()
        if not isinstance(entry.value, ListNode):
            self._report(
                "wrong-type",
                f"`scenes` must be a list, and this is {describe(entry.value)}",
                entry.value.place,
                path=_inside(path, "scenes"),
                hint="begin each scene with `- `",
            )
            return ()
        if not entry.value.items:
            self._report(
                "no-scenes",
                "`scenes` is empty; a video has 1 to 50 scenes",
                entry.key.span,
                path=_inside(path, "scenes"),
                hint="add a scene, such as `- say: Hello`",
            )
        within = _inside(path, "scenes")
        numbered = enumerate(entry.value.items)
        return tuple(
            block for i, item in numbered if (block := self._inner(item, f"{within}[{i}]")) is not None
        )

    def _inner(self, item: Node, path: str) -> Block | None:
        if not isinstance(item, MapNode):
            hint = (
                f"write `- say: {item.text}`"
                if isinstance(item, ScalarNode) and item.text
                else "write `- say: …`"
            )
            self._report(
                "wrong-type",
                f"a scene must be a mapping, and this is {describe(item)}",
                item.place,
                path=path,
                hint=hint,
            )
            return None
        self._known_keys(item, (*SCENE_FIELDS, *BLOCK_KEYS), where="a scene")
        return self._block(item, path, SCENE_FIELDS)

    def _constants(self, node: MapNode) -> tuple[Entry, ...]:
        entries = self._entries(node, "with")
        for entry in entries:
            self._usable_name(entry.name, entry.key.span)
        return entries

    def _loop(self, node: MapNode, path: str) -> Loop | None:
        scalar = self._scalar(node, "for", path)
        if scalar is None:
            return None
        match = _LOOP.fullmatch(scalar.text)
        if match is None:
            self._report(
                "bad-for",
                "`for` reads `name in list`, or `name, other in pairs`",
                scalar.span,
                path=_inside(path, "for"),
                hint="for example `for: feature in features`",
            )
            return None
        names = tuple(name.strip() for name in match["names"].split(","))
        for name in names:
            self._usable_name(name, scalar.span)
        return Loop(path=_inside(path, "for"), names=names, expression=match["expression"], node=scalar)

    def _variables(self, node: MapNode) -> tuple[Entry, ...]:
        entries = self._entries(node, "variables")
        for entry in entries:
            self._usable_name(entry.name, entry.key.span)
            if not isinstance(entry.value, MapNode):
                self._report(
                    "wrong-type",
                    f"variable `{entry.name}` is declared by a mapping",
                    entry.value.place,
                    path=f"variables.{entry.name}",
                    hint=f"{entry.name}: {{type: string}}",
                )
        return tuple(entry for entry in entries if isinstance(entry.value, MapNode))

    def _output(self, node: MapNode) -> Output:
        mapping = self._mapping(node, "output")
        if mapping is None:
            return Output()
        self._known_keys(mapping, OUTPUT_KEYS, where="`output`")
        return Output(
            dir=self._scalar(mapping, "dir", "output"),
            file=self._scalar(mapping, "file", "output"),
            format=self._one_of(mapping, "format", ("mp4",), "output"),
            lock=self._scalar(mapping, "lock", "output"),
        )

    def _known_keys(self, node: MapNode, known: Iterable[str], *, where: str) -> None:
        for entry in node:
            if entry.name not in known:
                hint = _INSTEAD.get(entry.name) or did_you_mean(entry.name, known)
                self._report("unknown-key", f"{where} has no `{entry.name}`", entry.key.span, hint=hint)

    def _one_of(
        self, node: MapNode, name: str, allowed: tuple[str, ...], within: str = ""
    ) -> ScalarNode | None:
        scalar = self._scalar(node, name, within)
        if scalar is not None and scalar.text not in allowed:
            values = " or ".join(f"`{one}`" for one in allowed)
            self._report(
                "not-allowed",
                f"`{name}` is `{scalar.text}`; this specfile knows {values}",
                scalar.span,
                path=_inside(within, name),
                hint=did_you_mean(scalar.text, allowed),
            )
        return scalar

    def _scalar(self, node: MapNode, name: str, within: str = "") -> ScalarNode | None:
        entry = _written(node, name)
        if entry is None:
            return None
        if not isinstance(entry.value, ScalarNode):
            self._report(
                "wrong-type",
                f"`{name}` is {describe(entry.value)}; it takes one value",
                entry.value.place,
                path=_inside(within, name),
                hint=f"write `{name}: …` on one line",
            )
            return None
        return entry.value

    def _mapping(self, node: MapNode, name: str, within: str = "") -> MapNode | None:
        entry = _written(node, name)
        if entry is None:
            return None
        if not isinstance(entry.value, MapNode):
            self._report(
                "wrong-type",
                f"`{name}` must be a mapping, and this is {describe(entry.value)}",
                entry.value.place,
                path=_inside(within, name),
                hint=f"write `{name}:` and its keys on lines of their own, indented",
            )
            return None
        return entry.value

    def _entries(self, node: MapNode, name: str) -> tuple[Entry, ...]:
        mapping = self._mapping(node, name)
        return mapping.entries if mapping is not None else ()

    def _usable_name(self, name: str, span: Span) -> None:
        if not name.isidentifier() or name in TEMPLATE_WORDS:
            word = re.sub(r"\W+", "_", name).strip("_")
            self._report(
                "bad-name",
                f"no template can spell the name `{name}`",
                span,
                hint=f"write `{word}`" if word.isidentifier() and word != name else _NAMES,
            )
        elif name in RESERVED:
            self._report(
                "reserved-name",
                f"`{name}` is a name that specfile itself gives a value",
                span,
                hint="choose another name",
            )

    def _report(
        self, code: str, message: str, span: Span, *, path: str | None = None, hint: str | None = None
    ) -> None:
        self.found.append(Diagnostic(code=code, message=message, span=span, path=path, hint=hint))


def _written(node: MapNode, name: str) -> Entry | None:
    """The entry of that name, unless its value is null."""
    entry = node.get(name)
    is_null = entry is not None and isinstance(entry.value, ScalarNode) and entry.value.kind == "null"
    return None if is_null else entry


def _inside(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
