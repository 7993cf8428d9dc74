"""`specfile emulator`: the service's API as a server on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from specfile.cli.messages import say
from specfile.emulator.settings import PLANS, EmulatorSettings


@click.command("emulator")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8899, show_default=True, help="0 takes a free one."
)
@click.option(
    "--plan", type=click.Choice(list(PLANS)), default="pro", show_default=True, help="The account's limits."
)
@click.option(
    "--speed",
    type=float,
    default=100.0,
    show_default=True,
    help="How many times faster than with the real service specfile's own builds may wait.",
)
@click.option(
    "--state", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Keep the account here."
)
@click.option(
    "--strict-ids", is_flag=True, help="Refuse avatars, voices and assets that are not in the catalogue."
)
@click.option(
    "--faults",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Misbehave as this file says; docs/emulator.md.",
)
def command(
    *, port: int, plan: str, speed: float, state: Path | None, strict_ids: bool, faults: Path | None
) -> None:
    """Serve the HeyGen API on this machine: no account, no cost, real rendered previews.

    Point any client at it. For specfile: HEYGEN_API_BASE=http://127.0.0.1:8899, and any HEYGEN_API_KEY.
    """
    from specfile.emulator import Faults, read_faults, serve  # noqa: PLC0415 - --help needs no server

    settings = EmulatorSettings(
        port=port,
        plan=plan,
        speed=speed,
        state=state,
        strict_ids=strict_ids,
        faults=Faults() if faults is None else read_faults(faults),
    )
    serve(settings, announce=lambda url: say(f"the service answers at {url} (Ctrl-C stops it)"))
