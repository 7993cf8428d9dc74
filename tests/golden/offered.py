"""The catalogue that golden cases and pages about it are held against."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from specfile.catalogue import Avatar, Catalogue, Group, Voice
from specfile.compiler.rules import RULES

_AVATARS: Final = (
    Avatar(
        id="Anna_office",
        name="Anna in the office",
        gender="female",
        group_id="g-anna",
        default_voice_id="v-clara",
        engines=("avatar_iii", "avatar_iv"),
        orientation="landscape",
        status="completed",
    ),
    Avatar(
        id="Anna_upright",
        name="Anna, upright",
        gender="female",
        group_id="g-anna",
        default_voice_id="v-clara",
        engines=("avatar_iii",),
        orientation="portrait",
        status="completed",
    ),
    Avatar(
        id="Ben_new",
        name="Ben",
        gender="male",
        engines=("avatar_iv",),
        orientation="landscape",
        status="completed",
    ),
    Avatar(
        id="look-lena",
        name="Lena by the sea",
        kind="talking_photo",
        gender="female",
        group_id="g-lena",
        is_public=False,
        engines=("avatar_iii", "avatar_iv"),
    ),
    Avatar(
        id="Nora_soon",
        name="Nora",
        gender="female",
        engines=("avatar_iii",),
        is_public=False,
        status="processing",
    ),
)
_VOICES: Final = (
    Voice(
        id="v-clara", name="Clara", language="English", gender="female", pause=True, emotion=True, locale=True
    ),
    Voice(
        id="v-edward",
        name="Edward",
        language="English",
        gender="male",
        pause=False,
        emotion=False,
        locale=False,
    ),
    Voice(id="v-jonas", name="Jonas", language="German", gender="male"),
    Voice(id="v-karl", name="Karl", language="German", gender="male"),
    Voice(id="v-luis", name="Luis", language="Spanish", gender="male"),
)

CATALOGUE: Final = Catalogue(
    avatars={one.id: one for one in _AVATARS},
    voices={one.id: one for one in _VOICES},
    groups={"g-lena": Group(id="g-lena", name="Lena", kind="talking_photo", looks=1)},
    absent=frozenset({"Anna_ofice", "v-gone"}),
    fetched_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
    origin="https://api.example",
)

CODES: Final = {one.code for one in RULES if one.catalogue} - {one.code for one in RULES if not one.catalogue}
"""What is found with a catalogue only."""
