"""A pasted curl command: its body and its path. Everything else, keys included, is dropped unread."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from specfile.errors import UsageError

_CURL: Final = re.compile(r"(?<![\w./-])curl(?:\.exe)?(?=\s)")
_HEREDOC: Final = re.compile(
    r"<<-?\s*(['\"]?)(\w+)\1[^\n]*\n(?P<body>.*?)\n[ \t]*\2[ \t]*(?:\n|\Z)", re.DOTALL
)
_WORD_PIECE: Final = re.compile(
    r"""[\\^]\r?\n | (?P<gap>[ \t]+) | (?P<end>\r?\n|[;|&]+)
    | \$'(?P<ansi>(?:[^'\\]|\\.)*)' | '(?P<single>[^']*)' | "(?P<double>(?:[^"\\]|\\.)*)"
    | \\(?P<escaped>.) | (?P<plain>[^\s'"\\;|&]+) | (?P<open>['"])""",
    re.DOTALL | re.VERBOSE,
)
_DATA: Final = ("--data", "--data-raw", "--data-binary", "--data-ascii", "--json")
_FORMS: Final = ("-F", "--form", "--form-string", "--data-urlencode")
_ENDPOINTS: Final = re.compile(r"/(v1/video\.webm|v1/video\.generate|v2/video/generate|v3/videos)\b")
_MAX_PIECES: Final = 20_000
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v", "e": "\x1b"}


@dataclass(frozen=True, slots=True)
class Command:
    """The body of a command, and the path it is sent to where that is known.

    `text` is the body. `start` is where it stands in the command as it is, or None where quoting changed it.
    """

    text: str
    start: int | None
    endpoint: str | None


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int | None


def find_command(text: str) -> Command | None:
    """The first curl command in a text that sends a body; None where there is no curl at all.

    Raises:
        UsageError: no command has a body, the body is in a file, or it is sent as a form.
    """
    found = [_command(text, match.end()) for match in _CURL.finditer(text) if _starts_command(text, match)]
    if not found:
        return None
    command = next((one for one in found if one is not None), None)
    if command is None:
        message = "this curl command has no body"
        hint = "paste the whole command, up to the end of what follows -d or --data"
        raise UsageError(message, hint=hint)
    return command


def _starts_command(text: str, match: re.Match[str]) -> bool:
    """Whether `curl` is a command here, not a word inside JSON or prose."""
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    return (
        re.fullmatch(r"\s*(?:\$\s+)?(?:\w+=\S*\s+)*(?:\w+=)?[\"']?(?:\$\(|`)?\s*(?:time\s+)?", line)
        is not None
    )


def _command(text: str, start: int) -> Command | None:
    words = list(_words(text, start))
    endpoint = next((match[0] for word in words if (match := _ENDPOINTS.search(word.text))), None)
    bodies = list(_bodies(words))
    if not bodies:
        return None
    if bodies[0].text.startswith("@"):
        return _from_elsewhere(bodies[0].text, text, start, endpoint)
    if len(bodies) > 1:
        message = f"this curl command has {len(bodies)} bodies"
        raise UsageError(message, hint="keep one --data")
    return Command(bodies[0].text, bodies[0].start, endpoint)


def _from_elsewhere(name: str, text: str, start: int, endpoint: str | None) -> Command:
    heredoc = _HEREDOC.search(text, start)
    if name in ("@-", "@/dev/stdin") and heredoc:
        return Command(heredoc["body"], heredoc.start("body"), endpoint)
    file = name.removeprefix("@")
    message = "this curl command reads its body from another place" if file == "-" else (
        f"this curl command reads its body from the file {file}"
    )  # fmt: skip
    hint = "specfile import -, with the body on stdin" if file == "-" else f"specfile import {file}"
    raise UsageError(message, hint=hint)


def _bodies(words: list[_Word]) -> Iterator[_Word]:
    following = iter(words)
    for word in following:
        name, separator, rest = word.text.partition("=")
        if word.text in _FORMS:
            message = f"this curl command sends a form ({word.text}); the service takes JSON"
            raise UsageError(message, hint="put the JSON body behind --data")
        if word.text in ("-d", *_DATA):
            body = next(following, None)
            if body is not None:
                yield body
        elif separator and name in _DATA:
            yield _Word(rest, None)
        elif word.text.startswith("-d") and not word.text.startswith("-d="):
            yield _Word(word.text[2:], None)


def _words(text: str, position: int) -> Iterator[_Word]:
    """The words of one command, unquoted as a shell does it; it ends at a line's end, `;`, `|` or `&`."""
    pieces: list[_Word] = []
    count = 0
    while match := _WORD_PIECE.match(text, position):
        position = match.end()
        count += 1
        if count > _MAX_PIECES:
            message = f"this curl command has more than {_MAX_PIECES:,} words, quotes and gaps"
            raise UsageError(message, hint="put the JSON body into a file, and import the file")
        if match["open"]:
            message = (
                f"a quote that begins in line {text.count(chr(10), 0, match.start()) + 1} is never closed"
            )
            raise UsageError(message, hint="paste the whole command; in a '…' text an apostrophe is '\\''")
        if match["gap"] or match["end"]:
            if pieces:
                yield _joined(pieces)
                pieces = []
            if match["end"]:
                return
        elif (piece := _piece(match)) is not None:
            pieces.append(piece)
    if pieces:
        yield _joined(pieces)


def _piece(match: re.Match[str]) -> _Word | None:
    match match.lastgroup:
        case "single":
            return _Word(match["single"], match.start("single"))
        case "double":
            text = re.sub(r'\\(?:\r?\n|(["\\$`]))', lambda one: one[1] or "", match["double"])
            return _Word(text, match.start("double") if text == match["double"] else None)
        case "ansi":
            return _Word(_without_escapes(match["ansi"]), None)
        case "escaped":
            return _Word(match["escaped"], None)
        case "plain":
            return _Word(match["plain"], match.start("plain"))
    return None


def _joined(pieces: list[_Word]) -> _Word:
    return pieces[0] if len(pieces) == 1 else _Word("".join(piece.text for piece in pieces), None)


def _without_escapes(text: str) -> str:
    r"""The text of `$'…'`: `\n`, `\'`, `\x41`, `é` and the like."""

    def one(match: re.Match[str]) -> str:
        escape = match[1]
        if escape[0] in "xuU" and len(escape) > 1:
            return chr(min(int(escape[1:], 16), sys.maxunicode))
        return _ESCAPES.get(escape, escape)

    return re.sub(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,6}|.)", one, text, flags=re.DOTALL)
