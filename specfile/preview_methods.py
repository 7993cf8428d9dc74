"""What `Storyboard.preview` and `Storyboard.render` do: a preview asked for by a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from specfile.behind_addresses import BehindAddresses
from specfile.choice import Choice
from specfile.comparing import former, reader_like
from specfile.errors import UsageError
from specfile.film import Video
from specfile.loaded import LoadedSpec
from specfile.previewing import (
    board,
    comparison,
    comparison_path,
    films_folder,
    page_path,
    render_films,
    require_preview,
    with_folder,
    write_comparison,
    write_page,
    write_sheet,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFilm:
    """A video's film as the preview renders it, and what stands in for something in it."""

    key: str
    path: Path
    notes: tuple[str, ...]


def preview(
    loaded: LoadedSpec,
    path: Path | None,
    choice: Choice,
    *,
    limit: int | None,
    against: str | None = None,
    online: bool = False,
) -> Path:
    """See `specfile.Storyboard.preview`."""
    if path is not None and path.suffix.lower() not in (".html", ".png"):
        message = f"{path} is no name for a preview"
        raise UsageError(message, hint="let it end in .html for a page, in .png for a picture")
    require_preview()
    is_sheet = path is not None and path.suffix.lower() == ".png"
    if is_sheet and against is not None:
        message = "what changed is shown in a page, and a picture is asked for"
        raise UsageError(message, hint="let the name end in .html")
    compiled = loaded.compiled(is_plan=True)
    behind = BehindAddresses(online=online)
    if against is not None:
        with former(loaded, compiled.videos, against, reader_like(loaded)) as before:
            keys = choice.keys_among(one.key for one in (*compiled.videos, *before.videos))
            made = comparison(
                loaded, compiled.videos, compiled.found, before, keys=keys, most=limit, behind=behind
            )
        path = with_folder(path or comparison_path(loaded))
        write_comparison(made, path)
        return path
    shown = board(loaded, _some(compiled.videos, choice, loaded), compiled.found, most=limit)
    path = with_folder(path or page_path(loaded))
    (write_sheet if is_sheet else write_page)(shown, path, behind=behind)
    return path


def render(
    loaded: LoadedSpec, folder: Path | None, choice: Choice, *, limit: int | None, online: bool = False
) -> tuple[PreviewFilm, ...]:
    """See `specfile.Storyboard.render`."""
    require_preview()
    compiled = loaded.compiled(is_plan=True)
    shown = board(loaded, _some(compiled.videos, choice, loaded), compiled.found, most=limit)
    where = folder if folder is not None else films_folder(loaded)
    paid_for = {video.output for video in compiled.videos}
    for reel in shown.reels:
        if (where / reel.file).resolve() in paid_for:
            message = f"{where / reel.file} is where `build` puts a film that is paid for"
            raise UsageError(message, hint="name another folder")
    films: list[PreviewFilm] = []

    def ended(path: Path, notes: Sequence[str]) -> None:
        films.append(PreviewFilm(key=shown.reels[len(films)].key, path=path, notes=tuple(notes)))

    render_films(
        shown,
        lambda reel: where / reel.file,
        began=lambda number, reel: None,  # noqa: ARG005 - nobody looks
        ended=ended,
        behind=BehindAddresses(online=online),
    )
    return tuple(films)


def _some(videos: Sequence[Video], choice: Choice, loaded: LoadedSpec) -> Sequence[Video]:
    """The videos that are meant.

    Raises:
        UsageError: there is none.
    """
    meant = choice.among(videos)
    if not meant:
        message = f"{loaded.spec.source.name} makes no video to show"
        raise UsageError(message)
    return meant
