"""Only what is seen or heard decides the digest, and nothing else does."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import specfile
from specfile.film import Api, Film, Scene, Video, canonical_json
from tests.compiler.writing import Writer, in_parts, laid_out, shuffled, split

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=40).filter(
    str.strip
)
speeds = st.integers(50, 150).map(lambda hundredths: hundredths / 100)
scenes = st.fixed_dictionaries(
    {"say": texts.filter(lambda text: "{" not in text)},
    optional={
        "voice": st.fixed_dictionaries({}, optional={"speed": speeds, "pitch": st.integers(-50, 50)}),
        "background": st.sampled_from(["#000000", "#ffffff", "https://example.com/a.png"]),
        "character": st.fixed_dictionaries({"scale": st.integers(0, 5)}),
    },
)
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
storyboards = st.lists(scenes, min_size=1, max_size=4)
rich_scenes = st.one_of(
    st.fixed_dictionaries(
        {"say": texts.filter(lambda text: "{" not in text)},
        optional={
            "voice": st.fixed_dictionaries({}, optional={"speed": speeds, "pitch": st.integers(-50, 50)}),
            "background": st.sampled_from(["#000000", "#ffffff", "https://example.com/a.png"]),
            "character": st.fixed_dictionaries({"scale": st.sampled_from([0.5, 1, 1.25])}),
            "text": st.sampled_from(["Hello", "00123", "3.10"]),
        },
    ),
    st.fixed_dictionaries({"silence": st.integers(4, 400).map(lambda quarters: quarters / 4)}),
)
choices = st.fixed_dictionaries(
    {},
    optional={
        "caption": st.booleans(),
        "fps": st.sampled_from([25, 30, 29.97]),
        "dimension": st.fixed_dictionaries({"width": st.just(1280), "height": st.just(720)}),
        "test": st.booleans(),
        "title": st.just("T"),
    },
)
rich = st.builds(
    lambda board, more: {"specfile": 1, "defaults": DEFAULTS, **more, "scenes": board},
    st.lists(rich_scenes, min_size=1, max_size=4).filter(lambda board: any("say" in one for one in board)),
    choices,
)
DEFAULTS: dict[str, Any] = {
    "character": {"type": "avatar", "avatar_id": "A"},
    "voice": {"voice_id": "V"},
}
FEW = settings(max_examples=40, deadline=None)
randoms = st.integers(0, 2**32).map(Random)
HEAD: dict[str, Any] = {"specfile": 1, "defaults": {"avatar": "A", "voice": "V"}}


def video(spec: object, *, indent: int | None = None) -> Video:
    """Compile a spec written as JSON, which is YAML too."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "s.yaml")
        path.write_text(json.dumps(spec, ensure_ascii=False, indent=indent), encoding="utf-8")
        (only,) = specfile.load(path).compile()
        return only


def film_of(files: Mapping[str, bytes], api: Api | None = None) -> bytes:
    """The film of a spec that is written in these files."""
    with tempfile.TemporaryDirectory() as name:
        Path(name, ".git").mkdir()
        for file, content in files.items():
            path = Path(name, file)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        (only,) = specfile.load(Path(name, "s.yaml"), api=api).compile()
        assert hashlib.sha256(only.film).hexdigest()[:32] == only.digest
        return only.film


