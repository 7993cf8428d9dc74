"""Whether two contenders made the same requests of the same rows."""

from __future__ import annotations

import json
from itertools import zip_longest
from pathlib import Path


def difference(ours: Path, theirs: Path) -> str | None:
    """The first line whose key or parsed payload isn't the same, or None where all are."""
    with ours.open(encoding="utf-8") as left, theirs.open(encoding="utf-8") as right:
        for number, (one, other) in enumerate(zip_longest(left, right), start=1):
            if one is None or other is None:
                return f"{ours.name} and {theirs.name} have not the same number of lines"
            mine, yours = json.loads(one), json.loads(other)
            if mine["key"] != yours["key"] or mine["payload"] != yours["payload"]:
                return f"line {number} differs:\n{ours.name}: {one}{theirs.name}: {other}"
    return None
