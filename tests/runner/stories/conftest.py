from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.heygen.scripted_service import ScriptedService, serving
from tests.runner.stories.telling import Story
from tests.running import Run


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Iterator[Story]:
    """A project of one spec for two people, at a service whose clock runs fast."""
    (tmp_path / "project" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project")
    with serving(ScriptedService()) as service:
        service.response_headers["X-Emulator-Speed"] = "1000"
        monkeypatch.setenv("HEYGEN_API_BASE", service.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        story = Story(run, service)
        story.spec()
        story.people("Ada", "Bob")
        yield story
