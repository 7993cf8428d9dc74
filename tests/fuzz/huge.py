"""Inputs that are far too large, too deep, or grow beyond all bounds as they are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Final

from tests.fuzz.case import Case, spec, with_scenes

_DEEP: Final = 10_000
_LARGE: Final = 10_000_000
_DATA: Final = "data: d.csv\nkey: '{{ id }}'\n"


def _bomb(random: Random) -> Case:
    """A billion laughs: each list holds the one before several times."""
    width, levels = random.choice(((10, 9), (2, 40), (3, 12), (100, 4)))
    lines = [f"  a0: &a0 {random.choice(('x', '{say: x}', '[x, y]', '{{a: b}}'))}\n"]
    lines += [
        f"  a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]\n" for level in range(1, levels)
    ]
    return spec(
        with_scenes(
            random.choice(("  - say: hi\n", f"  - scenes: *a{levels - 1}\n")), "with:\n" + "".join(lines)
        )
    )


def _scene_bomb(random: Random) -> Case:
    """Groups repeated within groups; some hold no scene that is ever included."""
    levels, rounds = random.choice(((6, 10), (4, 100), (3, 10_000), (9, 3), (1, 90_000)))
    condition = random.choice(("", ", if: false", ", if: 'a0 > 5'"))
    inner = f"[{{say: hi{condition}}}]"
    for level in reversed(range(levels)):
        inner = f"[{{for: a{level} in range({rounds}), scenes: {inner}}}]"
    return spec(with_scenes(f"  - scenes: {inner}\n"))


def _use_bomb(random: Random) -> Case:
    """Files that use one another several times each, or in a circle."""
    levels, width = random.choice(((8, 10), (20, 2), (3, 60)))
    files = {
        f"f{level}_yaml": "scenes:\n"
        + f"  - use: f{level + 1}.yaml\n    if: {random.choice(('true', 'false'))}\n" * width
        for level in range(levels)
    }
    files[f"f{levels}_yaml"] = random.choice(
        ("scenes: [{say: x}]", "scenes: [{say: x, if: false}]", "scenes: [{use: f0.yaml}]")
    )
    return spec(with_scenes("  - use: f0.yaml\n"), **files)


def _extends_chain(random: Random) -> Case:
    levels = random.choice((50, 500))
    files = {f"f{level}_yaml": f"extends: f{level + 1}.yaml\n" for level in range(levels)}
    return spec("extends: f0.yaml\n" + with_scenes("  - say: hi\n"), **files)


def _deep(random: Random) -> Case:
    opening, closing = random.choice(
        (("[", "]"), ("{a: ", "}"), ("[{a: ", "}]"), ("{? ", "}"), ("- ", ""), ("!x [", "]"), ("(", ")"))
    )
    depth = random.choice((90, 101, 500, _DEEP))
    text = opening * depth + random.choice(("", "x")) + closing * random.choice((depth, 0))
    place = random.choice(
        (
            f"  - with: {{x: {text}}}\n    say: hi\n",
            f"  {text}\n",
            f"  - say: {text}\n",
            f"  - if: '{text}'\n    say: hi\n",
        )
    )
    return spec(with_scenes(place))


def _deep_blocks(random: Random) -> Case:
    depth = random.choice((90, 500, 1000))
    lines = (f"{' ' * level}{random.choice(('a:', '-', 'scenes:', '? a'))}\n" for level in range(depth))
    return spec("specfile: 1\nscenes:\n" + "".join(lines))


def _deep_groups(random: Random) -> Case:
    depth = random.choice((20, 45, 90))
    return spec(with_scenes("  - " + "{scenes: [" * depth + "{say: hi}" + "]}" * depth + "\n"))


def _one_scalar(random: Random) -> Case:
    piece = random.choice(
        ("x", "ab ", "a\\n", "{{ x }}", "#", "👋", " ", "'", "a. ", "<break time='1s'/>", "{", "ä ")
    )
    size = random.choice((_LARGE, 400_000))
    quote = random.choice(("", '"', "|\n      ", ">\n      "))
    text = quote + piece * (size // len(piece.encode())) + ('"' if quote == '"' else "")
    return spec(
        with_scenes(
            f"  - {random.choice(('say', 'background', 'id', 'if', 'audio', 'split: true, say'))}: {text}\n"
        )
    )


def _many_lines(random: Random) -> Case:
    line = random.choice(
        (
            "  - say: hello there\n",
            "  - {say: hi, text: T}\n",
            "# a comment\n",
            "\n",
            "# specfile: ignore[id-spaces]\n",
            "  - say: x # specfile: ignore[text-too-long]\n",
            "  - say: '{{ x'\n",
            "  - say: {{ x }}\n",
            "  - sya: x\n",
            "  - background: #123456\n",
            "  - &a say: x\n",
            "  -\n",
            "  - !x\n",
            "  - []\n",
            "  - say: '{{ x }}'\n",
        )
    )
    size = random.choice((_LARGE, 500_000, 200_000))
    return spec(with_scenes("  - say: hi\n" + line * (size // len(line))))


def _many_keys(random: Random) -> Case:
    count = random.choice((700_000, 15_000, 5_000))
    form = random.choice(
        (
            "  k{0}: {0}\n",
            "  k{0}: '{{{{ k0 }}}}'\n",
            "  k: {0}\n",
            "  k{0}: [{0}]\n",
            "  k{0}: {{type: string, default: a}}\n",
        )
    )
    place = random.choice(("with", "variables", "defaults", "output", "nosuch"))
    lines = "".join(form.format(number) for number in range(count))
    return spec(with_scenes("  - say: hi\n", f"{place}:\n{lines}"))


def _table(random: Random) -> Case:
    """A table of ten megabytes; one whose rows all have to be read holds fewer."""
    rows = random.choice(
        (
            "id,name\n1," + "x" * _LARGE,
            "id,name\n" + "1,2,3\n" * (_LARGE // 6),
            "id,name\n" + "1,2\n" * (_LARGE // 4),
            'id,name\n"' + "1,2\n" * (_LARGE // 4),
            ",".join(f"c{number}" for number in range(_LARGE // 8)),
            "," * _LARGE,
            "id,name\n" + "\n" * _LARGE,
            "id,name\n" + ",\n" * (_LARGE // 2),
            '"' * _LARGE,
            "a" * _LARGE,
            "id;name\n" + ";;" * (_LARGE // 2),
            "id,name\n" + "".join(f"{number},{'y' * 4000}\n" for number in range(_LARGE // 4010)),
            "id,name\n" + "".join(f'{number},"{"a b. " * 19000}"\n' for number in range(_LARGE // 95_000)),
            "id,tags\n1," + "a;" * 60_000 + "\n2,[" + "[" * 60_000 + "\n",
            "id,name\n1,\0\n" * (_LARGE // 120),
            "id\n" * (_LARGE // 3),
            "id," + ",".join(f"c{number}" for number in range(9000)) + "\n" + "1" + "," * 9000 + "\n",
        )
    )
    text = random.choice(("hi {{ name }}", "hi", "{{ tags | join }}"))
    declared = random.choice(
        (
            "",
            "variables: {tags: {type: array, items: {type: string}, default: []}}\n",
            "variables: {id: {type: integer}}\n",
        )
    )
    return spec(with_scenes(f"  - say: '{text}'\n", _DATA + declared), d_csv=rows)


def _request(random: Random) -> Case:
    """Ten megabytes, or ten thousand levels, given to the import."""
    scene = {"voice": {"type": "text", "voice_id": "v", "input_text": "t"}}
    size = random.choice((_LARGE, 400_000))
    return Case(
        request=random.choice(
            (
                lambda: json.dumps({"video_inputs": [scene] * (size // 80)}),
                lambda: json.dumps({"video_inputs": [scene], "title": "x" * size}),
                lambda: json.dumps(
                    {"video_inputs": [scene], **{f"k{number}": 1 for number in range(size // 14)}}
                ),
                lambda: "[" * _DEEP,
                lambda: '{"a":' * _DEEP + "1" + "}" * _DEEP,
                lambda: "[" * 900 + "]" * 900,
                lambda: "(" * _DEEP,
                lambda: "x = [" + "(" * 150 + ")" * 150 + "]",
                lambda: "curl " + "-d x " * (size // 5),
                lambda: "curl '" + "x" * size,
                lambda: "curl https://api.heygen.com/v2/video/generate -d '" + "\\'" * (size // 2) + "'",
                lambda: "{" * size,
                lambda: '"' * size,
                lambda: "\n".join(['{"video_inputs": []}'] * (size // 20)),
                lambda: "9" * size,
                lambda: '{"a": ' + "9" * 5000 + "}",
                lambda: " " * size,
                lambda: json.dumps(json.dumps(json.dumps(json.dumps({"video_inputs": [scene] * 1000})))),
                lambda: "curl \\\n" * (size // 8),
                lambda: "curl -H 'X-Api-Key: " + "a" * size,
                lambda: "{'a': " + "-" * 5000 + "1}",
                lambda: "[" + "1+" * 5000 + "1]",
                lambda: "[" + "'a' " * 9000 + "]",
                lambda: json.dumps(
                    {"video_inputs": [{"voice": {**scene["voice"], "input_text": "{{" * (size // 4)}}]}
                ),
            )
        )()
    )


HUGE: Final[tuple[Callable[[Random], Case], ...]] = (
    _bomb,
    _scene_bomb,
    _use_bomb,
    _extends_chain,
    _deep,
    _deep_blocks,
    _deep_groups,
    _one_scalar,
    _many_lines,
    _many_keys,
    _table,
    _request,
)
