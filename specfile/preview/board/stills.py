"""Frames of scenes as pictures, drawn by the renderer's own hand, at the moment that shows most.

That is while somebody speaks, with the eyes open, the text on screen, and the captions halfway through.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Final, Self

from PIL import Image

from specfile.film import canonical_json
from specfile.preview.caption_style import CLASSIC, CaptionStyle, caption_style_of
from specfile.preview.captions import Cue
from specfile.preview.drawing.stage import Stage
from specfile.preview.film.rendering import LOOKS, captions_wanted
from specfile.preview.film.scenes import build_stage, cues_for, with_captions
from specfile.preview.labels import is_marked, labels_of
from specfile.preview.layout import Frame, frame_of
from specfile.preview.model import AssetSource, RenderSettings, Still
from specfile.preview.references import SceneFiles, resolve
from specfile.preview.sound import is_heard, sound_of
from specfile.preview.speech.speaker import Speaker

LONGEST_SIDE: Final = 960
"""Pixels that a frame has at most along its longer side; larger ones are made smaller."""

_SPEAKING: Final = 3
"""The level of a mouth in the middle of a word."""

_WITHOUT_PILL: Final = RenderSettings(pill=False)

_WEBP: Final = {"quality": 86, "method": 2}


@dataclass(frozen=True, slots=True)
class StillJob:
    """All that decides how a frame looks."""

    scene: Mapping[str, Any]
    files: SceneFiles
    frame: Frame
    captioned: bool
    is_transparent: bool
    watermark: bool
    style: CaptionStyle = CLASSIC

    def key(self) -> str:
        """The same for scenes that look alike: of a voice only captions and labels tell."""
        at_hand = (self.files.background, self.files.photo)
        content = {
            "scene": {name: part for name, part in self.scene.items() if name != "voice" or self.captioned},
            "labels": labels_of(self.scene),
            "speaks": is_heard(self.scene.get("voice")),
            "files": [str(file) if file is not None else "" for file in at_hand],
            "frame": [self.frame.width, self.frame.height],
            "looks": [self.captioned, self.is_transparent, self.watermark],
            "captions": asdict(self.style) if self.captioned else None,
        }
        return hashlib.sha256(canonical_json(content)).hexdigest()

    @property
    def size(self) -> tuple[int, int]:
        """Pixels across and down that its picture has."""
        scale = min(1.0, LONGEST_SIDE / max(self.frame.width, self.frame.height))
        return max(1, round(self.frame.width * scale)), max(1, round(self.frame.height * scale))


def still_jobs(
    payload: Mapping[str, Any], assets: AssetSource, *, is_transparent: bool = False
) -> tuple[StillJob, ...]:
    """What there is to draw of each scene of a v2 generate body."""
    frame, captioned = frame_of(payload), "captioned" in LOOKS[captions_wanted(payload)]
    style = caption_style_of(payload)
    return tuple(
        StillJob(scene, resolve(scene, assets), frame, captioned, is_transparent, is_marked(payload), style)
        for scene in payload["video_inputs"]
    )


class Stills:
    """Draws frames, those that look alike only once. It speaks, where captions are timed by speech.

    Of the settings, the pill and the workers count. `drew` is told of every frame that was drawn. To be used
    in a `with` block, which ends the process that speaks.
    """

    def __init__(
        self, settings: RenderSettings = _WITHOUT_PILL, drew: Callable[[], None] = lambda: None
    ) -> None:
        self._settings = settings
        self._drew = drew
        self._speaker = Speaker()
        self._drawn: dict[str, Still] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._speaker.__exit__(kind, error, trace)

    def of(
        self, payload: Mapping[str, Any], assets: AssetSource, *, is_transparent: bool = False
    ) -> tuple[Still, ...]:
        """A frame for each scene of a v2 generate body.

        Raises:
            RenderFailed: the speech engine failed.
        """
        jobs = still_jobs(payload, assets, is_transparent=is_transparent)
        keys = [job.key() for job in jobs]
        missing = {key: job for key, job in zip(keys, jobs, strict=True) if key not in self._drawn}
        with ThreadPoolExecutor(self._settings.workers) as pool:
            for key, still in zip(missing, pool.map(self.draw, missing.values()), strict=True):
                self._drawn[key] = still
                self._drew()
        return tuple(self._drawn[key] for key in keys)

    def draw(self, job: StillJob) -> Still:
        """One frame, drawn anew. Several threads may draw at a time.

        Raises:
            RenderFailed: the speech engine failed.
        """
        scene, notes = job.scene, list[str]()
        cues: tuple[Cue, ...] = ()
        if job.captioned:
            sound = sound_of(scene.get("voice"), job.files.audio, self._speaker, notes.append)
            cues = cues_for(sound, job.frame, job.style)

        stage = build_stage(
            scene,
            job.files,
            job.frame,
            pill=self._settings.pill,
            note=notes.append,
            behind="none" if job.is_transparent else "still",
            watermark=job.watermark,
        )
        stage = with_captions(stage, cues, job.frame, notes.append, job.style)
        image = stage.picture(stage.frame, _state(scene, stage, cues))
        # Halving first costs a fifth, and can't be told from it.
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=1.0)
        return Still(
            picture=_webp(image), width=image.width, height=image.height, notes=tuple(dict.fromkeys(notes))
        )


def _state(scene: Mapping[str, Any], stage: Stage, cues: tuple[Cue, ...]) -> tuple[int, ...]:
    """The state of each of the stage's sprites at that moment."""
    words = [word for cue in cues for word in cue.words]
    heard = [number for number, word in enumerate(words, 1) if word.end > word.start]
    chosen = {
        "mouth": _SPEAKING if is_heard(scene.get("voice")) else 0,
        "eyes": 0,
        "captions": heard[(len(heard) - 1) // 2] if heard else 0,
    }
    return tuple(chosen[sprite.kind] for sprite in stage.sprites)


def _webp(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", **_WEBP)
    return buffer.getvalue()
