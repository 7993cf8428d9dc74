"""From a spec and its rows to videos: the whole compiler, read top to bottom.

Rows that go a known way are filled into what was learned from the first one; all others are compiled step by
step, which also explains whatever is wrong with them.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from specfile.compiler.answered import Complaint, blamed
from specfile.compiler.behind import MadeOf, made_of
from specfile.compiler.claims import Claims, hash_of
from specfile.compiler.expand import Declared
from specfile.compiler.made import Made, Whole
from specfile.compiler.origin import Path as RequestPath
from specfile.compiler.remarks import Watch, remarks
from specfile.compiler.stepwise import Draft, Judged, Stepwise, Target
from specfile.compiler.trace import Trace
from specfile.compiler.unique import Uniqueness, claims
from specfile.compiler.unreached import unreached
from specfile.data import Refused, Row
from specfile.diagnostics import Diagnostic, Span, has_errors
from specfile.film import Video
from specfile.language import Spec

_MOST_ALIKE: Final = 50
"""So many rows in turn that fail by the same mistakes of the spec are enough."""

if TYPE_CHECKING:
    from specfile.compiler.mass import Mass

Rows = Iterable[Row | Refused]
"""Rows in their order, those that were refused as the reasons why. They can be gone through again."""


class Outcome(NamedTuple):
    """What one row came to: a video, or the reasons why not. A video may come with warnings.

    `row` is the row's number, 0 for what is wrong with several rows, None for what no row is to blame for.
    `taken_back` is the number, counted from 0, of an earlier video that is none after all.
    """

    made: Made | None
    diagnostics: tuple[Diagnostic, ...] = ()
    row: int | None = None
    taken_back: int | None = None


@dataclass
class Notes:
    """What has to be known of all rows together, however many processes compiled them.

    `barren` are the numbers of the rows that no video came of.
    """

    watch: Watch = field(default_factory=Watch)
    claims: Claims = field(default_factory=Claims)
    barren: set[int] = field(default_factory=set)

    def join(self, other: Notes) -> None:
        """Add the notes on other rows of the same spec; those on its first rows come first."""
        self.watch.join(other.watch)
        self.claims.join(other.claims)
        self.barren |= other.barren


class Compiler:
    """Compiles the rows of one spec. `declared` are the variables of its blocks.

    Without `mass` every row is compiled step by step: slower for many, and to the same effect. After so many
    videos with what others have `most_repeats` ends the rows.
    """

    def __init__(
        self,
        spec: Spec,
        declared: Declared,
        target: Target | None = None,
        *,
        mass: bool = True,
        most_repeats: int = sys.maxsize,
    ) -> None:
        self._spec = spec
        self.notes = Notes()
        self._met: set[tuple[str, Span | None]] = set()
        self._alike = 0
        self._most_repeats = most_repeats
        self._stepwise = Stepwise(spec, declared, target or Target(), self.notes.watch)
        self._mass = _mass(self._stepwise, declared) if mass else None

    def videos(self, rows: Rows) -> Iterator[Outcome]:
        """Every video of these rows, in their order. A row that was refused already passes through.

        At the end comes what is wrong where no row came and, where nothing was wrong, what is remarkable
        about all of them together.
        """
        known: set[tuple[str, Span | None]] = set()
        for outcome in self.part(rows):
            known.update((one.code, one.span) for one in outcome.diagnostics if has_errors([one]))
            yield outcome
        for outcome in self.ending(rows):
            found = outcome.diagnostics
            if known and outcome.row is None:
                found = tuple(one for one in found if has_errors([one]) and (one.code, one.span) not in known)
            else:
                known.update((one.code, one.span) for one in found if has_errors([one]))
            yield outcome._replace(diagnostics=found)

    def part(self, rows: Rows) -> Iterator[Outcome]:
        """The videos of some of a spec's rows. What has to be known of them in the end is in `notes`."""
        for row in rows:
            if isinstance(row, Refused):
                yield Outcome(None, row.diagnostics, row.number)
                continue
            if self.notes.claims.repeats > self._most_repeats:
                break
            self.notes.watch.row(row)
            poured = self._mass.poured(row) if self._mass is not None else None
            if poured is None and self._is_hopeless:
                self.notes.barren.add(row.number)
                continue
            if poured is None:
                judged = self._step_by_step(row)
                if not any(one.video for one in judged):
                    self.notes.barren.add(row.number)
                for one in judged:
                    whole = _whole(one.video)
                    if whole is not None:
                        self.notes.claims.add(whole.claims)
                    yield Outcome(whole, one.diagnostics, row.number)
                continue
            for made in poured:
                self.notes.claims.add(made.claims)
                yield Outcome(made, (), row.number)
        if self._mass is not None:
            self._mass.tell(self.notes.watch)

    def ending(self, rows: Rows) -> Iterator[Outcome]:
        """What is to be said once all rows are noted: what they share, and what there is to remark."""
        if shared := self.notes.claims.shared():
            yield from self._clashes(rows, shared)
        watch = self.notes.watch
        rest = tuple(unreached(self._spec, self._stepwise.reader(), watch))
        if has_errors(rest):
            yield Outcome(None, tuple(one for one in rest if has_errors([one])))
        else:
            yield Outcome(None, (*rest, *remarks(self._spec, self._stepwise.templates, watch)))

    def made_of(self, rows: Rows, paths: Mapping[str, RequestPath]) -> dict[str, MadeOf]:
        """By key of a video, what the field at a path of its request was made of.

        One video of each way through the storyboard is looked at closely; the others are like it.
        """
        found: dict[str, MadeOf] = {}
        known: dict[tuple[int, RequestPath], MadeOf] = {}
        for row in rows:
            if len(found) == len(paths):
                break
            if isinstance(row, Refused):
                continue
            for index, made in enumerate(self._learning(row)):
                path = paths.get(made.key) if made is not None else None
                if made is None or path is None:
                    continue
                like = (id(made.way), path)
                if made.way is not None and like in known:
                    found[made.key] = known[like]
                    continue
                trace = Trace()
                draft = list(self._stepwise.videos(row, trace))[index].draft
                if draft is not None:
                    found[made.key] = known[like] = made_of(draft.origin, trace, path)
        return found

    def blamed(self, rows: Rows, complaints: Mapping[str, Complaint]) -> dict[str, Diagnostic]:
        """By key of a video, the place in the spec of what the service objects to, where that can be told.

        A film that isn't the one it was sent as is left out.
        """
        drafts = self.drafts(rows, complaints)
        meant = ((key, draft) for key, draft in drafts if draft.film.digest == complaints[key].digest)
        found = {key: blamed(complaints[key], draft.origin) for key, draft in meant}
        return {key: diagnostic for key, diagnostic in found.items() if diagnostic is not None}

    def drafts(self, rows: Rows, keys: Collection[str]) -> Iterator[tuple[str, Draft]]:
        """Some videos by their keys, made step by step, so that every value's place is known."""
        for key, one in self.judged(rows, keys):
            if one.draft is not None:
                yield key, one.draft

    def judged(self, rows: Rows, keys: Collection[str]) -> Iterator[tuple[str, Judged]]:
        """Some videos by their keys, made step by step, each with all that was found about it."""
        met = 0
        for row in rows:
            if met == len(keys):
                break
            if isinstance(row, Refused):
                continue
            every = enumerate(self._learning(row))
            meant = {index: made.key for index, made in every if made is not None and made.key in keys}
            if not meant:
                continue
            met += len(meant)
            # A row may make thousands of videos: it is gone through once, however many of them are meant.
            for index, judged in enumerate(self._stepwise.videos(row)):
                if index in meant:
                    yield meant[index], judged

    def lock_path(self, row: Row) -> Path:
        """Where the spec's lock lies. `row` holds the values given for the whole build, not a person's.

        Raises:
            SpecError: `output.lock` has no value, or leaves the project.
        """
        return self._stepwise.lock_path(row)

    def _step_by_step(self, row: Row) -> list[Judged]:
        """A row that goes no known way; where it is sound, its way is known from now on."""
        if self._mass is None or not self._mass.learns:
            return list(self._stepwise.videos(row))
        trace = Trace()
        judged = list(self._stepwise.videos(row, trace))
        self._mass.learn(row, trace, judged)
        self._note_alike(judged)
        return judged

    @property
    def _is_hopeless(self) -> bool:
        """Whether the spec itself is wrong, as every row finds: more of them tell nothing new."""
        return self._alike >= _MOST_ALIKE

    def _note_alike(self, judged: Iterable[Judged]) -> None:
        """Note how many rows in turn have met nothing but mistakes of the spec that others met before."""
        errors = [[one for one in video.diagnostics if has_errors([one])] for video in judged]
        places = {(one.code, one.span) for video in errors for one in video}
        is_of_spec = all(video and all(one.cell is None for one in video) for video in errors)
        self._alike = self._alike + 1 if errors and is_of_spec and places <= self._met else 0
        self._met |= places

    def _clashes(self, rows: Rows, shared: frozenset[int]) -> Iterator[Outcome]:
        """What videos have in common that only one may have, looked at where anything seemed alike."""
        unique, number = Uniqueness(self._spec, self._stepwise.templates), -1
        for row in rows:
            if isinstance(row, Refused) or row.number in self.notes.barren:
                continue
            again, judged = self._again(row)
            for index, made in enumerate(again):
                if made is None:
                    continue
                number += 1
                if shared.isdisjoint(map(hash_of, made.claims)):
                    continue
                judged = judged or list(self._stepwise.videos(row))
                one = judged[index]
                if one.video is not None and (found := unique.clashes(one.video, one.scope)):
                    yield Outcome(None, found, row.number, taken_back=number)

    def _learning(self, row: Row) -> Sequence[Made | None]:
        """The videos of a row, from which others learn; None for one that it made none of."""
        poured = self._mass.poured(row) if self._mass is not None else None
        return poured if poured is not None else [_whole(one.video) for one in self._step_by_step(row)]

    def _again(self, row: Row) -> tuple[Sequence[Made | None], Sequence[Judged]]:
        """The videos that a row made before, None for one that it made none of; judged where it had to be."""
        poured = self._mass.poured(row) if self._mass is not None else None
        if poured is not None:
            return poured, ()
        judged = list(self._stepwise.videos(row))
        return [_whole(one.video) for one in judged], judged


def _mass(stepwise: Stepwise, declared: Declared) -> Mass:
    from specfile.compiler.mass import Mass  # noqa: PLC0415 - a spec without data starts faster without it

    return Mass(stepwise, declared.get(stepwise.spec.block.node.span, {}))


def _whole(video: Video | None) -> Whole | None:
    if video is None:
        return None
    return Whole(video, claims(video.key, str(video.output), video.metadata.get("callback_id")))
