"""Frames and short films of scenes, made when a browser asks for them, and kept while it may ask again."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

from specfile.film import METADATA_FIELDS, Json, canonical_json
from specfile.preview import AssetSource, RenderSettings, Still, render_transparent, render_video
from specfile.preview.board.stills import StillJob, Stills, still_jobs
from specfile.preview.board.storyboard import Reel
from specfile.watching.files import Stamp, stamp

LONGEST_SIDE: Final = 640
"""Pixels along the longer side of a clip: about what a card takes on the screen."""

_CLIP: Final = RenderSettings(longest_side=LONGEST_SIDE, workers=1, pill=False)
_WORKERS: Final = 2
_MOST_FRAMES: Final = 500
_MOST_CLIPS: Final = 300

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene as it is seen and heard: `still` is what to draw, `payload` a request for it alone.

    `key` is the same for scenes that look and sound alike: 40 hex digits.
    """

    key: str
    still: StillJob
    payload: Mapping[str, Json]
    assets: AssetSource
    is_transparent: bool


def shots_of(reel: Reel, behind: AssetSource) -> tuple[Shot, ...]:
    """The shots of a video. `behind` finds what is kept of what is at addresses."""
    own = {asset.placeholder: asset.path for asset in reel.assets}

    def assets(reference: str) -> Path | None:
        return own.get(reference) or behind(reference)

    stills = still_jobs(reel.payload, assets, is_transparent=reel.is_transparent)
    return tuple(_shot(reel, still, assets, frozenset(own.values())) for still in stills)


def _shot(reel: Reel, still: StillJob, assets: AssetSource, own: frozenset[Path]) -> Shot:
    payload: dict[str, Json] = {
        **{name: value for name, value in reel.payload.items() if name not in METADATA_FIELDS},
        "video_inputs": [dict(still.scene)],
        # One film is enough: the one that has the captions where there are any.
        "caption_mode": "burn_in" if still.captioned else "none",
    }
    # The request names the project's own files by their content, and those at addresses by these only.
    files = (still.files.background, still.files.photo, still.files.audio)
    kept = [_content(file, stamp(file)) if file is not None and file not in own else None for file in files]
    content = {"payload": payload, "is_transparent": reel.is_transparent, "files": kept}
    key = hashlib.sha256(canonical_json(content)).hexdigest()[:40]
    return Shot(key, still, payload, assets, reel.is_transparent)


@lru_cache(maxsize=2048)
def _content(file: Path, _as_it_is: Stamp | None) -> str | None:
    """The hash of a file; None where it went away."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


class NoLongerWanted(Exception):
    """While a clip waited for its turn, its scene was changed."""


class Studio:
    """Draws and renders, two at a time of each. To be used in a `with` block; afterwards nothing is left."""

    def __init__(self, settings: RenderSettings = _CLIP) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self._frames = _Shelf[Still](_MOST_FRAMES)
        self._clips = _Shelf[Path](_MOST_CLIPS, drop=lambda clip: clip.unlink(missing_ok=True))

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            name = TemporaryDirectory(prefix="specfile-watch-", ignore_cleanup_errors=True)
            self._folder = Path(stack.enter_context(name))
            self._stills = stack.enter_context(Stills())
            for shelf in (self._frames, self._clips):
                stack.callback(shelf.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def frame(self, shot: Shot) -> Future[Still]:
        """The frame of a shot."""
        return self._frames.get(shot.key, lambda: self._stills.draw(shot.still))

    def clip(self, shot: Shot, is_wanted: Callable[[], bool]) -> Future[Path]:
        """A film of a shot, with its sound, small.

        It ends in `NoLongerWanted` where `is_wanted` denies that when its turn comes.
        """
        return self._clips.get(shot.key, lambda: self._render(shot, is_wanted))

    def _render(self, shot: Shot, is_wanted: Callable[[], bool]) -> Path:
        if not is_wanted():
            raise NoLongerWanted
        render = render_transparent if shot.is_transparent else render_video
        folder = self._folder / shot.key
        made = render(shot.payload, folder, assets=shot.assets, settings=self._settings)
        return made.video


class _Shelf(Generic[_Made]):
    """What was made, by key: each once however often it is asked for, and the latest `most` of them kept."""

    def __init__(self, most: int, *, drop: Callable[[_Made], None] = lambda _made: None) -> None:
        self._most = most
        self._drop = drop
        self._guard = threading.Lock()
        self._made: OrderedDict[str, Future[_Made]] = OrderedDict()
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="studio")

    def get(self, key: str, make: Callable[[], _Made]) -> Future[_Made]:
        """What has this key; what couldn't be made is tried again."""
        with self._guard:
            made = self._made.get(key)
            if made is None or (made.done() and made.exception() is not None):
                made = self._made[key] = self._pool.submit(make)
            self._made.move_to_end(key)
            self._tidy()
        return made

    def close(self) -> None:
        """Make nothing more; what is under way is waited for."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _tidy(self) -> None:
        while len(self._made) > self._most:
            _, oldest = self._made.popitem(last=False)
            if not oldest.cancel():
                oldest.add_done_callback(self._dropped)

    def _dropped(self, made: Future[_Made]) -> None:
        if made.exception() is None:
            self._drop(made.result())
