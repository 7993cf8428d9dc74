"""Rules about words that are spoken or shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from specfile.compiler.rules.finding import Finding, Path, Subject
from specfile.diagnostics.wording import show

_KNOWN_BLANKS: Final = (
    r"(?:insert|enter|your|customer|client|recipient|prospect|first|last|full|company|product|sender)"
)
PLACEHOLDER: Final = re.compile(
    r"\{\{[^{}]*\}\}|\{\{|\}\}|\{%|%\}"  # {{ name }}, or a half of it
    r"|[$#]?\{[A-Za-z_][\w.]*\}"  # {name}, ${name}, #{name}
    r"|%\([A-Za-z_]\w*\)[sd](?!\w)|(?<![\w%])%s(?!\w)|%[A-Z][A-Z0-9_]{2,}%"  # %(name)s, %s, %NAME%
    r"|\*\|[A-Z][A-Z0-9_:]*\|\*"  # *|FNAME|*
    r"|\[object Object\]"
    r"|<(?:[A-Za-z]+_[A-Za-z_]+|" + _KNOWN_BLANKS + r"(?: [A-Za-z]+)+)>",  # <first_name>, <your name>
)
BRACKETED: Final = re.compile(
    r"\[[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\]"  # [FIRST_NAME]
    r"|\[(?:NAME|COMPANY|CUSTOMER|CLIENT|PRODUCT|DATE|CITY|TITLE|EMAIL|NEXT|[Nn]ame|[Cc]ompany)\]"
    r"|\[(?i:" + _KNOWN_BLANKS + r")(?: [A-Za-z]+)+\]"  # [Your Name], [Company name]
)
"""Blanks in square brackets; only those that no stage direction and no remark of a speaker looks like."""

BEGIN_BLANKS: Final = "[{}%<*"
"""Every blank has one of these in it."""

_QUICK: Final = re.compile(f"[{re.escape(BEGIN_BLANKS)}]")
_IN_ADDRESS: Final = re.compile(r"\{\{|\}\}|\{%|[$#]?\{[A-Za-z_][\w.]*\}")
_TAG: Final = re.compile(r"<[^<>]*>")


def placeholder_left(subject: Subject) -> Iterator[Finding]:
    """A blank that nobody filled in. Templates are filled by now: it came from data, or is no Jinja."""
    for path, text, done in _words(subject):
        if not _QUICK.search(text):
            continue
        found = PLACEHOLDER.search(text) or BRACKETED.search(text)
        if found is not None:
            yield _left(path, found[0], done)
    for path, text in (*subject.addresses, *_callbacks(subject)):
        found = _IN_ADDRESS.search(text) if "{" in text else None
        if found is not None:
            yield _left(path, found[0], "sent")


def nothing_to_say(subject: Subject) -> Iterator[Finding]:
    """A text without a letter or digit: the service finds no words in it and fails while rendering."""
    for path, voice in subject.spoken:
        text = voice["input_text"]
        if not (text[0].isalnum() or any(character.isalnum() for character in _TAG.sub("", text))):
            yield Finding(
                (*path, "input_text"),
                f"the text is {show(text)}, in which there is no word to speak",
                "write words, or `silence: 1` for a pause",
            )


def _words(subject: Subject) -> Iterator[tuple[Path, str, str]]:
    """Every text that people hear or see, with what is done to it."""
    for path, voice in subject.spoken:
        yield (*path, "input_text"), voice["input_text"], "read aloud"
    for path, overlay in subject.overlays:
        yield (*path, "text"), overlay["text"], "shown"
    if "title" in subject.payload:
        yield ("title",), subject.payload["title"], "shown"


def _callbacks(subject: Subject) -> Iterator[tuple[Path, str]]:
    for name in ("callback_id", "callback_url"):
        if name in subject.payload:
            yield (name,), subject.payload[name]


def _left(path: Path, blank: str, done: str) -> Finding:
    name = "_".join(re.findall(r"[A-Za-z0-9]{2,}", blank)).lower() or "name"
    return Finding(
        path,
        f"`{blank}` was not filled in, and is {done} as it stands",
        f"write `{{{{ {name} }}}}` in the spec, or the words themselves; "
        "values from data are never filled in",
        piece=blank,
    )
