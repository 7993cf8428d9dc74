"""The schema that editors check storyboards against."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from specfile.film import FILM_SETTINGS, METADATA_FIELDS
from specfile.language.blocks import (
    BLOCK_KEYS,
    DATA_FORMATS,
    DATA_OPTIONS,
    OUTPUT_KEYS,
    SCENE_FIELDS,
    SPEC_KEYS,
)
from specfile.language.library import built_in_scenes
from specfile.language.nodes import plain
from specfile.language.parse import parse
from specfile.language.source import read_source
from specfile.resources import resource
from specfile.schemas import schema_text
from tests.golden.cases import BAD

SCHEMA = json.loads(schema_text("authoring"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

STORYBOARD = """
specfile: 1
api: v2
title: Welcome to {{ company }}, {{ first_name }}
variables:
  first_name: {type: string, minLength: 1}
  plan: {type: string, enum: [free, pro], default: free}
  features: {type: array, items: {type: string}, default: []}
data: customers.csv
if: opted_in
for: lang in ["en", "de"]
key: "{{ customer_id }}-{{ lang }}"
output: {dir: videos}
with:
  cast: {anna: {character: {type: avatar, avatar_id: Anna}, voice: v-anna}}
dimension: 720p
caption: true
defaults:
  character: {type: avatar, avatar_id: Daisy-inskirt-20220818, avatar_style: normal}
  voice: {voice_id: 1bd001e7e50f421d891986aad5158bc8}
  background: "#1a1a2e"
scenes:
  - id: hello
    say: >-
      Hi {{ first_name }}, welcome to {{ company }}!
  - for: feature in features
    say: "{{ loop.index }}. {{ feature }}"
    background: images/{{ feature | slug }}.png
  - if: plan == "free"
    scenes:
      - say: Only {{ price }} a month.
        with: {price: 29}
      - silence: 1.5
"""

IN_A_SCENE = [
    "character: {type: avatar, avatar_id: 00123, scale: '{{ size }}'}",
    "character: '{{ cast.anna.character }}'",
    "character: {scale: 2}",
    "character: null",
    "voice: v-1",
    "voice: {speed: 1.2, pitch: null}",
    "voice: {type: silence, duration: 3}",
    "voice: {elevenlabs_settings: '{{ tuning }}'}",
    "background: {type: video, url: clips/a.mp4, play_style: '{{ style }}'}",
    "background: asset:abc",
    "text: 2026",
    "text: {text: Hello, position: {x: 0.5}}",
    "silence: '{{ pause }}'",
    "avatar: Anna",
    "photo: ./me.jpg",
    "if: true",
    "say: '{% if vip %}Dear{% else %}Hi{% endif %} {{ name }}'",
    "split: true",
    "split: '{{ long }}'",
    "voice: {voice_id: default}",
    "voice: {type: '{{ kind }}', duration: 2, voice_id: v}",
    "voice: {elevenlabs_settings: {model: eleven_v3, stability: '{{ stability }}'}}",
    "character: {type: avatar, avatar_style: '{{ style }}', offset: '{{ offset }}', scale: null}",
    "background: {value: '{{ colour }}'}",
    "{use: scenes/outro.yaml, with: {price: 29}, for: x in y, if: x, id: end, defaults: {avatar: A}}",
    "use: specfile:a-scene-of-a-newer-version",
    "{use: specfile:title-card, with: {title: '{{ title }}', seconds: '{{ seconds }}'}}",
    "{for: 'name, value in pairs', say: x}",
    "{variables: {a: {}, b: {type: [string, number]}}, scenes: [{say: x}]}",
]


USED = """
variables: {price: {type: number, default: 29}, perks: {type: array, items: {type: string}}}
with: {vat: 0.2}
defaults: {background: "#16425b", character: null}
scenes:
  - say: Only {{ price * (1 + vat) }} a month.
  - for: perk in perks
    use: perk.yaml
    with: {perk: "{{ perk }}"}
