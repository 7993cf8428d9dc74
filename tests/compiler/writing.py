"""Many ways to write one and the same spec."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

Json = Any

NUMBERS: Final[tuple[Callable[[float], str], ...]] = (
    repr,
    lambda number: repr(float(number)),
    lambda number: f"{number!r}e0",
    lambda number: f"{round(number * 1000)}e-3",
    lambda number: f'"{{{{ {number!r} }}}}"',
    lambda number: f'"{{{{ {number!r} * 1 }}}}"',
)
"""Spellings of a number of at most three decimals."""


@dataclass
class Writer:
    """Writes values as YAML, making every choice that a writer has at random.

    `indent` is the width of a step. `flow` is the share of lists and mappings written on one line. `shares`
    says that what comes again is an alias. `spells` says that numbers are spelt in any way.
    """

    random: Random
    indent: int = 2
    flow: float = 0.3
    shares: bool = False
    spells: bool = False
    _anchors: dict[str, str] = field(default_factory=dict)

    def document(self, value: dict[str, Json]) -> str:
        """A whole file; its version is never spelt otherwise."""
        rest = "".join(self._entry(name, item, 0) for name, item in value.items() if name != "specfile")
        head = "specfile: 1\n" if "specfile" in value else ""
        return head + rest

    def _entry(self, name: str, value: Json, depth: int) -> str:
        margin = " " * (self.indent * depth)
        remark = self.random.choice(("", "", f"{margin}# a remark\n", "\n"))
        return f"{remark}{margin}{self._name(name)}:{self._behind(value, depth)}"

    def _behind(self, value: Json, depth: int) -> str:
        """A value behind a colon or a dash, up to the end of its last line."""
        known = self._anchors.get(json.dumps(value)) if self.shares else None
        if known is not None:
            return f" *{known}\n"
        anchor = self._anchored(value)
        if not isinstance(value, dict | list) or not value or self.random.random() < self.flow:
            return f"{anchor} {self._on_a_line(value)}\n"
        if isinstance(value, dict):
            return anchor + "\n" + "".join(self._entry(name, one, depth + 1) for name, one in value.items())
        margin = " " * (self.indent * (depth + 1))
        return anchor + "\n" + "".join(f"{margin}-{self._behind(one, depth + 1)}" for one in value)

    def _anchored(self, value: Json) -> str:
        if not (self.shares and isinstance(value, dict) and value):
            return ""
        name = f"a{len(self._anchors)}"
        self._anchors[json.dumps(value)] = name
        return f" &{name}"

    def _on_a_line(self, value: Json) -> str:
        if isinstance(value, dict):
            return (
                "{"
                + ", ".join(f"{self._name(name)}: {self._on_a_line(one)}" for name, one in value.items())
                + "}"
            )
        if isinstance(value, list):
            return "[" + ", ".join(map(self._on_a_line, value)) + "]"
        if self.spells and isinstance(value, int | float) and not isinstance(value, bool):
            return self.random.choice(NUMBERS)(value)
        if (
            isinstance(value, str)
            and "\\" not in json.dumps(value, ensure_ascii=False)
            and self.random.random() < 0.3
        ):
            return "'" + value.replace("'", "''") + "'"
        return json.dumps(value, ensure_ascii=self.random.random() < 0.3)

    def _name(self, name: str) -> str:
        return self.random.choice((name, name, json.dumps(name)))


def laid_out(text: str, random: Random) -> bytes:
    """The bytes of a text, with line ends, a byte order mark and blank lines as they come."""
    content = text.encode()
    content = random.choice(
        (content, content.replace(b"\n", b"\r\n"), content.rstrip(b"\n"), content + b"\n\n")
    )
    content = random.choice((content, b"# yaml-language-server: $schema=x\n" + content, b"---\n" + content))
    return random.choice((content, b"\xef\xbb\xbf" + content))


def shuffled(value: Json, random: Random) -> Json:
    """The same with the keys of every mapping in another order."""
    if isinstance(value, dict):
        names = random.sample(list(value), len(value))
        return {name: shuffled(value[name], random) for name in names}
    return [shuffled(one, random) for one in value] if isinstance(value, list) else value


def split(spec: dict[str, Json], random: Random) -> dict[str, dict[str, Json]]:
    """The same spec over several files: what it extends, and scenes that it uses."""
    names = [name for name in spec if name not in ("specfile", "scenes")]
    base = random.sample(names, random.randint(0, min(2, len(names))))
    files = {"parts/base.yaml": {name: spec[name] for name in base}}
    own = {name: one for name, one in spec.items() if name not in base}
    if base:
        own["extends"] = "parts/base.yaml"
    scenes = list(spec["scenes"])
    start = random.randint(0, len(scenes) - 1)
    end = random.randint(start + 1, len(scenes))
    files["parts/scenes.yaml"] = {"scenes": scenes[start:end]}
    group = {"scenes": [{"use": "parts/scenes.yaml"}]}
    own["scenes"] = [*scenes[:start], random.choice(({"use": "parts/scenes.yaml"}, group)), *scenes[end:]]
    return {name: one for name, one in files.items() if one} | {"s.yaml": own}


def in_parts(scene: dict[str, Json]) -> dict[str, Json]:
    """A scene with its shorthands written as the parts that they stand for."""
    parts = {name: one for name, one in scene.items() if name not in ("say", "silence", "background", "text")}
    if "say" in scene:
        parts["voice"] = {"type": "text", "input_text": scene["say"], **scene.get("voice", {})}
    if "silence" in scene:
        parts["voice"] = {"type": "silence", "duration": scene["silence"]}
    if "background" in scene:
        colour = scene["background"].startswith("#")
        field_, kind = ("value", "color") if colour else ("url", "image")
        parts["background"] = {"type": kind, field_: scene["background"]}
    if "text" in scene:
        parts["text"] = {"type": "text", "text": scene["text"], "line_height": 1}
    return parts
