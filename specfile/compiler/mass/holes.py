"""What the text in one hole of a mould has to keep, so that nothing else about the request changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from specfile.compiler.files import media_kind
from specfile.compiler.rules.offered import DEFAULT
from specfile.compiler.scenes import is_reference, is_url
from specfile.film import Api, Json, VideoFormat
from specfile.schemas import leaf_schema, text_check

Path = tuple[str | int, ...]
"""A place in a v2 request: `("video_inputs", 2, "voice", "input_text")`."""

_REFERENCES: Final = frozenset(
    {
        "background.url",
        "background.value",
        "background.image_asset_id",
        "background.video_asset_id",
        "voice.audio_url",
        "voice.audio_asset_id",
        "character.talking_photo_id",
    }
)
_SAID_BY_ALL: Final = frozenset(
    {"voice.input_text", "voice.voice_id", "character.avatar_id", "title", "callback_id", "callback_url"}
)
"""Fields whose text every dialect takes over as it is, or not at all, whatever it says."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A text of a request that differs from row to row. `fields` are all that it stands in.

    `like` tells texts apart that lead to different requests, such as an image's address and a video's.
    """

    fields: tuple[str, ...]
    shortest: int
    longest: int
    validators: tuple[Callable[[Json], bool], ...]
    kinds: tuple[Callable[[str], Hashable], ...]
    like: tuple[Hashable, ...]

    @property
    def asks_more(self) -> bool:
        """Whether more counts than the length of the text."""
        return bool(self.validators or self.kinds)

    def takes(self, text: str) -> bool:
        """Whether the request stays valid, and of the same make, with this text in the hole."""
        if not self.shortest <= len(text) <= self.longest:
            return False
        if self.validators and not all(valid(text) for valid in self.validators):
            return False
        return not self.kinds or tuple(kind(text) for kind in self.kinds) == self.like


def hole(payload: Json, paths: Iterable[Path], text: str) -> Hole:
    """The hole at these places of a valid v2 request, in which `text` is now.

    Raises:
        KeyError: what a text there means for the request can't be told from the text alone.
    """
    shortest, longest = 0, 2**31
    validators: list[Callable[[Json], bool]] = []
    kinds: list[Callable[[str], Hashable]] = []
    fields = [field_name(path) for path in paths]
    for path, field in zip(paths, fields, strict=True):
        check = text_check(leaf_schema("v2", payload, path))
        if callable(check):
            validators.append(check)
        else:
            shortest, longest = max(shortest, check[0]), min(longest, check[1])
        if field in _REFERENCES:
            kinds.append(_reference_kind)
        elif field == "voice.voice_id":
            kinds.append(_is_default)
    like = tuple(kind(text) for kind in kinds)
    return Hole(tuple(fields), shortest, longest, tuple(validators), tuple(kinds), like)


def may_differ(path: Path, api: Api, form: VideoFormat) -> bool:
    """Whether a text at this place may differ from row to row in requests of the same make."""
    field = field_name(path)
    return not field.endswith(".type") and (field in _SAID_BY_ALL or (api == "v2" and form == "mp4"))


def field_name(path: Sequence[str | int]) -> str:
    """A place as rules name it: `voice.input_text` of whichever scene, or `title`."""
    names = [step for step in path if isinstance(step, str)]
    return ".".join(names[1:] if names[0] == "video_inputs" else names)


def _is_default(text: str) -> bool:
    return text == DEFAULT


def _reference_kind(text: str) -> Hashable:
    """What decides how a reference is read. A path stands for its file: each is of a kind of its own."""
    if is_url(text):
        return text[:5].lower(), media_kind(text)
    if text.startswith("#"):
        return "#"
    is_file = is_reference(text) or PurePosixPath(text).suffix or media_kind(text)
    return ("file", text) if is_file else "id"
