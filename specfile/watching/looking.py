"""One look at a spec: the board that it makes, or why it makes none, and the files that decide that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from specfile.choice import Choice
from specfile.diagnostics import Diagnostic, Severity, SpecError, in_order
from specfile.diagnostics.strict import strictly
from specfile.errors import SpecfileError, UsageError
from specfile.film import Video
from specfile.frame_remarks import frame_remarks
from specfile.loaded import LoadedSpec, gathered
from specfile.preview.board.storyboard import Board
from specfile.previewing import board


@dataclass(frozen=True, slots=True)
class Sight:
    """A spec that is right."""

    board: Board
    files: frozenset[Path]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A spec that makes no board."""

    error: SpecfileError
    files: frozenset[Path]

    @property
    def may_pass(self) -> bool:
        """Whether a file is missing, which may come without any of `files` being changed."""
        found = self.error.diagnostics if isinstance(self.error, SpecError) else ()
        return any(one.code == "file-missing" for one in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """Looks at a spec, the same way every time.

    `spec` is its file, `load` reads it, `choice` says which videos are meant, and the first `most` of these
    are looked at, all where it is None. With `strict`, warnings are errors. `others` are files that
    `load` reads besides, such as one of values.
    """

    spec: Path
    load: Callable[[], LoadedSpec]
    choice: Choice
    most: int | None
    strict: bool
    others: frozenset[Path] = frozenset()

    def look(self) -> Sight | Trouble:
        """Read everything anew."""
        loaded: LoadedSpec | None = None
        try:
            loaded = self.load()
            videos, found = self._sound(loaded)
            made = board(loaded, videos, found, most=self.most)
        except (SpecfileError, OSError) as error:
            told = error if isinstance(error, SpecfileError) else _unreadable(error)
            return Trouble(told, self._files(loaded) | _named_by(told))
        own = (asset.path for reel in made.reels for asset in reel.assets)
        others = (asset.path for video in videos for asset in video.request.assets)
        return Sight(made, self._files(loaded).union(own, others))

    def _sound(self, loaded: LoadedSpec) -> tuple[Sequence[Video], Iterable[Diagnostic]]:
        """The videos that are meant, at least one, and all that was found.

        Raises:
            SpecError: the spec or its data is wrong.
            UsageError: a pattern fits no key, or there is no video.
        """
        stream = loaded.stream()
        every, found, _ = gathered(stream)
        if stream.is_sound and self.strict:
            # Else the board tells of the videos that are looked at; measuring the texts of all takes seconds.
            found = in_order((*found, *frame_remarks(loaded, every)))
        # Where rows are left out for warnings, the stream has judged them already.
        counts = self.strict and not loaded.reading.counts_warnings
        if not stream.is_sound or (counts and any(one.severity is Severity.WARNING for one in found)):
            raise SpecError(strictly(found) if self.strict else found)
        keys = self.choice.keys_among(video.key for video in every)
        videos = [video for video in every if keys is None or video.key in keys]
        if not videos:
            message = f"{loaded.spec.source.name} makes no video"
            raise UsageError(message, hint="`if` is false for every row, or there are no rows")
        return videos, found

    def _files(self, loaded: LoadedSpec | None) -> frozenset[Path]:
        if loaded is None:
            return self.others | {self.spec}
        data = [loaded.data_file] if loaded.data_file is not None else []
        sources = loaded.spec.sources.values()
        return self.others.union([self.spec], data, (one.path for one in sources), _macros(loaded))


def _macros(loaded: LoadedSpec) -> Iterator[Path]:
    """The files that macros may come from, where any are imported; they may import each other."""
    if any("import" in source.text for source in loaded.spec.sources.values()):
        yield from (one for one in (loaded.spec.root / "templates").rglob("*") if one.is_file())


def _unreadable(error: OSError) -> SpecfileError:
    """What it comes to when a file goes away in the middle of a look."""
    message = f"{error.filename or 'a file'} can't be read: {error.strerror or error}"
    return UsageError(message, hint="it is looked for again when something changes")


def _named_by(error: SpecfileError) -> frozenset[Path]:
    """The files that an error is about, by their names in its messages."""
    found = error.diagnostics if isinstance(error, SpecError) else ()
    spans = [span for one in found for span in (one.span, *(place for place, _ in one.related))]
    return frozenset(Path(span.file).absolute() for span in spans if span is not None)
