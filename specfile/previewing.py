"""A spec's videos as they would be, before anything is paid for: as a page, as one picture, as films."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Container, Iterable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from specfile.behind_addresses import BehindAddresses
from specfile.comparing import Former
from specfile.compiler.output import written_folder
from specfile.compiler.prices import prices_date
from specfile.compiler.stepwise import Judged
from specfile.diagnostics import Diagnostic
from specfile.errors import MissingExtra, UsageError
from specfile.film import Asset, Video
from specfile.frame_remarks import remarks_of_video
from specfile.loaded import LoadedSpec
from specfile.preview import RenderSettings, render_transparent, render_video
from specfile.preview.board.comparison import Comparison, Shown, key_changes, reel_change, sums_of
from specfile.preview.board.storyboard import Board, Card, Reel, board_of
from specfile.preview.files import replacing
from specfile.preview.model import AssetSource, Still
from specfile.report.storyboard_page import storyboard_page
from specfile.report.words import beside, count, length, money

Progress = Callable[[int | None, int], None]
"""Told how many frames are there, and of how many; None once that is over."""

_NEEDED: Final = ("av", "espeakng_loader", "numpy", "PIL")


def _unseen(_count: int | None, _every: int) -> None:
    """Nobody looks."""


def require_preview() -> None:
    """Refuse at once where frames can't be drawn.

    Raises:
        MissingExtra: the `preview` extra isn't installed.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtra("the preview", "preview")


def with_folder(path: Path) -> Path:
    """The path, whose folder is made where it isn't there.

    Raises:
        UsageError: a file stands where the folder should be.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        file = next((one for one in path.parents if one.exists()), path.parent)
        wanted, there = (beside(one.absolute()) for one in (path, file))
        message = f"{wanted} can't be written: {there} is a file, not a folder"
        raise UsageError(message, hint="move that file away, or name another place") from error
    return path


def board(
    loaded: LoadedSpec,
    videos: Sequence[Video],
    found: Iterable[Diagnostic],
    *,
    most: int | None = None,
    among: Container[str] | None = None,
) -> Board:
    """The board of a sound spec; the first `most` of its videos are looked at, all where it is None.

    Args:
        loaded: the spec.
        videos: those that are meant, at least one.
        found: all that was found about the spec and its data.
        most: so many are looked at.
        among: only these keys count, where they are given.

    Raises:
        SpecError: the spec's data can't be read any more.
    """
    meant = videos if among is None else [one for one in videos if one.key in among]
    keys = {one.key: None for one in meant[:most]}
    return board_of(
        spec=loaded.spec.source.name,
        videos=videos,
        judged=[_with_frame_remarks(one, loaded) for _, one in loaded.judged(keys)],
        found=found,
        catalogue=loaded.catalogue,
        prices_date=prices_date(),
    )


def _with_frame_remarks(one: Judged, loaded: LoadedSpec) -> Judged:
    """A video with what is found of its texts on screen."""
    if one.draft is None:
        return one
    more = remarks_of_video(one.draft.film.content(), one.draft.origin)
    told = (it for it in more if not loaded.is_silenced(it))
    return replace(one, diagnostics=(*one.diagnostics, *told))


def page_path(loaded: LoadedSpec) -> Path:
    """Where a spec's page goes, unless another place is named: into the folder of its videos."""
    return written_folder(loaded.spec, local=False) / f"{loaded.spec.stem}.storyboard.html"


def comparison_path(loaded: LoadedSpec) -> Path:
    """Where the page of a comparison goes, unless another place is named: beside the spec's page."""
    return page_path(loaded).with_name(f"{loaded.spec.stem}.comparison.html")


def films_folder(loaded: LoadedSpec) -> Path:
    """Where the films of a preview go, unless another place is named: apart from those of a build."""
    return written_folder(loaded.spec, local=False) / "preview"


def write_page(
    board: Board, path: Path, *, behind: BehindAddresses | None = None, progress: Progress = _unseen
) -> None:
    """Write a board as a page. `progress` is told how many of its frames are there.

    Here and below `behind` finds what is at addresses: what was fetched before, unless it is told otherwise.

    Raises:
        RenderFailed: the speech engine failed.
        OSError: the file can't be written.
    """
    page = storyboard_page(board, _stills(board.reels, behind, progress))
    with replacing(path) as part:
        part.write_text(page, encoding="utf-8")


def comparison(
    loaded: LoadedSpec,
    videos: Sequence[Video],
    found: Iterable[Diagnostic],
    before: Former,
    *,
    keys: Collection[str] | None = None,
    most: int | None = None,
    behind: BehindAddresses | None = None,
    progress: Progress = _unseen,
) -> Comparison:
    """A sound spec held against what it was, with frames of both where they differ.

    Args:
        loaded: the spec.
        videos: all that it makes.
        found: all that was found about it and its data.
        before: what it was; its files are still there.
        keys: only these videos count, all where it is None.
        most: the first so many that differ are looked at scene by scene, all where it is None.
        behind: finds what is at addresses.
        progress: told how many of its frames are there.

    Raises:
        RenderFailed: the speech engine failed.
        SpecError: the spec's data can't be read any more.
    """
    then, now = (
        [one for one in every if keys is None or one.key in keys] for every in (before.videos, videos)
    )
    changes = key_changes(then, now)
    shown = dict.fromkeys(changes.differing[:most])
    made = board(loaded, now, found, among=shown) if now else None
    was = None
    if before.loaded is not None and any(one.key in shown for one in then):
        was = board(before.loaded, then, before.found, among=shown)
    sides = [one.reels if one is not None else () for one in (was, made)]
    stills = iter(_stills([reel for reels in sides for reel in reels], behind, progress))
    befores, afters = ({reel.key: Shown(reel, next(stills)) for reel in reels} for reels in sides)
    return Comparison(
        spec=loaded.spec.source.name,
        revision=before.commit.name,
        commit=before.commit.about,
        told=before.told,
        keys=changes,
        before=sums_of(then),
        after=sums_of(now),
        prices_date=prices_date(),
        reels=tuple(reel_change(befores.get(key), afters.get(key)) for key in shown),
        remarks=made.remarks if made is not None else (),
    )


