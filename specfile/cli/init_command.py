"""`specfile init`: a working project to start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from specfile.cli.messages import say
from specfile.errors import UsageError
from specfile.resources import resource

_TEMPLATES = ("starter",)
_SCHEMA = "storyboard.schema.json"


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--template", type=click.Choice(_TEMPLATES), default="starter", show_default=True)
def command(*, folder: Path, template: str) -> None:
    """Write a working project: a storyboard, its data, git and editor settings, CI workflows."""
    files = {folder / name: content for name, content in _files(template)}
    existing = [path for path in files if path.exists()]
    if existing:
        message = f"{existing[0]} exists already; nothing was written"
        raise UsageError(message, hint="name another folder: specfile init videos")
    for path, content in files.items():
        _write(path, content)
        say(f"wrote {path}")
    say(f"\nNext: specfile build --local {folder / 'welcome.yaml'}")


def _files(template: str) -> Iterator[tuple[Path, bytes]]:
    """The files of a template, under the names they get: `dot.gitignore` becomes `.gitignore`."""
    root = resource("templates", "projects", template)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            parts = (part.replace("dot.", ".", 1) for part in path.relative_to(root).parts)
            yield Path(*parts), path.read_bytes()
    yield Path(_SCHEMA), resource("schemas", "authoring.schema.json").read_bytes()


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        message = f"{path} can't be written: {error.strerror}"
        raise UsageError(message) from error
