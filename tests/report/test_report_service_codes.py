"""What `specfile explain` says of the service's codes, and the page that lists them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.heygen.service_codes import known_codes
from specfile.report.service_codes import code_page, codes_table
from tests.running import Run

PAGE = Path(__file__).parents[2] / "docs" / "service-codes.md"


def test_a_code_is_explained_with_what_to_do_and_what_a_build_does(run: Run) -> None:
    ran = run("explain", "401029")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "# 401029\n\n"
        "A code of the service.\n\n"
        "The account's plan does not render this size; without `dimension` a video is 1080p.\n\n"
        "- About: plan\n"
        "- What to do: the account's plan doesn't render this size: set `dimension: 720p`, or take a higher "
        "plan\n"
        "- What a build does: the video is recorded as failed and not sent again by itself, the others go "
        "on, exit 3\n"
        "- Source: RM:errors, the table of v1 codes: resolution; found only while rendering\n"
    )


def test_every_meaning_of_a_code_is_told() -> None:
    assert code_page("40010").count("- What to do: ") == 2
    assert "Where its words fit `higher plan|resolution`: " in code_page("40010")


def test_every_code_has_a_page() -> None:
    assert all(code_page(code).startswith(f"# {code}\n") for code in known_codes())
    with pytest.raises(KeyError):
        code_page("something_new")


def test_a_mistyped_code_of_the_service_is_told_too(run: Run) -> None:
    ran = run("explain", "avatar_not_fund")
    assert ran.code == 2
    assert ran.err == ("error: there is no code `avatar_not_fund`\nhint: did you mean `avatar_not_found`?\n")


def test_the_page_lists_the_whole_table() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(f"\n\n{codes_table()}")
