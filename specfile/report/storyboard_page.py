"""A storyboard as one page that needs nothing but itself: a card per scene, and a picker of videos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from specfile.diagnostics.details import summary
from specfile.preview.board.storyboard import Board
from specfile.preview.model import Still
from specfile.report.pages import digest_of, inlined, template
from specfile.report.storyboard_views import Frames, Naming, reel_view, remark_views, remarks_of
from specfile.report.words import count, length, money

MOST_REMARKS: Final = 50
"""So many are told above the cards, the rest counted; the command line tells them all."""


def storyboard_page(board: Board, stills: Sequence[Sequence[Still]]) -> str:
    """The page, as HTML. `stills` holds, for each of the board's videos, a frame of each scene."""
    style, script = inlined("storyboard.css"), inlined("storyboard.js")
    return template("storyboard.html").render(
        **page_parts(board, stills, Frames()),
        style=style,
        script=script,
        policy=(
            f"default-src 'none'; style-src {digest_of(style)}; script-src {digest_of(script)}; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
    )


def page_parts(board: Board, stills: Sequence[Sequence[Still]], frames: Naming) -> dict[str, object]:
    """What a page tells of a board, by name in the template; a frame of each scene for each video."""
    reels = [
        reel_view(number, reel, own, frames, len(board.reels))
        for number, (reel, own) in enumerate(zip(board.reels, stills, strict=True), 1)
    ]
    every = [*board.remarks, *(one for reel in board.reels for one in remarks_of(reel))]
    return {
        "board": board,
        "reels": reels,
        "videos": count(board.videos, "video"),
        "length": length(board.seconds),
        "cost": money(board.cost_usd),
        "found": summary(list(dict.fromkeys(every))),
        "remarks": remark_views(board.remarks[:MOST_REMARKS]),
        "more_remarks": max(0, len(board.remarks) - MOST_REMARKS),
    }
