"""`specfile lock`: looking after the lock itself."""

from __future__ import annotations

from pathlib import Path

import click

from specfile.cli import options
from specfile.cli.checked import checked
from specfile.cli.messages import say
from specfile.errors import UsageError
from specfile.jobs import Pin, pin_voices
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
    data: str | None,
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


@command.command("pin")
@options.specs_argument
@options.input_options
@options.local_option
@click.option("--refresh", is_flag=True, help="Ask again for what is pinned, and say what changed.")
def pin(
    *,
    specs: tuple[Path, ...],
    pairs: tuple[str, ...],
    vars_file: Path | None,
    data: str | None,
    local: bool,
    refresh: bool,
) -> None:
    """Look up the default voices that specs ask for, and keep them in the lock.

    A pinned voice is used for good: another default at the service renders nothing anew. `build` pins what is
    missing by itself.
    """
    values = options.variables(pairs, vars_file)
    videos_of = checked(specs, values, data, local=local, strict=False, is_plan=True)
    for loaded, videos in videos_of.values():
        pins = pin_voices(
            loaded,
            videos,
            local=local,
            refresh=refresh,
            on_notice=lambda notice: say(f"the service says: {notice.text}"),
        )
        lock = loaded.lock_path(local=local).name
        for one in pins:
            say(f"{lock}: {_pinned(one)}")
        if not pins:
            say(f"{lock}: no scene asks for a default voice")


def _pinned(pin: Pin) -> str:
    voice = f"the default voice of `{pin.avatar}`"
    if pin.before is None:
        return f"{voice} is {pin.voice}"
    if pin.before == pin.voice:
        return f"{voice} stays {pin.voice}"
    return f"{voice} was {pin.before} and is now {pin.voice}: the next build renders its films anew"


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
