"""A host of files on this machine, reached as if there were no proxy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.online.file_host import FileHost, file_host, without_proxies


@pytest.fixture
def host() -> Iterator[FileHost]:
    with file_host() as host:
        yield host


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxies(monkeypatch)
