"""What a move from v2 to v3 would come to, counted over all videos of a spec. Pure: films in, numbers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import orjson

from specfile.compiler.estimate import estimate
from specfile.compiler.lower import Engines, Loss, lower
from specfile.diagnostics import Severity
from specfile.film import Film, Scene, Video

Fate = Literal["as it is", "changed", "not at all"]
"""How a video goes: the same film and nothing lost, with something that changes, or only as another film."""

_SCENES: Final = "video_inputs"


@dataclass(frozen=True, slots=True, order=True)
class Matter:
    """One thing that v3 says otherwise or not at all, wherever in a spec's videos it is.

    `field` is its place in any scene: `character.scale`, or `dimension` for one of the video.
    """

    field: str
    message: str
    hint: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """In how many videos and scenes something is; of what concerns a whole video, no scene is counted."""

    videos: int
    scenes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What became of a spec's videos, and what stands in their way.

    `scenes` counts all, `sound_scenes` those about which nothing is found. The two prices are of the videos
    that can go, in US dollars: what they would cost by each API if they were rendered once more.
    """

    videos: Mapping[Fate, int]
    scenes: int
    sound_scenes: int
    matters: Mapping[Matter, Extent]
    v2_usd: float
    v3_usd: float

    @property
    def count(self) -> int:
        """How many videos there are."""
        return sum(self.videos.values())


@dataclass(slots=True)
class Survey:
    """Looks at one video after the other. `engines` are what animates the avatars of which that is known."""

    engines: Engines
    _videos: Counter[Fate] = field(default_factory=Counter)
    _matters: dict[Matter, list[int]] = field(default_factory=dict)
    _scenes: int = 0
    _sound_scenes: int = 0
    _v2_usd: float = 0.0
    _v3_usd: float = 0.0

    def add(self, video: Video) -> None:
        """Count a video that was compiled to v2."""
        film = film_of(video.film)
        lowered = lower("v3", film, video.metadata, self.engines)
        self._videos[_fate(lowered.findings)] += 1
        touched: dict[Matter, set[int | None]] = {}
        for loss in lowered.findings:
            touched.setdefault(_matter(loss), set()).add(_scene(loss))
        for matter, scenes in touched.items():
            extent = self._matters.setdefault(matter, [0, 0])
            extent[0] += 1
            extent[1] += len(scenes - {None})
        self._scenes += len(film.scenes)
        spoilt = {scene for scenes in touched.values() for scene in scenes if scene is not None}
        self._sound_scenes += len(film.scenes) - len(spoilt)
        if lowered.payload is not None:
            self._v2_usd += video.cost_usd
            self._v3_usd += estimate(film, video.request.assets, "v3", self.engines).cost_usd

    def result(self) -> Migration:
        """What was counted; what stands in the way of most videos comes first."""
        order = sorted(
            self._matters.items(), key=lambda one: (not one[0].is_error, [-count for count in one[1]], one[0])
        )
        return Migration(
            videos={fate: self._videos[fate] for fate in ("as it is", "changed", "not at all")},
            scenes=self._scenes,
            sound_scenes=self._sound_scenes,
            matters={matter: Extent(*extent) for matter, extent in order},
            v2_usd=round(self._v2_usd, 4),
            v3_usd=round(self._v3_usd, 4),
        )


def film_of(canonical: bytes) -> Film:
    """The film behind its canonical JSON."""
    content = orjson.loads(canonical)
    scenes = tuple(Scene(**scene) for scene in content.pop("scenes"))
    form = content.pop("format", "mp4")
    return Film(scenes=scenes, settings=content, format=form)


def _fate(losses: tuple[Loss, ...]) -> Fate:
    if any(one.severity is Severity.ERROR for one in losses):
        return "not at all"
    return "changed" if losses else "as it is"


def _matter(loss: Loss) -> Matter:
    names = [str(step) for step in loss.path if isinstance(step, str)]
    place = ".".join(names[1:] if names[0] == _SCENES and len(names) > 1 else names)
    place = "scenes" if place == _SCENES else place
    return Matter(place, loss.message, loss.hint, loss.severity is Severity.ERROR)


def _scene(loss: Loss) -> int | None:
    return int(loss.path[1]) if loss.path[0] == _SCENES and len(loss.path) > 1 else None
