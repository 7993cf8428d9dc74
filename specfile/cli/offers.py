"""What `avatars` and `voices` share: their options, and how results leave."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import click
import orjson

from specfile.catalogue import Avatar, Catalogue, Group, Locale, Voice
from specfile.catalogue.links import avatar_at, voice_at
from specfile.cli import options
from specfile.cli.messages import Notices, say
from specfile.cli.terminal import stdout
from specfile.errors import UsageError
from specfile.offers.reading import Offers, offers
from specfile.report.offers import shown
from specfile.report.words import ago

Form = Literal["table", "json", "html"]

_MOST_ROWS: Final = 50
"""A table shows so many unless told otherwise."""

_OLD_S: Final = 7 * 86_400

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.argument("words", nargs=-1, metavar="[TEXT]…"),
    click.option("--gender", type=click.Choice(["female", "male"]), help="Only these."),
    click.option(
        "--own/--public", "is_own", default=None, help="Only the account's own, or only the others."
    ),
    click.option(
        "--limit", type=click.IntRange(0), metavar="N", help="So many at most; 0 for all. A table has 50."
    ),
    click.option(
        "--format", "form", type=click.Choice(["table", "json", "html"]), default="table", show_default=True
    ),
    click.option(
        "-o",
        "output",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write to this file.",
    ),
    click.option("--refresh", is_flag=True, help="Ask the service anew."),
    options.local_option,
    options.color_option,
)


def offers_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of both commands."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Out:
    """Where and how results leave."""

    form: Form
    output: Path | None
    limit: int | None

    def require(self) -> None:
        """Refuse a page on a terminal, before anything is asked.

        Raises:
            UsageError: it would be shown there.
        """
        if self.form == "html" and self.output is None and sys.stdout.isatty():
            message = "a page of HTML is no good on a terminal"
            raise UsageError(message, hint="write it to a file: `-o gallery.html`")

    def most(self) -> int | None:
        """How many items to show; None for all."""
        if self.limit is None:
            return _MOST_ROWS if self.form == "table" else None
        return self.limit or None

    def send(self, text: str) -> None:
        """Write a result.

        Raises:
            UsageError: the file can't be written.
        """
        if self.output is None:
            click.echo(text, nl=False)
            return
        try:
            self.output.write_text(text, encoding="utf-8")
        except OSError as error:
            message = f"{self.output} can't be written: {error.strerror or error}"
            raise UsageError(message, hint="name another file with -o") from error
        say(f"written to {self.output}")

    def table(self, rows: Any) -> None:
        """Write a table, as wide as the terminal."""
        console = stdout()
        with console.capture() as text:
            console.print(rows)
        self.send(text.get())

    def json(self, items: Sequence[Avatar | Group | Locale | Voice]) -> None:
        """Write values as JSON, with every field."""
        self.send(orjson.dumps(items, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode())


@contextmanager
def asked(*, local: bool, refresh: bool) -> Iterator[Offers]:
    """What the account is offered, with links that still work. Raises what `offers` raises."""
    with offers(
        local=local,
        refresh=refresh,
        on_notice=Notices(),
        on_reading=lambda where: say(f"reading the catalogue of {where} …"),
    ) as found:
        yield found


def tell_count(part: int, whole: int, noun: str, found: Offers, now: datetime) -> None:
    """Say on stderr how many were shown, and how old the catalogue is."""
    seconds = (now - found.catalogue.fetched_at).total_seconds()
    age = "" if found.is_fresh else f", as of {ago(seconds)}"
    say(f"{shown(part, whole, noun)}{age}")
    if not whole:
        say("none is all of what was asked for: leave a word or an option out")
    if part < whole:
        say("add words to find fewer, or --limit 0 for all")
    if not found.is_fresh and seconds > _OLD_S:
        say("--refresh reads the catalogue anew")


def working(catalogue: Catalogue, now: datetime) -> Catalogue:
    """The catalogue without links that have run out."""
    return replace(
        catalogue,
        avatars={one.id: avatar_at(one, now) for one in catalogue.avatars.values()},
        voices={one.id: voice_at(one, now) for one in catalogue.voices.values()},
    )


def this_moment() -> datetime:
    """By the clock of this machine."""
    return datetime.now(UTC)
