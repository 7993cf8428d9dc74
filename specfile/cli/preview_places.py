"""Where previews go: what is to be made of a spec, and whether it may lie there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from specfile.behind_addresses import BehindAddresses
from specfile.errors import UsageError
from specfile.film import Video
from specfile.loaded import LoadedSpec
from specfile.previewing import films_folder
from specfile.report.words import beside

if TYPE_CHECKING:
    from specfile.preview.board.storyboard import Board, Reel
    from specfile.previewing import Progress

BESIDE: Final = ""
"""What `--mp4` holds where no place is named."""

Place = Callable[["Reel"], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be made: a page, a picture, films; None and False for what isn't.

    `progress` is told how many frames are drawn, `behind` finds what is at addresses.
    """

    page: bool
    against: str | None
    output: Path | None
    sheet: Path | None
    films: str | None
    opens: bool
    progress: Progress
    behind: BehindAddresses


def require_usable(wanted: Wanted, specs: Sequence[Path]) -> None:
    """Refuse what would write over something else.

    Raises:
        UsageError: a file has another kind's name, or no folder, or is for several specs.
    """
    for option, file, suffix in (("-o", wanted.output, ".html"), ("--png", wanted.sheet, ".png")):
        if file is not None:
            _require_file(option, file, (suffix,), specs)
    if wanted.films and not _is_folder(Path(wanted.films)):
        _require_file("--mp4", Path(wanted.films), (".mp4", ".webm"), specs)
    if wanted.films and len(specs) > 1:
        message = f"--mp4 {wanted.films} is one place, and films of {len(specs)} specs may have the same name"
        raise UsageError(message, hint="leave out the place, or run the command once for each spec")
    if wanted.against is not None and not wanted.page:
        message = "--against shows what changed in a page, and none is asked for"
        raise UsageError(message, hint="add -o FILE")
    if wanted.opens and not wanted.page:
        raise UsageError("--open opens a page, and none is asked for", hint="add -o FILE")


def _require_file(option: str, file: Path, suffixes: tuple[str, ...], specs: Sequence[Path]) -> None:
    if file.suffix.lower() not in suffixes:
        message = f"{option} {file} doesn't end in {' or '.join(suffixes)}"
        raise UsageError(message, hint=f"for example {option} {file.stem}{suffixes[0]}")
    if not file.parent.is_dir():
        message = f"{option} {file} can't be written: there is no folder {file.parent}"
        raise UsageError(message)
    if len(specs) > 1:
        message = f"{option} {file} is one file, and there are {len(specs)} specs"
        raise UsageError(message, hint="run the command once for each spec")


def _is_folder(place: Path) -> bool:
    """Whether films are to go into a folder, which need not be there yet."""
    return place.is_dir() or not place.suffix


def placer(shown: Board, loaded: LoadedSpec, every: Iterable[Video], films: str | None) -> Place:
    """Where the film of each video goes. `every` are all videos that a build may render.

    Raises:
        UsageError: several would go into one file, or one into a file of another kind or of a build.
    """
    folder = films_folder(loaded) if not films else Path(films)
    if not films or _is_folder(folder):
        place: Place = lambda reel: folder / reel.file  # noqa: E731 - the other one is a function of one too
    elif len(shown.reels) > 1:
        message = f"--mp4 {films} is one file, and there are {len(shown.reels)} videos"
        raise UsageError(message, hint="name a folder, or choose one video with --only KEY")
    else:
        place = lambda reel: folder  # noqa: E731, ARG005 - see above
    if films is not None:
        paid_for = {video.output for video in every}
        for reel in shown.reels:
            _require_free(place(reel), reel, paid_for)
    return place


def _require_free(path: Path, reel: Reel, paid_for: Collection[Path]) -> None:
    """Refuse a place that a film can't go to.

    Raises:
        UsageError: it is where a build puts a film, or has another kind's name.
    """
    kind = Path(reel.file).suffix
    if path.suffix.lower() != kind:
        message = f"the film of {reel.key} is a {kind} file, and {path} is none"
        raise UsageError(message, hint=f"name it {path.with_suffix(kind).name}")
    if path.resolve() in paid_for:
        message = f"{beside(path.resolve())} is where `build` puts a film that is paid for"
        raise UsageError(message, hint="name another file or folder behind --mp4")
