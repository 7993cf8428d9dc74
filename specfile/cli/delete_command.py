"""`specfile delete`: take videos out of the lock, and if asked for delete their files and themselves."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from specfile.cli import options
from specfile.cli.exits import DONE, SOME_FAILED
from specfile.cli.messages import Notices, say
from specfile.cli.terminal import stderr, stdout
from specfile.errors import UsageError
from specfile.report.deletion import deletion_view, result_view
from specfile.runner.upkeep.deleting import DeletionResult
from specfile.upkeep import open_deletion


@click.command("delete")
@click.argument("spec", type=click.Path(path_type=Path))
@click.argument("keys", nargs=-1, metavar="[KEY]…")
@options.input_options
@options.local_option
@click.option("--orphaned", is_flag=True, help="Every video whose key the data no longer has.")
@click.option("--files", is_flag=True, help="Delete their files here too.")
@click.option("--remote", is_flag=True, help="Delete them at the service too, unless another line uses them.")
@click.option("--dry-run", is_flag=True, help="Only show what would be deleted.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask before deleting.")
@options.lock_timeout_option
@click.option("--quiet", "-q", is_flag=True, help="Only what went wrong.")
@options.color_option
def command(
    *,
    spec: Path,
    keys: tuple[str, ...],
    inputs: options.Inputs,
    local: bool,
    orphaned: bool,
    files: bool,
    remote: bool,
    dry_run: bool,
    yes: bool,
    lock_timeout: float,
    quiet: bool,
) -> int:
    """Delete videos from the lock by their keys, which are taken literally; @FILE reads them, one a line.

    The lock forgets them; with --files and --remote so do this machine and the service. The line goes last:
    cut short, the same command goes on. A row that comes back is rendered, and paid for, anew.
    """
    chosen = options.chosen(keys)
    meant = dict.fromkeys((*chosen["only"], *sorted(chosen["keys"])))
    if not meant and not orphaned:
        message = "no key is named"
        raise UsageError(message, hint="name keys after the spec, or give --orphaned")
    loaded = inputs.load(spec)
    with open_deletion(
        loaded,
        meant,
        orphaned=orphaned,
        files=files,
        remote=remote,
        local=local,
        lock_timeout=lock_timeout,
        on_wait=say,
    ) as deletion:
        if not deletion.doomed:
            say(f"{spec}: nothing is orphaned")
            return DONE
        title = f"{spec} at {deletion.connection.service}"
        view = deletion_view(title, deletion.doomed, deletion.erasure, folder=deletion.lockfile.folder)
        if dry_run:
            stdout().print(view)
            return DONE
        if not _agreed(view, ask=not (local or yes), quiet=quiet):
            say("nothing was deleted")
            return DONE
        result = deletion.carry_out(Notices())
    return _ended(result, quiet=quiet)


def _agreed(view: object, *, ask: bool, quiet: bool) -> bool:
    """Show what is to be deleted, and on a terminal ask."""
    must_ask = ask and sys.stdin.isatty()
    if must_ask and not sys.stderr.isatty():
        message = "there is nowhere to ask before deleting"
        raise UsageError(message, hint="add --yes to go ahead without being asked")
    if must_ask or not quiet:
        stderr().print(view)
    return not must_ask or click.confirm("Delete?", err=True)


def _ended(result: DeletionResult, *, quiet: bool) -> int:
    """Show what a deletion came to; gives its exit code.

    Raises:
        SpecfileError: what ended it early.
    """
    if not quiet or result.kept:
        stderr().print(result_view(result))
    if result.stopped is not None:
        raise result.stopped
    return SOME_FAILED if result.kept else DONE
