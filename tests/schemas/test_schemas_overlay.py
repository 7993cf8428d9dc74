"""Corrections to the published definition, and the files generated from both."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from specfile.resources import resource
from specfile.schemas import SCHEMA_NAMES, Dialect, request_schema, schema_text, shape
from specfile.schemas.__main__ import main
from specfile.schemas.generate import generated
from specfile.schemas.overlay import corrected

OVERLAY = json.loads(resource("schemas", "overlay-v2.json").read_text(encoding="utf-8"))


def definition_of(schema: dict[str, Any]) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": schema}}}
    return {"paths": {"/make": {"post": {"requestBody": body}}}}


def overlay(*corrections: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"corrections": list(corrections), "descriptions": {}, "unions": []} | rest


@pytest.mark.parametrize("name", generated())
def test_generated_files_are_up_to_date(name: str) -> None:
    assert resource("schemas", name).read_text(encoding="utf-8") == generated()[name], (
        "run python -m specfile.schemas"
    )


def test_the_check_names_what_is_stale_and_the_generator_mends_it(tmp_path: Path) -> None:
    assert main([], tmp_path) is None
    (tmp_path / "v2-request.schema.json").write_text("{}\n", encoding="utf-8")
    assert main(["--check"], tmp_path) == "stale: v2-request.schema.json; run python -m specfile.schemas"
    assert main([], tmp_path) is None
    assert main(["--check"], tmp_path) is None
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == generated()


def test_the_generator_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "specfile.schemas", "--check"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_every_correction_has_a_reason_and_a_source() -> None:
    for correction in OVERLAY["corrections"] + OVERLAY["unions"]:
        assert correction["reason"].endswith(".")
        assert correction["source"]


def test_a_correction_is_a_merge_patch() -> None:
    definition = definition_of({"type": "object", "properties": {"n": {"type": "string", "default": "1"}}})
    patch = {"at": "n", "merge": {"type": "number", "default": None, "minimum": 0}}
    assert corrected(definition, overlay(patch)) == {
        "type": "object",
        "properties": {"n": {"type": "number", "minimum": 0}},
        "additionalProperties": False,
    }


def test_a_union_is_split_into_closed_members() -> None:
    fields = {"type": {"description": "Which."}, "a": {"type": "string"}, "b": {"type": "string"}}
    part = {"type": "object", "properties": fields, "required": ["type", "a", "b"]}
    members = {
        "one": {"description": "One.", "fields": ["a"], "required": ["a"]},
        "two": {"description": "Two.", "fields": ["a", "b"], "exactly_one_of": ["a", "b"]},
    }
    schema = corrected(
        definition_of({"properties": {"part": part}}), overlay(unions=[{"at": "part", "members": members}])
    )
    one, two = schema["properties"]["part"]["oneOf"]
    assert one == {
        "type": "object",
        "description": "One.",
        "properties": {
            "type": {"type": "string", "const": "one", "description": "Which."},
            "a": {"type": "string"},
        },
        "required": ["type", "a"],
        "additionalProperties": False,
    }
    assert two["required"] == ["type"]
    assert two["oneOf"] == [{"required": ["a"]}, {"required": ["b"]}]


def test_a_correction_of_nothing_is_refused() -> None:
    with pytest.raises(LookupError) as caught:
        corrected(definition_of({"properties": {}}), overlay({"at": "colour", "merge": {}}))
    assert caught.value.args == ("the overlay names 'colour', which the definition does not have",)


def every_field(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each property found anywhere in a schema, by the place where it is said."""
    if isinstance(schema, dict):
        for name, field in schema.get("properties", {}).items():
            yield f"{place}/{name}", field
        for name, inner in schema.items():
            yield from every_field(inner, f"{place}/{name}")
    elif isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from every_field(inner, f"{place}/{index}")


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_field_is_described_in_plain_words(name: str) -> None:
    schema = json.loads(schema_text(name))
    definitions = schema.get("$defs") or schema["definitions"]
    for place, field in every_field(schema):
        if "/if/" in place:
            continue  # a condition on a field that is described where it stands
        words = definitions[field["$ref"].rsplit("/", 1)[1]] if "$ref" in field else field
        assert words.get("description", "").endswith("."), place
        assert not {"<", "http"} & set(words["description"].replace("https address", "").split()), place


@pytest.mark.parametrize("dialect", ["v2", "v3", "webm"])
def test_a_request_schema_is_itself_valid_and_of_its_dialect(dialect: Dialect) -> None:
    schema = request_schema(dialect)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_a_shape_tells_what_each_field_takes() -> None:
    scene = shape("v2").fields["video_inputs"].item
    assert scene is not None
    voice = scene.fields["voice"]
    assert (voice.fields["pitch"].kind, voice.fields["duration"].kind) == ("integer", "number")
    assert {tag: list(fields) for tag, fields in voice.members.items() if tag != "text"} == {
        "audio": ["type", "audio_url", "audio_asset_id"],
        "silence": ["type", "duration"],
    }
    assert scene.fields["text"].members == {}
    assert shape("v2").fields["video_inputs"].kind == "list"
    assert shape("v2").fields["caption"].kind == "boolean"
