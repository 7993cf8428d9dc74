"""Reads the keys of mappings, each as the kind it must be, and collects what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from specfile.diagnostics import Diagnostic, Span
from specfile.diagnostics.suggest import did_you_mean, nearest
from specfile.language.blocks import DEFAULTS_KEYS, RESERVED, TEMPLATE_WORDS
from specfile.language.nodes import Entry, MapNode, ScalarNode, describe

_NAMES = "choose a name of letters, digits and _ that means nothing else in a template"
_INSTEAD = {
    "video_inputs": "put the same list under `scenes`",
    "aspect_ratio": "the service ignores it; write `dimension: 1080p`, `vertical`, `square` or WxH",
    "template": "write templates inside values, with `{{ … }}`",
    "version": "write `specfile: 1`",
    "pause": "write `silence: 1.5` for a scene, or `{{ pause(1.5) }}` within a text",
    "avatar_id": "write `avatar: ID`",
    "voice_id": "write `voice: ID`",
    "input_text": "write `say: …`",
    "script": "write `say: …`",
    "avatar_style": "put it under `character`: `character: {avatar_style: circle}`",
    "scale": "put it under `character`: `character: {scale: 1.2}`",
    "offset": "put it under `character`: `character: {offset: {x: 0.3, y: 0}}`",
    "speed": "put it under `voice`: `voice: {voice_id: …, speed: 1.1}`",
    "emotion": "put it under `voice`: `voice: {voice_id: …, emotion: Friendly}`",
    "position": "put it under `text`: `text: {text: …, position: {x: 0, y: 0.3}}`",
    "include": "write `use: FILE` for a file of scenes, `extends: FILE` at the top for shared settings",
}
"""What people type out of habit, and what to type here."""


class Keys:
    """Reads keys; what is wrong with them is in `found`."""

    def __init__(self, found: list[Diagnostic]) -> None:
        self.found = found

    def known(self, node: MapNode, known: Iterable[str], *, where: str) -> None:
        """Report the keys that are not among `known`."""
        known = tuple(known)
        for entry in node:
            if entry.name not in known:
                hint = _INSTEAD.get(entry.name) or did_you_mean(entry.name, known)
                if entry.name in DEFAULTS_KEYS:  # known, though not here
                    hint = f"put it in a scene, or under `defaults` for all scenes: `{entry.name}: …`"
                elif entry.name == "scenes":
                    hint = "take it out of the mapping it is in, one level to the left"
                self.report("unknown-key", f"{where} has no `{entry.name}`", entry.key.span, hint=hint)

    def defaults(self, node: MapNode, within: str = "") -> tuple[MapNode, ...]:
        """The `defaults` of a block, where it has some."""
        mapping = self.mapping(node, "defaults", within)
        if mapping is None:
            return ()
        self.known(mapping, DEFAULTS_KEYS, where="`defaults`")
        return (mapping,)

    def one_of(
        self, node: MapNode, name: str, allowed: tuple[str, ...], within: str = ""
    ) -> ScalarNode | None:
        """The value of a key that takes one of a few words; None where it is left out or null."""
        scalar = self.scalar(node, name, within)
        if scalar is not None and scalar.text not in allowed:
            values = " or ".join(f"`{one}`" for one in allowed)
            self.report(
                "not-allowed",
                f"`{name}` is `{scalar.text}`; this specfile knows {values}",
                scalar.span,
                path=inside(within, name),
                hint=did_you_mean(scalar.text, allowed),
            )
        return scalar

    def scalar(self, node: MapNode, name: str, within: str = "") -> ScalarNode | None:
        """The value of a key that takes one value; None where it is left out or null."""
        entry = written(node, name)
        if entry is None:
            return None
        if not isinstance(entry.value, ScalarNode):
            self.report(
                "wrong-type",
                f"`{name}` is {describe(entry.value)}; it takes one value",
                entry.value.place,
                path=inside(within, name),
                hint=f"write `{name}: …` on one line",
            )
            return None
        return entry.value

    def mapping(self, node: MapNode, name: str, within: str = "") -> MapNode | None:
        """The value of a key that takes a mapping; None where it is left out or null."""
        entry = written(node, name)
        if entry is None:
            return None
        if not isinstance(entry.value, MapNode):
            self.report(
                "wrong-type",
                f"`{name}` must be a mapping, and this is {describe(entry.value)}",
                entry.value.place,
                path=inside(within, name),
                hint=f"write `{name}:` and its keys on lines of their own, indented",
            )
            return None
        return entry.value

    def entries(self, node: MapNode, name: str, within: str = "") -> tuple[Entry, ...]:
        """The entries of a mapping under a key."""
        mapping = self.mapping(node, name, within)
        return mapping.entries if mapping is not None else ()

    def usable_name(self, name: str, span: Span) -> None:
        """Report a name that no template could use."""
        if not name.isidentifier() or name in TEMPLATE_WORDS:
            word = re.sub(r"\W+", "_", name).strip("_")
            self.report(
                "bad-name",
                f"no template can spell the name `{name}`",
                span,
                hint=f"write `{word}`" if word.isidentifier() and word != name else _NAMES,
            )
        elif name in RESERVED:
            self.report(
                "reserved-name",
                f"`{name}` is a name that specfile itself gives a value",
                span,
                hint="choose another name",
            )

    def report(
        self, code: str, message: str, span: Span, *, path: str | None = None, hint: str | None = None
    ) -> None:
        """Note an error."""
        self.found.append(Diagnostic(code=code, message=message, span=span, path=path, hint=hint))


def written(node: MapNode, name: str) -> Entry | None:
    """The entry of that name, unless its value is null."""
    entry = node.get(name)
    is_null = entry is not None and isinstance(entry.value, ScalarNode) and entry.value.kind == "null"
    return None if is_null else entry


def is_meant(name: str, node: MapNode, known: Iterable[str]) -> bool:
    """Whether a mistyped key of a mapping, which is reported as such, is perhaps this one."""
    known = tuple(known)
    return any(entry.name not in known and nearest(entry.name, known) == name for entry in node)


def inside(path: str, name: str) -> str:
    """The path of a key of the mapping at `path`."""
    return f"{path}.{name}" if path else name
