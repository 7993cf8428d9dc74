"""What differs between two boards of a spec, in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import groupby

from specfile.film import METADATA_FIELDS
from specfile.preview.board.storyboard import Board, Reel
from specfile.report.words import count


def difference(before: Board, after: Board) -> str:
    """Such as `scene 2`, `scenes 2 and 3 in 4 of 12 videos`, `2 new videos`, or that nothing is."""
    old, new = ({reel.key: reel for reel in board.reels} for board in (before, after))
    both = [key for key in new if key in old]
    told = [scenes(old[key], new[key]) for key in both]
    changed = [one for one in told if one]
    parts = [_of_videos(changed, len(both))] if changed else []
    come, gone = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    parts += [count(come, "new video")] if come else []
    parts += [f"{count(gone, 'video')} gone"] if gone else []
    if not parts and _about(before) != _about(after):
        parts.append("nothing in the pictures or the sound")
    return ", ".join(parts) or "nothing that shows"


def scenes(before: Reel, after: Reel) -> str:
    """Which scenes of a video differ; empty where none does."""
    old, new = _scenes(before), _scenes(after)
    changed: list[int] = []
    come: list[int] = []
    gone = 0
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        kept = min(last - first, end - begin)
        changed += range(begin + 1, begin + kept + 1)
        come += range(begin + kept + 1, end + 1)
        gone += last - first - kept
    parts = [_numbered(changed)] if changed else []
    parts += [f"{_numbered(come)} new"] if come else []
    parts += [f"{count(gone, 'scene')} gone"] if gone else []
    return ", ".join(parts)


def _of_videos(told: Sequence[str], videos: int) -> str:
    what = told[0] if len(set(told)) == 1 else ""
    if len(told) == videos:
        return what or count(videos, "video")
    where = f"{len(told)} of {count(videos, 'video')}"
    return f"{what} in {where}" if what else where


def _numbered(numbers: Iterable[int]) -> str:
    """`scene 2`, `scenes 2 and 3`, `scenes 1 to 4 and 7`."""
    runs = [
        [number for _, number in run] for _, run in groupby(enumerate(numbers), lambda one: one[1] - one[0])
    ]
    words = [
        word
        for run in runs
        for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run])
    ]
    listed = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return f"{'scene' if sum(map(len, runs)) == 1 else 'scenes'} {listed}"


def _scenes(reel: Reel) -> list[str]:
    """For each scene all that decides how it looks and sounds, what is said of the whole video included."""
    inputs = reel.payload["video_inputs"]
    apart = {"video_inputs", *METADATA_FIELDS}
    whole = (reel.is_transparent, {name: one for name, one in reel.payload.items() if name not in apart})
    return [repr((scene, whole)) for scene in inputs] if isinstance(inputs, list | tuple) else []


def _about(board: Board) -> object:
    told = [(reel.title, reel.remarks, [card.remarks for card in reel.cards]) for reel in board.reels]
    return board.title, board.videos, board.seconds, board.cost_usd, board.remarks, told
