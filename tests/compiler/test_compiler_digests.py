"""Only what is seen or heard decides the digest, and nothing else does."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specfile
from specfile.film import Film, Scene, Video, canonical_json

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
HEAD: dict[str, Any] = {"specfile": 1, "defaults": {"avatar": "A", "voice": "V"}}


def video(spec: object, *, indent: int | None = None) -> Video:
    """Compile a spec written as JSON, which is YAML too."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "s.yaml")
        path.write_text(json.dumps(spec, ensure_ascii=False, indent=indent), encoding="utf-8")
        (only,) = specfile.load(path).compile()
        return only


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
