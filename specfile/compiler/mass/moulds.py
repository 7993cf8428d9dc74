"""A finished request with holes in it: whatever differs from row to row is poured in as text.

All else was compiled, checked and written as JSON when the way to it was learned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from specfile.compiler.estimate import MOST_PER_CHARACTER, speech_seconds
from specfile.compiler.mass.holes import Hole
from specfile.compiler.mass.sources import Miss
from specfile.compiler.output import is_usable
from specfile.compiler.rules import Rule, Subject
from specfile.compiler.unique import claims
from specfile.film import ASSET_PREFIX, Api, Asset, Request, Video, digest_of

_OF_A_FILE: Final = b'"' + ASSET_PREFIX.encode()
"""How a text begins that stands for a local file; one from the data would be taken for it, too."""


@dataclass(frozen=True, slots=True)
class Cast:
    """JSON with holes: `pieces` of bytes, and between them the slots whose text stands there."""

    pieces: tuple[bytes, ...]
    pick: Callable[[Sequence[bytes]], tuple[bytes, ...]]

    @classmethod
    def of(cls, pieces: Sequence[bytes], slots: Sequence[int]) -> Cast:
        """`pieces` has one more than `slots`."""
        blank = [b""] * (2 * len(slots) + 1)
        blank[::2] = pieces
        return cls(tuple(blank), _picker(slots))

    def filled(self, texts: Sequence[bytes]) -> bytes:
        """The JSON with every text, itself JSON, in its place."""
        pieces = list(self.pieces)
        pieces[1::2] = self.pick(texts)
        return b"".join(pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a video is called and where it goes.

    Attributes:
        key: its slot, or what is the same for all rows.
        file: the same of the name of the file, without its ending.
        folder: where the file goes; it lies in the project.
        ending: that of the file, with its dot.
        odd: tells whether a file of such a name has to be looked at closely, being a link or in a folder.
        by_file: whether two videos of one key would also share a file.
        callback: the slot of the callback_id, or what it is for all rows, if there is one.
    """

    key: int | str
    file: int | str
    folder: Path
    ending: str
    odd: Callable[[str], bool]
    by_file: bool
    callback: int | str | None

    def named(self, texts: Sequence[str]) -> tuple[str, str]:
        """The key, and the name of the file.

        Raises:
            Miss: one of them can't be had.
        """
        key, name = _given(self.key, texts), _given(self.file, texts)
        if not (is_usable(key) and (name is key or is_usable(name))):
            raise Miss
        if self.odd(name):
            raise Miss  # it may lead elsewhere, or lie where --local keeps its files
        return key, name


@dataclass(frozen=True, slots=True)
class Speech:
    """A scene's share in the length and the price: `seconds` of it, or the text in a slot at a speed."""

    seconds: float
    slot: int | None
    speed: float
    usd_per_second: float

    def lasts(self, texts: Sequence[str]) -> float:
        """How many seconds it takes."""
        return self.seconds if self.slot is None else speech_seconds(texts[self.slot], self.speed)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which rules may find something about a row that they didn't find about the one before.

    Attributes:
        triggers: ASCII characters without which the rules are spared.
        spared: bytes of the JSON of all texts up to which they are.
        telling: tests of the texts in some slots that all have to spare them.
        rules: the rules.
        always: whether they have to be asked in any case.
        of_length: those about the length of the video.
        short: bytes of the JSON of all texts up to which these are silent.
        subject: makes what rules look at of a v2 request and its length in seconds.
    """

    triggers: bytes
    spared: int
    telling: tuple[tuple[int, Callable[[str], bool]], ...]
    rules: tuple[Rule, ...]
    always: bool
    of_length: tuple[Rule, ...]
    short: float
    subject: Callable[[Any, float], Subject]

    def asked(self, texts: Sequence[str], said: bytes) -> tuple[Rule, ...]:
        """The rules that may find something in these texts; `said` is the JSON of all of them."""
        size = len(said)
        is_spared = not self.always and size <= self.spared
        if is_spared and len(said.translate(None, self.triggers)) == size:
            for slot, spares in self.telling:
                if not spares(texts[slot]):
                    is_spared = False
                    break
        else:
            is_spared = False
        if is_spared:
            return () if size <= self.short else self.of_length
        return (*self.rules, *self.of_length)


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
    metadata: Mapping[str, int | str]
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


def short_enough(limit: float, speeches: Sequence[Speech]) -> float:
    """How many bytes of JSON all texts may have for the video surely to last at most `limit` seconds."""
    left = limit - sum(one.seconds for one in speeches)
    spoken = [one for one in speeches if one.slot is not None]
    slowest = min((one.speed for one in spoken), default=1.0)
    often = max(Counter(one.slot for one in spoken).values(), default=1)
    return left / MOST_PER_CHARACTER * slowest / often


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
        callback = _given(naming.callback, self.texts) if naming.callback is not None else None
        path = f"{naming.folder}/{self.file}{naming.ending}"
        return claims(None if naming.by_file else self.key, path, callback)

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
        return {name: _given(value, self.texts) for name, value in self.mould.metadata.items()}

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


def _given(value: int | str, texts: Sequence[str]) -> str:
    """What is the same for all rows, or the text of a slot."""
    return texts[value] if isinstance(value, int) else value


def _picker(slots: Sequence[int]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    if len(slots) > 1:
        return itemgetter(*slots)
    return lambda texts: tuple(texts[slot] for slot in slots)
