"""Random storyboards with a table: pieces that each use some feature of the language, put together at random.

A piece is fast where all ordinary rows of the same choices are to go a known way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from specfile.film import Api
from tests.compiler.drawing import Draw
from tests.compiler.mass_cells import CELLS, DECLARED, TYPED, table

_PNG = b"\x89PNG\r\n\x1a\n"
_FILES: Final[Mapping[str, bytes]] = {
    "a.png": _PNG,
    "b.jpg": b"\xff\xd8\xff",
    "c.mp4": b"0000ftyp",
    "d.wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\0\0\0",
    "templates/m.j2": b"""\
{% macro hello(name, mark='!') %}Hello {{ name }}{{ mark }}{% endmacro %}
{% set brand = 'Acme' %}
""",
    "u.yaml": b"""\
specfile: 1
variables:
  name: {type: string, minLength: 1}
  text: {type: string, default: 3.10}
scenes:
  - say: "{{ name }}: {{ text }}"
  - {say: "{{ text }}", text: "{{ name }}"}
""",
    "v.yaml": b"""\
specfile: 1
variables:
  name: {type: string}
  n: {type: number, default: 2.50}
  tags: {type: array, default: [a, 3.10]}
  on: {type: boolean, default: true}
with: {greeting: "Hi {{ name }}"}
defaults: {background: "#123456"}
scenes:
  - say: "{{ greeting }}, {{ n }}"
  - for: tag in tags
    say: "{{ loop.index }} {{ tag }}"
  - if: on and n > 1
    use: u.yaml
    with: {name: "{{ name }}", text: "{{ n }}"}
""",
    "w.yaml": b"specfile: 1\nvariables: {n: {type: integer}}\nscenes: [{say: Nothing is read.}]\n",
    "base.yaml": b"""\
