"""Inputs damaged as YAML: values replaced by others, keys renamed, aliases, tags, merges, nesting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from specfile.language.blocks import OUTPUT_KEYS, SCENE_FIELDS, SPEC_KEYS
from tests.fuzz.jinja import template

_KEYS: Final = (
    *SPEC_KEYS,
    *SCENE_FIELDS,
    *OUTPUT_KEYS,
    "type",
    "default",
    "use",
    "value",
    "url",
    "items",
    "loop",
)
_ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    1.5,
    1e308,
    2**70,
    -(2**63),
    "",
    " ",
    "x",
    "1",
    "no",
    "~",
    "asset:x",
    "../x.png",
    "/",
    "nul\0",
    "a.png",
    "https://example.com/a.png",
    "http://[",
    "https://exa mple/😀",
    "#123456",
    "720p",
    "99999999x1",
    [],
    {},
    [[]],
    [{}],
    {"": 1},
    {"type": "text"},
    "x" * 6000,
    "{{ name }}",
    "{{ none }}",
    "{{ [1] }}",
    "{{",
    "{% if %}",
    "x in y",
    "x in range(10)",
    "loop.index",
    "default",
    {"type": "string", "pattern": "(a+)+$"},
    ["string", "null"],
    {"$ref": "#"},
    {"type": "object", "properties": {"a": {"$ref": "#/a"}}},
    {"enum": []},
    {"multipleOf": 0},
)


def damaged(text: str, random: Random) -> str:
    """The document with one to four of its nodes changed, written anew; as it is where it is no YAML."""
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False
    try:
        document = yaml.load(text)
    except (YAMLError, ValueError):
        return text
    root = [document]
    for _ in range(random.randint(1, 4)):
        _change(root, random)
    return _written(root[0], random)


def _change(root: list[Any], random: Random) -> None:
    holders = list(_holders(root))
    holder, step = random.choice(holders)
    match random.randrange(6):
        case 0:
            other, another = random.choice(holders)
            holder[step] = _copied(other[another])
        case 1:
            holder[step] = deepcopy(random.choice(_ODD))
        case 2 if isinstance(holder, dict):
            holder[random.choice(_KEYS)] = holder.pop(step)
        case 3:
            holder[step] = template(random)
        case 4:
            holder[step] = random.choice(
                ([holder[step]], {random.choice(_KEYS): holder[step]}, [holder[step]] * 3)
            )
        case _ if isinstance(holder, dict):
            holder[random.choice(_KEYS)] = deepcopy(random.choice((*_ODD, holder[step])))


def _holders(value: Any) -> Iterator[tuple[Any, Any]]:
    for step in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, step
        if isinstance(value[step], dict | list):
            yield from _holders(value[step])


def _copied(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def _written(value: Any, random: Random) -> str:
    """JSON, which is YAML, with some tokens put in that only YAML has."""
    text = json.dumps(
        value, ensure_ascii=random.random() < 0.5, indent=random.choice((None, 1, 2)), default=str
    )
    for _ in range(random.choice((0, 0, 0, 1, 3))):
        places = [place + 1 for place, character in enumerate(text) if character in ":,[{"] or [0]
        place = random.choice(places)
        piece = random.choice(
            (
                " &a ",
                " *a ,",
                " !x ",
                " !!int ",
                " !!map ",
                " <<: *a,",
                ' "say": 1,',
                " ? ",
                " # x\n",
                "\n",
                " !!binary ",
            )
        )
        text = text[:place] + piece + text[place:]
    return text
