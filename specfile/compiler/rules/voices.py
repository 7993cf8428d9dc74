"""Rules about what is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from specfile.compiler.rules.finding import Finding, Path, Subject
from specfile.compiler.rules.offered import DEFAULT, choice, has_no_voice, voices_of
from specfile.diagnostics.wording import show

if TYPE_CHECKING:
    from specfile.catalogue import Catalogue

ELEVEN_V3_CHARACTERS: Final = 3000
_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")


def default_voice(subject: Subject) -> Iterator[Finding]:
    """`default` is our word for the avatar's own voice; where that is pinned, its id stands there."""
    for path, avatar in _asked_for(subject):
        if avatar is None or avatar in subject.voiceless:
            continue
        known = subject.catalogue.avatars.get(avatar) if subject.catalogue is not None else None
        if known is None or not has_no_voice(known):
            yield Finding(
                path,
                f"the default voice of `{avatar}` is yet to be looked up",
                "`specfile lock pin` looks it up, and so does `specfile build`",
            )


def no_default_voice(subject: Subject) -> Iterator[Finding]:
    """`default` where there is no avatar to have such a voice, or the service says that it has none."""
    for path, avatar in _asked_for(subject):
        if avatar is None:
            has_photo = "character" in subject.payload["video_inputs"][path[1]]
            why = "a photo has none that can be looked up" if has_photo else "this scene has no avatar"
            message = f"`default` stands for an avatar's own voice, and {why}"
            yield Finding(path, message, "write the id of a voice")
        elif avatar in subject.voiceless:
            yield Finding(path, subject.voiceless[avatar], _instead(avatar, subject.catalogue))


def _instead(avatar: str, catalogue: Catalogue | None) -> str:
    """What to write in place of `default`: where the catalogue is known, voices that suit the avatar."""
    known = catalogue.avatars.get(avatar) if catalogue is not None else None
    if catalogue is None or known is None or not catalogue.voices:
        return "write the id of a voice, or name another avatar"
    return f"write one, such as {choice(voices_of(known.gender, None, catalogue))}"


def _asked_for(subject: Subject) -> Iterator[tuple[Path, str | None]]:
    """Where `default` stands, and the scene's avatar: none where nobody or a photo speaks."""
    for path, voice in subject.spoken:
        if voice["voice_id"] == DEFAULT:
            character = subject.payload["video_inputs"][path[1]].get("character", {})
            yield (*path, "voice_id"), character.get("avatar_id")


def never_speaks(subject: Subject) -> Iterator[Finding]:
    """Someone is seen and nothing is ever heard. A silent show of pictures is meant; a mute avatar is not."""
    if subject.format == "webm" or any(voice["type"] != "silence" for _, voice in subject.voices):
        return
    for path, _ in subject.characters:
        yield Finding(
            path, "the whole video is silent, and its avatar never speaks", "give a scene `say:` or `audio:`"
        )
        return


def eleven_v3_length(subject: Subject) -> Iterator[Finding]:
    """The model is reported to break off long texts near 3,000 characters."""
    for path, voice in subject.spoken:
        length = len(voice["input_text"])
        if length > ELEVEN_V3_CHARACTERS and _model(voice) == "eleven_v3":
            yield Finding(
                (*path, "input_text"),
                f"this text has {length:,} characters; `eleven_v3` is reported to break off near 3,000",
                "say it in two scenes, or choose another `model`",
            )


def eleven_v3_break(subject: Subject) -> Iterator[Finding]:
    """The model takes no break tags; it has tags of its own."""
    for path, voice in subject.spoken:
        if "<break" in voice["input_text"] and _model(voice) == "eleven_v3":
            yield Finding(
                (*path, "input_text"),
                "`eleven_v3` doesn't take `<break>`",
                "write `[pause]`, which this model understands, or make a scene of its own with `silence: 1`",
            )


def locale_form(subject: Subject) -> Iterator[Finding]:
    """A locale is a language and mostly a region, joined by a hyphen."""
    for path, voice in subject.spoken:
        locale = voice.get("locale")
        if locale is not None and not _LOCALE.fullmatch(locale):
            joined = locale.replace("_", "-")
            hint = f"write {joined}" if _LOCALE.fullmatch(joined) else "write a locale such as en-US or pt-BR"
            yield Finding((*path, "locale"), f"{show(locale)} is no locale", hint)


def _model(voice: object) -> object:
    settings = voice.get("elevenlabs_settings") if isinstance(voice, dict) else None
    return settings.get("model") if settings else None
