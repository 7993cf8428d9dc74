"""`specfile compile`: one request a line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from specfile.bulk import Lines, compile_lines
from specfile.choice import Choice
from specfile.cli import options
from specfile.cli.checked import Batch
from specfile.cli.exits import DONE, SOME_FAILED
from specfile.errors import UsageError
from specfile.film import Api


@click.command("compile")
@options.specs_argument
@options.input_options
@options.rows_options
@options.only_option
@options.api_option
@options.account_option
@options.strict_option
@click.option(
    "--jobs", "-j", type=click.IntRange(1), default=1, metavar="N", help="Share the rows over N processes."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file, not to stdout."
)
@click.option("--payload", is_flag=True, help="Only the body of each request.")
@options.quiet_option
@options.color_option
def command(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    patterns: tuple[str, ...],
    api: Api | None,
    account: str | None,
    strict: bool,
    jobs: int,
    output: Path | None,
    payload: bool,
    quiet: bool,
) -> int:
    """Print the requests that specs stand for, as JSON Lines. Nothing is sent.

    Nothing is printed unless everything is right; --keep-going leaves out rows that are wrong.
    """
    choice = Choice(**options.chosen(patterns))
    if output is not None and not output.parent.is_dir():
        message = f"-o {output} can't be written: there is no folder {output.parent}"
        raise UsageError(message)
    with (
        TemporaryDirectory(prefix=".specfile-", dir=output.parent if output is not None else None) as name,
        _workers(jobs) as executor,
    ):
        batch = Batch(inputs, strict=strict, quiet=quiet)
        every: list[Lines] = []
        for number, spec in enumerate(specs):
            folder = Path(name, str(number))
            folder.mkdir()
            with batch.taking_up():
                loaded = inputs.load(spec, api=api, account=account)
                lines = compile_lines(
                    loaded, folder, payload=payload, with_keys=choice.is_some, executor=executor, shards=jobs
                )
                batch.add(loaded, lines.stream.found, lines.stream.refused, is_sound=lines.stream.is_sound)
                every.append(lines)
        batch.require_sound()
        _deliver([(one, choice.keys_among(one.keys_kept)) for one in every], output, Path(name))
    return SOME_FAILED if batch.is_partial else DONE


def _deliver(every: Sequence[tuple[Lines, frozenset[str] | None]], output: Path | None, folder: Path) -> None:
    """Give the lines away: all at once to a file, so that it is never half there."""
    if output is None:
        for lines, keys in every:
            lines.write(sys.stdout.buffer, keys)
        sys.stdout.buffer.flush()
        return
    made = every[0][0].whole_file if len(every) == 1 and every[0][1] is None else None
    if made is None:
        made = folder / "all"
        with made.open("wb") as file:
            for lines, keys in every:
                lines.write(file, keys)
    made.replace(output)


@contextmanager
def _workers(jobs: int) -> Iterator[Executor | None]:
    """Processes that share the work; none where it stays here."""
    if jobs == 1:
        yield None
        return
    from specfile.engine import open_executor  # noqa: PLC0415 - one process needs no pool

    with open_executor(jobs - 1) as executor:
        yield executor
