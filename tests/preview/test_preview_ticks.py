"""How often the pictures of a film may change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from specfile.preview.film.ticks import tick_hz_of
from specfile.preview.model import RenderSettings
from specfile.preview.references import SceneFiles
from tests.preview.films import Render, payload, scene, watch

COLOUR: dict[str, Any] = {"background": {"type": "color", "value": "#102030"}}
VIDEO: dict[str, Any] = {"background": {"type": "video", "url": "https://example.com/a.mp4"}}
HERE, NOWHERE = SceneFiles(background=Path("a.mp4")), SceneFiles()


@pytest.mark.parametrize(
    ("settings", "one", "files", "hz"),
    [
        ({}, COLOUR, NOWHERE, 12.5),
        ({}, {}, NOWHERE, 12.5),
        ({}, VIDEO, NOWHERE, 12.5),
        ({}, VIDEO, HERE, 25),
        ({"fps": 25}, COLOUR, NOWHERE, 25),
        ({"fps": 10}, VIDEO, HERE, 10),
        ({"fps": 29.97}, COLOUR, NOWHERE, 29.97),
        ({"fps": 0.01}, COLOUR, NOWHERE, 1),
        ({"fps": 1000}, VIDEO, HERE, 60),
    ],
)
def test_the_request_decides_and_a_video_moves_more_often(
    settings: dict[str, Any], one: dict[str, Any], files: SceneFiles, hz: float
) -> None:
    assert tick_hz_of(settings, one, files, RenderSettings()) == hz


def test_the_settings_hold_where_the_request_says_nothing() -> None:
    asked = [RenderSettings(tick_hz=hz) for hz in (5, 40)]
    assert [tick_hz_of({}, COLOUR, NOWHERE, one) for one in asked] == [5, 40]
    assert [tick_hz_of({}, VIDEO, HERE, one) for one in asked] == [25, 40]


@pytest.mark.parametrize(("fps", "step"), [(None, 0.08), (25, 0.04), (60, 1 / 60)])
def test_lips_move_at_that_pace(render: Render, fps: int | None, step: float) -> None:
    asked = {"fps": fps} if fps else {}
    film = watch(render(payload(scene("Hello there, and welcome to the show."), **asked)).video)
    ticks = np.array(film.times) / step
    assert np.abs(ticks - ticks.round()).max() < 0.01
    assert np.diff(ticks).min() == pytest.approx(1, abs=0.01)
