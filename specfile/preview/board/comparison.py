"""Two storyboards of one spec compared: which scenes are which, and what differs about them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, product
from typing import Final, Literal, NamedTuple

from specfile.diagnostics import Diagnostic
from specfile.film import Json, Video, canonical_json
from specfile.preview.board.edits import Words, alike, compared
from specfile.preview.board.storyboard import Card, Fact, Passage, Reel
from specfile.preview.model import Still

Change = Literal["changed", "added", "removed", "same"]

_LIKE: Final = 0.5
"""Scripts that have this much in common are one that was reworded."""

_IN_FACTS: Final[Mapping[str, str]] = {
    "voice": "voice",
    "recording": "voice",
    "photo": "character",
    "avatar": "character",
    "background": "background",
    "on screen": "text",
}
"""The part of a scene that a fact is about, by the fact's label."""

_TOLD_IN_FACTS: Final = {
    "voice": {"type", "voice_id", "speed", "pitch", "emotion", "locale", "audio_url", "audio_asset_id"},
    "character": {"type", "avatar_id", "talking_photo_id", "avatar_style", "talking_photo_style", "scale"},
    "background": {"type", "value", "url", "image_asset_id", "video_asset_id", "fit", "play_style"},
    "text": {"type", "text", "font_size", "color"},
}


class Frame(NamedTuple):
    """A scene of one of the two, and its picture."""

    card: Card
    still: Still


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """A fact that differs, or a field that no fact tells of, by its place in the scene."""

    label: str
    before: Fact | None
    after: Fact | None
    words: Words | None = None
    is_field: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneChange:
    """What became of a scene. It is `moved` where others that it came after come after it.

    `shows` tells whether its picture differs.
    """

    change: Change
    before: Frame | None
    after: Frame | None
    moved: bool = False
    words: Words | None = None
    facts: tuple[FactChange, ...] = ()
    shows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelChange:
    """What became of a video."""

    key: str
    change: Change
    before: Reel | None
    after: Reel | None
    scenes: tuple[SceneChange, ...]


class Shown(NamedTuple):
    """A video with a picture of each scene."""

    reel: Reel
    stills: Sequence[Still]

    @property
    def frames(self) -> list[Frame]:
        """Its scenes, each with its picture."""
        return [Frame(card, still) for card, still in zip(self.reel.cards, self.stills, strict=True)]

    @property
    def contents(self) -> list[Mapping[str, Json]]:
        """Its scenes in the words of v2."""
        return list(self.reel.payload["video_inputs"])


class KeyChanges(NamedTuple):
    """The keys of a spec's videos by what became of them, in today's order, then in the former one.

    Those `changed` have another film or title; the rest of their metadata is not looked at. `differing` are
    all that aren't the same.
    """

    differing: tuple[str, ...]
    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What all videos of a spec come to."""

    videos: int
    seconds: float
    cost_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A spec held against what it was.

    `revision` is the name that was asked for, `commit` its short id, day and first line. `told` are sentences
    on how the former one was read. `reels` are the first of those that differ; `remarks` of today's spec.
    """

    spec: str
    revision: str
    commit: str
    told: tuple[str, ...]
    keys: KeyChanges
    before: Sums
    after: Sums
    prices_date: str
    reels: tuple[ReelChange, ...]
    remarks: tuple[Diagnostic, ...] = ()


def key_changes(before: Iterable[Video], after: Iterable[Video]) -> KeyChanges:
    """What became of every video, by its key."""
    then = {one.key: _identity(one) for one in before}
    now = {one.key: _identity(one) for one in after}
    removed = tuple(key for key in then if key not in now)
    return KeyChanges(
        differing=(*(key for key in now if then.get(key) != now[key]), *removed),
        changed=tuple(key for key in now if key in then and then[key] != now[key]),
        added=tuple(key for key in now if key not in then),
        removed=removed,
        same=tuple(key for key in now if then.get(key) == now[key]),
    )


def sums_of(videos: Iterable[Video]) -> Sums:
    """What videos come to."""
    every = tuple(videos)
    return Sums(
        videos=len(every),
        seconds=sum(one.seconds for one in every),
        cost_usd=sum(one.cost_usd for one in every),
    )


def _identity(video: Video) -> tuple[str, str | None]:
    return video.digest, video.metadata.get("title")


