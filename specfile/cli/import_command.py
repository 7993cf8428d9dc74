"""`specfile import`: a spec from an existing request."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from specfile.cli.exits import DONE, SPEC_WRONG
from specfile.cli.messages import say, show_diagnostics
from specfile.diagnostics import SpecError
from specfile.errors import UsageError

if TYPE_CHECKING:
    from specfile.importing import Imported

_OTHER_NAME = "choose another name behind -o"


@click.command("import")
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="SPEC", help="Write to a new file.")
def command(*, file: str, output: Path | None) -> int:
    """Turn an existing API request into a spec.

    FILE holds the JSON body of a request, or a whole curl command; - reads it from stdin. Headers and keys
    are never kept. What the service would read otherwise or ignore is named.
    """
    if output is not None and output.exists():
        message = f"{output} exists already; nothing was written"
        raise UsageError(message, hint=_OTHER_NAME)
    excerpts: dict[str, str] = {}
    try:
        imported = _imported(file, excerpts)
    except SpecError as error:
        show_diagnostics(error.diagnostics, excerpts.get)
        return SPEC_WRONG
    if imported.diagnostics:
        show_diagnostics(imported.diagnostics, excerpts.get)
    if output is None:
        click.echo(imported.spec, nl=False)
    else:
        _write(output, imported.spec)
        say(f"wrote {output}\n\nNext: specfile check {output}")
    return DONE


def _imported(file: str, excerpts: dict[str, str]) -> Imported:
    """The spec. `excerpts` gets what messages may show of the request: never a header or a key."""
    from specfile.importing import import_request  # noqa: PLC0415 - needs the compiler's rooms
    from specfile.language import read_source  # noqa: PLC0415

    if file == "-":
        return import_request(_stdin(), "<stdin>", excerpts.__setitem__)
    return import_request(read_source(Path(file)).text, file, excerpts.__setitem__)


def _stdin() -> str:
    if sys.stdin.isatty():
        say("Paste a request, JSON or a curl command, then press Ctrl-D.")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "what stands on stdin is not UTF-8 text"
        raise UsageError(message, hint="save it as UTF-8") from error


def _write(path: Path, text: str) -> None:
    """Write a new file, whole or not at all.

    Raises:
        UsageError: it can't be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        message = f"{path} can't be written: {error.strerror}"
        raise UsageError(message, hint=_OTHER_NAME) from error
