"""Rules about tags in spoken text. `<break time="1s"/>` is the only one that the service documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from specfile.compiler.rules.finding import Finding, Part, Path, Subject
from specfile.compiler.rules.texts import PLACEHOLDER

_BREAK: Final = re.compile(r"</?\s*break\b[^<>]*>?", re.IGNORECASE)
_GOOD_BREAK: Final = re.compile(r'<break\s+time="\d+(\.\d+)?s"\s*/>')
_TIME: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ms|s)?", re.IGNORECASE)
_TAG: Final = re.compile(r"</?([A-Za-z][\w:-]*)(?:\s[^<>]*)?/?>")


def break_form(subject: Subject) -> Iterator[Finding]:
    """A pause in any other form than the documented one is skipped or read aloud."""
    for path, voice in subject.spoken:
        text = voice["input_text"]
        if "<" not in text:
            continue
        bad = next((tag[0] for tag in _BREAK.finditer(text) if not _GOOD_BREAK.fullmatch(tag[0])), None)
        if bad is not None:
            yield Finding(
                (*path, "input_text"),
                f"`{bad}` is no pause that the service knows; it is skipped or read aloud",
                f"write `{_written(bad)}`",
                piece=bad,
            )


def markup_in_text(subject: Subject) -> Iterator[Finding]:
    """Other tags of SSML, and those of web pages: nothing says that any is understood."""
    for path, voice in subject.spoken:
        yield from _foreign(path, "input_text", voice, "skipped or read aloud")
    for path, overlay in subject.overlays:
        yield from _foreign(path, "text", overlay, "shown as it stands")


def _foreign(path: Path, name: str, part: Part, done: str) -> Iterator[Finding]:
    text = part[name]
    tag = _foreign_tag(text) if "<" in text else None
    if tag is not None:
        yield Finding(
            (*path, name),
            f"`{tag}` is no tag that the service knows; it is {done}",
            'take the tags out; the only one that helps is `<break time="1s"/>`, in spoken text',
            piece=tag,
        )


def _foreign_tag(text: str) -> str | None:
    for tag in _TAG.finditer(text):
        if tag[1].lower() != "break" and not PLACEHOLDER.fullmatch(tag[0]):
            return tag[0]
    return None


def _written(tag: str) -> str:
    """The pause as it was probably meant, one second where no length can be read."""
    found = _TIME.search(tag)
    seconds = float(found[1].replace(",", ".")) if found else 1.0
    if found and (found[2] or "").lower() == "ms":
        seconds /= 1000
    return f'<break time="{seconds:g}s"/>'
