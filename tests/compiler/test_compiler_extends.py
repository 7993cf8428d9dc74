"""`extends`: a spec starts from another file's keys, and its own win."""

from __future__ import annotations

from pathlib import Path

import pytest

import specfile
from tests.compiler.compiling import Folder

BRAND = "specfile: 1\ndefaults: {avatar: A, voice: V}\n"
SCENES = "scenes: [{say: T}]\n"


def test_spec_starts_from_the_keys_of_the_file_it_extends(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + "dimension: 720p\ncaption: true\ntitle: Theirs\n")
    payload = folder.payload("extends: brand.yaml\ntitle: Ours\n" + SCENES)
    assert payload["dimension"] == {"width": 1280, "height": 720}
    assert (payload["caption"], payload["title"]) == (True, "Ours")
    assert payload["video_inputs"][0]["voice"]["voice_id"] == "V"


def test_scenes_are_replaced_as_a_whole(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + "scenes: [{say: A}, {say: B}]\n")
    assert folder.spoken("extends: brand.yaml\n") == ["A", "B"]
    assert folder.spoken("extends: brand.yaml\nscenes: [{say: C}]\n") == ["C"]


def test_dimension_is_replaced_and_not_merged(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + "dimension: {width: 640, height: 360}\n")
    payload = folder.payload("extends: brand.yaml\ndimension: {width: 200, height: 400}\n" + SCENES)
    assert payload["dimension"] == {"width": 200, "height": 400}


def test_constants_are_merged_by_name_and_replaced_whole(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + "with: {a: 1, b: {x: 1, y: 2}}\n")
    scene = "scenes: [{say: '{{ a }} {{ b.x }} {{ b | length }} {{ c }}'}]\n"
    assert folder.spoken("extends: brand.yaml\nwith: {b: {x: 3}, c: 4}\n" + scene) == ["1 3 1 4"]


def test_constant_is_made_of_those_below_it_and_they_of_what_replaces_them(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + "with: {name: Acme, greeting: 'Hi from {{ name }}'}\n")
    text = (
        "extends: brand.yaml\nwith: {name: Zenith, more: '{{ greeting }}!'}\nscenes: [{say: '{{ more }}'}]\n"
    )
    assert folder.spoken(text) == ["Hi from Zenith!"]


def test_declarations_are_merged_by_name_and_replaced_whole(folder: Folder) -> None:
    folder.write(
        "brand.yaml", BRAND + "variables: {n: {type: integer, default: 1, minimum: 0}, m: {default: x}}\n"
    )
    text = "extends: brand.yaml\nvariables: {n: {type: integer, default: -1}}\n"
    text += "scenes: [{say: '{{ n }} {{ m }}'}]\n"
    assert folder.spoken(text) == ["-1 x"]
    assert folder.spoken(text, {"n": "-7"}) == ["-7 x"]


def test_output_is_merged_by_key(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + "output: {dir: films, file: theirs}\n")
    (video,) = folder.videos("extends: brand.yaml\noutput: {file: ours}\n" + SCENES)
    assert video.output == folder.path / "films" / "ours.mp4"


def test_defaults_lie_over_each_other_like_all_defaults(folder: Folder) -> None:
    folder.write(
        "brand.yaml",
        "defaults: {avatar: A, voice: {voice_id: V, speed: 1.2}, background: '#111111'}\n",
    )
    text = (
        "extends: brand.yaml\ndefaults: {voice: {pitch: 3}, background: {url: 'https://example.com/a.png'}}\n"
    )
    scene = folder.scene(text + SCENES)
    assert scene["voice"] == {"type": "text", "voice_id": "V", "speed": 1.2, "pitch": 3, "input_text": "T"}
    assert scene["background"] == {"type": "image", "url": "https://example.com/a.png"}


@pytest.mark.parametrize(
    ("null", "gone"),
    [
        ("defaults: {character: null}\n", "character"),
        ("defaults: {background: null}\n", "background"),
    ],
)
def test_null_removes_an_inherited_part(folder: Folder, null: str, gone: str) -> None:
    folder.write("brand.yaml", "defaults: {avatar: A, voice: V, background: '#111111'}\n")
    scene = folder.scene("extends: brand.yaml\n" + null + SCENES)
    assert {"character", "voice", "background"} - scene.keys() == {gone}


