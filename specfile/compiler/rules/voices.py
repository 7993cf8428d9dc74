"""Rules about what is heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specfile.compiler.rules.finding import Finding, voices
from specfile.film import Json


def default_voice(payload: Mapping[str, Json]) -> Iterator[Finding]:
    """`voice_id: default` is our word for the avatar's own voice; to the service it is an unknown id."""
    for index, voice in voices(payload):
        if voice.get("voice_id") == "default":
            yield Finding(
                ("video_inputs", index, "voice", "voice_id"),
                "the avatar's default voice can't be looked up yet",
                "write the id of a voice",
            )


def caption_without_text(payload: Mapping[str, Json]) -> Iterator[Finding]:
    """Captions are made from spoken text only; with none the service renders and gives no captions."""
    if payload.get("caption") and all(voice["type"] != "text" for _, voice in voices(payload)):
        yield Finding(
            ("caption",),
            "no scene speaks a text, so there is nothing to caption",
            "leave `caption` out, or give a scene `say:`",
        )
