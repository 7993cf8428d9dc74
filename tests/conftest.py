"""Keeps every test away from the machine it runs on, and gives them the command line."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from specfile.cli import group
from specfile.cli.exits import run_to_exit_code
from specfile.cli.messages import read_text
from tests.running import Ran, Run

_NUMBERS = count()


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    read_text.cache_clear()
    # Ports are used again by other tests, and what their services offer isn't the same.
    catalogues = tmp_path_factory.getbasetemp() / "catalogues" / str(next(_NUMBERS))
    monkeypatch.setenv("SPECFILE_CATALOGUE_DIR", str(catalogues))
    for name in ("HEYGEN_API_KEY", "HEYGEN_API_KEY_FILE", "HEYGEN_API_BASE", "HEYGEN_UPLOAD_BASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process, as a pipe would see it."""

    def command(*arguments: str | Path) -> Ran:
        code = run_to_exit_code(group, [str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return command


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, which is also the current folder."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path