def write_comparison(compared: Comparison, path: Path) -> None:
    """Write a comparison as a page.

    Raises:
        OSError: the file can't be written.
    """
    from specfile.report.comparison_page import comparison_page  # noqa: PLC0415 - few previews compare

    page = comparison_page(compared)
    with replacing(path) as part:
        part.write_text(page, encoding="utf-8")


def write_sheet(
    board: Board, path: Path, *, behind: BehindAddresses | None = None, progress: Progress = _unseen
) -> tuple[str, ...]:
    """Write the board's first video as a contact sheet; gives what stands in for something, by scene.

    `progress` is told how many of its frames are there.

    Raises:
        RenderFailed: the speech engine failed.
        OSError: the file can't be written.
    """
    from specfile.preview.board.contact_sheet import Tile, contact_sheet  # noqa: PLC0415 - heavy, in the extra

    reel = board.reels[0]
    [stills] = _stills([reel], behind, progress)
    about = [reel.key, count(len(reel.cards), "scene"), length(reel.seconds), money(reel.cost_usd)]
    tiles = [
        Tile(still=still, name=_name(card), aside=_aside(card), script=_script(card))
        for card, still in zip(reel.cards, stills, strict=True)
    ]
    picture = contact_sheet(reel.title or board.title, " · ".join(about), tiles)
    with replacing(path) as part:
        part.write_bytes(picture)
    return tuple(
        f"scene {card.number}: {note}"
        for card, still in zip(reel.cards, stills, strict=True)
        for note in still.notes
    )


def render_films(
    board: Board,
    place: Callable[[Reel], Path],
    *,
    began: Callable[[int, Reel], None],
    ended: Callable[[Path, Sequence[str]], None],
    settings: RenderSettings | None = None,
    behind: BehindAddresses | None = None,
) -> None:
    """Render the board's videos as `build --local` would, with no lock and no server.

    Captions that lie beside a film get its name.

    Args:
        board: the board.
        place: where the film of a video goes, with its extension.
        began: told the number of a video, from 1, and the video, before it is rendered.
        ended: told each film's file, and what stands in for something in it.
        settings: how to render.
        behind: finds what is at addresses.

    Raises:
        RenderFailed: the speech engine failed.
        OSError: a file can't be written.
    """
    behind = behind or BehindAddresses()
    behind.prepare(reel.payload for reel in board.reels)
    for number, reel in enumerate(board.reels, 1):
        began(number, reel)
        ended(place(reel), _render(reel, place(reel), behind, settings or RenderSettings()))


def _render(reel: Reel, path: Path, behind: BehindAddresses, settings: RenderSettings) -> tuple[str, ...]:
    with_folder(path)
    render = render_transparent if reel.is_transparent else render_video
    with tempfile.TemporaryDirectory(prefix=".specfile-", dir=path.parent) as folder:
        try:
            made = render(reel.payload, Path(folder), assets=_source(reel.assets, behind), settings=settings)
        except OSError as error:
            # A full disk is told of the film that was asked for, not of what would have become it.
            if error.errno is None or not str(error.filename or folder).startswith(folder):
                raise
            raise OSError(error.errno, error.strerror, str(path)) from error
        if made.subtitles is not None:
            made.subtitles.replace(path.with_suffix(made.subtitles.suffix))
        (made.captioned or made.video).replace(path)
    return made.notes


def _stills(
    reels: Sequence[Reel], behind: BehindAddresses | None, progress: Progress
) -> list[tuple[Still, ...]]:
    """A frame for every scene of every video. Frames that look alike are drawn once, and count as often."""
    from specfile.preview.board.stills import Stills  # noqa: PLC0415 - heavy, and only in the extra

    done, every = 0, sum(len(reel.cards) for reel in reels)
    made: list[tuple[Still, ...]] = []
    behind = behind or BehindAddresses()
    behind.prepare(reel.payload for reel in reels)

    def drew() -> None:
        nonlocal done
        done += 1
        progress(done, every)

    try:
        with Stills(drew=drew) as stills:
            for reel in reels:
                source = _source(reel.assets, behind)
                made.append(stills.of(reel.payload, source, is_transparent=reel.is_transparent))
                done = sum(map(len, made))
    finally:
        progress(None, every)
    return made


def _source(assets: Iterable[Asset], behind: BehindAddresses) -> AssetSource:
    """Finds the files of a request: those of the project, and what is at hand of those at addresses."""
    own = {asset.placeholder: asset.path for asset in assets}
    return lambda reference: own.get(reference) or behind(reference)


def _name(card: Card) -> str:
    return f"{card.number}. {card.name}" if card.name else f"Scene {card.number}"


def _aside(card: Card) -> str:
    starts = length(card.starts) if card.starts else "0:00"
    return f"{starts} · {card.seconds:.1f} s"


def _script(card: Card) -> str:
    return " ".join(one.text for one in card.script if one.text) or f"({card.kind})"