@pytest.mark.parametrize(
    ("base", "null"),
    [
        ("caption: true\n", "caption: null\n"),
        ("title: Theirs\n", "title: null\n"),
        ("dimension: 720p\n", "dimension: null\n"),
        ("folder_id: f\n", "folder_id: null\n"),
    ],
)
def test_null_removes_an_inherited_field(folder: Folder, base: str, null: str) -> None:
    folder.write("brand.yaml", BRAND + base)
    name = base.partition(":")[0]
    assert name in folder.payload("extends: brand.yaml\n" + SCENES)
    assert name not in folder.payload("extends: brand.yaml\n" + null + SCENES)


@pytest.mark.parametrize("null", ["data: null\nkey: null\n", "data:\nkey:\n"])
def test_null_removes_inherited_data(folder: Folder, null: str) -> None:
    folder.write("d.csv", "id\n1\n2\n")
    folder.write("brand.yaml", BRAND + "data: d.csv\nkey: '{{ id }}'\n")
    assert len(folder.videos("extends: brand.yaml\n" + SCENES)) == 2
    (video,) = folder.videos("extends: brand.yaml\n" + null + SCENES)
    assert video.key == "spec"


@pytest.mark.parametrize("name", ["if", "for", "with", "defaults", "variables", "output"])
def test_null_removes_an_inherited_key_of_the_spec(folder: Folder, name: str) -> None:
    base = {
        "if": "if: false\n",
        "for": "for: x in [1, 2]\nkey: '{{ x }}'\n",
        "with": "with: {x: '{{ nothing }}'}\n",
        "defaults": "defaults: {background: '{{ nothing }}'}\n",
        "variables": "variables: {x: {type: integer}}\n",
        "output": "output: {dir: '{{ nothing }}'}\n",
    }[name]
    folder.write("brand.yaml", base)
    gone = f"{name}: null\n" + ("key: null\n" if name == "for" else "")
    assert (
        len(folder.videos("extends: brand.yaml\n" + gone + "scenes: [{say: T, avatar: A, voice: V}]\n")) == 1
    )


def test_extended_file_may_extend_another(folder: Folder) -> None:
    folder.write(
        "a.yaml", "defaults: {avatar: A, voice: V, background: '#111111'}\nwith: {x: 1, y: 1, z: 1}\n"
    )
    folder.write(
        "b.yaml", "extends: a.yaml\ndefaults: {voice: {speed: 1.1}}\nwith: {y: 2, z: 2}\ncaption: true\n"
    )
    text = "extends: b.yaml\nwith: {z: 3}\nscenes: [{say: '{{ x }}{{ y }}{{ z }}'}]\n"
    payload = folder.payload(text)
    scene = payload["video_inputs"][0]
    assert payload["caption"] is True
    assert scene["voice"] == {"type": "text", "voice_id": "V", "speed": 1.1, "input_text": "123"}
    assert scene["background"]["value"] == "#111111"


def test_paths_are_relative_to_the_file_that_writes_them(folder: Folder) -> None:
    folder.write("brand/d.csv", "id\n1\n")
    folder.write("brand/logo.png", b"\x89PNG\r\n\x1a\nbrand")
    folder.write("logo.png", b"\x89PNG\r\n\x1a\nspec")
    folder.write("brand/hello.yaml", "scenes: [{say: Hello}]\n")
    folder.write(
        "brand/brand.yaml",
        BRAND + "data: d.csv\nkey: '{{ id }}'\noutput: {dir: films}\nwith: {logo: logo.png}\n"
        "scenes:\n- {say: T, background: logo.png}\n- {say: T, background: '{{ logo }}'}\n"
        "- use: hello.yaml\n",
    )
    (video,) = folder.videos("extends: brand/brand.yaml\n")
    assert video.key == "1"
    assert video.output == folder.path / "brand" / "films" / "1.mp4"
    assert [asset.path for asset in video.request.assets] == [folder.path / "brand" / "logo.png"]
    (video,) = folder.videos("extends: brand/brand.yaml\nscenes: [{say: T, background: logo.png}]\n")
    assert [asset.path for asset in video.request.assets] == [folder.path / "logo.png"]


