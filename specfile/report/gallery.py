"""The catalogue as one page: pictures, playable voices, and the lines to write.

The page needs nothing but itself, apart from the pictures and samples, which stay at the service: an account
has thousands.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from specfile.catalogue import Avatar, Catalogue, Voice
from specfile.report.offers import engine_names, takes
from specfile.report.pages import digest_of, inlined, template

_HUES: Final = 360


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A voice as a card of the page has it: `address` is None where there is nothing to listen to."""

    write: str
    name: str
    about: str
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One avatar or voice on the page.

    `search` is what is searched. `hue` colours its letters where there is no picture; `shape` says that the
    picture is upright or square. `facts` are short words about it. `sample` is the voice itself, or the
    avatar's own.
    """

    write: str
    name: str
    kind: str
    gender: str
    language: str
    is_own: bool
    search: str
    hue: int
    letters: str
    shape: str = ""
    picture: str | None = None
    clip: str | None = None
    facts: tuple[str, ...] = ()
    sample: Sample | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The avatars, or the voices."""

    name: str
    title: str
    cards: tuple[Card, ...]

    @property
    def languages(self) -> list[str]:
        """Those that its cards speak, each once."""
        return sorted({one.language for one in self.cards if one.language})


def gallery(avatars: Sequence[Avatar], voices: Sequence[Voice], catalogue: Catalogue) -> str:
    """The page, as HTML.

    Args:
        avatars: those to show, in this order.
        voices: those to show, in this order.
        catalogue: what the avatars' own voices are looked up in.
    """
    every = (
        Section(name="avatars", title="Avatars", cards=tuple(_avatar(one, catalogue) for one in avatars)),
        Section(name="voices", title="Voices", cards=tuple(map(_voice, voices))),
    )
    sections = [one for one in every if one.cards]
    style, script = inlined("gallery.css"), inlined("gallery.js")
    return template("gallery.html").render(
        title=" and ".join(one.title for one in sections).capitalize(),
        sections=sections,
        style=style,
        script=script,
        policy=(
            f"default-src 'none'; style-src {digest_of(style)}; script-src {digest_of(script)}; "
            "img-src * data:; media-src * data:; base-uri 'none'; form-action 'none'"
        ),
        origin="the built-in emulator" if catalogue.origin == "local" else catalogue.origin,
        read=catalogue.fetched_at.astimezone(UTC),
    )


def _avatar(one: Avatar, catalogue: Catalogue) -> Card:
    voice = catalogue.voices.get(one.default_voice_id or "")
    return Card(
        write=one.line,
        name=one.name,
        kind="photo" if one.kind == "talking_photo" else "avatar",
        gender=one.gender or "",
        language="",
        is_own=one.is_public is False,
        search=_searched(one.id, one.name, one.group_name, *one.tags),
        hue=_hue(one.group_id or one.name),
        letters=_letters(one.name),
        shape=one.orientation if one.orientation in {"portrait", "square"} else "",
        picture=one.preview_image,
        clip=one.preview_video,
        facts=_told(
            "photo look" if one.kind == "talking_photo" else None,
            one.gender,
            one.orientation,
            engine_names(one),
            "premium" if one.is_premium else None,
            one.group_name if one.group_name != one.name else None,
        ),
        sample=_sample(voice) if voice is not None else None,
    )


def _voice(one: Voice) -> Card:
    return Card(
        write=one.line,
        name=one.name,
        kind="voice",
        gender=one.gender or "",
        language=one.language or "",
        is_own=one.is_public is False,
        search=_searched(one.id, one.name, one.language),
        hue=_hue(one.language or one.name),
        letters=_letters(one.name),
        facts=_told(one.language, one.gender, f"takes {takes(one)}" if takes(one) else None),
        sample=_sample(one),
    )


def _sample(voice: Voice) -> Sample:
    about = ", ".join(_told(voice.language, voice.gender))
    return Sample(write=voice.line, name=voice.name, about=about, address=voice.preview_audio)


def _told(*facts: str | None) -> tuple[str, ...]:
    return tuple(fact for fact in facts if fact)


def _searched(*texts: str | None) -> str:
    """What the page's search looks through: without case and accents, as the page folds what is typed."""
    apart = unicodedata.normalize("NFKD", " ".join(filter(None, texts)).lower())
    return "".join(one for one in apart if not unicodedata.combining(one))


def _hue(name: str) -> int:
    """A colour of the circle that a name always has."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % _HUES


def _letters(name: str) -> str:
    """The first letters of up to two words."""
    words: Iterable[str] = (word for word in name.split() if word[:1].isalnum())
    return "".join(word[0].upper() for word, _ in zip(words, range(2), strict=False)) or "?"
