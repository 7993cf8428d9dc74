"""Makes of sound specs what `specfile preview` is asked for, and tells where it is."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from specfile.behind_addresses import BehindAddresses
from specfile.choice import Choice
from specfile.cli import options
from specfile.cli.messages import say
from specfile.cli.preview_places import Place, Wanted, placer
from specfile.comparing import Former, former
from specfile.diagnostics import Diagnostic
from specfile.film import Video
from specfile.loaded import LoadedSpec
from specfile.previewing import (
    board,
    comparison,
    comparison_path,
    page_path,
    render_films,
    with_folder,
    write_comparison,
    write_page,
    write_sheet,
)
from specfile.report.words import beside, count

if TYPE_CHECKING:
    from specfile.preview.board.storyboard import Board, Reel

_Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SoundSpec:
    """A sound spec, all its videos and those that are meant, what was found about it, and what it was.

    `chosen` are the keys that are meant, None for all.
    """

    loaded: LoadedSpec
    every: Sequence[Video]
    videos: Sequence[Video]
    found: tuple[Diagnostic, ...]
    former: Former | None = None
    chosen: frozenset[str] | None = None

    @property
    def keys(self) -> list[str]:
        """Those of all videos that there are, and that there were."""
        former = self.former.videos if self.former is not None else ()
        return [video.key for video in (*self.every, *former)]


def with_former(one: SoundSpec, against: str | None, inputs: options.Inputs, kept: ExitStack) -> SoundSpec:
    """The spec with what it was, where that is asked for; `kept` keeps its files.

    Raises:
        UsageError: there is no such revision.
        FormerlyWrong: it was wrong then.
    """
    if against is None:
        return one

    def read(path: Path, name: str) -> LoadedSpec:
        return inputs.load(path, name=name)

    return replace(one, former=kept.enter_context(former(one.loaded, one.every, against, read)))


def meant(sound: Sequence[SoundSpec], choice: Choice) -> list[SoundSpec]:
    """The specs with the videos that are meant; those without any are left out, and that is said.

    Raises:
        UsageError: a pattern fits no key.
    """
    keys = choice.keys_among(key for one in sound for key in one.keys)
    meant: list[SoundSpec] = []
    for one in sound:
        if any(keys is None or key in keys for key in one.keys):
            videos = [video for video in one.every if keys is None or video.key in keys]
            meant.append(replace(one, videos=videos, chosen=keys))
        elif not one.keys:
            say(f"{one.loaded.spec.source.name}: no video to show")
    return meant


def make(one: SoundSpec, wanted: Wanted, *, most: int | None, quiet: bool) -> None:
    """Make of a spec what is wanted; of its videos the first `most`, all where that is None."""
    tell: _Tell = _silent if quiet else say
    if one.former is not None:
        _compare(one, one.former, wanted, most=most, tell=tell)
        wanted = replace(wanted, page=False)
    if one.videos and (wanted.page or wanted.sheet is not None or wanted.films is not None):
        _show(one, wanted, most=most, tell=tell)


def _compare(one: SoundSpec, before: Former, wanted: Wanted, *, most: int | None, tell: _Tell) -> None:
    from specfile.report.comparison_page import change_lines  # noqa: PLC0415 - few previews compare

    for line in before.told:
        tell(line)
    made = comparison(
        one.loaded,
        one.every,
        one.found,
        before,
        keys=one.chosen,
        most=most,
        behind=wanted.behind,
        progress=wanted.progress,
    )
    for line in change_lines(made):
        tell(line)
    if len(made.reels) < len(made.keys.differing):
        tell(
            f"the first {len(made.reels)} of {count(len(made.keys.differing), 'video')}; --limit 0 takes all"
        )
    path = with_folder(wanted.output or comparison_path(one.loaded))
    write_comparison(made, path)
    _written(path, wanted, tell)


def _written(path: Path, wanted: Wanted, tell: _Tell) -> None:
    """A page was written."""
    tell(f"written to {_told(path)}")
    if wanted.opens:
        webbrowser.open(path.resolve().as_uri())


def _show(one: SoundSpec, wanted: Wanted, *, most: int | None, tell: _Tell) -> None:
    loaded = one.loaded
    shown = board(loaded, one.videos, one.found, most=most)
    place = placer(shown, loaded, one.every, wanted.films)
    if len(shown.reels) < len(one.videos) and (wanted.page or wanted.films is not None):
        tell(f"the first {len(shown.reels)} of {count(len(one.videos), 'video')}; --limit 0 takes all")
    if wanted.page:
        path = with_folder(wanted.output or page_path(loaded))
        write_page(shown, path, behind=wanted.behind, progress=wanted.progress)
        _written(path, wanted, tell)
    if wanted.sheet is not None:
        notes = write_sheet(shown, wanted.sheet, behind=wanted.behind, progress=wanted.progress)
        _written_with(wanted.sheet, notes, tell)
    if wanted.films is not None:
        _render(shown, place, wanted.behind, tell)


def _render(shown: Board, place: Place, behind: BehindAddresses, tell: _Tell) -> None:
    many = len(shown.reels)

    def began(number: int, reel: Reel) -> None:
        tell(f"rendering {reel.key}{f' ({number} of {many})' if many > 1 else ''} …")

    ended = partial(_written_with, tell=tell)
    render_films(shown, place, began=began, ended=ended, behind=behind)


def _written_with(path: Path, notes: Sequence[str], tell: _Tell) -> None:
    """A picture or a film was written, in which something stands in for something else."""
    tell(f"written to {_told(path)}")
    for note in notes:
        tell(f"  {note}")


def _told(path: Path) -> str:
    return beside(path) if path.is_absolute() else str(path)


def _silent(text: str) -> None:
    """Say nothing."""