def reel_change(before: Shown | None, after: Shown | None) -> ReelChange:
    """What became of a video that there was, that there is, or both."""
    there = after or before
    assert there is not None, "one of them is there"  # noqa: S101
    if before is None or after is None:
        change: Change = "added" if before is None else "removed"
        scenes = [_alone(one, change) for one in there.frames]
    else:
        change = "changed"
        scenes = list(_scenes(before, after))
    return ReelChange(
        key=there.reel.key,
        change=change,
        before=before.reel if before is not None else None,
        after=after.reel if after is not None else None,
        scenes=tuple(scenes),
    )


def _scenes(before: Shown, after: Shown) -> Iterator[SceneChange]:
    """Every scene in the order of what is there now; what was taken out stands where it was."""
    pairs = _pairs(before, after)
    olds = {new: old for old, new in pairs.items()}
    stayed = _in_order([olds[new] for new in sorted(olds)])
    gone = [index for index in range(len(before.frames)) if index not in pairs]
    next_gone = 0
    for new, frame in enumerate(after.frames):
        old = olds.get(new)
        if old in stayed:
            while next_gone < len(gone) and gone[next_gone] < (old or 0):
                yield _alone(before.frames[gone[next_gone]], "removed")
                next_gone += 1
        if old is None:
            yield _alone(frame, "added")
        else:
            yield _pair(before, old, after, new, moved=old not in stayed)
    for index in gone[next_gone:]:
        yield _alone(before.frames[index], "removed")


def _alone(frame: Frame, change: Change) -> SceneChange:
    is_new = change == "added"
    return SceneChange(
        change=change, before=None if is_new else frame, after=frame if is_new else None, shows=True
    )


def _pair(before: Shown, old: int, after: Shown, new: int, *, moved: bool) -> SceneChange:
    was, now = before.frames[old], after.frames[new]
    words = compared(was.card.script, now.card.script)
    facts = tuple(_facts(was.card, before.contents[old], now.card, after.contents[new]))
    shows = was.still.picture != now.still.picture
    is_same = not (words.differ or facts or shows)
    return SceneChange(
        change="same" if is_same else "changed",
        before=was,
        after=now,
        moved=moved,
        words=words,
        facts=facts,
        shows=shows,
    )


def _facts(was: Card, old: Mapping[str, Json], now: Card, new: Mapping[str, Json]) -> Iterator[FactChange]:
    """What differs besides the words: facts, and of parts whose facts are alike the fields."""
    befores, afters = ({one.label: one for one in card.facts} for card in (was, now))
    told: set[str] = set()
    for label in (*befores, *(one for one in afters if one not in befores)):
        before, after = befores.get(label), afters.get(label)
        if before == after:
            continue
        told.add(_IN_FACTS.get(label, label))
        words = None
        if label == "on screen" and before is not None and after is not None:
            words = compared([Passage(before.value)], [Passage(after.value)])
        yield FactChange(label=label, before=before, after=after, words=words)
    then, today = dict(_fields(old)), dict(_fields(new))
    for path in (*then, *(one for one in today if one not in then)):
        part, _, field = path.partition(".")
        is_whole = part not in old or part not in new
        if then.get(path) == today.get(path) or path == "voice.input_text":
            continue
        if part in told and (is_whole or field in _TOLD_IN_FACTS.get(part, ())):
            continue
        before, after = (_fact(path, fields.get(path)) for fields in (then, today))
        yield FactChange(label=path, before=before, after=after, is_field=True)


def _fact(path: str, value: Json) -> Fact | None:
    if value is None:
        return None
    if isinstance(value, str) and value.startswith("specfile-asset:"):
        return Fact(label=path, value=f"a file with the SHA-256 {value.partition(':')[2][:12]}…")
    return Fact(label=path, value=value if isinstance(value, str) else canonical_json(value).decode())


def _fields(value: Mapping[str, Json], above: str = "") -> Iterator[tuple[str, Json]]:
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _fields(inner, f"{above}{name}.")
        elif inner is not None:
            yield f"{above}{name}", inner


