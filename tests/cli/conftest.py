from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.heygen.scripted_service import ScriptedService, serving


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedService]:
    """The service that the environment names: every video is done at once, and nobody waits long."""
    with serving(ScriptedService()) as service:
        service.response_headers["X-Emulator-Speed"] = "1000"
        monkeypatch.setenv("HEYGEN_API_BASE", service.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        yield service
