"""Rendered scenes, kept by what they show: a scene is rendered once and joined into any number of films."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import av
import espeakng_loader
import numpy as np
import PIL
import platformdirs

from specfile import sentences
from specfile.film import canonical_json
from specfile.preview.caption_style import CLASSIC, CaptionStyle
from specfile.preview.film.encoding import encode_scene
from specfile.preview.film.joining import Clip, ends_in_silence, opens_in_silence
from specfile.preview.film.scenes import build_stage, cues_for, lasting, states_of, with_captions
from specfile.preview.layout import Frame
from specfile.preview.letters.fonts import fonts_beside_own
from specfile.preview.references import SceneFiles
from specfile.preview.sound import sound_of
from specfile.preview.speech.speaker import Samples, Speaker

Look = Literal["clean", "captioned"]

_SHELF_BYTES: Final = 16 * 2**20
"""Room for the scenes whose keys begin alike; there are 256 such shelves, 4 GiB in all."""

_RECENT_SECONDS: Final = 3600

_MOST_RENDERS: Final = 3
"""Whoever changes a file of a scene again and again has one of its states under the key of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneJob:
    """All that decides how one scene looks and sounds; `looks` are the kinds of pictures wanted of it."""

    scene: Mapping[str, Any]
    files: SceneFiles
    frame: Frame
    looks: tuple[Look, ...]
    tick_hz: float
    pill: bool
    watermark: bool = False
    style: CaptionStyle = CLASSIC

    def key(self) -> str:
        """The same for the same content, whatever its files are called: 40 hex digits."""
        files = (self.files.background, self.files.photo, self.files.audio)
        content = {
            "made_by": _makers(),
            "scene": dict(self.scene),
            "fonts": fonts_beside_own("".join(_texts_in(self.scene))),
            "files": [_hash_of(file) if file else "" for file in files],
            "frame": [self.frame.width, self.frame.height, self.frame.scale],
            "looks": self.looks,
            "tick_hz": self.tick_hz,
            "pill": self.pill,
            "watermark": self.watermark,
            "captions": asdict(self.style),
        }
        return hashlib.sha256(canonical_json(content)).hexdigest()[:40]


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A rendered scene: where it lies, and its length in samples.

    `sound` is the file that holds the sound, `can_follow` whether that can be spliced to another scene's,
    `uncoded` the same as an array, where joining needs it. `cues` are start and end in samples, and the line.
    `is_new` says that it was not in the cache.
    """

    folder: Path
    sound: Path
    samples: int
    can_follow: bool
    uncoded: Path | None
    cues: tuple[tuple[int, int, str], ...]
    notes: tuple[str, ...]
    is_new: bool

    def pictures(self, look: Look) -> Path:
        """The file with these pictures, where the job wanted them."""
        return self.folder / _file_name(look)

    def clip(self, look: Look) -> Clip:
        """What is joined."""
        return Clip(self.pictures(look), self.sound, self.samples, self.can_follow, self.uncoded)


class SceneCache:
    """A folder of rendered scenes that any number of processes may share."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or platformdirs.user_cache_path("specfile") / "scenes"

    def __contains__(self, key: str) -> bool:
        return self._entry(key).is_dir()

    def take(self, key: str, job: SceneJob, speaker: Speaker) -> Take:
        """Give the scene with this key from the cache, or render the job that the key was made of.

        Raises:
            RenderFailed: the speech engine failed.
            OSError: the cache can't be written.
        """
        entry = self._entry(key)
        if kept := _kept(entry):
            return kept
        entry.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=entry.parent))
        try:
            entry = self._entry(_render_in_peace(key, job, speaker, draft))
            entry.parent.mkdir(exist_ok=True)
            _settle(draft, entry)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        prune(entry.parent, _SHELF_BYTES, now=time.time())
        return _load(entry, is_new=True)

    def _entry(self, key: str) -> Path:
        return self._folder / key[:2] / key


def prune(shelf: Path, limit: int, *, now: float) -> None:
    """Drop the scenes of a shelf that were used longest ago until the rest fits into `limit` bytes.

    Scenes used within the last hour stay: a film may be about to be joined from them.
    """
    size = 0
    for used, entry in sorted(_last_uses(shelf), reverse=True):
        size += _size_of(entry)
        if size > limit and now - used > _RECENT_SECONDS:
            _drop(entry)


