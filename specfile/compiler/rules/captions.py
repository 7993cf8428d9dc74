"""Rules about captions."""

from __future__ import annotations

from collections.abc import Iterator

from specfile.compiler.rules.finding import Finding, Subject


def caption_without_text(subject: Subject) -> Iterator[Finding]:
    """Captions are made from spoken text only; with none the service renders and gives no captions."""
    payload = subject.payload
    asked = next((name for name in ("caption", "caption_mode", "subtitles") if payload.get(name)), None)
    if asked is not None and not subject.spoken:
        yield Finding(
            (asked,),
            "no scene speaks a text, so there is nothing to caption",
            f"leave `{asked}` out, or give a scene `say:`",
        )


def caption_contradiction(subject: Subject) -> Iterator[Finding]:
    """`caption_mode` wins over `caption`, and a style for drawn captions needs drawn captions."""
    payload = subject.payload
    mode = payload.get("caption_mode")
    if mode is not None and payload.get("caption") is False:
        yield Finding(
            ("caption",),
            f"`caption: false` is overruled by `caption_mode: {mode}`: captions are made",
            "leave out one of the two",
        )
    if mode == "file_only" and "subtitles" in payload:
        yield Finding(
            ("subtitles",),
            "`subtitles` styles captions in the picture, and `caption_mode: file_only` keeps them out of it",
            "write `caption_mode: burn_in`, or leave `subtitles` out",
        )
