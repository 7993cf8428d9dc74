"""One input of the fuzz run: some files, and which of them to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SPEC: Final = "s.yaml"
ROWS: Final = "d.csv"
EXAMPLES: Final = Path(__file__).parents[2] / "specs-examples"


@dataclass(frozen=True)
class Case:
    """Files by name, checked as a spec from `SPEC` on; with `request`, a text that is imported instead."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    request: str | None = None


def spec(text: str | bytes, **more: str | bytes) -> Case:
    """A spec, and other files named by their path with `__` for `/` and `_` for `.`."""
    named = {name.replace("__", "/").replace("_", "."): content for name, content in more.items()}
    files = {SPEC: text, **named}
    return Case({name: one.encode() if isinstance(one, str) else one for name, one in files.items()})


def with_scenes(scenes: str, before: str = "") -> str:
    """A spec around the text of its scenes."""
    return f"specfile: 1\ndefaults: {{avatar: A, voice: V}}\n{before}scenes:\n{scenes}"
