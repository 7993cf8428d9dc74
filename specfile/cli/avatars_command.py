"""`specfile avatars`: who can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from specfile.catalogue import Avatar, Catalogue, Group, Kind
from specfile.catalogue.links import avatar_at
from specfile.catalogue.search import Search
from specfile.cli.exits import DONE
from specfile.cli.messages import say
from specfile.cli.offers import Form, Out, asked, offers_options, tell_count, this_moment, working
from specfile.errors import ServiceRefused, ServiceUnreachable, UsageError
from specfile.offers.reading import Offers
from specfile.report.offers import avatar_details, avatars_table, groups_table


@click.command("avatars")
@offers_options
@click.option("--photos/--no-photos", "is_photo", default=None, help="Only looks of photos, or none of them.")
@click.option("--tag", "tags", multiple=True, help="Only those with this tag. Repeatable.")
@click.option("--group", metavar="GROUP", help="Only looks of this group, by its id or name.")
@click.option("--groups", "is_of_groups", is_flag=True, help="Groups instead of their looks.")
def command(
    *,
    words: tuple[str, ...],
    gender: str | None,
    is_own: bool | None,
    is_photo: bool | None,
    tags: tuple[str, ...],
    group: str | None,
    is_of_groups: bool,
    limit: int | None,
    form: Form,
    output: Path | None,
    refresh: bool,
    local: bool,
) -> int:
    """Show the avatars and photo looks of your account, and find one by words.

    With the id of one: everything about it, its default voice too. --format html makes a page with pictures
    and playable voices. The list is kept in your cache folder; how old it is is shown.
    """
    out = Out(form, output, limit)
    out.require()
    kind: Kind | None = None if is_photo is None else "talking_photo" if is_photo else "avatar"
    search = Search(words=words, gender=gender, is_own=is_own, kind=kind, tags=tags, group=group)
    with asked(local=local, refresh=refresh) as found:
        now = this_moment()
        catalogue = working(found.catalogue, now)
        if is_of_groups:
            _show_groups(search, catalogue, found, out)
            return DONE
        avatars = search.avatars(catalogue)
        one = _the_one(search, avatars, found) if len(words) == 1 and not local else None
        if isinstance(one, Group):
            say(f"{one.id} is a group; these are its looks")
            avatars = replace(search, words=(), group=one.id).avatars(catalogue)
        elif one is not None:
            avatars = [avatar_at(one, now)]
        part = avatars[: out.most()]
        if form == "html":
            out.send(_page(part, catalogue, found))
        elif form == "json":
            out.json(part)
        elif part and [avatar.id for avatar in part] == list(words):
            out.table(avatar_details(part[0], catalogue))
        elif part:
            out.table(avatars_table(part, catalogue))
        tell_count(len(part), len(avatars), "avatar", found, now)
    return DONE


def _show_groups(search: Search, catalogue: Catalogue, found: Offers, out: Out) -> None:
    groups = search.groups(catalogue)
    part = groups[: out.most()]
    if out.form == "html":
        raise UsageError("groups have no page", hint="leave out --groups: the page shows the groups of looks")
    if out.form == "json":
        out.json(part)
    elif part:
        out.table(groups_table(part))
    tell_count(len(part), len(groups), "group", found, this_moment())


def _the_one(search: Search, avatars: Sequence[Avatar], found: Offers) -> Avatar | Group | None:
    """What the one word is the id of, where it is one: the lists leave ids out, and default voices too."""
    [word] = search.words
    listed = next((one for one in avatars if one.id == word), None)
    if listed is not None and listed.default_voice_id is not None:
        return listed
    if listed is None and (avatars or search != Search(words=search.words)):
        return None
    try:
        told = found.avatar(word)
    except (ServiceRefused, ServiceUnreachable):
        return listed
    if listed is not None and isinstance(told, Avatar):
        return replace(listed, default_voice_id=told.default_voice_id)
    return told


def _page(avatars: Sequence[Avatar], catalogue: Catalogue, found: Offers) -> str:
    """A page of these avatars, and of every voice."""
    from specfile.report.gallery import gallery  # noqa: PLC0415 - a table needs no templates

    voices = found.lasting_voices(Search().voices(catalogue))
    catalogue = replace(catalogue, voices={one.id: one for one in voices})
    return gallery(found.lasting_avatars(avatars), voices, catalogue)
