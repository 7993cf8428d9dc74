"""Rules about what is heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specfile.compiler.rules.finding import Finding, voices
from specfile.film import Json


def eleven_v3_stability(payload: Mapping[str, Json]) -> Iterator[Finding]:
    """The model eleven_v3 knows three steps of stability, where the other models take any value."""
    for index, voice in voices(payload):
        settings = voice.get("elevenlabs_settings", {})
        stability = settings.get("stability")
        if settings.get("model") == "eleven_v3" and stability not in (None, 0, 0.5, 1):
            yield Finding(
                ("video_inputs", index, "voice", "elevenlabs_settings", "stability"),
                f"`stability` is {stability}; with the model eleven_v3 it must be 0, 0.5 or 1",
                f"write {min((0, 0.5, 1), key=lambda step: abs(step - stability))}, or choose another model",
            )


def caption_without_text(payload: Mapping[str, Json]) -> Iterator[Finding]:
    """Captions are made from spoken text only; with none the service renders and gives no captions."""
    if payload.get("caption") and all(voice["type"] != "text" for _, voice in voices(payload)):
        yield Finding(
            ("caption",),
            "no scene speaks a text, so there is nothing to caption",
            "leave `caption` out, or give a scene `say:`",
        )
