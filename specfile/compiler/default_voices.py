"""`voice_id: default`, which stands for the avatar's own voice.

Only the service knows which that is. Its id is looked up once and pinned in the lock; here a pinned id takes
the word's place, before the request is checked, so that payload and digest hold what is really heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from specfile.compiler.rules.offered import DEFAULT
from specfile.compiler.values import Field, Value


def default_voices(scenes: Iterable[Value], pins: Mapping[str, str]) -> dict[str, str | None]:
    """The avatars whose default voice scenes ask for, each with the id that is pinned, or None."""
    avatars = (_avatar(scene) for scene in scenes)
    return {avatar: pins.get(avatar) for avatar in avatars if avatar is not None}


def with_pinned_voice(scene: Value, pins: Mapping[str, str]) -> Value:
    """The scene with the pinned id where `default` was written; itself where nothing is pinned."""
    avatar = _avatar(scene)
    pinned = pins.get(avatar) if avatar is not None else None
    voice = scene.inner("voice")
    given = voice.inner("voice_id") if voice is not None else None
    if pinned is None or voice is None or given is None:
        return scene
    return _with(scene, "voice", _with(voice, "voice_id", replace(given, content=pinned, mixture=None)))


def _avatar(scene: Value) -> str | None:
    """The avatar whose default voice a scene asks for; None where it names a voice, or has no avatar."""
    voice, character = scene.inner("voice"), scene.inner("character")
    given = voice.inner("voice_id") if voice is not None else None
    if given is None or given.content != DEFAULT or character is None:
        return None
    avatar = character.inner("avatar_id")
    return avatar.text if avatar is not None else None


def _with(mapping: Value, name: str, value: Value) -> Value:
    fields = mapping.fields or {}
    return replace(mapping, content={**fields, name: Field(fields[name].key, value)})
