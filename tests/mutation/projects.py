"""The valid projects that are mutated: those beside this file, and every example."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent / "specs"
_EXAMPLES: Final = Path(__file__).parents[2] / "specs-examples"
_OTHER_FILE: Final = re.compile(r"^[\s-]*(?:use|extends): *(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Project:
    """A spec in a folder of its own, with all its files. Mutated in place and put back."""

    name: str
    folder: Path
    spec: Path


def copies(folder: Path) -> Iterator[Project]:
    """Every project, copied below `folder`, each the root of its own files."""
    for spec in sorted(_HERE.glob("*/spec.yaml")):
        yield _copied(spec.parent, folder / spec.parent.name, "spec.yaml", spec.parent.name)
    for spec in sorted(_EXAMPLES.rglob("*.yaml")):
        if spec.resolve() not in _parts():
            name = spec.relative_to(_EXAMPLES).as_posix()
            target = folder / "examples" / name.replace("/", "-").removesuffix(".yaml")
            yield _copied(_EXAMPLES, target, name, f"examples/{name}")


def _parts() -> frozenset[Path]:
    """The examples that are a part of another one: files that are used or extended."""
    named = (
        spec.parent / match[1]
        for spec in _EXAMPLES.rglob("*.yaml")
        for match in re.finditer(
            r"^[\s-]*(?:use|extends): *(\S+)", spec.read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    return frozenset(path.resolve() for path in named)


def _copied(source: Path, target: Path, spec: str, name: str) -> Project:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("videos", ".specfile"))
    (target / ".git").mkdir(exist_ok=True)
    return Project(name, target.resolve(), target.resolve() / spec)
