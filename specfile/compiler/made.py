"""A video as the compiler hands it on: the line that `specfile compile` prints, or what the runner takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import orjson

from specfile.film import Asset, Json, Request, Video


class Made(Protocol):
    """One compiled video; what is not asked for is not made."""

    @property
    def key(self) -> str:
        """The identity of the video within its spec."""

    @property
    def claims(self) -> tuple[str, ...]:
        """What no other video of the spec may have; see `unique.claims`."""

    @property
    def way(self) -> object | None:
        """What it shares with videos whose fields were made of the same values; None if with none."""

    def line(self) -> bytes:
        """The request as one line of JSON, its end included."""

    def body(self) -> bytes:
        """The body of the request as JSON."""

    def video(self) -> Video:
        """The video."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A video that was made step by step."""

    made: Video
    claims: tuple[str, ...]

    @property
    def key(self) -> str:
        """The identity of the video within its spec."""
        return self.made.key

    @property
    def way(self) -> object | None:
        """It went its way alone."""
        return None

    def line(self) -> bytes:
        """The request as one line of JSON."""
        before, between, after = frame(self.made.request)
        key, digest = orjson.dumps(self.made.key), self.made.digest.encode()
        return b"".join((before, key, between[0], digest, between[1], self.body(), after))

    def body(self) -> bytes:
        """The body of the request as JSON."""
        return orjson.dumps(self.made.request.payload)

    def video(self) -> Video:
        """The video."""
        return self.made


def frame(request: Request) -> tuple[bytes, tuple[bytes, bytes], bytes]:
    """What stands around key, digest and payload in the line of a request."""
    about = orjson.dumps({"api": request.api, "endpoint": request.endpoint})[1:-1]
    assets = orjson.dumps([_asset(one) for one in request.assets])
    between = (b',"digest":"', b'",' + about + b',"payload":')
    return b'{"key":', between, b',"assets":' + assets + b"}\n"


def _asset(asset: Asset) -> dict[str, Json]:
    return {
        "asset": asset.placeholder,
        "kind": asset.kind,
        "path": str(asset.path),
        "media_type": asset.media_type,
    }