def test_key_of_a_lone_video_is_the_stem_of_the_spec_itself(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + SCENES)
    (video,) = folder.videos("extends: brand.yaml\n")
    assert (video.key, video.output) == ("spec", folder.path / "videos" / "spec.mp4")


def test_same_film_has_the_same_digest_however_it_is_put_together(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + "dimension: 720p\n")
    folder.write("part.yaml", "variables: {what: {}}\nscenes: [{say: '{{ what }}'}]\n")
    scene = "scenes: [{use: part.yaml, with: {what: T}}]\n"
    (extended,) = folder.videos("extends: brand.yaml\n" + scene)
    (plain,) = folder.videos("dimension: 720p\ndefaults: {avatar: A, voice: V}\n" + SCENES)
    assert extended.digest == plain.digest


def test_used_file_cannot_extend(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND)
    folder.write("part.yaml", "extends: brand.yaml\n" + SCENES)
    assert folder.problem("scenes: [{use: part.yaml}]\n").code == "unknown-key"


def test_scene_cannot_extend(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND)
    assert folder.problem("scenes: [{say: T, extends: brand.yaml}]\n").code == "unknown-key"


@pytest.mark.parametrize(
    ("base", "code"),
    [
        ("- say: T\n", "wrong-type"),
        ("colour: red\n", "unknown-key"),
        ("", "empty-file"),
        ("with: [1]\n", "wrong-type"),
        ("defaults: 1\n", "wrong-type"),
        ("defaults: {colour: red}\n", "unknown-key"),
    ],
)
def test_mistake_in_an_extended_file_is_said_once_and_there(folder: Folder, base: str, code: str) -> None:
    folder.write("brand.yaml", base)
    one = folder.problem("extends: brand.yaml\n" + SCENES)
    assert one.code == code
    assert one.span is None or Path(one.span.file).name == "brand.yaml"


def test_files_that_extend_each_other_are_an_error(folder: Folder) -> None:
    folder.write("a.yaml", "extends: spec.yaml\n")
    one = folder.problem("extends: a.yaml\n" + SCENES)
    spec, a = f"{folder.path}/spec.yaml", f"{folder.path}/a.yaml"
    assert (one.code, one.message) == (
        "file-cycle",
        f"these files lead back to themselves: {spec} → {a} → {spec}",
    )


def test_extended_file_lies_inside_the_project(folder: Folder) -> None:
    (folder.path.parent / "brand.yaml").write_text(BRAND, encoding="utf-8")
    assert folder.problem("extends: ../brand.yaml\n" + SCENES).code == "outside-project"


@pytest.mark.parametrize("text", ["extends: part.yaml\n" + SCENES, "scenes: [{use: part.yaml}]\n"])
def test_file_of_another_language_version_is_refused(folder: Folder, text: str) -> None:
    folder.write("part.yaml", "specfile: 2\n" + SCENES)
    one = folder.problem(text)
    assert (one.code, one.span and Path(one.span.file).name) == ("unknown-version", "part.yaml")


def test_values_that_only_inherited_scenes_read_are_not_called_unused(folder: Folder) -> None:
    folder.write(
        "episode.yaml",
        BRAND + "dimension: 720p\nscenes:\n- say: '{{ topic }}'\n- for: guest in guests\n"
        "  scenes: [{say: '{{ guest }} {{ town }}'}]\n",
    )
    spec = folder.write(
        "spec.yaml",
        "specfile: 1\nextends: episode.yaml\nvariables: {town: {default: Ghent}}\n"
        "with: {topic: Snow, guests: [Ada], left_over: 1}\n",
    )
    assert [one.message for one in specfile.load(spec).check()] == ["the constant `left_over` is never used"]


def test_base_may_offer_more_than_a_spec_uses(folder: Folder) -> None:
    folder.write("brand.yaml", BRAND + "dimension: 720p\nwith: {phone: 1}\nvariables: {who: {default: x}}\n")
    spec = folder.write("spec.yaml", "specfile: 1\nextends: brand.yaml\n" + SCENES)
    assert specfile.load(spec).check() == ()
