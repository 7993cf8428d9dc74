"""`specfile status`: what has become of the videos of a spec."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path

import click
import orjson

from specfile.cli import options
from specfile.cli.terminal import stdout
from specfile.report.status import VideoState, status_csv, status_json, status_view
from specfile.runner import Entry, read_lock


@click.command("status")
@options.specs_argument
@options.input_options
@options.local_option
@click.option("--all", "every", is_flag=True, help="A row for every video, not only for failures.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True
)
@options.color_option
def command(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    local: bool,
    every: bool,
    form: str,
) -> None:
    """Show what the lock says of each video. Asks nobody."""
    for spec in specs:
        loaded = inputs.load(spec)
        lock = read_lock(loaded.lock_path(local=local)).lock
        earlier = {key for key, _ in lock.entries}
        states = [
            _state(video.key, lock.entries.get((video.key, video.digest)), earlier)
            for video in loaded.compiled(local=local, pins=lock.pins, is_plan=True).videos
        ]
        for text in _shown(spec, states, form, every=every):
            click.echo(text, nl=False)


def _shown(spec: Path, states: list[VideoState], form: str, *, every: bool) -> Iterator[str]:
    if form == "csv":
        yield status_csv(states)
    elif form == "json":
        yield orjson.dumps(
            status_json(states), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        ).decode()
    else:
        stdout().print(status_view(str(spec), states, every=every))


def _state(key: str, entry: Entry | None, earlier: Container[str]) -> VideoState:
    if entry is None:
        return VideoState(key=key, state="changed" if key in earlier else "new")
    return VideoState(
        key=key,
        state=entry.state.value,
        file=entry.files.video if entry.files else None,
        seconds=entry.duration_s,
        error=entry.error.code if entry.error else None,
    )
