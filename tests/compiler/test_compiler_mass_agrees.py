"""Rows that go a known way come to just what they come to step by step, whatever the storyboard."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random, SystemRandom

import pytest
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from specfile.catalogue import Avatar, Catalogue, Voice
from specfile.compiler import Target
from specfile.diagnostics import SpecError
from specfile.errors import UsageError
from tests.compiler.agreeing import Project, agreed
from tests.compiler.drawing import Draw
from tests.compiler.mass_specs import FAST, OTHERS, Drawn, drawn

_RUN = "SPECFILE_MASS_SEED"


@dataclass
class Tally:
    """How many rows there were and how many went a known way, in all and by feature."""

    rows: Counter[str] = field(default_factory=Counter)
    poured: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    specs: int = 0
    codes: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        shares = (f"{name}: {self.poured[name]} of {rows}" for name, rows in sorted(self.rows.items()))
        return f"{self.specs} specs, {self.refused} refused\n" + "\n".join(shares) + f"\n{self.codes}"


CATALOGUE = Catalogue(
    avatars={
        "A": Avatar(id="A", name="Ada", gender="female", engines=("avatar_iii",), orientation="landscape"),
        "B": Avatar(id="B", name="Bo", gender="male", engines=("avatar_iv",), default_voice_id="W"),
        "V2": Avatar(id="V2", name="V", kind="talking_photo"),
    },
    voices={
        "V": Voice(id="V", name="Vi", gender="female", pause=False, emotion=True),
        "W": Voice(id="W", name="Wu", gender="male", pause=True, emotion=False, locale=False),
    },
    fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
    origin="",
)
"""Of the ids that storyboards are drawn with; the rest it doesn't list."""


def tallied(count: int, number: int) -> Tally:
    """Hold so many storyboards against each other, each known by its seed."""
    tally = Tally()
    for index in range(count):
        one = drawn(Draw(Random(f"{number}.{index}").randint))
        try:
            _agrees(one, tally)
        except AssertionError as error:
            message = f"{number}.{index} {sorted(one.features)}\n{one.text}\n{one.rows}\n{one}"
            raise AssertionError(message) from error
    return tally


def _agrees(one: Drawn, tally: Tally) -> None:
    tally.specs += 1
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        project.write(".git/x", "")
        for name, content in one.files.items():
            project.write(name, content)
        try:
            text = one.text.removeprefix("specfile: 1\n")
            spec = project.read(text, one.rows, given=one.given, api=one.api, account=one.account)
        except (SpecError, UsageError):
            tally.refused += 1
            return
        voiceless = {"B": "`B` has no voice of its own"}
        target = Target(
            api=one.api,
            account=spec.account,
            local=one.is_local,
            pins=one.pins,
            voiceless=voiceless,
            catalogue=CATALOGUE if tally.specs % 3 == 0 else None,
        )
        found = agreed(spec, target)
    tally.codes.update(set(found.codes))
    for name in ("all", *(one.features if one.is_fast else map("({})".format, one.features))):
        tally.rows[name] += len(one.rows) - 1
        tally.poured[name] += len(found.poured)


def _seed() -> int:
    """A new one each time, printed so that a failure can be had again."""
    number = int(os.environ.get(_RUN, SystemRandom().randrange(10**6)))
    print(f"seed {number}; again with {_RUN}={number}")
    return number


def check_shares(tally: Tally, least: float) -> None:
    """Every feature was there, and a share of the rows went known ways wherever that is to be expected."""
    told = tally.told()
    print(told)
    assert tally.refused < tally.specs / 10, told
    assert tally.poured["all"] > tally.rows["all"] / 5, told
    for name in FAST:
        assert tally.poured[name] > tally.rows[name] * least, (name, told)
    for name in (*FAST, *OTHERS):
        assert tally.rows[f"({name})"], (name, told)


def test_both_ways_agree_on_some_storyboards() -> None:
    check_shares(tallied(250, _seed()), least=0.08)


@pytest.mark.long
def test_both_ways_agree_on_very_many_storyboards() -> None:
    check_shares(tallied(6000, _seed()), least=0.2)


def by_hypothesis(examples: int, number: int) -> Tally:
    """The same, by choices that can be made smaller until no less of a storyboard is wrong."""
    tally = Tally()

    @seed(number)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        one = drawn(Draw(lambda low, high: data.draw(st.integers(low, high))))
        note(f"{one.text}\n{one.rows}\n{one}")
        _agrees(one, tally)

    check()
    return tally


def test_both_ways_agree_on_some_small_storyboards() -> None:
    assert by_hypothesis(60, _seed()).poured["all"]


@pytest.mark.long
def test_both_ways_agree_on_many_small_storyboards() -> None:
    assert by_hypothesis(1000, _seed()).poured["all"]
