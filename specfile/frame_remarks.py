"""What only the fonts can tell of a spec: texts on screen that leave the frame, or lie under the captions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import TYPE_CHECKING, Any, Final

import orjson

from specfile.compiler.answered import remark_at
from specfile.compiler.origin import Origin, Path
from specfile.diagnostics import Diagnostic, Severity, in_order
from specfile.film import Video
from specfile.loaded import LoadedSpec

if TYPE_CHECKING:
    from specfile.preview.board.misfits import Misfit

_MOST: Final = 500
"""So many texts are looked at, the longest; a table may make a hundred thousand."""

_MOST_ROWS: Final = 3
"""What is found of a scene is shown for so many rows."""

_ON_SCREEN: Final = b'"text":{'
"""Is in the canonical JSON of every film with a text on screen."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A scene with a text on screen, and the video that shows it first."""

    key: str
    scene: int
    content: Mapping[str, Any]


def remarks_of_video(content: Mapping[str, Any], origin: Origin) -> Iterator[Diagnostic]:
    """What is to be said of the texts on screen of one video.

    Args:
        content: its film's content.
        origin: where its values were written.
    """
    from specfile.preview.board.misfits import misfits  # noqa: PLC0415 - needs the fonts, which are in the extra

    for one in misfits(content):
        yield _remark(one, one.scene, origin)


def frame_remarks(loaded: LoadedSpec, videos: Iterable[Video]) -> tuple[Diagnostic, ...]:
    """What is to be said of the texts on screen of many videos, without what comments silence.

    Of very many the longest texts are looked at, since those are the ones that don't fit.

    Raises:
        SpecError: the data can't be read any more.
        LockError: the lock is damaged.
    """
    shown = nlargest(_MOST, _shown(videos), key=lambda one: len(one.content["scenes"][0]["text"]["text"]))
    if not shown:
        return ()
    from specfile.preview.board.misfits import misfits  # noqa: PLC0415 - see above

    found: dict[str, list[tuple[Misfit, int]]] = {}
    rows = Counter[int]()
    for one in shown:
        if rows[one.scene] >= _MOST_ROWS:
            continue
        wrong = [(misfit, one.scene) for misfit in misfits(one.content)]
        if wrong:
            rows[one.scene] += 1
            found.setdefault(one.key, []).extend(wrong)
    made = (
        _remark(misfit, scene, origin)
        for key, origin in loaded.origins(found)
        for misfit, scene in found[key]
    )
    return in_order(one for one in made if not loaded.is_silenced(one))


def _shown(videos: Iterable[Video]) -> Iterator[_Shown]:
    """Every text on screen once, with all that decides how it looks."""
    seen: set[int] = set()
    for video in videos:
        if _ON_SCREEN not in video.film:
            continue
        content: dict[str, Any] = orjson.loads(video.film)
        for number, scene in enumerate(content["scenes"]):
            if "text" not in scene:
                continue
            alone = {**content, "scenes": [scene]}
            mark = hash(orjson.dumps([number, alone]))
            if mark not in seen:
                seen.add(mark)
                yield _Shown(video.key, number, alone)


def _remark(misfit: Misfit, scene: int, origin: Origin) -> Diagnostic:
    path: Path = ("video_inputs", scene, "text", *misfit.field.split("."))
    found = (
        remark_at(origin, path, "text-under-captions", misfit.message, misfit.hint, Severity.WARNING)
        if misfit.kind == "captions"
        else remark_at(origin, path, "text-leaves-frame", misfit.message, misfit.hint, Severity.WARNING)
    )
    return replace(found, value=misfit.text) if found.cell is not None else found
