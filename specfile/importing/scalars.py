"""Scalars as YAML: plain where nothing bends them, in blocks where they are long, else in double quotes.

Every text is read back by the house's own parser before it is taken; what does not come back as it was is
written in a safer style.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Final

from specfile.compiler.templating.templates import is_template
from specfile.diagnostics import SpecError
from specfile.film import Json
from specfile.language import SourceFile
from specfile.language.nodes import MapNode, ScalarNode
from specfile.language.parse import parse

WIDTH: Final = 100
"""Characters of a line; longer texts are folded."""

_WORD: Final = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_BENT: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that older YAML, or a hurried reader, takes for something else."""

_NUMBERLIKE: Final = re.compile(r"[-+.]?[\d_][\d_.,:eExXoO+-]*|0x[\da-fA-F_]+|\.(inf|nan)", re.IGNORECASE)
_SHORT: Final = 10_000
"""Characters; in a longer text every brace is written apart, which takes no search."""

_TAG: Final = re.compile(r"\{% (end)?raw %\}")
_HELD: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def literal(text: str) -> str:
    """The text as a spec must write it, so that braces are spoken rather than filled in."""
    if not is_template(text):
        return text
    if len(text) <= _SHORT:
        raw = _HELD.sub(lambda match: "{% raw %}" + match[0] + "{% endraw %}", text)
        if _yields(raw, text):
            return raw
    return re.sub(r"\{[{%#]|\r", _as_expression, text)


def _as_expression(match: re.Match[str]) -> str:
    return '{{ "\\r" }}' if match[0] == "\r" else "{{ '" + match[0] + "' }}"


def _yields(template: str, text: str) -> bool:
    """Whether a template is this text and nothing else. It is never run: the text is a stranger's."""
    import jinja2  # noqa: PLC0415 - few requests hold braces
    from jinja2 import nodes  # noqa: PLC0415

    try:
        tree = jinja2.Environment(autoescape=True, keep_trailing_newline=True).parse(template)
    except (jinja2.TemplateError, RecursionError):
        return False
    pieces = [piece for one in tree.body for piece in (one.nodes if isinstance(one, nodes.Output) else [one])]
    data = [piece.data for piece in pieces if isinstance(piece, nodes.TemplateData)]
    return len(data) == len(pieces) and "".join(data) == text


def inline(value: Json, *, in_flow: bool = False) -> str:
    """A value on one line; mappings in braces."""
    if isinstance(value, dict):
        inner = ", ".join(f"{name}: {inline(item, in_flow=True)}" for name, item in value.items())
        return "{" + inner + "}"
    if isinstance(value, str):
        return _text(literal(value), in_flow=in_flow)
    return "null" if value is None else json.dumps(value)


def block(text: str, indent: int) -> list[str] | None:
    """A long text over several lines, the first of which goes behind its key. None where one line is better.

    Lines are folded at single blanks (`>-`); a text with short lines of its own keeps them (`|-`). What an
    editor might change unseen, such as blanks at the end of a line, is held by quotes.
    """
    text = literal(text)
    written = _block(text, indent)
    if written is None or _read_back("k: " + "\n".join(written)) != text:
        written = _quoted(text, indent)
    return written if _read_back("k: " + "\n".join(written)) == text else None


def _block(text: str, indent: int) -> list[str] | None:
    """A text as a folded or literal block, or None where its blanks would be hard to see."""
    lines = text.split("\n")
    margin = " " * indent
    room = WIDTH - indent
    if any(line != line.rstrip() for line in lines):
        return None
    if len(lines) > 1 and all(len(line) <= room + 10 for line in lines):
        written = ["|-", *(margin + line if line else "" for line in lines)]
    elif any(line[:1].isspace() for line in lines):
        return None
    else:
        written = [">-"]
        for number, line in enumerate(lines):
            # In a folded text an empty line stands for a line break.
            written += [""] if number else []
            written += [margin + piece for piece in _folded(line, room)]
    return written


def _quoted(text: str, indent: int) -> list[str]:
    r"""A text in double quotes, cut at line breaks and blanks; a `\` at a line's end joins the next to it."""
    margin = " " * indent
    pieces = [
        piece + (" " if number < len(folded) else "")
        for line in re.findall(r"[^\n]*\n|[^\n]+", text)
        for folded in [_folded(line, WIDTH - indent)]
        for number, piece in enumerate(folded, start=1)
    ]
    escaped = [_escaped(piece) for piece in pieces]
    lines = [
        "\\" + piece if number and piece.startswith(" ") else piece for number, piece in enumerate(escaped)
    ]
    joined = "\\\n".join(lines[:1] + [margin + line for line in lines[1:]])
    return f'"{joined}"'.split("\n")


def _folded(line: str, room: int) -> list[str]:
    """The pieces of a line, cut at single blanks where the next piece would be too long."""
    pieces: list[str] = []
    whole = _TAG.sub(lambda tag: tag[0].replace(" ", "\0"), line)
    for word in re.split(r"(?<=[^ ]) (?=[^ ])", whole) if line else ():
        if pieces and len(pieces[-1]) + len(word) + 1 <= room:
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return [piece.replace("\0", " ") for piece in pieces]


def _text(text: str, *, in_flow: bool) -> str:
    if _is_plain(text, in_flow=in_flow):
        return text
    quoted = f'"{_escaped(text)}"'
    return quoted if _read_back(f"k: {quoted}") == text else json.dumps(text)


def _escaped(text: str) -> str:
    """A text as it stands between double quotes, what can't be seen spelled out."""
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    return "".join(character if _is_visible(character) else _escape(character) for character in written)


def _is_plain(text: str, *, in_flow: bool) -> bool:
    if text.lower() in _BENT or _NUMBERLIKE.fullmatch(text):
        return False
    if _WORD.fullmatch(text):
        return True
    if not text or not (text[0].isalnum()) or not all(map(_is_visible, text)):
        return False
    if in_flow and (re.search(r"[,\[\]{}]", text) or text.endswith(":")):
        return False
    return _read_back(f"k: {{k: {text}}}" if in_flow else f"say: {text}") == text


def _is_visible(character: str) -> bool:
    """Whether a character may stand in a file as it is. Joiners may: emoji are made with them."""
    return character == " " or character in "\u200c\u200d" or unicodedata.category(character)[0] not in "CZ"


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _read_back(line: str) -> str | None:
    """The text of the only value in a line of YAML, as a spec would read it; None where it would not."""
    try:
        node, warnings = parse(SourceFile(Path("line"), "line", line + "\n"))
    except SpecError:
        return None
    while isinstance(node, MapNode) and len(node.entries) == 1:
        node = node.entries[0].value
    return node.text if isinstance(node, ScalarNode) and node.kind == "text" and not warnings else None
