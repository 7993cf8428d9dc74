"""A project as `specfile init` writes it, open in an editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from specfile.cli import group
from specfile.cli.exits import run_to_exit_code
from tests.editor.installed import server_command
from tests.editor.language_server import LanguageServer, running


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editor") / "videos"
    assert run_to_exit_code(group, ["init", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def server(new_project: Path) -> Iterator[LanguageServer]:
    """A server that has no settings for schemas: only a file's first line says which it keeps to."""
    with running(server_command(), new_project) as started:
        yield started