"""

EXTENDED = """
output: {dir: films, format: webm}
with: {blue: "#16425b"}
dimension: vertical
defaults: {voice: v-1, background: "{{ blue }}"}
"""

# What the authoring schema can know of the golden cases; the rest needs values, files, or the whole spec.
KNOWN_BAD = [
    "bad-colour", "bad-for", "bad-variable", "braces-in-for", "dimension", "eleven-v3-stability",
    "group-and-scene", "not-allowed", "not-even", "out-of-range", "unknown-field", "unknown-key",
    "unknown-version", "wrong-block", "wrong-type",
]  # fmt: skip

FOLDERS = ("specs-examples", "templates/scenes", "templates/projects")
SHIPPED = [
    path for folder in FOLDERS for path in sorted((resource("schemas").parent / folder).rglob("*.yaml"))
]


def errors(storyboard: str) -> list[str]:
    document = YAML(typ="safe", pure=True).load(storyboard)
    return [error.json_path for error in VALIDATOR.iter_errors(document)]


def errors_in(path: Path) -> list[str]:
    node, _ = parse(read_source(path, path.name))
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(plain(node))]


def passes_with_remarks(case: Path) -> bool:
    """Whether a golden case shows warnings and notes only, so that the spec compiles."""
    text = case.with_suffix(".txt").read_text(encoding="utf-8")
    return bool(text) and re.search(r"^error\[", text, re.MULTILINE) is None


def test_the_schema_is_valid_and_of_the_dialect_that_every_editor_knows() -> None:
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_a_storyboard_that_uses_the_whole_language_has_no_errors() -> None:
    assert errors(STORYBOARD) == []


@pytest.mark.parametrize("file", [USED, EXTENDED], ids=["used", "extended"])
def test_a_file_to_use_or_to_extend_has_no_errors_for_not_being_a_spec(file: str) -> None:
    assert errors(file) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_everything_that_is_shipped_has_no_errors(path: Path) -> None:
    assert errors_in(path) == []


def test_what_compiles_with_remarks_has_no_errors() -> None:
    cases = [case for case in BAD.glob("*.yaml") if case.with_suffix(".txt").exists()]
    accepted = [case for case in cases if passes_with_remarks(case)]
    assert accepted
    assert {case.stem: found for case in accepted if (found := errors_in(case))} == {}


@pytest.mark.parametrize("case", KNOWN_BAD)
def test_a_golden_mistake_that_a_schema_can_know_is_an_error(case: str) -> None:
    assert errors_in(BAD / f"{case}.yaml") != []


@pytest.mark.parametrize("written", IN_A_SCENE)
def test_a_scene_may_be_written_with_shorthands_templates_and_nulls(written: str) -> None:
    assert errors(f"specfile: 1\nscenes:\n  - {written}\n") == []


@pytest.mark.parametrize(
    "dimension", ["720p", "square", "640x480", "Vertical", "640 × 480", "{width: 1280, height: '{{ h }}'}"]
)
def test_a_dimension_may_be_named(dimension: str) -> None:
    assert errors(f"specfile: 1\ndimension: {dimension}\n") == []


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("titel: Hello", "$"),
        ("specfile: 2", "$.specfile"),
        ("api: v1", "$.api"),
        ("extends: '{{ brand }}.yaml'", "$.extends"),
        ("for: x of y", "$.for"),
        ("if: '{{ vip }}'", "$.if"),
        ("variables: {a: {type: text}}", "$.variables.a.type"),
        ("output: {format: mov}", "$.output.format"),
        ("dimension: 720", "$.dimension"),
        ("caption: 'yes'", "$.caption"),
        ("output: {directory: x}", "$.output"),
        ("data: {form: a.csv}", "$.data"),
        ("data: {from: a.csv, format: cvs}", "$.data.format"),
        ("scenes: [{sey: Hi}]", "$.scenes[0]"),
        ("scenes: [{silence: 0.5}]", "$.scenes[0].silence"),
        ("scenes: [{voice: {speed: 2.4}}]", "$.scenes[0].voice.speed"),
        ("scenes: [{voice: {speed: fast}}]", "$.scenes[0].voice.speed"),
        ("scenes: [{voice: {type: silnce}}]", "$.scenes[0].voice.type"),
        ("scenes: [{voice: [v-1]}]", "$.scenes[0].voice"),
        ("scenes: [{background: '#12345'}]", "$.scenes[0].background"),
        ("scenes: [{character: {type: avatar, avatar_style: round}}]", "$.scenes[0].character.avatar_style"),
        ("scenes: [{say: Hi, scenes: []}]", "$.scenes[0]"),
        ("scenes: [{say: Hi, use: a.yaml}]", "$.scenes[0]"),
        ("scenes: [{use: '{{ a }}.yaml'}]", "$.scenes[0].use"),
        ("scenes: [{use: 'specfile:title-card', with: {title: Hi, titel: Hi}}]", "$.scenes[0].with"),
        ("scenes: [{split: 2}]", "$.scenes[0].split"),
        ("scenes: [{voice: {type: silence, voice_id: v}}]", "$.scenes[0].voice"),
        ("scenes: [{scenes: [{background: {colour: red}}]}]", "$.scenes[0].scenes[0].background"),
        ("defaults: {id: hello}", "$.defaults"),
    ],
)
def test_a_mistake_is_found_where_it_is(written: str, place: str) -> None:
    version = "" if written.startswith("specfile") else "specfile: 1\n"
    assert errors(f"{version}{written}\n") == [place]


def test_editors_offer_exactly_the_keys_that_the_reader_of_specs_takes() -> None:
    definitions: dict[str, Any] = SCHEMA["definitions"]
    assert {*SPEC_KEYS, *METADATA_FIELDS, *FILM_SETTINGS} == SCHEMA["properties"].keys()
    assert {*SCENE_FIELDS, *BLOCK_KEYS} == definitions["scene"]["properties"].keys()
    assert {"id", *BLOCK_KEYS} - {"use"} == definitions["group"]["properties"].keys()
    assert {"id", *BLOCK_KEYS} - {"scenes"} == definitions["used"]["properties"].keys()
    assert set(OUTPUT_KEYS) == SCHEMA["properties"]["output"]["properties"].keys()
    data = SCHEMA["properties"]["data"]["then"]["properties"]
    assert {"from", *DATA_OPTIONS} == data.keys()
    assert [*DATA_FORMATS, None] == data["format"]["enum"]


def test_editors_offer_the_scenes_that_come_with_specfile() -> None:
    offered = SCHEMA["definitions"]["use"]["anyOf"][0]
    assert tuple(offered["enum"]) == built_in_scenes()
    assert all(offered["enumDescriptions"])