def _drop(entry: Path) -> None:
    """Remove a scene at one stroke, so that no other process finds half of it."""
    aside = Path(tempfile.mkdtemp(prefix=".dropped-", dir=entry.parent))
    with contextlib.suppress(OSError):  # another process was faster
        entry.rename(aside / entry.name)
    shutil.rmtree(aside, ignore_errors=True)


def _size_of(entry: Path) -> int:
    try:
        return sum(file.stat().st_size for file in entry.iterdir())
    except FileNotFoundError:  # another process is tidying up too
        return 0


def _last_uses(shelf: Path) -> Iterator[tuple[float, Path]]:
    for entry in shelf.iterdir():
        with contextlib.suppress(FileNotFoundError):
            yield entry.stat().st_mtime, entry


def _render_in_peace(key: str, job: SceneJob, speaker: Speaker, folder: Path) -> str:
    """Render a job, again where a file of it was changed meanwhile; gives the key of what was rendered."""
    for _ in range(_MOST_RENDERS):
        _render(job, speaker, folder)
        now = job.key()
        if now == key:
            break
        key = now
    return key


def _render(job: SceneJob, speaker: Speaker, folder: Path) -> None:
    notes: list[str] = []
    stage = build_stage(
        job.scene,
        job.files,
        job.frame,
        pill=job.pill,
        note=notes.append,
        behind="moving",
        watermark=job.watermark,
    )
    sound = lasting(sound_of(job.scene.get("voice"), job.files.audio, speaker, notes.append), stage)
    cues = cues_for(sound, job.frame, job.style)
    for look in job.looks:
        is_captioned = look == "captioned"
        shown = with_captions(stage, cues, job.frame, notes.append, job.style) if is_captioned else stage
        encode_scene(
            folder / _file_name(look),
            shown,
            states_of(shown, sound, cues, job.tick_hz),
            sound.samples,
            tick_hz=job.tick_hz,
            sound=look == job.looks[0],  # one file with the sound is enough
        )
    about = {
        "sound": _file_name(job.looks[0]),
        "samples": len(sound.samples),
        "can_follow": opens_in_silence(sound.samples),
        "uncoded": _keep_uncoded(sound.samples, folder),
        "cues": [(cue.start, cue.end, cue.text) for cue in cues],
        "notes": list(dict.fromkeys(notes)),
    }
    (folder / "scene.json").write_text(json.dumps(about), encoding="utf-8")


def _keep_uncoded(samples: Samples, folder: Path) -> str | None:
    """Write the sound as it is, where a join may need it; gives the file's name."""
    if opens_in_silence(samples) and ends_in_silence(samples):
        return None
    np.save(folder / "sound.npy", samples)
    return "sound.npy"


def _file_name(look: Look) -> str:
    return f"{look}.mov"


def _settle(draft: Path, entry: Path) -> None:
    """Move a finished scene to its place, unless another process was faster."""
    try:
        draft.rename(entry)
    except OSError:
        if not entry.is_dir():
            raise


def _kept(entry: Path) -> Take | None:
    """A scene that was rendered before; what a machine that failed left damaged is removed."""
    try:
        os.utime(entry)
        return _load(entry, is_new=False)
    except FileNotFoundError:
        return None
    except ValueError:
        _drop(entry)
        return None


def _load(entry: Path, *, is_new: bool) -> Take:
    about = json.loads((entry / "scene.json").read_text(encoding="utf-8"))
    return Take(
        folder=entry,
        sound=entry / about["sound"],
        samples=about["samples"],
        can_follow=about["can_follow"],
        uncoded=entry / about["uncoded"] if about["uncoded"] else None,
        cues=tuple((start, end, text) for start, end, text in about["cues"]),
        notes=tuple(about["notes"]),
        is_new=is_new,
    )


def _hash_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _texts_in(value: object) -> Iterator[str]:
    """All texts of a scene, any of which may be written into the picture: words, names, labels."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts_in(one)


@cache
def _makers() -> tuple[str, ...]:
    """What else decides how a scene turns out: our own code and fonts, and the libraries.

    The speech library carries no version, but has its size.
    """
    folder = Path(__file__).parents[1]
    code = hashlib.sha256()
    for source in (*sorted(folder.rglob("*.py")), Path(sentences.__file__)):
        code.update(source.read_bytes())
    fonts = (
        f"{font.name} {font.stat().st_size}" for font in sorted((folder / "letters" / "fonts").iterdir())
    )
    speech = str(Path(espeakng_loader.get_library_path()).stat().st_size)
    return (code.hexdigest(), *fonts, av.__version__, PIL.__version__, np.__version__, speech)
