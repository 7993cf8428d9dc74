"""Renders into the test's own folder, with a scene cache of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from specfile.preview import Rendered, RenderSettings, render_video
from tests.preview.films import Render


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Render a payload into `tmp_path`; `assets` maps references to files."""

    def run(body: Mapping[str, Any], folder: str = "out", **options: Any) -> Rendered:
        assets: dict[str, Path] = options.pop("assets", {})
        settings = RenderSettings(**{"cache": tmp_path / "cache", "pill": False, **options})
        return render_video(body, tmp_path / folder, assets=assets.get, settings=settings)

    return run
