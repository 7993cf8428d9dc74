"""How lengths, money, counts and places read."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.report.words import ago, beside, count, length, money


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (0.2, "0:01"), (7, "0:07"), (750, "12:30"), (3723.4, "1:02:03")]
)
def test_length_of_a_film(seconds: float, text: str) -> None:
    assert length(seconds) == text


@pytest.mark.parametrize(
    ("usd", "text"), [(0, "$0.00"), (0.001, "<$0.01"), (0.216, "$0.22"), (1234, "$1,234.00")]
)
def test_money(usd: float, text: str) -> None:
    assert money(usd) == text


def test_counts_name_one_and_many() -> None:
    assert [count(n, "video") for n in (0, 1, 1000)] == ["0 videos", "1 video", "1,000 videos"]


def test_a_path_below_the_current_folder_is_shown_as_it_is_typed(project: Path) -> None:
    assert beside(project / "videos" / "a.mp4") == "videos/a.mp4"
    assert beside(project.parent / "a.mp4") == str(project.parent / "a.mp4")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3 * 3600 + 50, "3 hours ago"),
        (12.5 * 86_400, "12 days ago"),
    ],
)
def test_how_long_it_is_since(seconds: float, text: str) -> None:
    assert ago(seconds) == text
