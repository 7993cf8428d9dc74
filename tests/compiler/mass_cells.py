"""Tables of random cells: ordinary ones, odd ones, and some that break what is asked of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final

from specfile.film import ASSET_PREFIX
from tests.compiler.drawing import Draw

ODD: Final[Sequence[str]] = (
    *(
        '"quoted"',
        "it's",
        "two\nlines",
        "a,b;c",
        "back\\slash",
        "tab\there",
        "%s",
        "{}",
        "{{ x }}",
        "{% if %}",
        "}}",
    ),
    *(
        "👨‍👩‍👧",
        "👋🏽",
        "e\u0301",
        "é",
        "שלום עולם",
        "\u202eabc",
        "\ufeffx",
        "\u00a0x\u00a0",
        "\u2028",
        "\x07",
        "\x1b[31m",
    ),
    *("\x00", "\x7f", "\U0010ffff", "ß", "İ", "ﬁ"),
    *(
        '<break time="1s"/>',
        "Hi <break time='1s'> you",
        "<b>bold</b>",
        "<first_name>",
        "[NAME]",
        "[Your Name]",
        "a < b",
    ),
    *(
        "#ff0000",
        "#FFF",
        "#abc/x.png",
        "https://x.example/a.png",
        "https://x.example/a.mp4?x=1",
        "http://x.example/a.png",
    ),
    *(
        "HTTPS://x.example/a.jpg",
        "https://x.example",
        "https://drive.google.com/file/d/1",
        "https://localhost/a.png",
    ),
    *(
        "./a.png",
        "a.png",
        "/b.jpg",
        "c.mp4",
        "d.wav",
        "../a.png",
        "me.png?a/b",
        "asset:abc",
        "asset:",
        "image/x/y",
        ".",
    ),
    *(
        "default",
        "Default",
        "null",
        "None",
        "true",
        "no",
        "0",
        "1",
        "3.10",
        "00123",
        "1e3",
        "0x1F",
        "1_000",
        ".inf",
        "-1",
    ),
    *(
        "  padded  ",
        " ",
        "",
        "\n",
        "...",
        "!?",
        "...a",
        "local/x",
        "a/b",
        "a//b",
        "..",
        "CON",
        "A" * 201,
        "xxx",
        "TODO",
    ),
    *("0123456789abcdef" * 2, "deadbeef" * 4 + "3" + "deadbeef" * 4, ASSET_PREFIX + "0" * 64, ASSET_PREFIX),
    *("x" * 3001, "x" * 4999, "x" * 5000, "Well then. " * 460, "Well then. " * 1400, "9%" * 2000),
    *("['a']", '["a"]', "[1, 2]", '{"a": 1}', "a;b;;c", "yes", "NO", "ANNA", "Anna", "anna"),
)
"""Any cell may hold one of these."""

_WORDS: Final = ("Ada", "Bo", "Grace Hopper", "O'Neil", "José", "Łukasz", "Zoë", "李雷", "ANNA", "de la Cruz")


def _list(draw: Draw) -> str:
    size = draw.number(0, 3)
    items = [draw.pick(_WORDS) for _ in range(size)]
    return json.dumps(items, ensure_ascii=False) if draw.chance(30) else ";".join(items)


def _pairs(draw: Draw) -> str:
    pairs = [[draw.pick(_WORDS), draw.pick(("1", 2, 3.5))] for _ in range(draw.number(1, 2))]
    return json.dumps([*pairs, ["x"]] if draw.chance(8) else pairs)


def _object(draw: Draw) -> str:
    item = {"name": draw.pick(_WORDS), "price": draw.pick((3.1, 4, "5.00")), "on": draw.chance(50)}
    return json.dumps({name: one for name, one in item.items() if not draw.chance(8)})


CELLS: Final[dict[str, Callable[[Draw], str]]] = {
    "name": lambda draw: draw.pick(_WORDS),
    "note": lambda draw: " ".join(draw.pick(_WORDS) for _ in range(draw.number(1, 4))),
    "who": lambda draw: draw.pick(("anna", "ben")),
    "plan": lambda draw: draw.pick(("free", "pro")),
    "n": lambda draw: draw.pick(("1", "2", "1.5", "0.5", "1.0", "1e0", "0.50")),
    "amount": lambda draw: draw.pick(("2.5", "2.50", "3", " 4 ")),
    "flag": lambda draw: draw.pick(("true", "no", "1", "FALSE")),
    "tags": _list,
    "pairs": _pairs,
    "obj": _object,
    "colour": lambda draw: draw.pick(("#ff0000", "#00FF00", "#1a1a2e")),
    "link": lambda draw: f"https://x.example/{draw.number(0, 9)}.png",
    "clip": lambda draw: f"https://x.example/{draw.number(0, 9)}.mp4",
    "file": lambda draw: draw.pick(("./a.png", "b.jpg")),
    "avatar": lambda draw: draw.pick(("A", "B", "Daisy-1")),
    "voice": lambda draw: draw.pick(("v1", "v2", "0123456789abcdef0123456789abcdef")),
    "size": lambda draw: draw.pick(("720p", "square", "1280x720")),
}
"""An ordinary cell of each column."""

DECLARED: Final[dict[str, Sequence[str]]] = {
    "name": (
        "{type: string}",
        "{type: string, minLength: 1}",
        "{type: string, default: Friend}",
        "{type: string, default: 3.10}",
        "{type: string, default: 00123}",
        '{type: string, default: "  x "}',
        "{default: 1e3}",
    ),
    "note": ("{type: string, default: Nothing new}", "{type: string, maxLength: 60}"),
    "who": ("{enum: [anna, ben]}", "{type: string, enum: [anna, ben], default: anna}"),
    "plan": ("{type: string, default: free}",),
    "n": ("{type: number}", "{type: number, default: 1.50}", "{type: number, minimum: 0, default: 1}"),
    "amount": ("{type: string, default: 2.50}", "{type: string, default: '2.50'}"),
    "flag": ("{type: boolean}", "{type: boolean, default: false}"),
    "tags": ("{type: array, items: {type: string}}", "{type: array, default: [a, 3.10]}"),
    "pairs": ("{type: array}",),
    "obj": ("{type: object}", "{type: object, default: {name: Nobody, price: 3.10, on: false}}"),
    "colour": ('{type: string, default: "#123456"}', '{type: string, pattern: "^#"}'),
    "link": ("{type: string, format: uri}", "{type: string, default: https://x.example/0.png}"),
    "voice": ("{type: string, default: V}",),
}
"""How a column may be declared; those of other types than text have to be."""

TYPED: Final = frozenset({"n", "flag", "tags", "pairs", "obj"})


def table(draw: Draw, names: Sequence[str], declared: frozenset[str], *, wild: bool) -> list[list[str]]:
    """A header, and some rows. Ids are mostly different."""
    rows = [["id", *names]]
    for number in range(draw.number(4, 9)):
        key = f"r{number}"
        if wild and draw.chance(8):
            key = draw.pick(("r0", "R0", "r1", *ODD))
        rows.append([key, *(_cell(draw, name, declared, wild=wild) for name in names)])
    return rows


def _cell(draw: Draw, name: str, declared: frozenset[str], *, wild: bool) -> str:
    if wild and draw.chance(8):
        return draw.pick(ODD)
    if wild and name in declared and draw.chance(8):
        return ""
    return CELLS[name](draw)
