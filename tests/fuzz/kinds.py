"""The kinds of inputs, each a function from randomness to a case."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from tests.fuzz import bytewise, nodewise
from tests.fuzz.case import ROWS, SPEC, Case
from tests.fuzz.huge import HUGE
from tests.fuzz.jinja import expression, template
from tests.fuzz.seeds import RICH, Files, projects, requests

_TEXTS: Final = (".yaml", ".csv", ".j2")
_IGNORES: Final = (
    "# specfile: ignore",
    "#specfile:ignore[",
    "# specfile: ignore[]",
    "# specfile: ignore[,,]",
    "# specfile: ignore[nosuch]",
    "# specfile: ignore[text-too-long, caption-without-text]",
    "# specfile: ignore[\u2028]",
    "# specfile: ignore[a]# specfile: ignore[b]",
    "# specfile: ignore[" + "x," * 500 + "]",
)


def _noise(random: Random) -> Case:
    content = bytewise.noise(random)
    if random.random() < 0.3:
        return Case(request=content.decode("utf-8", "replace"))
    return Case({**RICH, random.choice(list(RICH)): content})


def _bytes(random: Random) -> Case:
    """Any of a project's files, most often those that are read."""
    files = dict(RICH if random.random() < 0.5 else random.choice(projects()))
    for _ in range(random.choice((1, 1, 2))):
        name = _picked(files, _TEXTS, random)
        files[name] = bytewise.damaged(files[name], random)
    return Case(files)


def _nodes(random: Random) -> Case:
    files = dict(RICH if random.random() < 0.5 else random.choice(projects()))
    for _ in range(random.choice((1, 1, 2))):
        name = _picked(files, (".yaml",), random)
        files[name] = nodewise.damaged(files[name].decode("utf-8", "replace"), random).encode(
            "utf-8", "replace"
        )
    return Case(files)


def _picked(files: Files, suffixes: tuple[str, ...], random: Random) -> str:
    """The spec itself half the time, else any file; what an example doesn't read teaches nothing."""
    others = [one for one in files if one.endswith(suffixes)]
    return SPEC if random.random() < 0.5 else random.choice(others)


def _rows(random: Random) -> Case:
    files = dict(RICH)
    files[ROWS] = bytewise.damaged(files[ROWS], random)
    return Case(files)


def _jinja(random: Random) -> Case:
    """Templates in every place that takes one; the spec itself is right, and makes one video."""
    text, bare = json.dumps(template(random)), json.dumps(f"x in {expression(random)}")
    condition = json.dumps(expression(random))
    scene = random.choice(
        (
            f"say: {text}",
            f"{{for: {bare}, say: {text}}}",
            f"{{if: {condition}, say: x}}",
            f"{{background: {text}, say: x}}",
            f"{{with: {{v: {text}}}, say: '{{{{ v }}}}'}}",
            f"{{silence: {text}}}",
            f"{{say: x, text: {{text: {text}, font_size: {text}}}}}",
            f"{{id: {text}, say: {text}, split: true}}",
            f"{{use: part.yaml, with: {{price: {text}, who: {text}}}}}",
        )
    )
    top = random.choice(
        (
            "",
            f"title: {text}\n",
            f"if: {condition}\n",
            f"for: {bare}\n",
            f"output: {{dir: {text}, lock: {text}}}\n",
        )
    )
    head = RICH[SPEC].split(b"scenes:\n")[0].decode()
    if top.startswith(("if", "for", "title", "output")):
        head = "\n".join(line for line in head.split("\n") if not line.startswith(top.split(":")[0] + ":"))
    macros = f"{{% macro hello(name, n=2) %}}{template(random)}{{% endmacro %}}"
    more: Files = {"templates/m.j2": macros.encode("utf-8", "replace")} if random.random() < 0.2 else {}
    more = {**more, ROWS: b"".join(RICH[ROWS].splitlines(keepends=True)[:2])}
    head = head.replace('["en", "de"]', '["en"]')
    return Case({**RICH, **more, SPEC: f"{head}{top}scenes:\n  - {scene}\n".encode("utf-8", "replace")})


def _ignores(random: Random) -> Case:
    files = dict(random.choice(projects()))
    lines = files[SPEC].decode().split("\n")
    for _ in range(random.randint(1, 6)):
        place = random.randrange(len(lines))
        comment = " " * random.randint(0, 4) + random.choice(_IGNORES)
        if random.random() < 0.5:
            lines[place] += comment
        else:
            lines.insert(place, comment)
    content = "\n".join(lines).encode()
    return Case({**files, SPEC: bytewise.damaged(content, random) if random.random() < 0.3 else content})


def _import(random: Random) -> Case:
    text = random.choice(requests())
    if random.random() < 0.5:
        return Case(request=bytewise.damaged(text.encode(), random).decode("utf-8", "replace"))
    return Case(request=nodewise.damaged(text, random))


def _huge(random: Random) -> Case:
    return random.choice(HUGE)(random)


KINDS: Final[Mapping[str, Callable[[Random], Case]]] = {
    "noise": _noise,
    "bytes": _bytes,
    "nodes": _nodes,
    "rows": _rows,
    "jinja": _jinja,
    "ignores": _ignores,
    "import": _import,
    "huge": _huge,
}


def case(kind: str, seed: str) -> Case:
    """The input of a kind that a seed stands for, always the same one."""
    return KINDS[kind](Random(f"{kind} {seed}"))
