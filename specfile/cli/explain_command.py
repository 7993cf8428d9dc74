"""`specfile explain`: what a code means, with an example and the fix; of the service's codes, what to do."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator

import click

from specfile.diagnostics.codes import codes, page
from specfile.diagnostics.suggest import nearest
from specfile.errors import UsageError
from specfile.heygen.service_codes import known_codes
from specfile.report.service_codes import code_page


@click.command("explain")
@click.argument("wanted", nargs=-1, metavar="[CODE]…")
def command(*, wanted: tuple[str, ...]) -> None:
    """Say what a code such as unknown-key means, with an example and the fix; without one, list all codes.

    The service's own codes, such as 401029 or insufficient_credit, are explained too.
    """
    for code in wanted:
        _must_be_known(code)
    if wanted:
        _show("\n".join(_text(code) for code in wanted))
    else:
        click.echo("\n".join(_listed()))


def _text(code: str) -> str:
    return page(code).text if code in codes() else code_page(code)


def _listed() -> Iterator[str]:
    """Every code with its summary, which a terminal shows in a column of its own."""
    margin = max(map(len, codes())) + 2
    width = shutil.get_terminal_size().columns - margin if sys.stdout.isatty() else 10_000
    for code in codes():
        lines = textwrap.wrap(page(code).summary, max(width, 40), break_on_hyphens=False)
        yield f"{code:<{margin}}" + f"\n{'':<{margin}}".join(lines)


def _must_be_known(code: str) -> None:
    if code in codes() or code in known_codes():
        return
    match = nearest(code, [*codes(), *known_codes()])
    hint = f"did you mean `{match}`?" if match else "`specfile explain` lists all codes"
    message = f"there is no code `{code}`"
    raise UsageError(message, hint=hint)


def _show(markdown: str) -> None:
    """Markdown as it is, or set for reading where a person looks on."""
    if not sys.stdout.isatty():
        click.echo(markdown, nl=False)
        return
    from rich.markdown import Markdown  # noqa: PLC0415 - takes a moment, and a pipe needs none of it

    from specfile.cli.terminal import stdout  # noqa: PLC0415

    console = stdout()
    console.print(Markdown(markdown, code_theme="ansi_dark"), width=min(console.width, 100))
