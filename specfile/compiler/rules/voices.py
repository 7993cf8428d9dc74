"""Rules about what is heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specfile.compiler.rules.finding import Finding, voices
from specfile.film import Json


def caption_without_text(payload: Mapping[str, Json]) -> Iterator[Finding]:
    """Captions are made from spoken text only; with none the service renders and gives no captions."""
    if payload.get("caption") and all(voice["type"] != "text" for _, voice in voices(payload)):
        yield Finding(
            ("caption",),
            "no scene speaks a text, so there is nothing to caption",
            "leave `caption` out, or give a scene `say:`",
        )
