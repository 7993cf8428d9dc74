"""A scene is rendered once and joined into any number of films."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from specfile.preview.drawing.stage import Stage
from specfile.preview.film.cache import SceneJob, prune
from specfile.preview.film.scenes import build_stage
from specfile.preview.layout import frame_of
from specfile.preview.references import SceneFiles
from tests.preview.films import Render, colour, payload, scene, watch
from tests.preview.looking import BLUE, RED, bare, is_near, picture_file

NOW = 2_000_000_000.0


def test_a_second_render_encodes_nothing(render: Render) -> None:
    body = payload(scene("One."), scene("Two."))
    first, second = render(body, "first"), render(body, "second")
    assert (first.encoded_scenes, second.encoded_scenes) == (2, 0)
    assert first.video.read_bytes() == second.video.read_bytes()


def test_only_a_changed_scene_is_encoded(render: Render) -> None:
    render(payload(scene("Hi Ann."), scene("Same."), scene("Also the same.")))
    assert render(payload(scene("Hi Bob."), scene("Same."), scene("Also the same."))).encoded_scenes == 1


def test_the_order_of_scenes_costs_nothing(render: Render) -> None:
    one, two = scene("One."), scene("Two.")
    render(payload(one, two))
    assert render(payload(two, one, one)).encoded_scenes == 0


def test_a_scene_shown_twice_is_encoded_once(render: Render) -> None:
    rendered = render(payload(scene("Again."), scene("Other."), scene("Again.")))
    assert rendered.encoded_scenes == 2


def test_a_film_from_the_cache_is_the_film_rendered_afresh(render: Render, tmp_path: Path) -> None:
    render(payload(scene("One."), scene("Two.")))
    joined = render(payload(scene("Two."), scene("Three.")), "joined")
    afresh = render(payload(scene("Two."), scene("Three.")), "afresh", cache=tmp_path / "other")
    assert joined.video.read_bytes() == afresh.video.read_bytes()


def test_numbers_are_compared_by_value(render: Render) -> None:
    one, two = scene("Hi."), scene("Hi.")
    one["voice"]["speed"], two["voice"]["speed"] = 1, 1.0
    render(payload(one))
    assert render(payload(two)).encoded_scenes == 0


def test_new_bytes_in_a_file_of_the_same_name_count(render: Render, tmp_path: Path) -> None:
    file = tmp_path / "ground.png"
    body = payload(scene(background={"type": "image", "image_asset_id": "ground"}))
    Image.new("RGB", (64, 36), "red").save(file)
    render(body, assets={"ground": file})
    Image.new("RGB", (64, 36), "blue").save(file)
    assert render(body, assets={"ground": file}).encoded_scenes == 1


def test_a_file_that_changes_while_it_is_drawn_is_kept_for_what_it_is(
    render: Render, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, body = tmp_path / "a.png", payload(bare(background={"type": "image", "image_asset_id": "a"}))
    pictures = [picture_file(tmp_path / f"{one}.png", (64, 36), one, one) for one in (RED, BLUE)]
    shutil.copyfile(pictures[0], file)

    def changed_before(*args: Any, **options: Any) -> Stage:
        shutil.copyfile(pictures[1], file)
        return build_stage(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr("specfile.preview.film.cache.build_stage", changed_before)
        render(body, assets={"a": file})
    shutil.copyfile(pictures[0], file)
    assert is_near(watch(render(body, assets={"a": file}).video).pictures[0][90, 160], RED)


@pytest.mark.parametrize("change", [{"width": 640}, {"caption": True}])
def test_what_changes_the_picture_is_rendered_again(render: Render, change: dict[str, int]) -> None:
    render(payload(scene("Hi.")))
    assert render(payload(scene("Hi."), **change)).encoded_scenes == 1


def test_fonts_count_of_all_that_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("specfile.preview.film.cache.fonts_beside_own", told.append)
    named = {"type": "avatar", "avatar_id": "花子"}
    job(scene("言う") | {"character": named, "text": {"text": "書く"}}).key()
    assert all(text in told[0] for text in ("言う", "花子", "書く"))


def test_a_scene_that_was_left_damaged_is_rendered_anew(render: Render, tmp_path: Path) -> None:
    body = payload(scene("Hi."))
    before = render(body).video.read_bytes()
    [about] = (tmp_path / "cache").rglob("scene.json")
    about.write_bytes(b"")
    again = render(body)
    assert (again.encoded_scenes, again.video.read_bytes()) == (1, before)


def test_notes_come_from_the_cache_too(render: Render) -> None:
    body = payload(scene(background={"type": "image", "url": "https://example.com/a.png"}))
    assert render(body).notes == render(body).notes != ()


def test_a_failed_render_leaves_nothing_in_the_cache(render: Render, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        render(payload(scene(background=colour("colour"))))
    assert [entry for entry in (tmp_path / "cache").rglob("*") if entry.is_file()] == []


def test_films_are_joined_without_encoding_again(render: Render, tmp_path: Path) -> None:
    one, two = (render(payload(scene(text)), text).video for text in ("One.", "Two."))
    both = render(payload(scene("One."), scene("Two.")), "both").video
    assert len(watch(both).pictures) == len(watch(one).pictures) + len(watch(two).pictures)


def job(one: Mapping[str, Any]) -> SceneJob:
    frame = frame_of(payload(one))
    return SceneJob(scene=one, files=SceneFiles(), frame=frame, looks=("clean",), tick_hz=12.5, pill=True)


def entry(shelf: Path, name: str, *, size: int, age: float) -> Path:
    folder = shelf / name
    folder.mkdir(parents=True)
    (folder / "clean.mov").write_bytes(bytes(size))
    os.utime(folder, (NOW - age, NOW - age))
    return folder


def test_scenes_unused_for_longest_make_room(tmp_path: Path) -> None:
    names = {"new": 4000.0, "old": 9000.0, "oldest": 99_000.0}
    for name, age in names.items():
        entry(tmp_path, name, size=100, age=age)
    prune(tmp_path, 200, now=NOW)
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["new", "old"]


def test_scenes_in_use_are_never_dropped(tmp_path: Path) -> None:
    for number in range(3):
        entry(tmp_path, str(number), size=100, age=60)
    prune(tmp_path, 0, now=NOW)
    assert len(list(tmp_path.iterdir())) == 3
