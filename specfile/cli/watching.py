"""`specfile preview --watch`: what is said in the terminal while a page follows the files."""

from __future__ import annotations

import time
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path

from specfile.choice import Choice
from specfile.cli.exits import DONE, terminable
from specfile.cli.messages import say, show_diagnostics, show_error
from specfile.cli.options import Inputs
from specfile.diagnostics import SpecError
from specfile.errors import SpecfileError, UsageError
from specfile.watching import require_watching, watch


def require_one_page(specs: Sequence[Path], inputs: Inputs, others: Mapping[str, object]) -> None:
    """Refuse what a page that follows one spec has no use for; `others` are options by name.

    Raises:
        UsageError: there are several specs, or something is to be written.
    """
    if len(specs) > 1:
        message = f"--watch follows one spec, and here are {len(specs)}"
        raise UsageError(message, hint="run the command once for each spec, in a terminal of its own")
    written = [name for name, value in others.items() if value is not None]
    written += ["--bad-rows"] if inputs.bad_rows is not None else []
    if written:
        message = f"--watch serves a page and writes no file; it doesn't go with {' and '.join(written)}"
        raise UsageError(message, hint="run the command without --watch for the files")


def follow(
    spec: Path,
    inputs: Inputs,
    choice: Choice,
    *,
    most: int | None,
    port: int | None,
    online: bool,
    opens: bool,
    account: str | None,
    strict: bool,
    quiet: bool,
) -> int:
    """Serve the page until Ctrl-C; gives the exit code.

    Raises:
        MissingExtra: what is needed for it isn't installed.
        SpecError: the spec's file can't be read.
        UsageError: the port is in use.
    """
    require_watching()
    from specfile.watching.looking import Lookout  # noqa: PLC0415 - what it needs is in an extra

    lookout = Lookout(
        spec=spec.absolute(),
        others=frozenset([inputs.vars_file.absolute()] if inputs.vars_file is not None else []),
        load=lambda: inputs.anew().load(spec, account=account),
        choice=choice,
        most=most,
        strict=strict,
    )

    def announce(url: str) -> None:
        say(f"the page is at {url} (Ctrl-C stops it)")
        if opens:
            webbrowser.open(url)

    with terminable():
        watch(
            lookout,
            port=port,
            online=online,
            announce=announce,
            tell=_silent if quiet else _tell,
            warn=_tell,
            complain=_complain,
        )
    return DONE


def _tell(text: str) -> None:
    say(f"{time.strftime('%H:%M:%S')} {text}")


def _silent(text: str) -> None:
    """Say nothing."""


def _complain(error: SpecfileError) -> None:
    """Show an error with excerpts from the files as they are now."""
    from specfile.watching.page import read_anew  # noqa: PLC0415 - what it needs is in an extra

    if isinstance(error, SpecError):
        show_diagnostics(error.diagnostics, read_anew)
    else:
        show_error(error)
