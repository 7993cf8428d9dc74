"""Where one storyboard and one table wait for the contenders."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from benchmarks.mass.data import COLUMNS, write_table
from specfile.schemas import schema_text

Storyboard = Literal["A", "B"]

HERE: Final = Path(__file__).parent
PEERS: Final = HERE / "peers"
_COLUMNS: Final = {"A": COLUMNS[:-1], "B": COLUMNS}


@dataclass(frozen=True, slots=True)
class Stage:
    """A folder with a storyboard, its table and the request schema as a file. Get one from `set_up`."""

    folder: Path
    storyboard: Storyboard
    rows: int

    @property
    def spec(self) -> Path:
        """The storyboard, beside the table that it names."""
        return self.folder / f"{self.storyboard}.yaml"

    @property
    def table(self) -> Path:
        """The customers as CSV."""
        return self.folder / "customers.csv"

    @property
    def schema(self) -> Path:
        """What specfile validates requests by; its peers read it from here."""
        return self.folder / "request.schema.json"

    def output(self, name: str) -> Path:
        """Where a contender writes its lines."""
        return self.folder / f"{name}.jsonl"


def set_up(folder: Path, storyboard: Storyboard, rows: int, seed: int = 1) -> Stage:
    """Lay out everything that a contender reads."""
    folder.mkdir(parents=True)
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, folder)
    stage = Stage(folder, storyboard, rows)
    write_table(stage.table, rows, _COLUMNS[storyboard], seed)
    stage.schema.write_text(schema_text("v2-request"), encoding="utf-8")
    return stage
