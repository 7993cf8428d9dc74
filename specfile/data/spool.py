"""A temporary file for rows that can be read only once, or not as they are."""

from __future__ import annotations

import os
import tempfile
import weakref
from pathlib import Path


class Spool:
    """An empty file that nobody else can read, and that is deleted when nothing holds this any more."""

    def __init__(self, ending: str = "") -> None:
        handle, name = tempfile.mkstemp(prefix="specfile-", suffix=ending)
        os.close(handle)
        self.path = Path(name)
        weakref.finalize(self, _delete, self.path)


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)
