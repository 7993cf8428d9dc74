"""`specfile emulator`: the service's API as a server on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, get_args

import click

from specfile.cli.messages import say
from specfile.emulator.settings import PLANS, WEEK, Busy, EmulatorSettings, Older, Progress

_RETIRED: Final[dict[str, Older]] = {"410": "gone", "404": "not_found"}


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
    help="How many times faster than with the real service specfile's own builds may wait."
    "  [default: 100, or 1 with --faults]",
)
@click.option(
    "--state", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Keep the account here."
)
@click.option(
    "--strict-ids", is_flag=True, help="Refuse avatars, voices and assets that are not in the catalogue."
)
@click.option(
    "--no-render", is_flag=True, help="A ready-made clip stands for every video, done as soon as it is sent."
)
@click.option(
    "--done-reads",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="A video is done only after its status was asked for so often.",
)
@click.option(
    "--done-seconds",
    type=click.FloatRange(0),
    default=0.0,
    metavar="S",
    help="A video is done only so many seconds after it was sent.",
)
@click.option(
    "--link-seconds",
    type=click.FloatRange(0),
    default=float(WEEK),
    metavar="S",
    help="How long a download link works.  [default: a week]",
)
@click.option("--link-reads", type=click.IntRange(1), metavar="N", help="How often a download link works.")
@click.option(
    "--concurrent",
    type=click.IntRange(1),
    metavar="N",
    help="Videos under way at a time.  [default: the plan's]",
)
@click.option(
    "--busy",
    type=click.Choice(get_args(Busy)),
    help="What becomes of a video beyond those.  [default: v2 queues it, v3 refuses it with 429]",
)
@click.option(
    "--daily",
    type=click.IntRange(0),
    metavar="N",
    help="Videos a day.  [default: the plan's; only trial has one]",
)
@click.option(
    "--daily-tests",
    type=click.IntRange(0),
    metavar="N",
    help="Videos with `test` a day.  [default: the plan's; only trial has one]",
)
@click.option(
    "--longest", type=click.IntRange(1), metavar="S", help="Seconds of one video.  [default: the plan's]"
)
@click.option(
    "--credit", type=click.IntRange(0), metavar="S", help="Seconds of finished video that are paid for."
)
@click.option("--deprecated", is_flag=True, help="The older API tells of its end with every answer.")
@click.option(
    "--retired",
    type=click.Choice(["404", "410"]),
    is_flag=False,
    flag_value="410",
    help="The older API is gone: it answers 410, or 404.",
)
@click.option(
    "--faults",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Misbehave as this file says; docs/emulator.md.",
)
def command(
    *,
    speed: float | None,
    faults: Path | None,
    no_render: bool,
    done_reads: int,
    done_seconds: float,
    deprecated: bool,
    retired: str | None,
    **given: Any,
) -> None:
    """Serve the HeyGen API on this machine: no account, no cost, real rendered previews.

    Point any client at it. For specfile: HEYGEN_API_BASE=http://127.0.0.1:8899, and any HEYGEN_API_KEY.
    """
    from specfile.emulator import Faults, read_faults, serve  # noqa: PLC0415 - --help needs no server

    # What a fault delays is seconds; a build that waits a hundred times shorter would take it for far more.
    usual_speed = 100.0 if faults is None else 1.0
    settings = EmulatorSettings(
        speed=usual_speed if speed is None else speed,
        progress=Progress(reads=done_reads, seconds=done_seconds, render=not no_render),
        older=_RETIRED[retired] if retired else "deprecated" if deprecated else "served",
        faults=Faults() if faults is None else read_faults(faults),
        **given,
    )
    serve(settings, announce=lambda url: say(f"the service answers at {url} (Ctrl-C stops it)"))
