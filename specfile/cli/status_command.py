"""`specfile status`: what has become of the videos of a spec."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
import orjson

from specfile.choice import Choice
from specfile.cli import options
from specfile.cli.exits import DONE, code_of
from specfile.cli.messages import Notices, say
from specfile.cli.terminal import stdout
from specfile.film import Video
from specfile.loaded import LoadedSpec
from specfile.report.status import VideoState, status_csv, status_json, status_view
from specfile.runner import Entry, Lock, Refreshed, link_of, read_lock
from specfile.upkeep import refresh_status


@click.command("status")
@options.specs_argument
@options.input_options
@options.only_option
@options.local_option
@click.option("--all", "every", is_flag=True, help="A row for every video, not only for failures.")
@click.option("--refresh", is_flag=True, help="Ask the service first, and record what is over.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True
)
@options.color_option
@options.lock_timeout_option
def command(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    patterns: tuple[str, ...],
    local: bool,
    every: bool,
    refresh: bool,
    form: str,
    lock_timeout: float,
) -> int:
    """Show what the lock says of each video. Asks nobody, but with --refresh.

    --format csv has key, state, file, url and duration. With --refresh the url is a fresh link to the
    finished film, which works for days and for anybody who has it; without, it is empty.
    """
    compiled = [_compiled(inputs.load(spec), local=local) for spec in specs]
    choice = Choice(**options.chosen(patterns))
    meant = choice.keys_among(video.key for _, videos in compiled for video in videos)
    code = DONE
    for spec, (loaded, every_video) in zip(specs, compiled, strict=True):
        videos = [one for one in every_video if meant is None or one.key in meant]
        refreshed = Refreshed()
        if refresh:
            lock, refreshed = refresh_status(
                loaded,
                [(video.key, video.digest) for video in videos],
                local=local,
                links=form == "csv",
                lock_timeout=lock_timeout,
                on_notice=Notices(),
            )
        else:
            lock = read_lock(loaded.lock_path(local=local)).lock
        states = _states(videos, lock, refreshed)
        for text in _shown(spec, states, form, every=every, is_first=spec == specs[0]):
            click.echo(text, nl=False)
        for (key, _), error in refreshed.unanswered.items():
            say(f"{spec}: {key} is as the lock has it: {error}")
            code = code_of(error)
    return code


def _compiled(loaded: LoadedSpec, *, local: bool) -> tuple[LoadedSpec, Sequence[Video]]:
    pins = read_lock(loaded.lock_path(local=local)).lock.pins
    return loaded, loaded.compiled(local=local, pins=pins, is_plan=True).videos


def _states(videos: Iterable[Video], lock: Lock, refreshed: Refreshed) -> list[VideoState]:
    earlier = {key for key, _ in lock.entries}
    states = []
    for video in videos:
        pair = (video.key, video.digest)
        state = _state(video.key, lock.entries.get(pair), earlier)
        answer = refreshed.answers.get(pair)
        states.append(state if answer is None else replace(state, url=link_of(video, answer)))
    return states


def _shown(spec: Path, states: list[VideoState], form: str, *, every: bool, is_first: bool) -> Iterator[str]:
    if form == "csv":
        yield status_csv(states, header=is_first)
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
        video_id=entry.video_id,
        file=entry.files.video if entry.files else None,
        seconds=entry.duration_s,
        error=entry.error.code if entry.error else None,
    )
