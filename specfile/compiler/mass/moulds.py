"""A finished request with holes in it: whatever differs from row to row is poured in as text.

All else was compiled, checked and written as JSON when the way to it was learned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import orjson

from specfile.compiler.estimate import speech_seconds
from specfile.compiler.mass.holes import Hole
from specfile.compiler.mass.sources import Miss
from specfile.compiler.output import LOCAL, is_usable
from specfile.compiler.rules import Rule, Subject
from specfile.compiler.unique import claims
from specfile.film import ASSET_PREFIX, Api, Asset, Request, Video, digest_of

_LOCAL: Final = f"{LOCAL}/"
_OF_A_FILE: Final = b'"' + ASSET_PREFIX.encode()
"""How a text begins that stands for a local file; one from the data is taken for it, too."""


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
    """What a video is called and where it goes. `key` and `file` are slots, or what is the same for all rows.

    `ending` is that of the file, with its dot. `is_held` tells whether a path stays in the project. `by_file`
    says that two videos of one key would also share a file.
    """

    key: int | str
    file: int | str
    folder: Path
    ending: str
    is_held: Callable[[Path, str], bool]
    by_file: bool
    callback: int | str | None


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

    `triggers` are ASCII characters, and `telling` tests of the texts in some slots, that spare `rules`.
    `always` have to be asked in any case. `seconds` is the length up to which those of length are silent, and
    `most` what one byte of text adds to it at most.
    """

    triggers: bytes
    telling: tuple[tuple[int, Callable[[str], bool]], ...]
    rules: tuple[Rule, ...]
    always: bool
    of_length: tuple[Rule, ...]
    seconds: float
    most: float
    subject: Callable[[Any, float], Subject]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould:
    """One video of every row that goes a certain way."""

    naming: Naming
    holes: tuple[Hole, ...]
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
        for hole, text in zip(self.holes, texts, strict=False):
            if not hole.takes(text):
                raise Miss
        encoded = [orjson.dumps(text) for text in texts]
        self._rule(texts, encoded)
        naming = self.naming
        key = _given(naming.key, texts)
        name = _given(naming.file, texts)
        if not (is_usable(key) and is_usable(name) and naming.is_held(naming.folder, name + naming.ending)):
            raise Miss
        if name.startswith(_LOCAL):
            raise Miss  # only where files are kept apart may it lie there
        return Poured(self, key, name, texts, encoded)

    def _rule(self, texts: Sequence[str], encoded: Sequence[bytes]) -> None:
        """Ask the rules that may find something.

        Raises:
            Miss: one does.
        """
        ruling, said = self.ruling, b"".join(encoded)
        if _OF_A_FILE in said:
            raise Miss
        asked = ruling.always or len(said.translate(None, ruling.triggers)) != len(said)
        asked = asked or not all(is_spared(texts[slot]) for slot, is_spared in ruling.telling)
        rules = ruling.rules if asked else ()
        seconds = 0.0
        if asked or len(said) * ruling.most + self._fixed > ruling.seconds:
            rules, seconds = (*rules, *ruling.of_length), self.seconds(texts)
        if rules:
            subject = ruling.subject(orjson.loads(self.v2_body.filled(encoded)), seconds)
            if any(next(rule.check(subject), None) is not None for rule in rules):
                raise Miss

    @property
    def _fixed(self) -> float:
        return sum(one.seconds for one in self.speeches)

    def seconds(self, texts: Sequence[str]) -> float:
        """The estimated length of the video."""
        return sum(one.lasts(texts) for one in self.speeches)


@dataclass(frozen=True, slots=True)
class Poured:
    """A video that came out of a mould. Its parts are made when they are asked for."""

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
        digest = digest_of(self._film()).encode()
        return b"".join((before, orjson.dumps(self.key), middle, digest, about, self.body(), after))

    def body(self) -> bytes:
        """The body of the request as JSON."""
        return self.mould.body.filled(self.encoded)

    def video(self) -> Video:
        """The video as the runner takes it."""
        mould, film = self.mould, self._film()
        seconds = [one.lasts(self.texts) for one in mould.speeches]
        rates = [one.usd_per_second for one in mould.speeches]
        cost = sum(length * rate for length, rate in zip(seconds, rates, strict=True))
        return Video(
            request=Request(
                key=self.key,
                digest=digest_of(film),
                api=mould.api,
                endpoint=mould.endpoint,
                payload=orjson.loads(self.body()),
                assets=mould.assets,
            ),
            film=film,
            metadata={name: _given(value, self.texts) for name, value in mould.metadata.items()},
            output=mould.naming.folder / f"{self.file}{mould.naming.ending}",
            seconds=sum(seconds),
            cost_usd=0.0 if mould.is_test else round(cost, 4),
            default_voices=mould.default_voices,
        )

    def _film(self) -> bytes:
        return self.mould.film.filled(self.encoded)


def _given(value: int | str, texts: Sequence[str]) -> str:
    """What is the same for all rows, or the text of a slot."""
    return texts[value] if isinstance(value, int) else value


def _picker(slots: Sequence[int]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    if len(slots) > 1:
        return itemgetter(*slots)
    return lambda texts: tuple(texts[slot] for slot in slots)
