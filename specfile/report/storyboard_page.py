"""A storyboard as one page that needs nothing but itself: a card per scene, and a picker of videos."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from specfile.diagnostics import Diagnostic, Severity
from specfile.diagnostics.details import facts, summary
from specfile.diagnostics.excerpt import harmless
from specfile.preview.model import Still
from specfile.preview.storyboard import Board, Card, Reel
from specfile.report.pages import digest_of, inlined, template
from specfile.report.words import count, length, money

_KINDS: Final = {"speech": "", "recording": "A recording is played.", "silence": "Nobody speaks."}
_MOST_REMARKS: Final = 50
"""So many are told above the cards, the rest counted; the command line tells them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """A warning or note. `place` is where it is written."""

    severity: str
    code: str
    message: str
    place: str | None
    facts: tuple[str, ...]
    hint: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card as the template has it.

    `frame` names its picture, and `source` holds it where the page shows it first; `silent` says what is
    heard where there is no script. `left` and `width` are its part of the timeline, in thousandths.
    """

    card: Card
    anchor: str
    frame: str
    source: str | None
    size: tuple[int, int]
    starts: str
    ends: str
    length: str
    cost: str
    silent: str
    left: float
    width: float
    shared: str | None
    notes: tuple[str, ...]
    remarks: tuple[RemarkView, ...]

    @property
    def name(self) -> str:
        """What the scene is called."""
        return self.card.name or f"Scene {self.card.number}"

    @property
    def alt(self) -> str:
        """What its picture shows, for those who don't see it."""
        on_screen = next((fact.value for fact in self.card.facts if fact.label == "on screen"), None)
        shown = f", with the text {on_screen}" if on_screen else ""
        return f"A frame of {self.name}{shown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelView:
    """A video as the template has it; `shape` is landscape, portrait or square."""

    reel: Reel
    anchor: str
    shape: str
    length: str
    cost: str
    cards: tuple[CardView, ...]
    remarks: tuple[RemarkView, ...]

    @property
    def told(self) -> str:
        """Its facts in a row."""
        reel = self.reel
        captions = [f"captions {reel.captions}"] if reel.captions else []
        see_through = ["nothing behind it"] if reel.is_transparent else []
        scenes = count(len(reel.cards), "scene")
        return " · ".join([scenes, f"{reel.width} × {reel.height}", *captions, *see_through])


def storyboard_page(board: Board, stills: Sequence[Sequence[Still]]) -> str:
    """The page, as HTML. `stills` holds, for each of the board's videos, a frame of each scene."""
    style, script = inlined("storyboard.css"), inlined("storyboard.js")
    frames = _Frames()
    reels = [
        _reel(number, reel, own, frames, len(board.reels))
        for number, (reel, own) in enumerate(zip(board.reels, stills, strict=True), 1)
    ]
    every = [*board.remarks, *(one for reel in board.reels for one in _remarks_of(reel))]
    return template("storyboard.html").render(
        board=board,
        reels=reels,
        videos=count(board.videos, "video"),
        length=length(board.seconds),
        cost=money(board.cost_usd),
        found=summary(list(dict.fromkeys(every))),
        remarks=_remarks(board.remarks[:_MOST_REMARKS]),
        more_remarks=max(0, len(board.remarks) - _MOST_REMARKS),
        style=style,
        script=script,
        policy=(
            f"default-src 'none'; style-src {digest_of(style)}; script-src {digest_of(script)}; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
    )


class _Frames:
    """Names pictures, so that a page holds each of them once."""

    def __init__(self) -> None:
        self._names: dict[bytes, str] = {}

    def named(self, still: Still) -> tuple[str, str | None]:
        """A picture's name, and the first time also the picture itself as an address."""
        digest = hashlib.sha256(still.picture).digest()
        if digest in self._names:
            return self._names[digest], None
        name = self._names[digest] = f"f{len(self._names) + 1}"
        return name, f"data:image/webp;base64,{base64.b64encode(still.picture).decode()}"


def _reel(number: int, reel: Reel, stills: Sequence[Still], frames: _Frames, videos: int) -> ReelView:
    whole = sum(card.seconds for card in reel.cards) or 1.0
    anchor = f"v{number}"
    return ReelView(
        reel=reel,
        anchor=anchor,
        shape=_shape(reel),
        length=length(reel.seconds),
        cost=money(reel.cost_usd),
        cards=tuple(
            _card(
                card,
                still,
                frames.named(still),
                whole=whole,
                anchor=f"{anchor}-{card.number}",
                videos=videos,
            )
            for card, still in zip(reel.cards, stills, strict=True)
        ),
        remarks=_remarks(reel.remarks),
    )


def _card(
    card: Card, still: Still, picture: tuple[str, str | None], *, whole: float, anchor: str, videos: int
) -> CardView:
    frame, source = picture
    return CardView(
        card=card,
        anchor=anchor,
        frame=frame,
        source=source,
        size=(still.width, still.height),
        starts=length(card.starts) if card.starts else "0:00",
        ends=length(card.starts + card.seconds),
        length=f"{card.seconds:.1f} s" if card.seconds < 60 else length(card.seconds),
        cost=money(card.cost_usd),
        silent=_KINDS[card.kind],
        left=round(card.starts / whole * 1000, 2),
        width=round(card.seconds / whole * 1000, 2),
        shared=f"the same in {card.shared} of {videos}" if videos > 1 and card.shared > 1 else None,
        notes=still.notes,
        remarks=_remarks(card.remarks),
    )


def _shape(reel: Reel) -> str:
    if reel.width == reel.height:
        return "square"
    return "landscape" if reel.width > reel.height else "portrait"


def _remarks_of(reel: Reel) -> Iterator[Diagnostic]:
    yield from reel.remarks
    for card in reel.cards:
        yield from card.remarks


def _remarks(diagnostics: Sequence[Diagnostic]) -> tuple[RemarkView, ...]:
    gravest_first = sorted(diagnostics, key=lambda one: list(Severity).index(one.severity))
    return tuple(
        RemarkView(
            severity=one.severity.value,
            code=one.code,
            message=harmless(one.message),
            place=harmless(f"{one.span.file}:{one.span.line}") if one.span is not None else None,
            facts=facts(one),
            hint=harmless(one.hint) if one.hint is not None else None,
        )
        for one in gravest_first
    )
