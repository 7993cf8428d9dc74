from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.heygen.scripted_service import ScriptedService, serving
from tests.runner.project import MadeUpClock, Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project with a service of its own, both on one made-up clock."""
    clock = MadeUpClock()
    with serving(ScriptedService(clock=lambda: clock.wall().timestamp())) as service:
        yield Project(folder=tmp_path, service=service, clock=clock)
