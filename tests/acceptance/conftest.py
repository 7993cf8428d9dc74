from __future__ import annotations

from collections.abc import Iterator

import pytest

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from tests.acceptance.wire import Wire, listen


@pytest.fixture(scope="module", autouse=True)
def _scene_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A service elsewhere, as the environment names it; every video is done at once."""
    with Emulator(EmulatorSettings(progress=AT_ONCE, speed=1000)) as emulator:
        monkeypatch.setenv("HEYGEN_API_BASE", emulator.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        yield emulator


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """What arrives at the service."""
    return listen(monkeypatch)