specfile: 1
with: {company: Acme, rate: 3.10}
defaults: {avatar: A, voice: {voice_id: V, speed: 1.1}, background: "#1a1a2e"}
""",
}


@dataclass
class Spec:
    """A storyboard in the making: its parts as YAML, by key, and what went into it."""

    names: set[str] = field(default_factory=set)
    top: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    scenes: list[str] = field(default_factory=list)
    features: set[str] = field(default_factory=set)
    is_fast: bool = True

    def template(self, text: str) -> str:
        """The text, in quotes; the columns that it reads are in the table."""
        self.reads(text)
        return "'" + text.replace("'", "''") + "'"

    def reads(self, text: str) -> str:
        self.names.update(name for name in CELLS if re.search(rf"\b{name}\b", text))
        return text


@dataclass(frozen=True)
class Drawn:
    """A whole project: its spec, its table, and what the command line gave."""

    text: str = field(repr=False)
    rows: Sequence[Sequence[str]] = field(repr=False)
    given: Mapping[str, str]
    api: Api | None
    account: str | None
    is_local: bool
    pins: Mapping[str, str]
    features: frozenset[str]
    is_fast: bool
    files: Mapping[str, bytes] = field(default_factory=lambda: _FILES, repr=False)


Piece = Callable[[Draw, Spec], None]

_VOICE: Final = "{{ voice if flag else 'default' }}"
_MODEL: Final = "{{ 'eleven_v3' if flag else 'eleven_turbo_v2' }}"

_PLAIN: Final = (
    "Hi {{ name }}, welcome.",
    "{{ name }}",
    "{{ note }}",
    "{{ name }} and {{ note }} of row {{ row }}",
    "{{ name | upper }}: {{ plan | title }}",
    "{{ key }} {{ id }}",
    "{{ name | default('you') }}",
    "Hello{# nobody sees this #} {{- name }}",
    "{{ missing | default('none') }} {{ name }}",
    "{% if name is defined %}Dear {{ name }}{% else %}Hi{% endif %}",
    "{% if plan == 'pro' %}Pro {{ name }}{% else %}Free {{ name }}{% endif %}",
    "{% set x = name | trim %}{{ x }}{{ x }}",
    "{% for letter in name %}{{ letter }}-{% endfor %}{{ name }}",
    "{{ 'pro ' if plan == 'pro' else '' }}{{ name }}",
    '{% from "m.j2" import hello %}{{ hello(name) }}',
    '{% from "m.j2" import hello, brand %}{{ hello(note, "?") }} {{ brand }}',
    "{{ name }} {{ pause(1) }} {{ note }}",
    "{{ n }} euros for {{ name }}",
    "{{ n * 2 + 0.1 }} {{ name }}",
    "{{ n }}",
    "{{ tags | join(', ') }} {{ name }}",
    "{{ tags[0] | default('none') }} {{ name }}",
    "{{ obj.name }} {{ obj.price }} {{ name }}",
    "{{ obj.price }}",
    "{{ obj.name | default('x') }}",
    "{{ note ~ name }}",
    "{{ loop.index | default(0) if loop is defined else 'no' }} {{ name }}",
)


def _text(draw: Draw, spec: Spec) -> str:
    return spec.template(draw.pick(_PLAIN))


def texts(draw: Draw, spec: Spec) -> None:
    spec.scenes.append(f"say: {_text(draw, spec)}")


def said_at_length(draw: Draw, spec: Spec) -> None:
    spec.scenes.append(f"voice: {{type: text, voice_id: W, input_text: {_text(draw, spec)}, speed: 0.9}}")


def overlay(draw: Draw, spec: Spec) -> None:
    shown = draw.pick(("", "long"))
    text = _text(draw, spec)
    if shown:
        text = f"{{type: text, text: {text}, line_height: 1.2, color: {spec.template('{{ colour }}')}}}"
    spec.scenes.append(f"say: {_text(draw, spec)}\n    text: {text}")


def static(draw: Draw, spec: Spec) -> None:
    spec.scenes.append(
        draw.pick(
            (
                "say: The same for all.",
                'say: "Hi [NAME], the same for all."',
                "silence: 1.5",
                "audio: ./d.wav",
                "{character: null, background: a.png, say: Look.}",
                "{say: Hi, photo: ./a.png}",
                "{say: Hi, voice: default}",
                "{say: Hi, character: {scale: 0}}",
                "{say: Hi, background: {type: image, url: 'https://x.example/a.png', fit: cover}}",
                "{say: 'a<break time=\"2s\"/>b', voice: {elevenlabs_settings: {model: eleven_v3}}}",
            )
        )
    )


def conditions(draw: Draw, spec: Spec) -> None:
    condition = draw.pick(
        (
            "plan == 'pro'",
            "flag",
            "not flag or plan == 'free'",
            "n > 1",
            "tags",
            "name | length > 3",
            "who == 'nobody'",
            "key == 'r1'",
            "1 == 2",
            "missing is defined",
            "note == name",
        )
    )
    spec.scenes.append(f"if: {_quoted(spec.reads(condition))}\n    say: {_text(draw, spec)}")


def text_condition(draw: Draw, spec: Spec) -> None:
    spec.scenes.append(f"if: {spec.reads('plan')}\n    say: {_text(draw, spec)}")


def loops(draw: Draw, spec: Spec) -> None:
    body = draw.pick(
        (
            "{{ loop.index }}. {{ tag }}",
            "{{ tag }}",
            "{{ tag }} {{ name }}",
            "{% if loop.first %}First {% endif %}{{ tag }} of {{ loop.length }}",
        )
    )
    over = draw.pick(("tags", "tags + [name]", "[name, note]", "note.split(' ')", "[1, 2.50, name]"))
    inner = (
        f"\n    if: {_quoted(draw.pick(('not loop.first', 'tag != name', 'loop.last')))}"
        if draw.chance(30)
        else ""
    )
    spec.scenes.append(f"for: tag in {spec.reads(over)}{inner}\n    say: {spec.template(body)}")


def pair_loops(draw: Draw, spec: Spec) -> None:
    spec.scenes.append(f"for: a, b in {spec.reads('pairs')}\n    say: {spec.template('{{ a }} is {{ b }}')}")


def nested_loops(draw: Draw, spec: Spec) -> None:
    spec.reads("tags pairs")
    spec.scenes.append(
        "for: tag in tags\n    scenes:\n      - for: pair in pairs\n"
        f"        say: {spec.template('{{ tag }} {{ pair[0] }} {{ loop.index }}')}"
    )


def constant_loops(draw: Draw, spec: Spec) -> None:
    spec.constants["prices"] = "{free: [3.10, 4.50], pro: [1.0], zed: []}"
    says = draw.pick(("No.", spec.template("{{ note }}"), spec.template("{{ n }}"), "4.50"))
    spec.constants["lines"] = f"[{{who: anna, says: Yes.}}, {{who: ben, says: {says}}}]"
    spec.constants["mine"] = spec.template(draw.pick(("{{ tags }}", "{{ prices[plan] }}", "{{ obj }}")))
    spec.scenes.append(
        draw.pick(
            (
                "for: p in prices[plan]\n    say: '{{ p }}'",
                "for: p in prices[plan] | default(['x'])\n    say: '{{ p }} {{ name }}'",
                "for: line in lines\n    say: '{{ line.who }}: {{ line.says }} {{ name }}'",
                "for: line in lines\n    say: '{{ line.says }}'",
                "for: one in mine\n    say: '{{ one }} {{ name }}'",
                "for: one in mine | default(['x'], true)\n    say: '{{ one }}'",
                "for: a, b in mine\n    say: '{{ a }} {{ b }}'",
                "for: plan, all in prices\n    say: '{{ plan }} {{ all | length }} {{ name }}'",
                "for: a in ['x', 'y']\n    say: '{{ a }} {{ loop.last }} {{ name }}'",
                "for: a in ['x', 3.10]\n    say: '{{ a }}'",
                "for: a in []\n    say: '{{ a }}'",
            )
        )
    )
    spec.reads("plan name")


def groups(draw: Draw, spec: Spec) -> None:
    text = draw.pick(("{{ local }} {{ name }}", "{{ local }}"))
    value = draw.pick(("{{ name }}", "{{ note | upper }}", "{{ n }}", "3.10", "{{ n * 2 }}"))
    lines = [
        f"with: {{local: {spec.template(value)}}}",
        f"if: {_quoted(spec.reads(draw.pick(('name', 'true', 'plan')) + ' == name or true'))}",
        f"defaults: {{background: {spec.template(draw.pick(('#ffffff', '{{ colour }}')))}}}",
        f"scenes:\n      - say: {spec.template(text)}\n      - silence: 1",
    ]
    spec.scenes.append("\n    ".join(lines))


def group_variables(draw: Draw, spec: Spec) -> None:
    name, kind, text = draw.pick(
        (
            ("plan", "{type: string, enum: [free, pro]}", "{{ plan }} {{ name }}"),
            ("n", "{type: number, minimum: 0.1}", "{{ n }}"),
            ("n", "{type: string}", "{{ n }}"),
            ("amount", "{type: number}", "{{ amount }}"),
            ("amount", "{type: array, items: {type: number}}", "{{ amount[0] }}"),
            ("note", "{type: array}", "{{ note[0] }} {{ name }}"),
            ("tags", "{type: array, minItems: 0}", "{{ tags | length }} {{ name }}"),
            ("fresh", "{type: number, default: 3.10}", "{{ fresh }}"),
            ("rate", "{type: string}", "{{ rate }}"),
        )
    )
    spec.constants["rate"] = draw.pick(("3.10", spec.template("{{ n }}")))
    body = spec.template(text)
    hidden = f"if: {_quoted('1 == 2')}\n    " if draw.chance(30) else ""
    spec.scenes.append(f"variables: {{{name}: {kind}}}\n    {hidden}scenes:\n      - say: {body}")


def uses(draw: Draw, spec: Spec) -> None:
    name = spec.template(draw.pick(("{{ name }}", "{{ note }}", "Mr {{ name }}")))
    more = draw.pick(
        ("", f", text: {spec.template('{{ note }}')}", f", text: {spec.template('{{ n }}')}", ", text: 4.50")
    )
    spec.scenes.append(f"use: u.yaml\n    with: {{name: {name}{more}}}")


def deep_uses(draw: Draw, spec: Spec) -> None:
    more = draw.pick(
        (
            "",
            f", n: {spec.template('{{ n }}')}",
            f", tags: {spec.template('{{ tags }}')}",
            f", tags: [{spec.template('{{ name }}')}, {spec.template('{{ n }}')}, 3.10]",
            f", tags: [{spec.template('{{ name }}')}, x]",
            f", on: {spec.template('{{ flag }}')}, n: 3.10",
            f", tags: {spec.template('{{ note }}')}",
            f", n: {spec.template('{{ amount }}')}",
            f", n: {spec.template('{{ note }}')}",
        )
    )
    spec.scenes.append(f"use: v.yaml\n    with: {{name: {spec.template('{{ name }}')}{more}}}")


def unread_use(draw: Draw, spec: Spec) -> None:
    spec.scenes.append(
        f"use: w.yaml\n    with: {{n: {spec.template(draw.pick(('{{ n }}', '{{ plan }}', '{{ row }}')))}}}"
    )


def constants(draw: Draw, spec: Spec) -> None:
    spec.constants["greeting"] = spec.template(
        draw.pick(("Hi {{ name }}", "{{ note }}", "{{ n }}", "{{ tags }}"))
    )
    spec.constants["polite"] = spec.template("{{ greeting }}")
    text = draw.pick(("{{ greeting }}!", "{{ polite }}", "{{ greeting }} {{ name }}"))
    spec.scenes.append(f"say: {spec.template(text)}")


def casts(draw: Draw, spec: Spec) -> None:
    price = draw.pick(("3.10", spec.template("{{ n }}"), spec.template("{{ name }}")))
    spec.constants["cast"] = (
        "{anna: {character: {type: avatar, avatar_id: Anna}, voice: va, "
        f"name: Anna, price: {price}, no: 3.10}}, "
        "ben: {character: {type: avatar, avatar_id: Ben, scale: 0.5}, voice: vb, name: Ben, price: 4.50}}"
    )
    start = draw.pick((("", "cast[who]"), ("with: {speaker: '{{ cast[who] }}'}\n    ", "speaker")))
    text = draw.pick(
        ("I am {{ X.name }}.", "{{ X.price }}", "{{ X.no | default('x') }}", "{{ X.name }} {{ name }}")
    )
    spec.scenes.append(
        f"{start[0]}character: {spec.template('{{ X.character }}').replace('X', start[1])}\n"
        f"    voice: {spec.template('{{ X.voice }}').replace('X', start[1])}\n"
        f"    say: {spec.template(text.replace('X', start[1]))}"
    )
    spec.reads("who")


def backgrounds(draw: Draw, spec: Spec) -> None:
    value = draw.pick(
        (
            "{{ colour }}",
            "{{ link }}",
            "{{ clip }}",
            "{{ file }}",
            "#ffffff",
            "{{ link if flag else colour }}",
        )
    )
    part = spec.template(value)
    if draw.chance(40):
        part = draw.pick(
            (
                f"{{type: image, url: {spec.template('{{ link }}')}}}",
                f"{{type: video, url: {spec.template('{{ clip }}')}, play_style: loop}}",
                f"{{type: color, value: {spec.template('{{ colour }}')}}}",
                f"{{url: {spec.template('{{ link }}')}}}",
                f"{{image_asset_id: {spec.template('i-{{ name }}')}}}",
                "null",
            )
        )
    spec.scenes.append(f"say: {_text(draw, spec)}\n    background: {part}")


def voices(draw: Draw, spec: Spec) -> None:
    spec.scenes.append(
        draw.pick(
            (
                f"voice: {spec.template('{{ voice }}')}",
                f"avatar: {spec.template('{{ avatar }}')}",
                f"photo: {spec.template('{{ voice }}')}",
                f"photo: {spec.template('{{ file }}')}",
                f"voice: {spec.template(_VOICE)}",
                f"voice: {{voice_id: {spec.template('{{ voice }}')}, locale: {spec.template('{{ plan }}')}}}",
                f"voice: {{speed: {spec.template('{{ n }}')}, emotion: {spec.template('{{ plan }}')}}}",
                f"voice: {{elevenlabs_settings: {{model: {spec.template(_MODEL)}}}}}",
                f"character: {{talking_photo_id: {spec.template('{{ voice }}')}, scale: 0.9}}",
                f"voice: default\n    avatar: {spec.template('{{ avatar }}')}",
            )
        )
        + f"\n    say: {_text(draw, spec)}"
    )


def numbers(draw: Draw, spec: Spec) -> None:
    spec.scenes.append(
        draw.pick(
            (
                f"silence: {spec.template('{{ n }}')}",
                f"say: Hi\n    character: {{scale: {spec.template('{{ n }}')}}}",
                f"say: Hi\n    character: {{matting: {spec.template('{{ flag }}')}}}",
                f"say: {_text(draw, spec)}\n    voice: {{speed: {spec.template('{{ 0.5 + n / 4 }}')}}}",
                f"say: Hi\n    character: {{offset: {{x: {spec.template('{{ n }}')}}}}}",
                f"audio: {spec.template('https://x.example/{{ plan }}.mp3')}",
                f"voice: {{type: audio, audio_asset_id: {spec.template('{{ voice }}')}}}",
            )
        )
    )


def splits(draw: Draw, spec: Spec) -> None:
    spec.scenes.append(f"split: true\n    say: {_text(draw, spec)}")


def ids(draw: Draw, spec: Spec) -> None:
    name = draw.pick(("s-{{ plan }}", "s-{{ row }}", "s-{{ name | length }}", "same"))
    spec.scenes.append(f"id: {spec.template(name)}\n    say: Hi")


def titles(draw: Draw, spec: Spec) -> None:
    spec.top["title"] = _text(draw, spec)


def settings(draw: Draw, spec: Spec) -> None:
    for name, value in draw.some(
        (
            ("caption", spec.template("{{ flag }}")),
            ("dimension", spec.template("{{ size }}")),
            ("callback_id", spec.template("{{ id }}-{{ plan }}")),
            ("callback_id", spec.template("{{ plan }}")),
            ("callback_url", spec.template("https://x.example/{{ id }}")),
            ("folder_id", spec.template("{{ plan }}")),
            ("caption_mode", draw.pick(("burn_in", spec.template("{{ plan }}")))),
            ("fps", spec.template("{{ n * 25 }}")),
            ("test", spec.template("{{ flag }}")),
        ),
        1,
        3,
    ):
        spec.top[name] = value


def outputs(draw: Draw, spec: Spec) -> None:
    spec.top["output"] = draw.pick(
        (
            f"{{dir: {spec.template('videos/{{ plan }}')}}}",
            f"{{file: {spec.template('{{ key }}-{{ plan }}')}}}",
            f"{{file: {spec.template('{{ name }}')}}}",
            f"{{dir: {spec.template('o/{{ key }}')}, file: x}}",
            f"{{dir: {spec.template('o/{{ id[0] }}')}}}",
            "{format: webm}",
        )
    )


def top_loops(draw: Draw, spec: Spec) -> None:
    over = draw.pick(("['en', 'de']", "tags", "[plan, 'x']", "['en', 'EN']", "langs"))
    spec.constants["langs"] = "[en, 3.10]"
    spec.top["for"] = f"lang in {spec.reads(over)}"
    spec.top["key"] = spec.template("{{ id }}-{{ lang }}")
    spec.scenes.append(f"say: {spec.template('{{ lang }} {{ name }}')}")


def top_conditions(draw: Draw, spec: Spec) -> None:
    spec.top["if"] = _quoted(spec.reads(draw.pick(("plan == 'pro'", "flag", "n > 1", "row != 2"))))


def layers(draw: Draw, spec: Spec) -> None:
    name, value = draw.pick(
        (
            ("background", "{{ colour }}"),
            ("background", "{{ link }}"),
            ("say", "{{ note }}"),
            ("avatar", "{{ avatar }}"),
            ("voice", "{{ voice }}"),
            ("text", "{{ name }}"),
        )
    )
    spec.defaults[name] = spec.template(value)
    spec.scenes.append(
        draw.pick(("background: null", "silence: 1", "say: Hi\n    text: null", "text: {line_height: 2}"))
    )


def bases(draw: Draw, spec: Spec) -> None:
    spec.top["extends"] = "base.yaml"
    spec.defaults.pop("avatar", None)
    spec.scenes.append(f"say: {spec.template('{{ company }} {{ name }} {{ rate }}')}")


FAST: Final[Mapping[str, Piece]] = {
    "texts": texts,
    "said at length": said_at_length,
    "overlay": overlay,
    "titles": titles,
    "conditions": conditions,
    "loops": loops,
    "pair loops": pair_loops,
    "groups": groups,
    "uses": uses,
    "constants": constants,
    "casts": casts,
}
"""Pieces whose ordinary rows have to go known ways."""

OTHERS: Final[Mapping[str, Piece]] = {
    "static": static,
    "text conditions": text_condition,
    "nested loops": nested_loops,
    "constant loops": constant_loops,
    "group variables": group_variables,
    "deep uses": deep_uses,
    "unread use": unread_use,
    "backgrounds": backgrounds,
    "voices": voices,
    "numbers": numbers,
    "splits": splits,
    "ids": ids,
    "settings": settings,
    "outputs": outputs,
    "top loops": top_loops,
    "top conditions": top_conditions,
    "layers": layers,
    "bases": bases,
}


def drawn(draw: Draw) -> Drawn:
    """A project."""
    is_fast = draw.chance(35)
    pieces: Mapping[str, Piece] = FAST if is_fast else {**FAST, **OTHERS}
    spec = Spec(top={"dimension": "720p", "key": "'{{ id }}'"}, defaults={"avatar": "A", "voice": "V"})
    for name in draw.some(tuple(pieces), 1, 3):
        pieces[name](draw, spec)
        spec.features.add(name)
    if not spec.scenes:
        texts(draw, spec)
    names = sorted(spec.names | set(draw.some(tuple(CELLS), 0, 1)))
    declared = {
        name: draw.pick(DECLARED[name]) for name in names if name in TYPED or _is_declared(draw, name)
    }
    wild = not is_fast
    given = {draw.pick(names): draw.pick(("free", "3.10", "x"))} if wild and names and draw.chance(10) else {}
    api: Api | None = "v3" if wild and draw.chance(12) else None
    account = draw.pick(("trial", "free")) if wild and draw.chance(10) else None
    is_local = wild and draw.chance(10)
    pins = {"A": "pinned", "Anna": "va"} if wild and draw.chance(20) else {}
    rows = table(draw, names, frozenset(declared), wild=wild)
    about = (rows, given, api, account, is_local, pins, frozenset(spec.features), is_fast)
    return Drawn(_written(spec, declared), *about)


def _is_declared(draw: Draw, name: str) -> bool:
    return name in DECLARED and draw.chance(40)


def _written(spec: Spec, declared: Mapping[str, str]) -> str:
    lines = ["specfile: 1", "data: d.csv"]
    lines += [f"{name}: {value}" for name, value in spec.top.items()]
    for title, entries in (("variables", declared), ("with", spec.constants), ("defaults", spec.defaults)):
        if entries:
            lines += [f"{title}:", *(f"  {name}: {value}" for name, value in entries.items())]
    lines += ["scenes:", *(f"  - {scene}" for scene in spec.scenes)]
    return "\n".join(lines) + "\n"


def _quoted(expression: str) -> str:
    return '"' + expression + '"'
