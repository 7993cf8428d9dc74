"""`specfile preview`: the storyboard before anything is paid for."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click

from specfile.behind_addresses import BehindAddresses
from specfile.choice import Choice
from specfile.cli import options
from specfile.cli.checked import Batch
from specfile.cli.counting import frame_counter
from specfile.cli.exits import DONE, SOME_FAILED, SPEC_WRONG, terminable
from specfile.cli.messages import say, show_diagnostics
from specfile.cli.preview_places import BESIDE, Wanted, require_usable
from specfile.cli.previews import SoundSpec, make, meant, with_former
from specfile.cli.watching import follow, require_one_page
from specfile.comparing import FormerlyWrong
from specfile.diagnostics import in_order
from specfile.errors import UsageError
from specfile.frame_remarks import frame_remarks
from specfile.loaded import gathered
from specfile.previewing import require_preview
from specfile.watching import USUAL_PORT

_MOST: Final = 12
"""So many videos are shown unless told otherwise."""


@click.command("preview")
@options.specs_argument
@options.input_options
@options.rows_options
@options.only_option
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=_MOST,
    show_default=True,
    metavar="N",
    help="Show the first N videos; 0 for all.",
)
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the page to this file.",
)
@click.option(
    "--against",
    metavar="REVISION",
    help="Show what changed since this revision of git: a branch, a tag, HEAD~1.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--watch", "watches", is_flag=True, help="Serve a page that follows the files, and plays every scene."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"Where --watch serves; 0 takes a free one.  [default: {USUAL_PORT}, or a free one]",
)
@click.option(
    "--png",
    "sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="All scenes of the first video as one picture.",
)
@click.option(
    "--mp4",
    "films",
    is_flag=False,
    flag_value=BESIDE,
    metavar="[PLACE]",
    help="Render the films, into this folder or file.",
)
@click.option(
    "--online", is_flag=True, help="Fetch the files behind addresses for the frames, and keep them."
)
@options.account_option
@options.strict_option
@options.quiet_option
@options.color_option
def command(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    patterns: tuple[str, ...],
    limit: int,
    output: Path | None,
    against: str | None,
    opens: bool,
    watches: bool,
    port: int | None,
    sheet: Path | None,
    films: str | None,
    online: bool,
    account: str | None,
    strict: bool,
    quiet: bool,
) -> int:
    """Show storyboards before anything is paid for: every scene with its frame, script, length and cost.

    Writes one page for each spec, beside its videos; with --png a picture of the first video, with --mp4
    the films, and with these no page but for -o. With --against the page shows what changed, in words and
    pictures, side by side; with --watch one is served to this machine that follows the files. No account is
    needed, and nothing is sent.
    """
    if port is not None and not watches:
        raise UsageError("--port is where --watch serves", hint="add --watch")
    choice = Choice(**options.chosen(patterns))
    if watches:
        require_one_page(specs, inputs, {"-o": output, "--against": against, "--png": sheet, "--mp4": films})
        require_preview()
        return follow(
            specs[0],
            inputs,
            choice,
            most=limit or None,
            port=port,
            online=online,
            opens=opens,
            account=account,
            strict=strict,
            quiet=quiet,
        )
    wanted = Wanted(
        against=against,
        page=output is not None or (sheet is None and films is None),
        output=output,
        sheet=sheet,
        films=films,
        opens=opens,
        progress=frame_counter(quiet=quiet),
        behind=BehindAddresses(online=online),
    )
    require_usable(wanted, specs)
    require_preview()
    batch = Batch(inputs, strict=strict, quiet=quiet)
    sound = _taken_up(specs, batch, inputs, account)
    batch.require_sound()
    with terminable(), ExitStack() as kept:
        try:
            sound = [with_former(one, against, inputs, kept) for one in sound]
        except FormerlyWrong as wrong:
            return _told_wrong(wrong)
        for one in meant(sound, choice):
            make(one, wanted, most=limit or None, quiet=quiet)
        for line in wanted.behind.told(quiet=quiet):
            say(line)
    return SOME_FAILED if batch.is_partial else DONE


def _taken_up(
    specs: Iterable[Path], batch: Batch, inputs: options.Inputs, account: str | None
) -> list[SoundSpec]:
    """The specs that can be read, with all that was found; what is wrong is in the batch."""
    sound: list[SoundSpec] = []
    for spec in specs:
        with batch.taking_up():
            loaded = inputs.load(spec, account=account)
            stream = loaded.stream()
            videos, found, refused = gathered(stream)
            if stream.is_sound:
                found = in_order((*found, *frame_remarks(loaded, videos)))
            batch.add(loaded, found, refused, is_sound=stream.is_sound)
            sound.append(SoundSpec(loaded, videos, videos, found))
    return sound


def _told_wrong(wrong: FormerlyWrong) -> int:
    say(f"{wrong.about}:\n")
    show_diagnostics(wrong.diagnostics, wrong.texts.get)
    say(f"hint: {wrong.hint}")
    return SPEC_WRONG
