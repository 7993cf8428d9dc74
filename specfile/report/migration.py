"""What a move to v3 would take, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from specfile.compiler.migration import Extent, Matter, Migration
from specfile.film import Json
from specfile.report.words import count, money

MOST: Final = 20
"""So many different things are listed; of an avatar per row there may be thousands."""

_UNSOUND: Final = "not counted: the spec is wrong by v2 already, and that comes first"


def migration_lines(reports: Mapping[str, Migration | None]) -> Iterator[str]:
    """A summary of each spec, and of all of them where there are several.

    A spec that is wrong by v2 already has None.
    """
    for spec, migration in reports.items():
        yield ""
        yield f"{spec}, from v2 to v3: {_verdict(migration)}"
        if migration is not None:
            yield from _details(migration)
    counted = [one for one in reports.values() if one is not None]
    if len(reports) > 1 and counted:
        yield ""
        yield f"{count(len(reports), 'spec')}, {_in_all(counted)}"


def migration_json(migration: Migration | None) -> Json:
    """The same as plain JSON; null for a spec that is wrong by v2 already."""
    if migration is None:
        return None
    return {
        "videos": {
            "as_it_is": migration.videos["as it is"],
            "changed": migration.videos["changed"],
            "not_at_all": migration.videos["not at all"],
        },
        "scenes": {"all": migration.scenes, "as_they_are": migration.sound_scenes},
        "changes": [_matter_json(*one) for one in migration.matters.items() if not one[0].is_error],
        "cannot_be_said": [_matter_json(*one) for one in migration.matters.items() if one[0].is_error],
        "cost_usd": {"v2": migration.v2_usd, "v3": migration.v3_usd},
    }


def _verdict(migration: Migration | None) -> str:
    if migration is None:
        return _UNSOUND
    videos = migration.videos
    if migration.count == 0:
        return "there are no videos"
    if videos["as it is"] == migration.count:
        goes = "goes as it is" if migration.count == 1 else "go as they are"
        return f"{_all_of(migration.count)} {goes}; nothing is rendered again"
    if migration.count == 1:
        if videos["changed"]:
            return "its video can go, and something changes; nothing is rendered again"
        return "its video says something that v3 can't"
    parts = (
        f"{videos['as it is']:,} of {count(migration.count, 'video')} can go as they are",
        f"{videos['changed']:,} with changes",
        f"{videos['not at all']:,} not as the same film",
    )
    return ", ".join(parts)


def _all_of(number: int) -> str:
    return "its video" if number == 1 else f"all {number:,} videos"


def _details(migration: Migration) -> Iterator[str]:
    if not migration.matters:
        yield from _cost(migration)
        return
    yield f"  as it is       {migration.sound_scenes:,} of {count(migration.scenes, 'scene')}"
    yield from _listed("changes", [one for one in migration.matters.items() if not one[0].is_error])
    yield from _listed("can't be said", [one for one in migration.matters.items() if one[0].is_error])
    yield from _cost(migration)


def _listed(title: str, matters: list[tuple[Matter, Extent]]) -> Iterator[str]:
    if not matters:
        yield f"  {title:<14} nothing"
        return
    yield f"  {title:<14} {count(len(matters), 'thing')}"
    wide = max(len(matter.field) for matter, _ in matters[:MOST])
    for matter, extent in matters[:MOST]:
        yield f"    {matter.field:<{wide}}  {_where(extent)}: {matter.message}"
    if len(matters) > MOST:
        yield f"    and {len(matters) - MOST:,} more"


def _where(extent: Extent) -> str:
    videos = count(extent.videos, "video")
    return f"{count(extent.scenes, 'scene')} of {videos}" if extent.scenes else videos


def _cost(migration: Migration) -> Iterator[str]:
    """What what can go would cost, where that differs."""
    if abs(migration.v3_usd - migration.v2_usd) >= 0.005:
        v2, v3 = money(migration.v2_usd), money(migration.v3_usd)
        yield f"  cost           {v2} by v2, {v3} by v3, for what can go, if it were rendered anew"


def _in_all(counted: list[Migration]) -> str:
    videos = sum(one.count for one in counted)
    return (
        f"{count(videos, 'video')}: {sum(one.videos['as it is'] for one in counted):,} can go as they are, "
        f"{sum(one.videos['changed'] for one in counted):,} with changes, "
        f"{sum(one.videos['not at all'] for one in counted):,} not as the same film"
    )


def _matter_json(matter: Matter, extent: Extent) -> Json:
    return {
        "field": matter.field,
        "videos": extent.videos,
        "scenes": extent.scenes,
        "message": matter.message,
        "hint": matter.hint,
    }
