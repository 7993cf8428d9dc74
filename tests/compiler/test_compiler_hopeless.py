"""A mistake of the spec that every row meets is explained a few times, and no row is gone through in vain."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from specfile import load
from specfile.compiler.stepwise import Stepwise

SPEC = """\
specfile: 1
variables: {seats: {type: integer}}
data: d.csv
key: "{{ id }}"
dimension: 720p
defaults: {avatar: A, voice: V}
scenes:
  - say: "{{ name | shout }}, you have {{ seats }} seats."
"""


def written(folder: Path, rows: int, *, seats: str) -> Path:
    lines = [f"{number},Ada,{seats if number == rows - 1 else 2}" for number in range(rows)]
    (folder / "d.csv").write_text("\n".join(["id,name,seats", *lines]), encoding="utf-8")
    path = folder / "s.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def test_few_rows_are_compiled_once_it_is_clear_that_the_spec_is_wrong(tmp_path: Path) -> None:
    with patch.object(Stepwise, "videos", autospec=True, side_effect=Stepwise.videos) as videos:
        found = load(written(tmp_path, 5_000, seats="2")).check()
    assert [one.code for one in found] == ["unknown-filter"]
    assert videos.call_count < 100


def test_what_is_wrong_with_cells_is_still_found_in_all_rows(tmp_path: Path) -> None:
    found = load(written(tmp_path, 5_000, seats="two")).check()
    assert [(one.code, str(one.cell)) for one in found if one.cell] == [
        ("bad-cell", f"row 5000 of {tmp_path}/d.csv, column seats")
    ]
    assert [one.code for one in found if one.cell is None] == ["unknown-filter"]


def test_rows_that_no_video_came_of_are_not_compiled_again_where_others_clash(tmp_path: Path) -> None:
    lines = ["id,name,seats", *(f"{number},,2" for number in range(100)), "x,Ada,2", "x,Bob,3"]
    (tmp_path / "d.csv").write_text("\n".join(lines), encoding="utf-8")
    spec = tmp_path / "s.yaml"
    spec.write_text(SPEC.replace("{{ name | shout }}, you have {{ seats }} seats.", "{{ name }}"), "utf-8")
    with patch.object(Stepwise, "videos", autospec=True, side_effect=Stepwise.videos) as videos:
        found = load(spec).check()
    assert [one.code for one in found if one.code != "empty-text"] == ["duplicate-key-in-data"]
    assert len(found) == 101
    assert videos.call_count < 110
