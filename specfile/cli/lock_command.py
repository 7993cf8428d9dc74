"""`specfile lock`: looking after the lock itself."""

from __future__ import annotations

from pathlib import Path

import click

from specfile.cli import options
from specfile.cli.messages import say
from specfile.errors import UsageError
from specfile.loaded import LoadedSpec
from specfile.report.words import count
from specfile.runner import own_lock, repair_lock


@click.group("lock")
def command() -> None:
    """Look after the lock, the record of what was paid for."""


@command.command("repair")
@options.specs_argument
@options.input_options
@options.local_option
def repair(
    *,
    specs: tuple[Path, ...],
    pairs: tuple[str, ...],
    vars_file: Path | None,
    data: Path | None,
    local: bool,
) -> None:
    """Rewrite a damaged lock from every line that can be read.

    What an unreadable line knew is gone; `specfile build --recover` finds such videos at the service again,
    before anything is paid a second time.
    """
    values = options.variables(pairs, vars_file)
    for spec in specs:
        loaded = LoadedSpec.read(spec, variables=values, data=data)
        _repair(loaded.lock_path(local=local), loaded.state_folder)


def _repair(lock: Path, state: Path) -> None:
    if not lock.exists():
        message = f"there is no {lock}"
        raise UsageError(message, hint="a lock is made by the first build")
    with own_lock(lock, state=state):
        dropped = repair_lock(lock)
    if dropped:
        say(f"{lock}: {count(dropped, 'unreadable line')} dropped; build with --recover next")
    else:
        say(f"{lock}: every line can be read")
