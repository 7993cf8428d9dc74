"""`specfile voices`: who can be heard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from specfile.catalogue import Catalogue, Voice
from specfile.catalogue.links import voice_at
from specfile.catalogue.search import Search, folded
from specfile.cli.exits import DONE
from specfile.cli.offers import Form, Out, asked, offers_options, tell_count, this_moment, working
from specfile.errors import ServiceRefused, ServiceUnreachable, UsageError
from specfile.offers.reading import Offers
from specfile.report.offers import locales_table, voice_details, voices_table


@click.command("voices")
@offers_options
@click.option("--language", metavar="NAME", help="Only these: a name such as German, or a code such as de.")
@click.option(
    "--takes",
    multiple=True,
    type=click.Choice(["pause", "emotion", "locale"]),
    help="Only voices that take this. Repeatable.",
)
@click.option("--locales", "is_of_locales", is_flag=True, help="The accents that a `locale` can ask for.")
def command(
    *,
    words: tuple[str, ...],
    gender: str | None,
    is_own: bool | None,
    language: str | None,
    takes: tuple[str, ...],
    is_of_locales: bool,
    limit: int | None,
    form: Form,
    output: Path | None,
    refresh: bool,
    local: bool,
) -> int:
    """Show the voices of your account, and find one by words.

    With the id of one: everything about it. --format html makes a page on which they can be played. The list
    is kept in your cache folder; how old it is is shown.
    """
    out = Out(form, output, limit)
    out.require()
    search = Search(words=words, gender=gender, is_own=is_own, language=language, takes=takes)
    with asked(local=local, refresh=refresh) as found:
        now = this_moment()
        catalogue = working(found.catalogue, now)
        if is_of_locales:
            _show_locales(words, catalogue, found, out)
            return DONE
        voices = search.voices(catalogue)
        if len(words) == 1 and not local and (one := _the_one(search, voices, found)):
            voices = [voice_at(one, now)]
        part = voices[: out.most()]
        if form == "html":
            out.send(_page(part, catalogue, found))
        elif form == "json":
            out.json(part)
        elif part and [voice.id for voice in part] == list(words):
            out.table(voice_details(part[0]))
        elif part:
            out.table(voices_table(part))
        tell_count(len(part), len(voices), "voice", found, now)
    return DONE


def _show_locales(words: Sequence[str], catalogue: Catalogue, found: Offers, out: Out) -> None:
    wanted = [folded(word) for word in words]
    locales = [
        one
        for one in sorted(catalogue.locales.values(), key=lambda one: one.id)
        if all(word in folded(f"{one.id} {one.label} {one.language}") for word in wanted)
    ]
    part = locales[: out.most()]
    if out.form == "html":
        raise UsageError("accents have no page", hint="leave out --format html")
    if out.form == "json":
        out.json(part)
    elif part:
        out.table(locales_table(part))
    tell_count(len(part), len(locales), "accent", found, this_moment())


def _the_one(search: Search, voices: Sequence[Voice], found: Offers) -> Voice | None:
    """The voice that the one word is the id of, where it is one: the lists leave private voices out."""
    [word] = search.words
    listed = next((one for one in voices if one.id == word), None)
    if listed is not None or voices or search != Search(words=search.words):
        return listed
    try:
        return found.voice(word)
    except (ServiceRefused, ServiceUnreachable):
        return None


def _page(voices: Sequence[Voice], catalogue: Catalogue, found: Offers) -> str:
    from specfile.report.gallery import gallery  # noqa: PLC0415 - a table needs no templates

    return gallery((), found.lasting_voices(voices), catalogue)
