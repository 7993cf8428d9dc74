"""What a rule looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from specfile.compiler.rules.plans import AccountPlan
from specfile.film import Api, Json, VideoFormat

if TYPE_CHECKING:
    from specfile.catalogue import Catalogue

Path = tuple[str | int, ...]
"""A place in a request, from its root."""

Part = Mapping[str, Json]
Placed = tuple[Path, Part]
"""A part of a scene and its place."""

ID_FIELDS: Final = (
    "avatar_id",
    "talking_photo_id",
    "voice_id",
    "audio_asset_id",
    "image_asset_id",
    "video_asset_id",
)
ADDRESS_FIELDS: Final = ("audio_url", "url")


@dataclass(frozen=True)
class Subject:
    """A request that the schema found valid, in the words of the v2 API, and what else is known of its video.

    `api` is the dialect that it will be sent in. `account` is the account's plan, where the user names one.
    `seconds` is the estimated length of the video, where it was estimated. `voiceless` maps avatars for which
    the service named no default voice to what is wrong. `catalogue` is what the account is offered, where
    that is known. What rules look at is gathered once: they run on every video of a spec.
    """

    payload: Mapping[str, Json]
    api: Api = "v2"
    format: VideoFormat = "mp4"
    account: AccountPlan | None = None
    seconds: float | None = None
    voiceless: Mapping[str, str] = field(default_factory=dict)
    catalogue: Catalogue | None = None

    @cached_property
    def characters(self) -> Sequence[Placed]:
        """The character of every scene that has one."""
        return self._parts("character")

    @cached_property
    def voices(self) -> Sequence[Placed]:
        """The voice of every scene."""
        return self._parts("voice")

    @cached_property
    def spoken(self) -> Sequence[Placed]:
        """The voice of every scene that speaks a text."""
        return [(path, voice) for path, voice in self.voices if voice["type"] == "text"]

    @cached_property
    def backgrounds(self) -> Sequence[Placed]:
        """The background of every scene that has one."""
        return self._parts("background")

    @cached_property
    def overlays(self) -> Sequence[Placed]:
        """The text on the screen of every scene that has one."""
        return self._parts("text")

    @cached_property
    def ids(self) -> Sequence[tuple[Path, str]]:
        """Every id of the service, in the order of parts."""
        parts = (*self.characters, *self.voices, *self.backgrounds)
        found = [((*path, name), part[name]) for path, part in parts for name in ID_FIELDS if name in part]
        folder = self.payload.get("folder_id")
        return found if folder is None else [*found, (("folder_id",), folder)]

    @cached_property
    def addresses(self) -> Sequence[tuple[Path, str]]:
        """Every address that the service fetches a file from."""
        parts = (*self.voices, *self.backgrounds)
        return [
            ((*path, name), part[name]) for path, part in parts for name in ADDRESS_FIELDS if name in part
        ]

    def _parts(self, name: str) -> Sequence[Placed]:
        scenes = enumerate(self.payload["video_inputs"])
        return [(("video_inputs", index, name), scene[name]) for index, scene in scenes if name in scene]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at `path` in the request.

    `related` are further places with a word on each; `piece` is what is wrong in the text at `path`, so that
    the cell can be found that it came from.
    """

    path: Path
    message: str
    hint: str
    related: tuple[tuple[Path, str], ...] = ()
    piece: str | None = None

    def moved(self, scenes: Sequence[int]) -> Finding:
        """The finding as it reads in the whole video, of which only these scenes were looked at."""
        related = tuple((_moved(path, scenes), word) for path, word in self.related)
        return replace(self, path=_moved(self.path, scenes), related=related)


def scene_number(path: Path) -> int:
    """The number that people give the scene of a path: the first is 1."""
    return int(path[1]) + 1


def _moved(path: Path, scenes: Sequence[int]) -> Path:
    if path[:1] == ("video_inputs",) and len(path) > 1:
        return (path[0], scenes[int(path[1])], *path[2:])
    return path
