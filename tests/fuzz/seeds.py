"""The valid inputs that are damaged: every example, and a few made to hold as many features as they can."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from tests.fuzz.case import EXAMPLES, ROWS, SPEC
from tests.schemas.payloads import VALID

Files = Mapping[str, bytes]

_RICH: Final = """\
specfile: 1
extends: base.yaml
title: Welcome, {{ name }}   # specfile: ignore[remark-after-text]
variables:
  name: {type: string, minLength: 1, default: Ada}
  day: {type: string, format: date, default: "2026-03-01"}
  tags: {type: array, items: {type: string}, default: [a, b]}
data: d.csv
key: "{{ id }}-{{ lang }}"
for: lang in ["en", "de"]
if: lang != "fr"
output: {dir: videos, file: "{{ key }}"}
with:
  wall: &wall {type: color, value: "#1a1a2e"}
  again: *wall
dimension: 720p
scenes:
  - id: hello
    say: >-
      {% from "m.j2" import hello %}{{ hello(name) | upper }},
      {% if lang == "de" %}hallo{% else %}hello{% endif %}{{ pause(1.5) }}!
  - for: tag in tags
    say: "{{ loop.index | ordinal(lang) }}. {{ tag }} {{ day | date('long', lang) }}"
    text: {type: text, text: "{{ tag }}", line_height: 1.2}
    background: "{{ wall }}"
  - if: id == "1"
    defaults: {background: null}
    scenes:
      - silence: 1.5
      - audio: https://example.com/a.mp3
      # specfile: ignore[id-spaces, geometry-jump]
      - say: |
          Long text. Another sentence!
        split: true
  - use: part.yaml
    with: {price: 29, who: "{{ name }}"}
"""
_PART: Final = """\
variables: {price: {type: number, minimum: 1}, who: {type: string}}
with: {total: "{{ price * 2 }}"}
defaults: {background: "#ffffff"}
scenes:
  - say: "{{ who }}, it is {{ total | currency('EUR', 'de') }} {{ price | number(2, 'en') }}"
  - if: price > 10
    scenes: [{say: "A lot"}, {silence: 2}]
"""
_BASE: Final = (
    "caption: true\ndefaults:\n  avatar: A\n  voice: {voice_id: V, speed: 1.1}\nwith: {x: [1, {y: 2}]}\n"
)
_MACROS: Final = (
    "{% macro hello(name, n=2) %}{% for i in range(n) %}Hi {{ name }} {% endfor %}{% endmacro %}\n"
)
_ROWS: Final = 'id,name,tags,day\n1,Ada,x;y,2026-01-31\n2,"Bob ""B""\nB",,\n3,Cy,"[""z""]",\n'
RICH: Final[Files] = {
    SPEC: _RICH.encode(),
    "part.yaml": _PART.encode(),
    "base.yaml": _BASE.encode(),
    "templates/m.j2": _MACROS.encode(),
    ROWS: _ROWS.encode(),
}

_CURL: Final = """\
curl --location 'https://api.heygen.com/v2/video/generate' \\
  --header 'X-Api-Key: {{key}}' --header "Content-Type: application/json" \\
  --data '%s'
"""
_OLDER: Final[tuple[Any, ...]] = (
    {"avatar_id": "a", "input_text": "t", "voice_id": "v", "width": 720, "height": "1280", "test": "false"},
    {
        "clips": [{"avatar_id": "a", "input_text": "t", "voice_id": "v"}],
        "ratio": "16:9",
        "background": "#fff",
    },
    [{"voice": {"type": "text", "voice_id": "v", "input_text": "{{name}}"}}],
)


@cache
def projects() -> tuple[Files, ...]:
    """Whole projects, each beginning with `SPEC`."""
    shared = {
        path.relative_to(EXAMPLES).as_posix(): path.read_bytes()
        for path in sorted(EXAMPLES.rglob("*"))
        if path.is_file() and path.suffix in (".yaml", ".csv", ".j2", ".png", ".jpg", ".mp3", ".wav")
    }
    top = [name for name in shared if name.endswith(".yaml") and "/" not in name]
    return (RICH, *({**shared, SPEC: shared[name]} for name in top))


@cache
def requests() -> tuple[str, ...]:
    """Requests to the service as people paste them."""
    values = [*(one for payloads in VALID.values() for one in payloads), *_OLDER]
    texts = [json.dumps(one, indent=indent) for one in values for indent in (None, 2)]
    return (*texts, *(_CURL % one for one in texts), *(f"payload = {one!r}" for one in values))
