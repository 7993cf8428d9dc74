"""A spec held against what it was, as one page that needs nothing but itself: what changed, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from markupsafe import Markup

from specfile.diagnostics.details import summary
from specfile.film import Json, canonical_json
from specfile.preview.board.comparison import Change, Comparison, Frame, ReelChange, SceneChange, Sums
from specfile.preview.board.storyboard import Reel
from specfile.report.pages import digest_of, inlined, template
from specfile.report.storyboard_page import MOST_REMARKS
from specfile.report.storyboard_views import (
    CardView,
    Frames,
    RemarkView,
    card_view,
    remark_views,
    remarks_of,
    shape_of,
)
from specfile.report.words import count, length, money

_MOST_KEYS: Final = 200
"""So many keys are listed of one kind, the rest counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A value before and after; `before` or `after` is empty where there was or is none."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether it changed."""
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneView:
    """A scene as the template has it. `cards` are one or two: before and after."""

    scene: SceneChange
    anchor: str
    name: str
    what: str
    before: CardView | None
    after: CardView | None
    turns: tuple[Turn, ...]
    remarks: tuple[RemarkView, ...]

    @property
    def is_pair(self) -> bool:
        """Whether it was there and still is."""
        return self.before is not None and self.after is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Scenes in a row that changed, or that didn't."""

    is_same: bool
    scenes: tuple[SceneView, ...]

    @property
    def told(self) -> str:
        """What a fold over them says."""
        numbers = [one.after.card.number for one in self.scenes if one.after is not None]
        if len(numbers) == 1:
            return f"Scene {numbers[0]} is as it was"
        return f"Scenes {numbers[0]} to {numbers[-1]} are as they were"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelView:
    """A video as the template has it; `shape` is landscape, portrait or square."""

    reel: ReelChange
    anchor: str
    shape: str
    told: str
    turns: tuple[Turn, ...]
    runs: tuple[Run, ...]
    remarks: tuple[RemarkView, ...]

    @property
    def title(self) -> str:
        """What it is called now, or was."""
        there = self.reel.after or self.reel.before
        return (there.title if there is not None else None) or self.reel.key


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysView:
    """The keys of videos that became the same, the first of them."""

    change: Change
    told: str
    keys: tuple[str, ...]
    more: int


