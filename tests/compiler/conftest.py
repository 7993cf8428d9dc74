from __future__ import annotations

from pathlib import Path

import pytest

from tests.compiler.compiling import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty project; its root is its own folder."""
    (tmp_path / ".git").mkdir()
    return Folder(tmp_path)
