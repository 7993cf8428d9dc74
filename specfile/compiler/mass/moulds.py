"""A finished request with holes in it: whatever differs from row to row is poured in as text.

All else was compiled, checked and written as JSON when the way to it was learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from specfile.compiler.mass.holes import Hole
from specfile.compiler.mass.jsoncast import Cast
from specfile.compiler.mass.naming import Naming, Text, text_of
from specfile.compiler.mass.ruling import Ruling, Speech
from specfile.compiler.mass.sources import Miss
from specfile.compiler.rules import Rule
from specfile.compiler.unique import claims
from specfile.film import ASSET_PREFIX, Api, Asset, Request, Video, digest_of

_OF_A_FILE: Final = b'"' + ASSET_PREFIX.encode()
"""How a text begins that stands for a local file; one from the data would be taken for it, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould:
    """One video of every row that goes a certain way.

    `lengths` are the bounds of the text in each slot; `holes` are those that ask for more.
    """

    naming: Naming
    lengths: tuple[tuple[int, int], ...]
    holes: tuple[tuple[int, Hole], ...]
    body: Cast
    film: Cast
    v2_body: Cast
    frame: tuple[bytes, tuple[bytes, bytes], bytes]
    api: Api
    endpoint: str
    assets: tuple[Asset, ...]
    metadata: Mapping[str, Text]
    speeches: tuple[Speech, ...]
    ruling: Ruling
    is_test: bool
    default_voices: Mapping[str, str | None]

    def poured(self, texts: Sequence[str]) -> Poured:
        """The video of a row with these texts, by slot.

        Raises:
            Miss: a text asks for a closer look.
        """
        for text, (shortest, longest) in zip(texts, self.lengths, strict=True):
            if not shortest <= len(text) <= longest:
                raise Miss
        for slot, hole in self.holes:
            if not hole.takes(texts[slot]):
                raise Miss
        encoded = _encoded(texts)
        said = b"".join(encoded)
        if _OF_A_FILE in said:
            raise Miss
        if rules := self.ruling.asked(texts, said):
            self._ask(rules, texts, encoded)
        key, name = self.naming.named(texts)
        return Poured(self, key, name, texts, encoded)

    def _ask(self, rules: Sequence[Rule], texts: Sequence[str], encoded: Sequence[bytes]) -> None:
        """Ask rules about the request.

        Raises:
            Miss: one finds something.
        """
        subject = self.ruling.subject(orjson.loads(self.v2_body.filled(encoded)), self.seconds(texts))
        if any(next(rule.check(subject), None) is not None for rule in rules):
            raise Miss

    def seconds(self, texts: Sequence[str]) -> float:
        """The estimated length of the video."""
        return sum(one.lasts(texts) for one in self.speeches)


class Poured(NamedTuple):
    """A video that came out of a mould. Its parts are made when they are asked for.

    `encoded` are the texts as JSON, where they are at hand.
    """

    mould: Mould
    key: str
    file: str
    texts: Sequence[str]
    encoded: Sequence[bytes]

    @property
    def claims(self) -> tuple[str, ...]:
        """What no other video of the spec may have."""
        naming = self.mould.naming
        callback = text_of(naming.callback, self.texts) if naming.callback is not None else None
        path = f"{naming.folder}/{self.file}{naming.ending}"
        return claims(None if naming.by_file else self.key, path, callback)

    @property
    def way(self) -> object | None:
        """The mould: what comes out of it was made of the same values."""
        return self.mould

    def line(self) -> bytes:
        """The request as one line of JSON, its end included."""
        before, (middle, about), after = self.mould.frame
        digest = digest_of(self.film()).encode()
        return b"".join((before, orjson.dumps(self.key), middle, digest, about, self.body(), after))

    def body(self) -> bytes:
        """The body of the request as JSON."""
        return self.mould.body.filled(self.encoded or _encoded(self.texts))

    def video(self) -> Video:
        """The video as the runner takes it."""
        return PouredVideo(self)

    def seconds(self) -> list[float]:
        """The estimated length of every scene."""
        return [one.lasts(self.texts) for one in self.mould.speeches]

    def metadata(self) -> dict[str, str]:
        """The fields that are no part of the film."""
        return {name: text_of(value, self.texts) for name, value in self.mould.metadata.items()}

    def film(self) -> bytes:
        """The film's canonical JSON."""
        return self.mould.film.filled(self.encoded or _encoded(self.texts))


class PouredVideo:
    """A video out of a mould: its digest, and the texts from which the rest is made when it is asked for."""

    __slots__ = ("_poured", "digest")

    def __init__(self, poured: Poured) -> None:
        self.digest = digest_of(poured.film())
        self._poured = poured._replace(encoded=())

    @property
    def key(self) -> str:
        """The identity of the video within its spec."""
        return self._poured.key

    @property
    def request(self) -> Request:
        """The frozen call."""
        mould = self._poured.mould
        return Request(
            key=self.key,
            digest=self.digest,
            api=mould.api,
            endpoint=mould.endpoint,
            payload=orjson.loads(self._poured.body()),
            assets=mould.assets,
        )

    @property
    def film(self) -> bytes:
        """The canonical JSON behind the digest."""
        return self._poured.film()

    @property
    def metadata(self) -> Mapping[str, str]:
        """The fields that are no part of the film."""
        return self._poured.metadata()

    @property
    def output(self) -> Path:
        """The absolute path of the finished file."""
        naming = self._poured.mould.naming
        return naming.folder / f"{self._poured.file}{naming.ending}"

    @property
    def seconds(self) -> float:
        """The estimated length."""
        return sum(self._poured.seconds())

    @property
    def cost_usd(self) -> float:
        """The estimated price."""
        mould = self._poured.mould
        rates = (one.usd_per_second for one in mould.speeches)
        cost = sum(length * rate for length, rate in zip(self._poured.seconds(), rates, strict=True))
        return 0.0 if mould.is_test else round(cost, 4)

    @property
    def default_voices(self) -> Mapping[str, str | None]:
        """Avatars whose default voice is heard."""
        return self._poured.mould.default_voices


def _encoded(texts: Sequence[str]) -> list[bytes]:
    return list(map(orjson.dumps, texts))
