"""`specfile lock`: looking after the lock itself."""

from __future__ import annotations

from pathlib import Path

import click

from specfile.cli import options
from specfile.cli.checked import checked
from specfile.cli.exits import DONE, LOCK_DAMAGED
from specfile.cli.messages import Notices, say
from specfile.errors import UsageError
from specfile.report.inspection import inspection_lines
from specfile.report.words import count
from specfile.runner import State, own_lock, repair_lock
from specfile.upkeep import adopt, inspected
from specfile.voices import Pin, pin_voices


@click.group("lock")
def command() -> None:
    """Look after the lock, the record of what was paid for."""


@command.command("check")
@options.specs_argument
@options.input_options
@options.local_option
@click.option("--verify", is_flag=True, help="Read every film, rather than look at its size only.")
@options.color_option
def check(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    local: bool,
    verify: bool,
) -> int:
    """Look through locks, and say what is in them. Asks nobody, and changes nothing.

    Ends with 5 where one is damaged. What merges, crashes and other machines left is only told, and so is
    what became of the files.
    """
    code = DONE
    for spec in specs:
        loaded = inputs.load(spec)
        lock = loaded.lock_path(local=local)
        if not lock.exists():
            click.echo(f"{lock.name}: not there yet; the first build makes it")
            continue
        found = inspected(loaded, local=local, verify=verify)
        for line in inspection_lines(lock.name, found):
            click.echo(line)
        code = code if found.is_sound else LOCK_DAMAGED
    return code


@command.command("adopt")
@click.argument("spec", type=click.Path(path_type=Path))
@click.argument("video_id")
@click.argument("key")
@options.input_options
@options.local_option
@options.lock_timeout_option
def adopt_video(
    *,
    spec: Path,
    video_id: str,
    key: str,
    inputs: options.Inputs,
    local: bool,
    lock_timeout: float,
) -> None:
    """Record a video that exists at the service as the one of a key.

    The service is asked for it first. What is finished is downloaded by the next build, what is still
    rendering is followed by it. That the video shows what the spec says now is for you to know.
    """
    loaded = inputs.load(spec)
    entry = adopt(
        loaded,
        video_id,
        key,
        local=local,
        lock_timeout=lock_timeout,
        on_wait=say,
        on_notice=Notices(),
    )
    what = "downloads it" if entry.state is State.COMPLETED else "follows it"
    say(f"{loaded.lock_path(local=local).name}: {video_id} is the video of `{key}`; the next build {what}")


@command.command("repair")
@options.specs_argument
@options.input_options
@options.local_option
@options.color_option
def repair(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    local: bool,
) -> None:
    """Rewrite a damaged lock from every line that can be read.

    What an unreadable line knew is gone; `specfile build --recover` finds such videos at the service again,
    before anything is paid a second time.
    """
    for spec in specs:
        loaded = inputs.load(spec)
        _repair(loaded.lock_path(local=local), loaded.state_folder)


@command.command("pin")
@options.specs_argument
@options.input_options
@options.local_option
@click.option("--refresh", is_flag=True, help="Ask again for what is pinned, and say what changed.")
@options.color_option
def pin(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    local: bool,
    refresh: bool,
) -> None:
    """Look up the default voices that specs ask for, and keep them in the lock.

    A pinned voice is used for good: another default at the service renders nothing anew. `build` pins what is
    missing by itself.
    """
    videos_of = checked(specs, inputs, local=local, strict=False, is_plan=True)
    notices = Notices()
    for loaded, videos in videos_of.values():
        pins = pin_voices(
            loaded,
            videos,
            local=local,
            refresh=refresh,
            on_notice=notices,
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
