"""`specfile preview`: the storyboard before anything is paid for."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from specfile.behind_addresses import BehindAddresses
from specfile.choice import Choice
from specfile.cli import options
from specfile.cli.checked import Batch
from specfile.cli.counting import frame_counter
from specfile.cli.exits import DONE, SOME_FAILED, SPEC_WRONG
from specfile.cli.messages import say, show_diagnostics
from specfile.cli.watching import follow, require_one_page
from specfile.comparing import Former, FormerlyWrong, former
from specfile.diagnostics import Diagnostic, in_order
from specfile.errors import UsageError
from specfile.film import Video
from specfile.frame_remarks import frame_remarks
from specfile.loaded import LoadedSpec, gathered
from specfile.previewing import (
    board,
    comparison,
    comparison_path,
    films_folder,
    page_path,
    render_films,
    require_preview,
    write_comparison,
    write_page,
    write_sheet,
)
from specfile.report.words import beside, count
from specfile.watching import USUAL_PORT

if TYPE_CHECKING:
    from specfile.preview.storyboard import Board, Reel
    from specfile.previewing import Progress

_MOST: Final = 12
"""So many videos are shown unless told otherwise."""

_BESIDE: Final = ""
"""What `--mp4` holds where no place is named."""

_Place = Callable[["Reel"], Path]
_Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Spec:
    """A sound spec, all its videos and those that are meant, what was found about it, and what it was.

    `chosen` are the keys that are meant, None for all.
    """

    loaded: LoadedSpec
    every: Sequence[Video]
    videos: Sequence[Video]
    found: tuple[Diagnostic, ...]
    former: Former | None = None
    chosen: frozenset[str] | None = None

    @property
    def keys(self) -> list[str]:
        """Those of all videos that there are, and that there were."""
        former = self.former.videos if self.former is not None else ()
        return [video.key for video in (*self.every, *former)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
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


@click.command("preview")
@options.specs_argument
@options.input_options
@options.rows_options
@options.only_option
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=_MOST,
    show_default=True,
    metavar="N",
    help="Show the first N videos; 0 for all.",
)
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the page to this file.",
)
@click.option(
    "--against",
    metavar="REVISION",
    help="Show what changed since this revision of git: a branch, a tag, HEAD~1.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--watch", "watches", is_flag=True, help="Serve a page that follows the files, and plays every scene."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"Where --watch serves; 0 takes a free one.  [default: {USUAL_PORT}, or a free one]",
)
@click.option(
    "--png",
    "sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="All scenes of the first video as one picture.",
)
@click.option(
    "--mp4",
    "films",
    is_flag=False,
    flag_value=_BESIDE,
    metavar="[PLACE]",
    help="Render the films, into this folder or file.",
)
@click.option(
    "--online", is_flag=True, help="Fetch the files behind addresses for the frames, and keep them."
)
@options.account_option
@options.strict_option
@options.quiet_option
@options.color_option
def command(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    patterns: tuple[str, ...],
    limit: int,
    output: Path | None,
    against: str | None,
    opens: bool,
    watches: bool,
    port: int | None,
    sheet: Path | None,
    films: str | None,
    online: bool,
    account: str | None,
    strict: bool,
    quiet: bool,
) -> int:
    """Show storyboards before anything is paid for: every scene with its frame, script, length and cost.

    Writes one page for each spec, beside its videos; with --png a picture of the first video, with --mp4
    the films, and with these no page but for -o. With --against the page shows what changed, in words and
    pictures, side by side; with --watch one is served to this machine that follows the files. No account is
    needed, and nothing is sent.
    """
    if port is not None and not watches:
        raise UsageError("--port is where --watch serves", hint="add --watch")
    if watches:
        require_one_page(specs, inputs, {"-o": output, "--against": against, "--png": sheet, "--mp4": films})
        require_preview()
        return follow(
            specs[0],
            inputs,
            Choice(**options.chosen(patterns)),
            most=limit or None,
            port=port,
            opens=opens,
            account=account,
            strict=strict,
            quiet=quiet,
        )
    wanted = _Wanted(
        against=against,
        page=output is not None or (sheet is None and films is None),
        output=output,
        sheet=sheet,
        films=films,
        opens=opens,
        progress=frame_counter(quiet=quiet),
        behind=BehindAddresses(online=online),
    )
    _require_usable(wanted, specs)
    require_preview()
    choice = Choice(**options.chosen(patterns))
    batch = Batch(inputs, strict=strict, quiet=quiet)
    sound: list[_Spec] = []
    for spec in specs:
        with batch.taking_up():
            loaded = inputs.load(spec, account=account)
            stream = loaded.stream()
            videos, found, refused = gathered(stream)
            if stream.is_sound:
                found = in_order((*found, *frame_remarks(loaded, videos)))
            batch.add(loaded, found, refused, is_sound=stream.is_sound)
            sound.append(_Spec(loaded, videos, videos, found))
    batch.require_sound()
    with ExitStack() as kept:
        try:
            sound = [_with_former(one, against, inputs, kept) for one in sound]
        except FormerlyWrong as wrong:
            return _told_wrong(wrong)
        for one in _meant(sound, choice):
            _make(one, wanted, most=limit or None, quiet=quiet)
        for line in wanted.behind.told(quiet=quiet):
            say(line)
    return SOME_FAILED if batch.is_partial else DONE


def _with_former(one: _Spec, against: str | None, inputs: options.Inputs, kept: ExitStack) -> _Spec:
    """The spec with what it was, where that is asked for; `kept` keeps its files.

    Raises:
        UsageError: there is no such revision.
        FormerlyWrong: it was wrong then.
    """
    if against is None:
        return one

    def read(path: Path, name: str) -> LoadedSpec:
        return inputs.load(path, name=name)

    return replace(one, former=kept.enter_context(former(one.loaded, one.every, against, read)))


def _told_wrong(wrong: FormerlyWrong) -> int:
    say(f"{wrong.about}:\n")
    show_diagnostics(wrong.diagnostics, wrong.texts.get)
    say(f"hint: {wrong.hint}")
    return SPEC_WRONG


def _require_usable(wanted: _Wanted, specs: Sequence[Path]) -> None:
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


def _meant(sound: Sequence[_Spec], choice: Choice) -> list[_Spec]:
    """The specs with the videos that are meant; those without any are left out, and that is said.

    Raises:
        UsageError: a pattern fits no key.
    """
    keys = choice.keys_among(key for one in sound for key in one.keys)
    meant: list[_Spec] = []
    for one in sound:
        if any(keys is None or key in keys for key in one.keys):
            videos = [video for video in one.every if keys is None or video.key in keys]
            meant.append(replace(one, videos=videos, chosen=keys))
        elif not one.keys:
            say(f"{one.loaded.spec.source.name}: no video to show")
    return meant


def _make(one: _Spec, wanted: _Wanted, *, most: int | None, quiet: bool) -> None:
    tell: _Tell = _silent if quiet else say
    if one.former is not None:
        _compare(one, one.former, wanted, most=most, tell=tell)
        wanted = replace(wanted, page=False)
    if one.videos and (wanted.page or wanted.sheet is not None or wanted.films is not None):
        _show(one, wanted, most=most, tell=tell)


def _compare(one: _Spec, before: Former, wanted: _Wanted, *, most: int | None, tell: _Tell) -> None:
    from specfile.report.comparison_page import change_lines  # noqa: PLC0415 - few previews compare

    for line in before.told:
        tell(line)
    made = comparison(
        one.loaded,
        one.every,
        one.found,
        before,
        keys=one.chosen,
        most=most,
        behind=wanted.behind,
        progress=wanted.progress,
    )
    for line in change_lines(made):
        tell(line)
    if len(made.reels) < len(made.keys.differing):
        tell(
            f"the first {len(made.reels)} of {count(len(made.keys.differing), 'video')}; --limit 0 takes all"
        )
    path = wanted.output or comparison_path(one.loaded)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_comparison(made, path)
    _written(path, wanted, tell)


def _written(path: Path, wanted: _Wanted, tell: _Tell) -> None:
    """A page was written."""
    tell(f"written to {_told(path)}")
    if wanted.opens:
        webbrowser.open(path.resolve().as_uri())


def _show(one: _Spec, wanted: _Wanted, *, most: int | None, tell: _Tell) -> None:
    loaded = one.loaded
    shown = board(loaded, one.videos, one.found, most=most)
    place = _placer(shown, one, wanted.films)
    if len(shown.reels) < len(one.videos) and (wanted.page or wanted.films is not None):
        tell(f"the first {len(shown.reels)} of {count(len(one.videos), 'video')}; --limit 0 takes all")
    if wanted.page:
        path = wanted.output or page_path(loaded)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_page(shown, path, behind=wanted.behind, progress=wanted.progress)
        _written(path, wanted, tell)
    if wanted.sheet is not None:
        write_sheet(shown, wanted.sheet, behind=wanted.behind, progress=wanted.progress)
        tell(f"written to {_told(wanted.sheet)}")
    if wanted.films is not None:
        _render(shown, place, wanted.behind, tell)


def _placer(shown: Board, one: _Spec, films: str | None) -> _Place:
    """Where the film of each video goes.

    Raises:
        UsageError: several would go into one file, or one into a file of another kind or of a build.
    """
    folder = films_folder(one.loaded) if not films else Path(films)
    if not films or _is_folder(folder):
        place: _Place = lambda reel: folder / reel.file  # noqa: E731 - the other one is a function of one too
    elif len(shown.reels) > 1:
        message = f"--mp4 {films} is one file, and there are {len(shown.reels)} videos"
        raise UsageError(message, hint="name a folder, or choose one video with --only KEY")
    else:
        place = lambda reel: folder  # noqa: E731, ARG005 - see above
    if films is not None:
        paid_for = {video.output for video in one.every}
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


def _render(shown: Board, place: _Place, behind: BehindAddresses, tell: _Tell) -> None:
    many = len(shown.reels)

    def began(number: int, reel: Reel) -> None:
        tell(f"rendering {reel.key}{f' ({number} of {many})' if many > 1 else ''} …")

    def ended(path: Path, notes: Sequence[str]) -> None:
        tell(f"written to {_told(path)}")
        for note in notes:
            tell(f"  {note}")

    render_films(shown, place, began=began, ended=ended, behind=behind)


def _told(path: Path) -> str:
    return beside(path) if path.is_absolute() else str(path)


def _silent(text: str) -> None:
    """Say nothing."""
