"""A spec as written. Templates are unevaluated here: nothing of this type can reach the service.

The spec itself, a group and a scene are one thing, a `Block`: it may bind, repeat and filter, and it holds
scene fields or further blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from specfile.diagnostics import Span
from specfile.film import FILM_SETTINGS, METADATA_FIELDS
from specfile.language.nodes import Entry, MapNode, Node, ScalarNode
from specfile.language.source import SourceFile

SCENE_PARTS = ("character", "voice", "background", "text")
"""The parts of a scene, under the API's own names."""

SHORTHANDS = ("say", "silence", "audio", "avatar", "photo")
"""Scene keys that stand for a part or for fields of one; `voice`, `background` and `text` may be either."""

SCENE_FIELDS = ("id", "split", *SCENE_PARTS, *SHORTHANDS)
"""What a scene may hold besides the keys of every block."""

DEFAULTS_KEYS = (*SCENE_PARTS, *SHORTHANDS)
"""What `defaults` may hold."""

BLOCK_KEYS = ("variables", "with", "for", "if", "defaults", "scenes", "use")
"""What every block may hold. `scenes` and `use` exclude each other, and a scene's fields."""

API_FIELDS = (*METADATA_FIELDS, *FILM_SETTINGS)
"""Top-level keys that carry the API's own names."""

SPEC_KEYS = ("specfile", "api", "extends", "data", "key", "output", *API_FIELDS, *BLOCK_KEYS)
"""What a spec may hold at its top level."""

USED_KEYS = ("specfile", *BLOCK_KEYS)
"""What a file of scenes to use may hold at its top level."""

BUILT_IN = "specfile:"
"""Begins the name of a scene that comes with specfile, where `use` takes a file."""

SQLITE = "sqlite:"
"""Begins the path of a database, where `data` takes a file; its name may end as it likes."""

RESERVED = frozenset({"loop", "key", "row"})
"""Names that specfile itself gives a value: no variable, constant, loop or column may be called so."""

TEMPLATE_WORDS = frozenset(
    {"and", "else", "false", "if", "in", "is", "none", "not", "or", "self", "true", "False", "None", "True"}
)
"""Words that mean something else in a template, so that nothing can be called so."""

OUTPUT_KEYS = ("dir", "file", "format", "webm_body", "lock")

DATA_FORMATS = ("csv", "tsv", "json", "jsonl", "yaml", "xlsx", "parquet", "sqlite")
"""What rows are read from."""

DATA_OPTIONS = ("query", "format", "sheet", "encoding", "delimiter")
"""What `data` may hold besides `from`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """`for: name, other in expression`. `path` is its place in the spec's own terms."""

    path: str
    names: tuple[str, ...]
    expression: str
    node: ScalarNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One mapping that binds, repeats, filters, and holds a scene, blocks or a file of scenes.

    `path` is its place in the terms of the file that holds it. Exactly one of `fields` (a scene), `blocks`
    and `used` holds something, but for an `id`, which all may have. `variables` are the declarations of
    names that must come from outside, a mapping per name. `defaults` lie over each other, the first lowest.
    """

    node: MapNode
    path: str
    variables: tuple[Entry, ...] = ()
    constants: tuple[Entry, ...] = ()
    loop: Loop | None = None
    condition: ScalarNode | None = None
    defaults: tuple[MapNode, ...] = ()
    blocks: tuple[Block, ...] = ()
    used: Used | None = None
    fields: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def is_scene(self) -> bool:
        """Whether it is a scene itself: an `id` alone makes none of a group or a `use`."""
        return bool(self.fields) and not self.blocks and self.used is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A file of scenes to use: where `use` names it, and what it holds.

    Its templates see only its own variables, which `with` beside the `use` fills, and its own constants.
    """

    node: ScalarNode
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where finished files and the lock go; each value as written, or None where it is left out.

    `webm_body` is in which of two forms the older API is asked for a transparent film.
    """

    dir: ScalarNode | None = None
    file: ScalarNode | None = None
    format: ScalarNode | None = None
    webm_body: ScalarNode | None = None
    lock: ScalarNode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Where the rows come from: a path or an address, and how to read what is there.

    `options` are those of `DATA_OPTIONS` that are written.
    """

    source: ScalarNode
    options: Mapping[str, ScalarNode] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        """Where the path or address is written."""
        return self.source.span


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A whole spec as written.

    `sources` maps the names that spans carry to the files they name. `root` is the folder that nothing
    leaves. `settings` are the top-level API fields. `opened` tells for every other file where it is named
    first, and how that place is called.
    """

    source: SourceFile
    root: Path
    block: Block
    api: ScalarNode | None
    settings: Mapping[str, Entry]
    data: Data | None
    key: ScalarNode | None
    output: Output
    sources: Mapping[str, SourceFile]
    opened: Mapping[str, tuple[Span, str]]

    @property
    def stem(self) -> str:
        """The file's name without its extension: the key of a lone video, and the lock's name."""
        return self.source.path.stem

    @property
    def folder(self) -> Path:
        """The folder the spec lies in."""
        return self.source.path.parent

    def blocks(self) -> Iterator[Block]:
        """Every block, those of used files once each however often they are used."""
        waiting, seen = [self.block], set[int]()
        while waiting:
            block = waiting.pop()
            if id(block) in seen:
                continue
            seen.add(id(block))
            yield block
            waiting += [*([block.used.block] if block.used else []), *reversed(block.blocks)]

    def folder_of(self, node: Node) -> Path:
        """The folder of the file that a node is written in: what relative paths in it begin at."""
        return self.sources[node.span.file].path.parent
