"""The schema that editors check storyboards against."""

import json
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from specfile.film import FILM_SETTINGS, METADATA_FIELDS
from specfile.language.blocks import BLOCK_KEYS, SCENE_FIELDS, SPEC_KEYS
from specfile.schemas import schema_text

SCHEMA = json.loads(schema_text("authoring"))

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
]


def errors(storyboard: str) -> list[str]:
    validator = jsonschema.Draft7Validator(SCHEMA)
    document = YAML(typ="safe", pure=True).load(storyboard)
    return [error.json_path for error in validator.iter_errors(document)]


def test_the_schema_is_valid_and_of_the_dialect_that_every_editor_knows() -> None:
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_a_storyboard_that_uses_the_whole_language_has_no_errors() -> None:
    assert errors(STORYBOARD) == []


@pytest.mark.parametrize("written", IN_A_SCENE)
def test_a_scene_may_be_written_with_shorthands_templates_and_nulls(written: str) -> None:
    assert errors(f"specfile: 1\nscenes:\n  - {written}\n") == []


@pytest.mark.parametrize("dimension", ["720p", "square", "640x480", "{width: 1280, height: '{{ h }}'}"])
def test_a_dimension_may_be_named(dimension: str) -> None:
    assert errors(f"specfile: 1\ndimension: {dimension}\n") == []


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("titel: Hello", "$"),
        ("specfile: 2", "$.specfile"),
        ("api: v1", "$.api"),
        ("dimension: 720", "$.dimension"),
        ("caption: 'yes'", "$.caption"),
        ("output: {directory: x}", "$.output"),
        ("scenes: [{sey: Hi}]", "$.scenes[0]"),
        ("scenes: [{silence: 0.5}]", "$.scenes[0].silence"),
        ("scenes: [{voice: {speed: 2.4}}]", "$.scenes[0].voice"),
        ("scenes: [{voice: {type: silence, voice_id: v}}]", "$.scenes[0].voice"),
        ("scenes: [{scenes: [{background: {colour: red}}]}]", "$.scenes[0].scenes[0].background"),
        ("defaults: {id: hello}", "$.defaults"),
    ],
)
def test_a_mistake_is_found_where_it_is(written: str, place: str) -> None:
    version = "" if written.startswith("specfile") else "specfile: 1\n"
    assert errors(f"{version}{written}\n") == [place]


def test_the_language_version_is_required() -> None:
    assert errors("title: Hello\n") == ["$"]


def test_editors_offer_exactly_the_keys_that_the_reader_of_specs_takes() -> None:
    blocks: dict[str, Any] = SCHEMA["definitions"]["block"]["properties"]
    assert {*SPEC_KEYS, *METADATA_FIELDS, *FILM_SETTINGS} == SCHEMA["properties"].keys()
    assert {*SCENE_FIELDS, *BLOCK_KEYS} == blocks.keys()
