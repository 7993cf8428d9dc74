"""The bare limit: a CSV reader, one Jinja render and one `orjson.dumps` per row. Nothing is checked.

    python bare.py A|B TEMPLATE TABLE OUTPUT [PASSES]

A template holds one field a line; the fields of a row come out of one render and go into the static rest. The
defaults are those of the storyboard. More than one pass over the table makes the same work longer.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
import orjson

SEPARATOR = "\x1f"
CHARACTER = {"type": "avatar", "avatar_id": "Daisy-inskirt-20220818"}
SETTINGS = {"dimension": {"width": 1280, "height": 720}, "caption": True}
PLACE = {"font_size": 48, "line_height": 1, "position": {"x": 0, "y": -0.4}}
NAVY, BLUE, GREEN, PLUM = (
    {"type": "color", "value": one} for one in ("#1a1a2e", "#16425b", "#0b6e4f", "#5c2751")
)
SILENCE = {"character": CHARACTER, "voice": {"type": "silence", "duration": 1.5}, "background": GREEN}


def scene(say: str, background: dict[str, str]) -> dict[str, Any]:
    voice = {"type": "text", "voice_id": "1bd001e7e50f421d891986aad5158bc8", "input_text": say}
    return {"character": CHARACTER, "voice": voice, "background": background}


def payload(title: str, callback_id: str, scenes: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "callback_id": callback_id, **SETTINGS, "video_inputs": scenes}


def line_a(pieces: Sequence[str]) -> dict[str, Any]:
    key, title, callback_id, hello, screen, plan, bye = pieces
    first = {**scene(hello, NAVY), "text": {"type": "text", "text": screen, **PLACE}}
    return {"key": key, "payload": payload(title, callback_id, [first, scene(plan, BLUE), scene(bye, NAVY)])}


def line_b(pieces: Sequence[str]) -> dict[str, Any]:
    key, title, callback_id, hello, screen, plan, bye, offer, *features = pieces
    scenes = [{**scene(hello, NAVY), "text": {"type": "text", "text": screen, **PLACE}}]
    scenes += [scene(feature, BLUE) for feature in features]
    if offer:
        scenes.append(scene(offer, PLUM))
    scenes += [scene(plan, GREEN), SILENCE, scene(bye, NAVY)]
    return {"key": key, "payload": payload(title, callback_id, scenes)}


def main(storyboard: str, template: str, table: str, output: str, passes: str = "1") -> None:
    line_of = {"A": line_a, "B": line_b}[storyboard]
    source = Path(template).read_text(encoding="utf-8").strip().replace("\n", SEPARATOR)
    render = jinja2.Environment().from_string(source).render
    for _ in range(int(passes)):
        with Path(table).open(encoding="utf-8-sig", newline="") as rows, Path(output).open("wb") as lines:
            reader = csv.reader(rows)
            names = next(reader)
            for cells in reader:
                row: dict[str, Any] = dict(zip(names, cells, strict=True))
                row["company"] = row["company"] or "your new team"
                row["plan"] = row["plan"] or "free"
                if storyboard == "B":
                    row["features"] = [one.strip() for one in row["features"].split(";")]
                pieces = render(row).split(SEPARATOR)
                lines.write(orjson.dumps(line_of(pieces), option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main(*sys.argv[1:])