def comparison_page(comparison: Comparison) -> str:
    """The page, as HTML."""
    style = Markup("{}{}").format(inlined("storyboard.css"), inlined("comparison.css"))
    script = Markup("{}{}").format(inlined("storyboard.js"), inlined("comparison.js"))
    frames = Frames()
    reels = [_reel(number, reel, frames) for number, reel in enumerate(comparison.reels, 1)]
    today = [reel.after for reel in comparison.reels if reel.after is not None]
    every = [*comparison.remarks, *(one for reel in today for one in remarks_of(reel))]
    return template("comparison.html").render(
        comparison=comparison,
        reels=reels,
        turns=_sums(comparison.before, comparison.after),
        keys=list(_keys(comparison)),
        differing=len(comparison.keys.differing),
        found=summary(list(dict.fromkeys(every))),
        remarks=remark_views(comparison.remarks[:MOST_REMARKS]),
        more_remarks=max(0, len(comparison.remarks) - MOST_REMARKS),
        style=style,
        script=script,
        policy=(
            f"default-src 'none'; style-src {digest_of(style)}; script-src {digest_of(script)}; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
    )


def change_lines(comparison: Comparison) -> Iterator[str]:
    """What changed, counted, in a few lines."""
    keys = comparison.keys
    yield f"since {comparison.revision} ({comparison.commit}):"
    if not keys.differing:
        yield f"  {count(len(keys.same), 'video')}, all as {'it was' if len(keys.same) == 1 else 'they were'}"
        return
    yield f"  {', '.join(view.told for view in _keys(comparison))}"
    scenes = [scene for reel in comparison.reels for scene in reel.scenes if reel.change == "changed"]
    if told := scenes_told(scenes):
        shown = len(comparison.reels) < len(keys.differing)
        yield f"  {told}{f' in the first {len(comparison.reels)} of these videos' if shown else ''}"
    for turn in _sums(comparison.before, comparison.after):
        if turn.differs and turn.label != "videos":
            yield f"  {turn.label} {turn.before} → {turn.after}"


def scenes_told(scenes: Sequence[SceneChange]) -> str:
    """How many scenes became what, such as `2 scenes changed, 1 added`; empty where none did."""
    counts = [
        (sum(one.change == "changed" for one in scenes), "changed"),
        (sum(one.change == "added" for one in scenes), "added"),
        (sum(one.change == "removed" for one in scenes), "removed"),
        (sum(one.moved for one in scenes), "moved"),
    ]
    told = [(number, word) for number, word in counts if number]
    return ", ".join(
        f"{number if index else count(number, 'scene')} {word}" for index, (number, word) in enumerate(told)
    )


def _keys(comparison: Comparison) -> Iterator[KeysView]:
    keys = comparison.keys
    kinds: tuple[tuple[Change, str, tuple[str, ...]], ...] = (
        ("changed", "changed", keys.changed),
        ("added", "added", keys.added),
        ("removed", "removed", keys.removed),
        ("same", "unchanged", keys.same),
    )
    for change, word, which in kinds:
        if which:
            more = max(0, len(which) - _MOST_KEYS)
            told = f"{count(len(which), 'video')} {word}"
            yield KeysView(change=change, told=told, keys=which[:_MOST_KEYS], more=more)


def _sums(before: Sums, after: Sums) -> tuple[Turn, ...]:
    return (
        Turn(label="videos", before=f"{before.videos:,}", after=f"{after.videos:,}"),
        Turn(label="length", before=length(before.seconds), after=length(after.seconds)),
        Turn(label="cost", before=money(before.cost_usd), after=money(after.cost_usd)),
    )


def _reel(number: int, reel: ReelChange, frames: Frames) -> ReelView:
    there = reel.after or reel.before
    assert there is not None, "a video is there, or was"  # noqa: S101
    anchor = f"v{number}"
    views = [_scene(f"{anchor}-{place}", one, frames) for place, one in enumerate(reel.scenes, 1)]
    runs = groupby(views, key=lambda view: view.scene.change == "same" and not view.scene.moved)
    return ReelView(
        reel=reel,
        anchor=anchor,
        shape=shape_of(there),
        told=_told(reel),
        turns=tuple(_turns_of_reel(reel)),
        runs=tuple(Run(is_same=is_same, scenes=tuple(run)) for is_same, run in runs),
        remarks=remark_views(reel.after.remarks) if reel.after is not None else (),
    )


def _told(reel: ReelChange) -> str:
    there = reel.after or reel.before
    scenes = count(len(there.cards) if there is not None else 0, "scene")
    if reel.change != "changed":
        return f"{scenes}, {'new' if reel.change == 'added' else 'no longer made'}"
    return scenes_told(reel.scenes) or f"{scenes}, all as they were"


def _turns_of_reel(reel: ReelChange) -> Iterator[Turn]:
    before, after = ([] if one is None else _facts_of(one) for one in (reel.before, reel.after))
    for index, (label, value) in enumerate(after or before):
        was = before[index][1] if before else ""
        turn = Turn(label=label, before=was, after=value if after else "")
        if turn.differs or label in ("length", "cost"):
            yield turn
    if reel.before is not None and reel.after is not None:
        yield from _settings(reel.before, reel.after)


def _settings(before: Reel, after: Reel) -> Iterator[Turn]:
    """Fields of the whole video that differ and that no fact tells of."""
    told = {"video_inputs", "title", "dimension"}
    told |= {"caption", "caption_mode"} if before.captions != after.captions else set()
    then, now = (dict(_fields(reel.payload)) for reel in (before, after))
    for path in (*then, *(one for one in now if one not in then)):
        if path.partition(".")[0] not in told and then.get(path) != now.get(path):
            yield Turn(label=path, before=then.get(path, "none"), after=now.get(path, "none"))


def _fields(value: Mapping[str, Json], above: str = "") -> Iterator[tuple[str, str]]:
    """Fields by their places, with what they hold as text; of addresses without what may sign them."""
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _fields(inner, f"{above}{name}.")
        elif isinstance(inner, str):
            yield f"{above}{name}", inner.partition("?")[0] if "://" in inner else inner
        elif inner is not None:
            yield f"{above}{name}", canonical_json(inner).decode()


def _facts_of(reel: Reel) -> list[tuple[str, str]]:
    return [
        ("title", reel.title or "none"),
        ("picture", f"{reel.width} × {reel.height}"),
        ("captions", reel.captions or "none"),
        ("ground", "transparent" if reel.is_transparent else "opaque"),
        ("length", length(reel.seconds)),
        ("cost", money(reel.cost_usd)),
    ]


def _scene(anchor: str, scene: SceneChange, frames: Frames) -> SceneView:
    before, after = (_card(f"{anchor}-{side}", one, frames) for side, one in _sides(scene))
    there = after or before
    assert there is not None, "a scene is there, or was"  # noqa: S101
    return SceneView(
        scene=scene,
        anchor=anchor,
        name=there.name,
        what=_what(scene),
        before=before,
        after=after,
        turns=_turns_of_scene(before, after),
        remarks=after.remarks if after is not None else (),
    )


def _sides(scene: SceneChange) -> tuple[tuple[str, Frame | None], ...]:
    """What is shown of a scene: one side of it where both are the same."""
    return ("before", scene.before if scene.change != "same" else None), ("after", scene.after)


def _card(anchor: str, frame: Frame | None, frames: Frames) -> CardView | None:
    if frame is None:
        return None
    return card_view(frame.card, frame.still, frames.named(frame.still), whole=1.0, anchor=anchor, videos=1)


def _what(scene: SceneChange) -> str:
    """What became of a scene, in a word or two."""
    if scene.change in ("added", "removed"):
        return scene.change
    parts = ["words"] if scene.words is not None and scene.words.differ else []
    parts += ["picture"] if scene.shows else []
    parts += ["settings"] if scene.facts and not parts else []
    told = [f"{' and '.join(parts)} changed"] if parts else []
    if scene.before is not None and scene.after is not None:
        was, now = scene.before.card, scene.after.card
        is_renamed = scene.change == "changed" and was.name is not None and was.name != now.name
        told += [f"was called {was.name}"] if is_renamed else []
        told += [f"moved, was scene {was.number}"] if scene.moved else []
    return ", ".join(told)


def _turns_of_scene(before: CardView | None, after: CardView | None) -> tuple[Turn, ...]:
    if before is None or after is None:
        return ()
    turns = (
        Turn(label="length", before=before.length, after=after.length),
        Turn(label="cost", before=before.cost, after=after.cost),
    )
    return tuple(one for one in turns if one.differs)
