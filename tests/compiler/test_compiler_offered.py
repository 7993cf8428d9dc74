"""What a catalogue is asked by rules: each thing once, however many videos there are."""

from __future__ import annotations

from collections import UserDict
from collections.abc import ValuesView
from datetime import UTC, datetime
from inspect import unwrap

from specfile.catalogue import Avatar, Catalogue
from specfile.compiler.rules import RULES, Subject
from specfile.compiler.rules.offered import looks_of
from tests.compiler.films import ANNA, SAID

GROUPS = 200


class Counted(UserDict[str, Avatar]):
    """Avatars that count how often all of them are gone through."""

    times = 0

    def values(self) -> ValuesView[Avatar]:
        self.times += 1
        return super().values()


def catalogue(avatars: Counted) -> Catalogue:
    return Catalogue(avatars=avatars, voices={}, fetched_at=datetime(2026, 1, 1, tzinfo=UTC), origin="")


def test_the_looks_of_many_groups_are_found_by_going_through_the_avatars_once() -> None:
    names = [(group, name) for group in range(GROUPS) for name in ("Upright", "by the sea", "At home")]
    avatars = Counted(
        {
            f"{group}-{name}": Avatar(id=f"{group}-{name}", name=name, group_id=f"g{group}")
            for group, name in names
        }
    )
    avatars["alone"] = Avatar(id="alone", name="Alone")
    offered = catalogue(avatars)
    for group in range(GROUPS):
        assert [one.name for one in looks_of(f"g{group}", offered)] == ["At home", "by the sea", "Upright"]
    assert looks_of("", offered) == ()
    assert avatars.times == 1


def test_a_rule_that_is_silent_without_a_catalogue_says_that_it_needs_one() -> None:
    own = Avatar(id="Anna", name="Anna", is_public=False, status="processing", engines=("avatar_iv",))
    payload = {"video_inputs": [{"character": ANNA, "voice": SAID}]}
    offered = catalogue(Counted({"Anna": own}))
    for rule in RULES:
        with_it = list(rule.check(Subject(payload, format="webm", catalogue=offered)))
        if with_it and not list(rule.check(Subject(payload, format="webm"))):
            assert rule.catalogue, unwrap(rule.check).__name__
