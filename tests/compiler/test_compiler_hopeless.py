"""A mistake of the spec that every row meets is explained a few times, not a hundred thousand."""

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