def reordered(value: object) -> object:
    if isinstance(value, dict):
        return {name: reordered(value[name]) for name in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def spelt_as_floats(value: object) -> object:
    if isinstance(value, dict):
        return {name: item if name == "specfile" else spelt_as_floats(item) for name, item in value.items()}
    if isinstance(value, list):
        return [spelt_as_floats(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@given(storyboards)
def test_order_of_keys_and_layout_of_the_file_do_not_count(board: list[Any]) -> None:
    spec = HEAD | {"scenes": board}
    assert video(spec).film == video(reordered(spec), indent=3).film


@FEW
@given(rich, randoms)
def test_no_choice_that_a_writer_has_counts(spec: dict[str, Any], random: Random) -> None:
    writer = Writer(
        random, indent=random.choice((1, 2, 4, 7)), flow=random.random(), shares=random.random() < 0.5
    )
    text = writer.document(shuffled(spec, random))
    assert film_of({"s.yaml": laid_out(text, random)}) == video(spec).film, text


@FEW
@given(rich, randoms)
def test_no_spelling_of_a_number_counts(spec: dict[str, Any], random: Random) -> None:
    text = Writer(random, spells=True).document(spec)
    assert film_of({"s.yaml": text.encode()}) == video(spec).film, text


@FEW
@given(rich, randoms)
def test_which_file_a_thing_stands_in_does_not_count(spec: dict[str, Any], random: Random) -> None:
    files = {name: Writer(random).document(one).encode() for name, one in split(spec, random).items()}
    assert film_of(files) == video(spec).film, files


@FEW
@given(rich)
def test_shorthands_and_the_parts_that_they_stand_for_are_one(spec: dict[str, Any]) -> None:
    assert video(spec | {"scenes": [in_parts(scene) for scene in spec["scenes"]]}).film == video(spec).film


@FEW
@given(st.lists(texts.filter(lambda text: "{" not in text), min_size=1, max_size=3), choices, randoms)
def test_api_does_not_count(said: list[str], more: dict[str, Any], random: Random) -> None:
    more = {name: one for name, one in more.items() if name not in ("fps", "test")}
    spec = HEAD | {"dimension": "720p", **more, "scenes": [{"say": text} for text in said]}
    text = Writer(random).document(spec)
    film = film_of({"s.yaml": text.encode()})
    by_spec = text.replace("specfile: 1\n", "specfile: 1\napi: v3\n", 1)
    assert film_of({"s.yaml": by_spec.encode()}) == film
    assert film_of({"s.yaml": text.encode()}, api="v3") == film


@FEW
@given(st.lists(texts.filter(lambda text: not set(text) & set('",;\t{')), min_size=1, max_size=6), randoms)
def test_order_of_rows_and_columns_gives_every_key_its_digest(names: list[str], random: Random) -> None:
    rows = [{"id": f"k{number}", "name": name, "plan": "free"} for number, name in enumerate(names)]
    forth = by_key(rows, list(rows[0]))
    assert set(forth) == {row["id"] for row in rows}
    assert by_key(random.sample(rows, len(rows)), random.sample(list(rows[0]), 3)) == forth


def by_key(rows: list[dict[str, str]], columns: list[str]) -> dict[str, str]:
    """The digest of every key of a table."""
    table = "\n".join(
        ",".join(row[name] for name in columns) for row in [dict(zip(columns, columns, strict=True)), *rows]
    )
    spec = HEAD | {"data": "d.csv", "key": "{{ id }}", "scenes": [{"say": "Hi {{ name }}, {{ plan }}"}]}
    with tempfile.TemporaryDirectory() as name:
        Path(name, "d.csv").write_text(table, encoding="utf-8", newline="\n")
        Path(name, "s.yaml").write_text(json.dumps(spec), encoding="utf-8")
        return {one.key: one.digest for one in specfile.load(Path(name, "s.yaml")).compile()}


@given(storyboards)
def test_spelling_of_numbers_does_not_count(board: list[Any]) -> None:
    board = [
        scene | {"voice": {name: value for name, value in scene.get("voice", {}).items() if name != "pitch"}}
        for scene in board
    ]
    spec = HEAD | {"scenes": board}
    assert video(spec).film == video(spelt_as_floats(spec)).film


@given(storyboards, st.sampled_from(["title", "folder_id", "callback_id", "callback_url"]), texts)
def test_metadata_does_not_count(board: list[Any], name: str, value: str) -> None:
    spec = HEAD | {"scenes": board}
    value = value.replace("{", "(")
    written = {
        "folder_id": f"f{value.encode().hex()}",
        "callback_url": f"https://x.io/{value.encode().hex()}",
    }
    with_metadata = video(spec | {name: written.get(name, value)})
    assert (with_metadata.digest, set(with_metadata.metadata)) == (video(spec).digest, {name})


@given(storyboards)
def test_writing_defaults_out_does_not_count(board: list[Any]) -> None:
    written_out = [
        scene
        | {"voice": {"voice_id": "V", **scene.get("voice", {})}}
        | {"character": {"type": "avatar", "avatar_id": "A", **scene.get("character", {})}}
        for scene in board
    ]
    assert video(HEAD | {"scenes": board}).digest == video({"specfile": 1, "scenes": written_out}).digest


@given(storyboards, st.data())
def test_every_word_and_every_scene_counts(board: list[Any], data: st.DataObject) -> None:
    before = video(HEAD | {"scenes": board}).digest
    index = data.draw(st.integers(0, len(board) - 1))
    longer = [scene | {"say": scene["say"] + " x"} if i == index else scene for i, scene in enumerate(board)]
    assert video(HEAD | {"scenes": longer}).digest != before
    assert video(HEAD | {"scenes": [*board, {"say": "more"}]}).digest != before


@given(storyboards)
def test_order_of_scenes_counts(board: list[Any]) -> None:
    forth, back = video(HEAD | {"scenes": board}), video(HEAD | {"scenes": board[::-1]})
    sent = forth.request.payload["video_inputs"]
    assert (forth.digest == back.digest) is (sent == sent[::-1])


@pytest.mark.parametrize(
    "setting",
    [
        {"caption": False},
        {"caption": True},
        {"dimension": "720p"},
        {"test": True},
        {"fps": 30},
        {"enable_watermark": True},
    ],
)
def test_setting_that_shows_counts_even_where_it_is_the_services_own(setting: dict[str, Any]) -> None:
    spec = HEAD | {"scenes": [{"say": "T"}]}
    assert video(spec | setting).digest != video(spec).digest


def test_unicode_is_told_apart_as_it_is_written() -> None:
    composed, decomposed = ({"say": f"caf{accent}"} for accent in ("\u00e9", "e\u0301"))
    assert video(HEAD | {"scenes": [composed]}).digest != video(HEAD | {"scenes": [decomposed]}).digest


def test_local_file_counts_by_content_not_by_name(tmp_path: Path) -> None:
    def digest(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + content)
        path = tmp_path / "s.yaml"
        path.write_text(json.dumps(HEAD | {"scenes": [{"say": "T", "background": name}]}), encoding="utf-8")
        return specfile.load(path).compile()[0].digest

    first = digest("a.png", b"one")
    assert digest("b.png", b"one") == first
    assert digest("a.png", b"two") != first


def test_digest_is_half_a_sha256_of_canonical_json() -> None:
    film = Film(
        scenes=(Scene(voice={"type": "silence", "duration": 1.0}),), settings={"fps": 25.5, "test": None}
    )
    assert film.canonical == b'{"fps":25.5,"scenes":[{"voice":{"duration":1,"type":"silence"}}]}'
    assert film.digest == hashlib.sha256(film.canonical).hexdigest()[:32]


@given(values)
def test_canonical_json_is_stable_when_read_back(value: object) -> None:
    once = canonical_json(value)
    assert canonical_json(json.loads(once)) == once
