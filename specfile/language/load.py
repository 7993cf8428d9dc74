"""From a file to a spec as written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from specfile.diagnostics import Diagnostic, SpecError, has_errors, in_order
from specfile.language.block_reader import BlockReader
from specfile.language.blocks import (
    API_FIELDS,
    DATA_FORMATS,
    DATA_OPTIONS,
    OUTPUT_KEYS,
    SPEC_KEYS,
    Data,
    Output,
    Spec,
)
from specfile.language.extend import Extended, extended
from specfile.language.ignores import apply_ignores
from specfile.language.keys import Keys, is_meant, written
from specfile.language.library import Library, with_way
from specfile.language.nodes import ListNode, MapNode, Node, ScalarNode, describe
from specfile.language.parse import parse
from specfile.language.source import SourceFile, read_source
from specfile.language.version import other_version

_DATA_KEYS = ("from", *DATA_OPTIONS)


def load_spec(path: Path, name: str | None = None) -> tuple[Spec, tuple[Diagnostic, ...]]:
    """Read a spec as written, with the warnings about it, and every file that it extends or uses.

    Raises:
        SpecError: a file can't be read, is not YAML, or its keys are not a spec's.
    """
    source = read_source(path.absolute(), name if name is not None else str(path))
    node, warnings = parse(source)
    if not isinstance(node, MapNode):
        raise SpecError([_no_mapping(node)])
    found: list[Diagnostic] = list(warnings)
    library = Library(source)
    spec = _spec(node, source, Keys(found), library)
    found.extend(library.warnings)
    placed = [with_way(one, library.opened) for one in found]
    if has_errors(placed):
        raise SpecError(apply_ignores(placed, library.sources))
    return spec, in_order(placed)


def _spec(node: MapNode, source: SourceFile, keys: Keys, library: Library) -> Spec:
    whole = _with_base(node, keys, library)
    _version(whole.node, source, keys)
    keys.known(whole.node, SPEC_KEYS, where="a spec")
    if whole.is_whole:
        _key_where_needed(whole.node, keys)
    reader = BlockReader(keys, library)
    block = reader.block(whole.node, "", defaults=whole.defaults, is_whole=whole.is_whole)
    return Spec(
        source=source,
        root=library.root,
        block=block,
        api=keys.one_of(whole.node, "api", ("v2", "v3")),
        settings={entry.name: entry for entry in whole.node if entry.name in API_FIELDS},
        data=_data(whole.node, keys),
        key=keys.scalar(whole.node, "key"),
        output=_output(whole.node, keys),
        sources=library.sources,
        opened=library.opened,
    )


def _with_base(node: MapNode, keys: Keys, library: Library) -> Extended:
    try:
        return extended(node, keys, library)
    except SpecError as error:
        keys.found.extend(error.diagnostics)
        own = node.get("defaults")
        defaults = (own.value,) if own and isinstance(own.value, MapNode) else ()
        return Extended(node, defaults, is_whole=False)


def _version(node: MapNode, source: SourceFile, keys: Keys) -> None:
    entry = node.get("specfile")
    if entry is None and is_meant("specfile", node, SPEC_KEYS):
        return
    if entry is None:
        keys.report(
            "missing-version",
            "`specfile`, the language version, is missing",
            source.start(),
            hint="add `specfile: 1` as the first line",
        )
    elif (other := other_version(node)) is not None:
        keys.found.append(other)


def _key_where_needed(node: MapNode, keys: Keys) -> None:
    """Several videos are told apart by a key that the user chooses, since rows move."""
    several = written(node, "data") or written(node, "for")
    if several is not None and written(node, "key") is None and not is_meant("key", node, SPEC_KEYS):
        keys.report(
            "no-key",
            f"a spec with `{several.name}` makes more than one video, so it needs a `key`",
            (node.get("key") or several).key.span,
            path="key",
            hint='add `key: "{{ … }}"`, made of what tells the videos apart',
        )


def _output(node: MapNode, keys: Keys) -> Output:
    mapping = keys.mapping(node, "output")
    if mapping is None:
        return Output()
    keys.known(mapping, OUTPUT_KEYS, where="`output`")
    return Output(
        dir=keys.scalar(mapping, "dir", "output"),
        file=keys.scalar(mapping, "file", "output"),
        format=keys.one_of(mapping, "format", ("mp4", "webm"), "output"),
        webm_body=keys.one_of(mapping, "webm_body", ("flat", "scenes"), "output"),
        lock=keys.scalar(mapping, "lock", "output"),
    )


def _data(node: MapNode, keys: Keys) -> Data | None:
    """`data` as a path or an address, or as a mapping that says `from` where and how."""
    entry = written(node, "data")
    if entry is None or isinstance(entry.value, ListNode):
        return _data_from(keys.scalar(node, "data"))
    if isinstance(entry.value, ScalarNode):
        return _data_from(entry.value)
    mapping = entry.value
    if not _cut_query(mapping, keys):
        keys.known(mapping, _DATA_KEYS, where="`data`")
    options = {name: keys.scalar(mapping, name, "data") for name in DATA_OPTIONS if name != "format"}
    options["format"] = keys.one_of(mapping, "format", DATA_FORMATS, "data")
    source = keys.scalar(mapping, "from", "data")
    if written(mapping, "from") is None and not is_meant("from", mapping, _DATA_KEYS):
        keys.report(
            "missing-key",
            "`data` doesn't say which file the rows come from",
            entry.key.span,
            path="data.from",
            hint="add `from: customers.csv`",
        )
    return _data_from(source, {name: one for name, one in options.items() if one is not None})


def _cut_query(mapping: MapNode, keys: Keys) -> bool:
    """Whether a query was cut at its commas, as YAML does between braces; it is reported."""
    query = mapping.get("query")
    rest = [one for one in mapping if one.name not in _DATA_KEYS and _is_null(one.value)]
    if query is None or not isinstance(query.value, ScalarNode) or not rest:
        return False
    whole = ", ".join([query.value.text, *(one.name for one in rest)])
    keys.report(
        "unknown-key",
        "this is no key of `data`, but the rest of the query",
        rest[0].key.span,
        path="data.query",
        hint=f'put the query in quotes: `query: "{whole}"`',
    )
    return True


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.kind == "null"


def _data_from(source: ScalarNode | None, options: Mapping[str, ScalarNode] | None = None) -> Data | None:
    return Data(source=source, options=options or {}) if source is not None else None


def _no_mapping(node: Node) -> Diagnostic:
    return Diagnostic(
        code="wrong-type",
        message=f"a spec must be a mapping, and this is {describe(node)}",
        span=node.place,
        hint="begin with `specfile: 1`, then `scenes:`",
    )
