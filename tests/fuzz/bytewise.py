"""Inputs damaged as bytes and characters, without regard to what they mean."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

_ODD: Final = (
    "\u0085",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\u00a0",
    "\u200b",
    "\u202e",
    "\u0000",
    "\u0007",
    "\u007f",
    "\ufffe",
    "\ufffd",
    "é",
    "e\u0301",
    "👋🏽",
    "👨‍👩‍👧",
    "İ",
    "ß",
    "\u0660",
    "Ⅷ",
    "²",
    "\U0010ffff",
    "\t",
    "\r",
    "\r\n",
    "\v",
    "\f",
    "\x1b[31m",
)
_PIECES: Final = (
    *"-:{}[],#|>'~?/\"\n %@`!&*",
    "&a ",
    "*a",
    "!x ",
    "!!str ",
    "!!binary ",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "..",
    "---\n",
    "...\n",
    "<<: ",
    "? ",
    "\n  ",
    "\n- ",
    "%YAML 1.1\n",
    "# specfile: ignore[",
    "# specfile: ignore[text-too-long]",
    "<<<<<<< ours\n",
    "null",
    "1e400",
    "0x1F",
    "1_000",
    "-.inf",
    ".nan",
    "9" * 400,
    "2026-02-30",
    "\\ud800",
    "\\x00",
    "asset:",
    "https://",
    "../",
    "\u0000",
    "{{ name }}",
    "| slug",
    "for: x in y\n",
    "split: true\n",
)


def damaged(content: bytes, random: Random) -> bytes:
    """The bytes with one to eight changes."""
    for _ in range(random.randint(1, 8)):
        content = random.choice(_CHANGES)(content, random)
    return content


def noise(random: Random) -> bytes:
    """Bytes of no meaning, or pieces of YAML in no order."""
    if random.random() < 0.3:
        return random.randbytes(random.randint(0, 2000))
    pieces = random.choices(
        [*_PIECES, *_ODD, "specfile", "scenes", "say", "a", "with"], k=random.randint(0, 200)
    )
    return ("specfile: 1\n" * random.randint(0, 1) + "".join(pieces)).encode()


def _flipped(content: bytes, random: Random) -> bytes:
    if not content:
        return content
    place = random.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << random.randrange(8))]) + content[place + 1 :]


def _chunk(content: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(content))
    return start, min(len(content), start + random.choice((1, 3, 10, 60, 400)))


def _deleted(content: bytes, random: Random) -> bytes:
    start, end = _chunk(content, random)
    return content[:start] + content[end:]


def _doubled(content: bytes, random: Random) -> bytes:
    start, end = _chunk(content, random)
    return content[:end] + content[start:end] * random.choice((1, 1, 2, 30)) + content[end:]


def _moved(content: bytes, random: Random) -> bytes:
    start, end = _chunk(content, random)
    rest = content[:start] + content[end:]
    place = random.randint(0, len(rest))
    return rest[:place] + content[start:end] + rest[place:]


def _inserted(content: bytes, random: Random) -> bytes:
    place = random.randint(0, len(content))
    piece: bytes = random.choice((*_ODD, *_PIECES)).encode()
    return content[:place] + piece + content[place:]


def _line_moved(content: bytes, random: Random) -> bytes:
    lines = content.split(b"\n")
    line = lines.pop(random.randrange(len(lines)))
    lines.insert(random.randint(0, len(lines)), b" " * random.choice((0, 0, 1, 2)) + line)
    return b"\n".join(lines)


def _respelt(content: bytes, random: Random) -> bytes:
    """Other line ends, tabs, byte order marks, encodings."""
    respelt: bytes = random.choice(
        (
            content.replace(b"\n", b"\r\n"),
            content.replace(b"\n", b"\r"),
            content.replace(b"\n", "\u0085".encode()),
            content.replace(b"\n", "\u2028".encode()),
            content.replace(b"  ", b"\t"),
            b"\xef\xbb\xbf" * random.randint(1, 2) + content,
            content.decode("utf-8", "replace").encode("utf-16"),
            content.decode("utf-8", "replace").encode("latin-1", "replace"),
            content[: random.randint(0, len(content))],
        )
    )
    return respelt


_CHANGES: Final[tuple[Callable[[bytes, Random], bytes], ...]] = (
    *(_flipped, _deleted, _doubled, _moved, _inserted) * 3,
    *(_line_moved,) * 3,
    _respelt,
)
