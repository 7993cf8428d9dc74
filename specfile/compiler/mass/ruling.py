"""Which rules have to be asked about a row that goes a known way, and how most rows are spared them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from specfile.compiler.estimate import MOST_PER_CHARACTER, speech_seconds
from specfile.compiler.mass.holes import Hole
from specfile.compiler.rules import (
    RULES,
    Rule,
    Short,
    Subject,
    Telling,
    Without,
    shortest_limit,
)
from specfile.compiler.stepwise import Target
from specfile.film import Api, Json, VideoFormat


@dataclass(frozen=True, slots=True)
class Speech:
    """A scene's share in the length and the price: `seconds` of it, or the text in a slot at a speed."""

    seconds: float
    slot: int | None
    speed: float
    usd_per_second: float

    def lasts(self, texts: Sequence[str]) -> float:
        """How many seconds it takes."""
        return self.seconds if self.slot is None else speech_seconds(texts[self.slot], self.speed)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which rules may find something about a row that they didn't find about the one before.

    Attributes:
        triggers: ASCII characters without which the rules are spared.
        spared: bytes of the JSON of all texts up to which they are.
        telling: tests of the texts in some slots that all have to spare them.
        rules: the rules.
        always: whether they have to be asked in any case.
        of_length: those about the length of the video.
        short: bytes of the JSON of all texts up to which these are silent.
        subject: makes what rules look at of a v2 request and its length in seconds.
    """

    triggers: bytes
    spared: int
    telling: tuple[tuple[int, Callable[[str], bool]], ...]
    rules: tuple[Rule, ...]
    always: bool
    of_length: tuple[Rule, ...]
    short: float
    subject: Callable[[Any, float], Subject]

    def asked(self, texts: Sequence[str], said: bytes) -> tuple[Rule, ...]:
        """The rules that may find something in these texts; `said` is the JSON of all of them."""
        size = len(said)
        is_spared = not self.always and size <= self.spared
        if is_spared and len(said.translate(None, self.triggers)) == size:
            for slot, spares in self.telling:
                if not spares(texts[slot]):
                    is_spared = False
                    break
        else:
            is_spared = False
        if is_spared:
            return () if size <= self.short else self.of_length
        return (*self.rules, *self.of_length)


def ruling_of(
    holes: Sequence[Hole], speeches: Sequence[Speech], target: Target, api: Api, form: VideoFormat
) -> Ruling:
    """Which rules may find something when the texts in these holes are others."""
    fields = {field for one in holes for field in one.fields}
    rules = [rule for rule in RULES if rule.may_change(fields) and (target.catalogue or not rule.catalogue)]
    telling = [
        (slot, rule.spared.is_spared)
        for rule in rules
        if isinstance(rule.spared, Telling)
        for slot, one in enumerate(holes)
        if rule.may_change(one.fields)
    ]
    triggers = "".join(rule.spared.characters for rule in rules if isinstance(rule.spared, Without))
    return Ruling(
        triggers="".join(sorted(set(triggers))).encode(),
        spared=min(
            (rule.spared.characters for rule in rules if isinstance(rule.spared, Short)), default=2**31
        ),
        telling=tuple(telling),
        rules=tuple(rules),
        always=not all(rule.may_be_spared(fields) for rule in rules),
        of_length=tuple(_of_length(fields)),
        short=_short_enough(shortest_limit(target.account), speeches),
        subject=partial(_subject, api=api, form=form, target=target),
    )


def _short_enough(limit: float, speeches: Sequence[Speech]) -> float:
    """How many bytes of JSON all texts may have for the video surely to last at most `limit` seconds."""
    left = limit - sum(one.seconds for one in speeches)
    spoken = [one for one in speeches if one.slot is not None]
    slowest = min((one.speed for one in spoken), default=1.0)
    often = max(Counter(one.slot for one in spoken).values(), default=1)
    return left / MOST_PER_CHARACTER * slowest / often


def _of_length(fields: set[str]) -> Iterator[Rule]:
    """The rules about the length of a video, where that may change."""
    if any(field.startswith("voice.") for field in fields):
        yield from (rule for rule in RULES if "seconds" in rule.reads)


def _subject(
    payload: Json,
    seconds: float,
    *,
    api: Api,
    form: VideoFormat,
    target: Target,
) -> Subject:
    return Subject(payload, api, form, target.account, seconds, target.voiceless, target.catalogue)
