"""A spec's videos as they would be, before anything is paid for: as a page, as one picture, as films."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from specfile.compiler.output import written_folder
from specfile.compiler.prices import prices_date
from specfile.diagnostics import Diagnostic
from specfile.errors import MissingExtra
from specfile.film import Asset, Video
from specfile.loaded import LoadedSpec
from specfile.preview import RenderSettings, render_transparent, render_video
from specfile.preview.files import replacing
from specfile.preview.model import AssetSource, Still
from specfile.preview.storyboard import Board, Card, Reel, board_of
from specfile.report.storyboard_page import storyboard_page
from specfile.report.words import count, length, money

_NEEDED: Final = ("av", "espeakng_loader", "numpy", "PIL")


def require_preview() -> None:
    """Refuse at once where frames can't be drawn.

    Raises:
        MissingExtra: the `preview` extra isn't installed.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtra("the preview", "preview")


def board(
    loaded: LoadedSpec, videos: Sequence[Video], found: Iterable[Diagnostic], *, most: int | None
) -> Board:
    """The board of a sound spec; the first `most` of its videos are looked at, all where it is None.

    Args:
        loaded: the spec.
        videos: those that are meant, at least one.
        found: all that was found about the spec and its data.
        most: so many are looked at.

    Raises:
        SpecError: the spec's data can't be read any more.
    """
    keys = {one.key: None for one in videos[:most]}
    return board_of(
        spec=loaded.spec.source.name,
        videos=videos,
        judged=[one for _, one in loaded.judged(keys)],
        found=found,
        catalogue=loaded.catalogue,
        prices_date=prices_date(),
    )


def page_path(loaded: LoadedSpec) -> Path:
    """Where a spec's page goes, unless another place is named: into the folder of its videos."""
    return written_folder(loaded.spec, local=False) / f"{loaded.spec.stem}.storyboard.html"


def films_folder(loaded: LoadedSpec) -> Path:
    """Where the films of a preview go, unless another place is named: apart from those of a build."""
    return written_folder(loaded.spec, local=False) / "preview"


def write_page(board: Board, path: Path) -> None:
    """Write a board as a page.

    Raises:
        RenderFailed: the speech engine failed.
        OSError: the file can't be written.
    """
    page = storyboard_page(board, _stills(board.reels))
    with replacing(path) as part:
        part.write_text(page, encoding="utf-8")


def write_sheet(board: Board, path: Path) -> None:
    """Write the board's first video as a contact sheet.

    Raises:
        RenderFailed: the speech engine failed.
        OSError: the file can't be written.
    """
    from specfile.preview.contact_sheet import Tile, contact_sheet  # noqa: PLC0415 - heavy, in the extra

    reel = board.reels[0]
    [stills] = _stills([reel])
    about = [reel.key, count(len(reel.cards), "scene"), length(reel.seconds), money(reel.cost_usd)]
    tiles = [
        Tile(still=still, name=_name(card), aside=_aside(card), script=_script(card))
        for card, still in zip(reel.cards, stills, strict=True)
    ]
    picture = contact_sheet(reel.title or board.title, " · ".join(about), tiles)
    with replacing(path) as part:
        part.write_bytes(picture)


def render_films(
    board: Board,
    place: Callable[[Reel], Path],
    *,
    began: Callable[[int, Reel], None],
    ended: Callable[[Path, Sequence[str]], None],
    settings: RenderSettings | None = None,
) -> None:
    """Render the board's videos as `build --local` would, with no lock and no server.

    Captions that lie beside a film get its name.

    Args:
        board: the board.
        place: where the film of a video goes, with its extension.
        began: told the number of a video, from 1, and the video, before it is rendered.
        ended: told each film's file, and what stands in for something in it.
        settings: how to render.

    Raises:
        RenderFailed: the speech engine failed.
        OSError: a file can't be written.
    """
    for number, reel in enumerate(board.reels, 1):
        began(number, reel)
        ended(place(reel), _render(reel, place(reel), settings or RenderSettings()))


def _render(reel: Reel, path: Path, settings: RenderSettings) -> tuple[str, ...]:
    path.parent.mkdir(parents=True, exist_ok=True)
    render = render_transparent if reel.is_transparent else render_video
    with tempfile.TemporaryDirectory(prefix=".specfile-", dir=path.parent) as folder:
        made = render(reel.payload, Path(folder), assets=_source(reel.assets), settings=settings)
        if made.subtitles is not None:
            made.subtitles.replace(path.with_suffix(made.subtitles.suffix))
        (made.captioned or made.video).replace(path)
    return made.notes


def _stills(reels: Sequence[Reel]) -> list[tuple[Still, ...]]:
    """A frame for every scene of every video."""
    from specfile.preview.stills import Stills  # noqa: PLC0415 - heavy, and only in the extra

    with Stills() as stills:
        return [
            stills.of(reel.payload, _source(reel.assets), is_transparent=reel.is_transparent)
            for reel in reels
        ]


def _source(assets: Iterable[Asset]) -> AssetSource:
    """Finds the local files of a request; what lies at an address is not fetched."""
    return {asset.placeholder: asset.path for asset in assets}.get


def _name(card: Card) -> str:
    return f"{card.number}. {card.name}" if card.name else f"Scene {card.number}"


def _aside(card: Card) -> str:
    starts = length(card.starts) if card.starts else "0:00"
    return f"{starts} · {card.seconds:.1f} s"


def _script(card: Card) -> str:
    return " ".join(one.text for one in card.script if one.text) or f"({card.kind})"