def _pairs(before: Shown, after: Shown) -> dict[int, int]:
    """Which former scene is which of today's, by their indexes.

    They are told by content, by name, by what is said, and at last by their place between those.
    """
    pairs: dict[int, int] = {}
    olds, news = ([canonical_json(one) for one in shown.contents] for shown in (before, after))
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    for block in matcher.get_matching_blocks():
        pairs.update((block.a + step, block.b + step) for step in range(block.size))
    _pair_by(pairs, olds, news)
    _pair_by(pairs, *([one.card.name for one in shown.frames] for shown in (before, after)))
    _pair_alike(pairs, before.reel.cards, after.reel.cards)
    _pair_in_gaps(pairs, before.reel.cards, after.reel.cards)
    return pairs


def _pair_by(pairs: dict[int, int], olds: Sequence[object], news: Sequence[object]) -> None:
    """Pair those still alone that have the same mark, in order; None marks nothing."""
    taken = set(pairs.values())
    for old, mark in enumerate(olds):
        if old in pairs or mark is None:
            continue
        new = next((index for index, one in enumerate(news) if one == mark and index not in taken), None)
        if new is not None:
            pairs[old] = new
            taken.add(new)


def _pair_alike(pairs: dict[int, int], olds: Sequence[Card], news: Sequence[Card]) -> None:
    """Pair those still alone that say or show nearly the same words, the likest first."""
    free = product(_alone_in(pairs, olds), _alone_in(pairs.values(), news))
    likeness = [(alike(_read(olds[old]), _read(news[new])), -abs(old - new), old, new) for old, new in free]
    taken: set[int] = set()
    for likely, _, old, new in sorted(likeness, reverse=True):
        if likely >= _LIKE and old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)


def _read(card: Card) -> tuple[Passage, ...]:
    """What is heard, and what is read on screen."""
    return (*card.script, *(Passage(one.value) for one in card.facts if one.label == "on screen"))


def _pair_in_gaps(pairs: dict[int, int], olds: Sequence[Card], news: Sequence[Card]) -> None:
    """Pair those still alone between scenes that stayed: one with one, of more those of a kind, in order."""
    olds_by_new = {new: old for old, new in pairs.items()}
    stayed = _in_order([olds_by_new[new] for new in sorted(olds_by_new)])
    ends = [(-1, -1), *((old, pairs[old]) for old in sorted(stayed)), (len(olds), len(news))]
    alone, come = _alone_in(pairs, olds), _alone_in(pairs.values(), news)
    for (old_from, new_from), (old_to, new_to) in pairwise(ends):
        left = [old for old in alone if old_from < old < old_to]
        right = [new for new in come if new_from < new < new_to]
        if len(left) == len(right) == 1:
            pairs[left[0]] = right[0]
        else:
            pairs.update(_aligned(left, right, olds, news))


class _Alignment(NamedTuple):
    """Pairs in order; of two alignments the one with more of them is better, then the one that is liker."""

    number: int = 0
    likeness: float = 0.0
    pairs: tuple[tuple[int, int], ...] = ()

    @property
    def worth(self) -> tuple[int, float]:
        """What is compared."""
        return self.number, self.likeness


def _aligned(
    left: Sequence[int], right: Sequence[int], olds: Sequence[Card], news: Sequence[Card]
) -> tuple[tuple[int, int], ...]:
    """The best pairs in order of some former scenes and some of today's: of one kind, and not told apart."""
    best = [_Alignment() for _ in range(len(right) + 1)]
    for old in left:
        above, best = best, [_Alignment()]
        for place, new in enumerate(right):
            # Where several are as good, the first of today's is taken.
            found = max(best[place], above[place + 1], key=lambda one: one.worth)
            if olds[old].kind == news[new].kind and not _are_named(olds[old], news[new]):
                number, likeness, pairs = above[place]
                likely = likeness + alike(_read(olds[old]), _read(news[new]))
                both = _Alignment(number + 1, likely, (*pairs, (old, new)))
                found = max(found, both, key=lambda one: one.worth)
            best.append(found)
    return best[-1].pairs


def _are_named(old: Card, new: Card) -> bool:
    """Whether both have names, which tell them apart."""
    return old.name is not None and new.name is not None


def _alone_in(taken: Iterable[int], every: Sequence[Card]) -> list[int]:
    paired = set(taken)
    return [index for index in range(len(every)) if index not in paired]


def _in_order(numbers: Sequence[int]) -> frozenset[int]:
    """A longest part of the numbers that only grow; the others were moved."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        before[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return frozenset(kept)
