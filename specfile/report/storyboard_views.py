"""Cards and videos of a storyboard as its pages have them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from specfile.diagnostics import Diagnostic, Severity
from specfile.diagnostics.details import facts
from specfile.diagnostics.excerpt import harmless
from specfile.preview.board.storyboard import Card, Reel
from specfile.preview.model import Still
from specfile.report.words import count, length, money

_KINDS: Final = {"speech": "", "recording": "A recording is played.", "silence": "Nobody speaks."}


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


class Naming(Protocol):
    """Gives a frame its name in a page and, where it is in there, an address that holds it."""

    def named(self, still: Still) -> tuple[str, str | None]:
        """The name, the same for frames that look the same, and the address."""


class Frames:
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


def reel_view(number: int, reel: Reel, stills: Sequence[Still], frames: Naming, videos: int) -> ReelView:
    """The `number`th of the `videos` on a page; `stills` are frames of its scenes."""
    whole = sum(card.seconds for card in reel.cards) or 1.0
    anchor = f"v{number}"
    return ReelView(
        reel=reel,
        anchor=anchor,
        shape=shape_of(reel),
        length=length(reel.seconds),
        cost=money(reel.cost_usd),
        cards=tuple(
            card_view(
                card,
                still,
                frames.named(still),
                whole=whole,
                anchor=f"{anchor}-{card.number}",
                videos=videos,
            )
            for card, still in zip(reel.cards, stills, strict=True)
        ),
        remarks=remark_views(reel.remarks),
    )


def card_view(
    card: Card, still: Still, picture: tuple[str, str | None], *, whole: float, anchor: str, videos: int
) -> CardView:
    """A card with its picture as `Frames` names it.

    `whole` is the length of all scenes of its video in seconds, `anchor` names it in the page, and `videos`
    are on that.
    """
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
        remarks=remark_views(card.remarks),
    )


def shape_of(reel: Reel) -> str:
    """Whether a video is landscape, portrait or square."""
    if reel.width == reel.height:
        return "square"
    return "landscape" if reel.width > reel.height else "portrait"


def remarks_of(reel: Reel) -> Iterator[Diagnostic]:
    """Everything that was found about a video and its scenes."""
    yield from reel.remarks
    for card in reel.cards:
        yield from card.remarks


def remark_views(diagnostics: Sequence[Diagnostic]) -> tuple[RemarkView, ...]:
    """Warnings and notes as the template has them, the gravest first."""
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
