"""A host of files on this machine, reached as if there were no proxy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.online.file_host import FileHost, file_host


@pytest.fixture
def host() -> Iterator[FileHost]:
    with file_host() as host:
        yield host


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have one."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
