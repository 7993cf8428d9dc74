"""`split: true`: a scene whose text is too long becomes several."""

from __future__ import annotations

import pytest

from tests.compiler.compiling import Folder

HEAD = (
    "variables: {text: {default: x}}\n"
    "defaults: {avatar: A, voice: {voice_id: V, speed: 1.1}, background: '#111111'}\n"
)
LIMIT = 4_999


def sentences(length: int) -> str:
    """A text of so many characters, made of sentences with their number."""
    text = " ".join(f"This is sentence number {number:05}." for number in range(length // 30))
    return text[: length - 1].rstrip(" .") + "x" * (length - 1 - len(text[: length - 1].rstrip(" ."))) + "."


@pytest.mark.parametrize(
    ("length", "scenes"),
    [(1, 1), (LIMIT, 1), (LIMIT + 1, 2), (9_900, 2), (10_100, 3), (24_000, 5)],
)
def test_as_few_scenes_as_can_be(folder: Folder, length: int, scenes: int) -> None:
    text = sentences(length) if length > 1 else "T"
    said = folder.spoken(HEAD + "scenes: [{split: true, say: '{{ text }}'}]\n", {"text": text})
    assert len(said) == scenes
    assert all(len(one) <= LIMIT for one in said)
    assert " ".join(said) == text


def test_every_piece_is_a_scene_like_the_whole(folder: Folder) -> None:
    text = HEAD + "scenes: [{split: true, say: '{{ text }}', text: On screen}]\n"
    first, second = folder.payload(text, {"text": sentences(6_000)})["video_inputs"]
    assert first["voice"].pop("input_text") != second["voice"].pop("input_text")
    assert first == second
    assert first["voice"] == {"type": "text", "voice_id": "V", "speed": 1.1}


def test_without_split_a_long_text_is_an_error(folder: Folder) -> None:
    one = folder.problem(HEAD + "scenes: [{say: '{{ text }}'}]\n", {"text": sentences(5_000)})
    assert one.code == "text-too-long"
    assert "split: true" in str(one.hint)


@pytest.mark.parametrize("value", ["false", "'{{ long }}'"])
def test_split_may_be_false_and_a_template(folder: Folder, value: str) -> None:
    text = "with: {long: false}\n" + HEAD + f"scenes: [{{split: {value}, say: '{{{{ text }}}}'}}]\n"
    assert folder.problem(text, {"text": sentences(5_000)}).code == "text-too-long"


def test_split_is_true_or_false(folder: Folder) -> None:
    one = folder.problem(HEAD + "scenes: [{split: 3, say: T}]\n")
    assert (one.code, one.path) == ("wrong-type", "scenes[0].split")


@pytest.mark.parametrize("scene", ["silence: 1", "audio: 'https://example.com/a.mp3'"])
def test_nothing_is_split_where_nothing_is_said(folder: Folder, scene: str) -> None:
    assert len(folder.payload(HEAD + f"scenes: [{{split: true, {scene}}}]\n")["video_inputs"]) == 1


def test_pieces_count_towards_the_limit_of_scenes(folder: Folder) -> None:
    text = HEAD + "scenes:\n- for: x in range(26)\n  split: true\n  say: '{{ text }}'\n"
    assert folder.problem(text, {"text": sentences(6_000)}).code == "too-many-scenes"


def test_text_from_a_used_file_is_split_as_well(folder: Folder) -> None:
    folder.write("part.yaml", "variables: {words: {}}\nscenes: [{split: true, say: '{{ words }}'}]\n")
    text = HEAD + "scenes:\n- use: part.yaml\n  with: {words: '{{ text }}'}\n"
    assert len(folder.spoken(text, {"text": sentences(6_000)})) == 2


def test_pause_is_never_cut(folder: Folder) -> None:
    text = (sentences(100) + ' <break time="1.5s"/> ') * 60
    said = folder.spoken(HEAD + "scenes: [{split: true, say: '{{ text }}'}]\n", {"text": text})
    assert len(said) > 1
    assert all(one.count("<") == one.count("<break") == one.count("/>") for one in said)


def test_short_text_with_split_is_the_same_film_as_without(folder: Folder) -> None:
    (split,) = folder.videos(HEAD + "scenes: [{split: true, say: T}]\n")
    (whole,) = folder.videos(HEAD + "scenes: [{say: T}]\n")
    assert split.digest == whole.digest
