"""A spec as written. Templates are unevaluated here: nothing of this type can reach the service.

The spec itself, a group and a scene are one thing, a `Block`: it may bind, repeat and filter, and it holds
scene fields or further blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from specfile.film import FILM_SETTINGS, METADATA_FIELDS
from specfile.language.nodes import Entry, MapNode, ScalarNode
from specfile.language.source import SourceFile

SCENE_PARTS = ("character", "voice", "background", "text")
"""The parts of a scene, under the API's own names."""

SHORTHANDS = ("say", "silence", "audio", "avatar", "photo")
"""Scene keys that stand for a part or for fields of one; `voice`, `background` and `text` may be either."""

SCENE_FIELDS = ("id", *SCENE_PARTS, *SHORTHANDS)
"""What a scene may hold besides the keys of every block."""

BLOCK_KEYS = ("with", "for", "if", "defaults", "scenes")
"""What every block may hold."""

API_FIELDS = (*METADATA_FIELDS, *FILM_SETTINGS)
"""Top-level keys that carry the API's own names."""

SPEC_KEYS = ("specfile", "api", "variables", "data", "key", "output", *API_FIELDS, *BLOCK_KEYS)
"""What a spec may hold at its top level."""

RESERVED = frozenset({"loop", "key", "row"})
"""Names that specfile itself gives a value: no variable, constant, loop or column may be called so."""

TEMPLATE_WORDS = frozenset(
    {"and", "else", "false", "if", "in", "is", "none", "not", "or", "self", "true", "False", "None", "True"}
)
"""Words that mean something else in a template, so that nothing can be called so."""

OUTPUT_KEYS = ("dir", "file", "format", "lock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """`for: name, other in expression`. `path` is its place in the spec's own terms."""

    path: str
    names: tuple[str, ...]
    expression: str
    node: ScalarNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One mapping that binds, repeats, filters, and holds a scene or blocks.

    `path` is its place in the spec's own terms. Exactly one of `fields` (a scene) and `blocks` holds
    something.
    """

    node: MapNode
    path: str
    constants: tuple[Entry, ...] = ()
    loop: Loop | None = None
    condition: ScalarNode | None = None
    defaults: MapNode | None = None
    blocks: tuple[Block, ...] = ()
    fields: Mapping[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where finished files and the lock go; each value as written, or None where it is left out."""

    dir: ScalarNode | None = None
    file: ScalarNode | None = None
    format: ScalarNode | None = None
    lock: ScalarNode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A whole spec as written.

    `sources` maps the names that spans carry to the files they name. `root` is the folder that nothing
    leaves. `settings` are the top-level API fields. `variables` are the declarations, a mapping per name.
    """

    source: SourceFile
    root: Path
    block: Block
    api: ScalarNode | None
    settings: Mapping[str, Entry]
    variables: tuple[Entry, ...]
    data: ScalarNode | None
    key: ScalarNode | None
    output: Output
    sources: Mapping[str, SourceFile]

    @property
    def stem(self) -> str:
        """The file's name without its extension: the key of a lone video, and the lock's name."""
        return self.source.path.stem

    @property
    def folder(self) -> Path:
        """The folder the spec lies in."""
        return self.source.path.parent
