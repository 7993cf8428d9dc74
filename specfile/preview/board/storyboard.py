"""A storyboard as people look through it: a card per scene, with what it says, shows, takes and costs.

These are values only; frames are drawn by `stills.py`, and pages are made of both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Final, Literal

from specfile.catalogue import Catalogue
from specfile.compiler.estimate import BREAK, Estimate, scene_estimates
from specfile.compiler.lower import dialect_of, engines_of, v2_payload
from specfile.compiler.stepwise import Draft, Judged
from specfile.diagnostics import Diagnostic, in_order
from specfile.film import ASSET_PREFIX, Api, Asset, Json, Scene, Video
from specfile.preview.layout import frame_of
from specfile.preview.references import reference_of

Kind = Literal["speech", "recording", "silence"]
"""What is heard in a scene."""

_SCENE: Final = re.compile(r"scenes\[(\d+)\]")
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")

_MANNERS: Final = (("speed", "× speed"), ("pitch", " pitch"), ("emotion", ""), ("locale", ""))
"""How a text may be spoken, and the word behind the value."""

_CAPTIONS: Final = {"burn_in": "in the picture", "file_only": "in a file of their own"}


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a script, and the seconds of silence after it that a tag asks for."""

    text: str
    pause: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing to know about a scene, such as its voice. `more` adds to it; `colour` is shown beside it."""

    label: str
    value: str
    more: tuple[str, ...] = ()
    colour: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A scene: the `number`th of its video, beginning `starts` seconds after that.

    `shared` is how many of the videos on the board have just this scene. `remarks` are the warnings and notes
    about it.
    """

    number: int
    name: str | None
    kind: Kind
    script: tuple[Passage, ...]
    facts: tuple[Fact, ...]
    starts: float
    seconds: float
    cost_usd: float
    shared: int = 1
    remarks: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """A video of the board: its cards, and the request in the words of v2 that its frames are drawn from.

    `file` is its film's path below the folder of films.
    """

    key: str
    title: str | None
    file: str
    seconds: float
    cost_usd: float
    width: int
    height: int
    captions: str | None
    is_transparent: bool
    cards: tuple[Card, ...]
    payload: Mapping[str, Json]
    assets: tuple[Asset, ...]
    remarks: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A storyboard: what all of its videos come to, and those that are looked at.

    `remarks` are of no video that is looked at, or of none at all.
    """

    spec: str
    title: str
    api: Api
    videos: int
    seconds: float
    cost_usd: float
    prices_date: str
    reels: tuple[Reel, ...]
    remarks: tuple[Diagnostic, ...] = ()


def board_of(
    *,
    spec: str,
    videos: Sequence[Video],
    judged: Iterable[Judged],
    found: Iterable[Diagnostic],
    catalogue: Catalogue | None,
    prices_date: str,
) -> Board:
    """The board of a spec.

    Args:
        spec: what the spec's file is called.
        videos: all that are meant, at least one.
        judged: those to look at, made step by step and found to be right.
        found: all that was found about the spec and its data.
        catalogue: what avatars and voices are called, where that is known.
        prices_date: the day of the prices.
    """
    looked_at = [(one, one.draft, one.video) for one in judged]
    made = [
        _reel(one.diagnostics, draft, video, catalogue)
        for one, draft, video in looked_at
        if draft is not None and video is not None
    ]
    told = {_identity(remark) for one, *_ in looked_at for remark in one.diagnostics}
    rest = [one for one in found if _identity(one) not in told]
    placed: set[int] = set()
    drafts = [draft for _, draft, video in looked_at if draft is not None and video is not None]
    reels = [
        _with_remarks_of_spec(reel, draft, rest, placed) for reel, draft in zip(made, drafts, strict=True)
    ]
    titles = {reel.title for reel in reels}
    alone = titles.pop() if len(titles) == 1 else None
    return Board(
        spec=spec,
        title=alone or Path(spec).stem,
        api=videos[0].request.api,
        videos=len(videos),
        seconds=sum(one.seconds for one in videos),
        cost_usd=sum(one.cost_usd for one in videos),
        prices_date=prices_date,
        reels=_with_shared(reels),
        remarks=in_order(one for number, one in enumerate(rest) if number not in placed),
    )


def _reel(found: Iterable[Diagnostic], draft: Draft, video: Video, catalogue: Catalogue | None) -> Reel:
    film = draft.film
    dialect = dialect_of(video.request.api, film)
    estimates = scene_estimates(film, draft.assets, dialect, engines_of(catalogue))
    remarks = tuple(found)
    payload = v2_payload(film, draft.metadata)
    frame = frame_of(payload)
    cards = tuple(_cards(draft, estimates, remarks, catalogue))
    assert draft.output is not None, "a video has a file"  # noqa: S101
    return Reel(
        key=video.key,
        title=draft.metadata.get("title") or None,
        file=f"{draft.output.name.text}{draft.output.ending}",
        seconds=video.seconds,
        cost_usd=video.cost_usd,
        width=frame.width,
        height=frame.height,
        captions=_captions(payload),
        is_transparent=film.format == "webm",
        cards=cards,
        payload=payload,
        assets=draft.assets,
        remarks=in_order(one for one in remarks if _scene_number(one, len(cards)) is None),
    )


def _cards(
    draft: Draft, estimates: Sequence[Estimate], remarks: Sequence[Diagnostic], catalogue: Catalogue | None
) -> Iterator[Card]:
    scenes = draft.film.scenes
    starts = accumulate((one.seconds for one in estimates), initial=0.0)
    files = {asset.placeholder: asset.path.name for asset in draft.assets}
    for index, (scene, took, start) in enumerate(zip(scenes, estimates, starts, strict=False)):
        yield Card(
            number=index + 1,
            name=draft.origin.names[index],
            kind=_kind(scene),
            script=passages(str((scene.voice or {}).get("input_text", ""))),
            facts=tuple(_facts(scene, files, catalogue)),
            starts=start,
            seconds=took.seconds,
            cost_usd=took.cost_usd,
            remarks=in_order(one for one in remarks if _scene_number(one, len(scenes)) == index),
        )


def passages(text: str) -> tuple[Passage, ...]:
    """A script cut at its tags for pauses; a stretch without text is a pause by itself."""
    found: list[Passage] = []
    start = 0
    for match in BREAK.finditer(text):
        found.append(Passage(text[start : match.start()].strip(), float(match["seconds"])))
        start = match.end()
    rest = text[start:].strip()
    return (*found, Passage(rest)) if rest else tuple(found)


def _with_shared(reels: Sequence[Reel]) -> tuple[Reel, ...]:
    """The reels, each card with the number of those that have its scene too."""
    scenes = [[repr(scene) for scene in reel.payload["video_inputs"]] for reel in reels]
    sets = [set(one) for one in scenes]
    return tuple(
        replace(
            reel,
            cards=tuple(
                replace(card, shared=sum(scene in other for other in sets))
                for card, scene in zip(reel.cards, own, strict=True)
            ),
        )
        for reel, own in zip(reels, scenes, strict=True)
    )


def _with_remarks_of_spec(reel: Reel, draft: Draft, rest: Sequence[Diagnostic], placed: set[int]) -> Reel:
    """The reel with what was found about the spec where a scene is written; `placed` gets the numbers."""
    spans = [one.value.node.span for one in draft.scenes]
    cards = list(reel.cards)
    for number, one in enumerate(rest):
        is_of_other = one.cell is not None or (one.path or "").startswith("scenes[")
        if one.span is None or is_of_other:
            continue
        for index, span in enumerate(spans):
            if span.holds(one.span):
                placed.add(number)
                cards[index] = replace(cards[index], remarks=in_order((*cards[index].remarks, one)))
    return replace(reel, cards=tuple(cards))


def _identity(one: Diagnostic) -> object:
    return (one.code, one.message, one.span, one.cell)


def _scene_number(one: Diagnostic, scenes: int) -> int | None:
    """The index of the scene that a remark is of; None where it is of the video as a whole."""
    match = _SCENE.match(one.path or "")
    return int(match[1]) if match is not None and int(match[1]) < scenes else None


def _kind(scene: Scene) -> Kind:
    match (scene.voice or {}).get("type", "silence"):
        case "text":
            return "speech"
        case "audio":
            return "recording"
    return "silence"


def _captions(payload: Mapping[str, Json]) -> str | None:
    mode = payload.get("caption_mode")
    if mode in _CAPTIONS:
        return _CAPTIONS[mode]
    if payload.get("subtitles"):
        return _CAPTIONS["burn_in"]
    return "in the picture" if payload.get("caption") and not mode else None


def _facts(scene: Scene, files: Mapping[str, str], catalogue: Catalogue | None) -> Iterator[Fact]:
    name_file = _namer(files)
    if scene.voice is not None and _kind(scene) != "silence":
        yield _voice(scene.voice, name_file, catalogue)
    if scene.character is not None:
        yield _character(scene.character, name_file, catalogue)
    if scene.background is not None:
        yield _background(scene.background, name_file)
    if scene.text is not None:
        size = scene.text.get("font_size")
        yield Fact(
            label="on screen",
            value=str(scene.text.get("text", "")),
            more=(f"{size:g} points",) if isinstance(size, int | float) else (),
            colour=_colour(scene.text.get("color")),
        )


def _voice(voice: Mapping[str, Json], name_file: Callable[[str], str], catalogue: Catalogue | None) -> Fact:
    if voice.get("type") == "audio":
        return Fact(label="recording", value=name_file(reference_of(voice) or ""))
    given = str(voice.get("voice_id", ""))
    known = catalogue.voices.get(given) if catalogue is not None else None
    name = "the avatar's own, to be looked up" if given == "default" else given
    told = (f"{voice[field]}{word}" for field, word in _MANNERS if voice.get(field) not in (None, ""))
    return Fact(label="voice", value=known.called if known is not None else name, more=tuple(told))


def _character(
    character: Mapping[str, Json], name_file: Callable[[str], str], catalogue: Catalogue | None
) -> Fact:
    is_photo = character.get("type") == "talking_photo"
    given = str(character.get("talking_photo_id" if is_photo else "avatar_id", ""))
    known = catalogue.avatars.get(given) if catalogue is not None else None
    style = character.get("talking_photo_style" if is_photo else "avatar_style")
    scale = character.get("scale")
    more = [str(style)] if style not in (None, "", "normal") else []
    more += [f"{scale:g}× size"] if isinstance(scale, int | float) and scale != 1 else []
    return Fact(
        label="photo" if is_photo else "avatar",
        value=known.name if known is not None else name_file(given),
        more=tuple(more),
    )


def _background(background: Mapping[str, Json], name_file: Callable[[str], str]) -> Fact:
    if background.get("type", "color") == "color":
        value = str(background.get("value", ""))
        return Fact(label="background", value=value, colour=_colour(value))
    more = (background.get(field) for field in ("fit", "play_style"))
    return Fact(
        label="background",
        value=name_file(reference_of(background) or ""),
        more=(str(background["type"]), *(str(one) for one in more if one)),
    )


def _namer(files: Mapping[str, str]) -> Callable[[str], str]:
    """How a reference is named to people: a local file by its name, an address without what may sign it."""

    def name(reference: str) -> str:
        if reference.startswith(ASSET_PREFIX):
            return files.get(reference, "a local file")
        return reference.partition("?")[0]

    return name


def _colour(value: Json) -> str | None:
    return value if isinstance(value, str) and _COLOUR.fullmatch(value) else None
