"""The frozen values that every room hands on: film, request, video; their digest and token.

A film is what is seen or heard. It is written in the words of the v2 API whatever dialect it is later
compiled to, so that its digest outlives the dialect. Mappings inside these values are never changed after
they are built.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Protocol

import orjson

Json = Any
"""A value that JSON can hold: mapping, list, text, number, boolean."""

Api = Literal["v2", "v3"]
AssetKind = Literal["image", "video", "audio", "talking_photo"]
VideoFormat = Literal["mp4", "webm"]
WebmBody = Literal["flat", "scenes"]

ASSET_PREFIX: Final = "specfile-asset:"
"""Stands before the sha256 of a local file wherever a film or payload will hold the id of its upload."""

FILM_SETTINGS: Final = (
    "dimension",
    "caption",
    "caption_mode",
    "subtitles",
    "fps",
    "test",
    "enable_watermark",
)
"""Top-level request fields that change what is seen or heard."""

METADATA_FIELDS: Final = ("title", "folder_id", "callback_id", "callback_url")
"""Top-level request fields that do not: a change is recorded, never paid for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A local file that must be uploaded before the request that uses it.

    `sha256` is of the file's bytes. `kind` decides the endpoint: a talking photo is not an ordinary upload.
    """

    sha256: str
    kind: AssetKind
    path: Path
    media_type: str

    @property
    def placeholder(self) -> str:
        """What stands in the payload until the upload's id is known."""
        return ASSET_PREFIX + self.sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One item of `video_inputs`, in the API's own field names; a part that is absent is None."""

    character: Mapping[str, Json] | None = None
    voice: Mapping[str, Json] | None = None
    background: Mapping[str, Json] | None = None
    text: Mapping[str, Json] | None = None

    def parts(self) -> dict[str, Mapping[str, Json]]:
        """The parts that are present, in the API's order."""
        named = (
            ("character", self.character),
            ("voice", self.voice),
            ("background", self.background),
            ("text", self.text),
        )
        return {name: part for name, part in named if part is not None}


@dataclass(frozen=True, kw_only=True)
class Film:
    """What is seen or heard: the scenes and the settings that show.

    `settings` holds only fields named in `FILM_SETTINGS` that the spec wrote. Local files stand as
    placeholders that carry their content's hash.
    """

    scenes: tuple[Scene, ...]
    settings: Mapping[str, Json] = field(default_factory=dict)
    format: VideoFormat = "mp4"

    def content(self) -> dict[str, Json]:
        """The film as plain JSON. The default container is left out, so that naming it changes nothing."""
        content: dict[str, Json] = {"scenes": [scene.parts() for scene in self.scenes], **self.settings}
        if self.format != "mp4":
            content["format"] = self.format
        return content

    @cached_property
    def canonical(self) -> bytes:
        """Canonical JSON: sorted keys, no spaces, UTF-8, nulls dropped, 1 and 1.0 alike, text as it is."""
        return canonical_json(self.content())

    @cached_property
    def digest(self) -> str:
        """The first 128 bits of sha256 over `canonical`, as 32 hex digits."""
        return digest_of(self.canonical)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The frozen call for one video. `payload` holds no token; the runner adds that when it sends."""

    key: str
    digest: str
    api: Api
    endpoint: str
    payload: Mapping[str, Json]
    assets: tuple[Asset, ...] = ()


class Video(Protocol):
    """One video that ought to exist: its request, the file it belongs in, and what it is expected to take.

    A hundred thousand of them may wait in memory, so what few of them are asked for may be made when it is.
    """

    @property
    def key(self) -> str:
        """The identity of the video within its spec."""

    @property
    def digest(self) -> str:
        """The digest of the film."""

    @property
    def request(self) -> Request:
        """The frozen call."""

    @property
    def film(self) -> bytes:
        """The canonical JSON behind the digest."""

    @property
    def metadata(self) -> Mapping[str, str]:
        """By name of `METADATA_FIELDS`, the text."""

    @property
    def output(self) -> Path:
        """The absolute path of the finished file."""

    @property
    def seconds(self) -> float:
        """The estimated length of the finished video."""

    @property
    def cost_usd(self) -> float:
        """The estimated price."""

    @property
    def default_voices(self) -> Mapping[str, str | None]:
        """Avatars whose default voice is heard, each with its id, or None where that is yet to be looked up.

        A video with such a one is planned and never sent.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeVideo:
    """A video with everything there is to it; see `Video`."""

    request: Request
    film: bytes
    metadata: Mapping[str, str]
    output: Path
    seconds: float
    cost_usd: float
    default_voices: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The identity of the video within its spec."""
        return self.request.key

    @property
    def digest(self) -> str:
        """The digest of the film."""
        return self.request.digest


def canonical_json(value: Json) -> bytes:
    """Write `value` so that equal content gives equal bytes.

    Keys are sorted, nulls in mappings are dropped, whole floats become integers, other floats take their
    shortest round-trip form, text is left exactly as it is.

    Raises:
        ValueError: a number is not finite, which JSON cannot hold.
    """
    return orjson.dumps(_canonical(value), option=orjson.OPT_SORT_KEYS)


def _canonical(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {name: _canonical(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, float):
        return canonical_number(value)
    return value


def canonical_number(value: float) -> float | int:
    """Give 1 for 1.0, so that a number's spelling never changes a digest.

    Raises:
        ValueError: the number is infinite or not a number.
    """
    if value.is_integer() and abs(value) < 2**53:
        return int(value)
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - the test for NaN
        message = f"{value} has no JSON form"
        raise ValueError(message)
    return value


def digest_of(canonical: bytes) -> str:
    """The digest of a film's canonical JSON."""
    return hashlib.sha256(canonical).hexdigest()[:32]


def token(lock_id: str, key: str, digest: str, attempt: int) -> str:
    """Name one attempt at one film, `sf-<lock id>-<hash of key and digest>-<attempt>`.

    It holds only characters that an Idempotency-Key may hold. Where the same attempt needs a key that was
    never used, a full stop and random digits follow.
    """
    return f"sf-{lock_id}-{pair_hash(key, digest)}-{attempt}"


class TokenParts(NamedTuple):
    """What a token tells: the lock that it was made with, whose film it is for, and which attempt."""

    lock_id: str
    pair_hash: str
    attempt: int


def token_parts(text: str | None) -> TokenParts | None:
    """What a text tells that `token` made; None where it did not."""
    parts = (text or "").split("-")
    attempt = parts[-1].partition(".")[0]
    if len(parts) != 4 or parts[0] != "sf" or not attempt.isdecimal():
        return None
    return TokenParts(parts[1], parts[2], int(attempt))


def pair_hash(key: str, digest: str) -> str:
    """64 bits, as 16 hex digits, that stand for a key and a digest without showing the key."""
    return hashlib.sha256(orjson.dumps([key, digest])).hexdigest()[:16]


def text_hash(text: str) -> str:
    """64 bits, as 16 hex digits, by which a lock knows a title or callback_id again without holding it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
