"""Rules about what the catalogue says of voices. Without a catalogue they are silent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from specfile.compiler.rules.finding import Finding, Subject
from specfile.compiler.rules.offered import choice, seen_in, voices_of

_GENDERS: Final = frozenset({"female", "male"})


def voice_takes_no_field(subject: Subject) -> Iterator[Finding]:
    """An emotion or an accent for a voice that has none."""
    if subject.catalogue is None:
        return
    for path, spoken in subject.spoken:
        voice = subject.catalogue.voices.get(spoken["voice_id"])
        for field in ("emotion", "locale"):
            if voice is not None and field in spoken and getattr(voice, field) is False:
                yield Finding(
                    (*path, field),
                    f"the voice `{voice.name}` takes no `{field}`",
                    f"leave `{field}` out, or choose another voice: `specfile voices --takes {field}`",
                )


def voice_takes_no_pause(subject: Subject) -> Iterator[Finding]:
    """A pause tag for a voice that doesn't know it; whether it is read out or passed over is not said."""
    if subject.catalogue is None:
        return
    for path, spoken in subject.spoken:
        if "<break" not in spoken["input_text"]:
            continue
        voice = subject.catalogue.voices.get(spoken["voice_id"])
        if voice is not None and voice.pause is False:
            yield Finding(
                (*path, "input_text"),
                f"the voice `{voice.name}` takes no `<break>`",
                "make a scene of its own with `silence: 1`, or choose another voice: "
                "`specfile voices --takes pause`",
                piece="<break",
            )


def voice_of_other_gender(subject: Subject) -> Iterator[Finding]:
    """A man's voice for a woman who is seen, or the other way round."""
    catalogue = subject.catalogue
    if catalogue is None:
        return
    for path, spoken in subject.spoken:
        seen = seen_in(subject.payload["video_inputs"][path[1]].get("character", {}), catalogue)
        voice = catalogue.voices.get(spoken["voice_id"])
        if seen is None or voice is None or {seen.gender, voice.gender} != _GENDERS:
            continue
        alike = voices_of(seen.gender, voice.language, catalogue)
        there = f"such as {choice(alike)}" if alike else f"from `specfile voices --gender {seen.gender}`"
        yield Finding(
            (*path, "voice_id"),
            f"the voice `{voice.name}` is {voice.gender}, and `{seen.name}` is {seen.gender}",
            f"write a {seen.gender} voice, {there}",
        )
