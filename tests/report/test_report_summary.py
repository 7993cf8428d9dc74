"""What a build came to, and what to do about what went wrong."""

from __future__ import annotations

import pytest

from specfile.report.advice import advice, advice_if_held
from specfile.report.summary import summary_view
from specfile.runner import BuildResult, Result, VideoFailure
from tests.report.watching import text_of


def test_nothing_at_all() -> None:
    assert text_of(summary_view(BuildResult(results={}))) == "nothing to do"


def test_every_video_is_counted_once_and_trouble_is_told_with_what_to_do() -> None:
    result = BuildResult(
        results={
            "a": Result.SAVED,
            "b": Result.FAILED,
            "c": Result.LOST,
            "d": Result.HELD,
            "e": Result.KEPT,
            "f": Result.FAILED,
        },
        failures=(
            VideoFailure(key="b", code="40119", words="Video is too long"),
            VideoFailure(key="f", code="invalid_parameter", path="video_inputs.0.voice"),
        ),
        held={"d": "the limit of 2 is reached"},
    )
    assert text_of(summary_view(result), width=80).splitlines() == [
        "1 saved, 1 unchanged, 2 failed, 1 gone at the service, 1 held back",
        "",
        "key  what happened                        what to do",
        "b    failed, 40119: Video is too long     shorten the video; the changed film is",
        "                                          sent as a new one",
        "f    failed, invalid_parameter at         correct the spec; the changed film is",
        "     video_inputs.0.voice                 sent as a new one",
        "c    gone at the service, and no file is  rendered anew, and paid again, only",
        "     here                                 with --again",
        "d    held back: the limit of 2 is         raise --limit, or build again for the",
        "     reached                              rest",
    ]


def held(keys: list[str], reason: str) -> BuildResult:
    return BuildResult(results=dict.fromkeys(keys, Result.HELD), held=dict.fromkeys(keys, reason))


def test_videos_to_which_the_same_happened_share_a_row_that_names_each() -> None:
    result = held([f"k{number}" for number in range(10)], "the limit of 0 is reached")
    assert text_of(summary_view(result), width=80).splitlines() == [
        "10 held back",
        "",
        "key                        what happened             what to do",
        "k0, k1, k2, k3, k4, k5,    held back: the limit of   raise --limit, or build",
        "k6, k7, k8, k9             0 is reached              again for the rest",
    ]


def test_of_very_many_the_first_are_named() -> None:
    result = held([f"k{number}" for number in range(60)], "the limit of 0 is reached")
    rows = text_of(summary_view(result), width=120).splitlines()[3:]
    assert rows[0].startswith("k0, k1, k2 and 57 more  held back: the limit of 0 is reached")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "401029",
            "the account's plan doesn't render this size: set `dimension: 720p`, or take a higher plan",
        ),
        ("40010", "check that anybody can fetch the file at its address, and that it is of the type it says"),
        ("400105", "the service's moderation objects: change the words or the picture"),
        ("unknown", "look at the video in the account; --again sends it, and pays it, once more"),
    ],
)
def test_advice_goes_by_the_whole_code(code: str, text: str) -> None:
    assert advice(code) == text


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("it would cost more than $5.00", "raise --max-cost, or build again for the rest"),
        ("only new videos were asked for", "build without --new"),
        ("waits for `a`", "it goes where that video goes"),
        (
            "may have been sent, and the service's list can't be read: no answer",
            "build again; nothing is sent before the list has been read",
        ),
        (
            "is still rendering after 24 hours; the next build asks after it",
            "build again: it is asked after and never sent again",
        ),
        ("the disk is on fire", "build again"),
    ],
)
def test_advice_for_what_is_held_back(reason: str, text: str) -> None:
    assert advice_if_held(reason) == (reason, text)


def test_a_reason_that_says_what_to_do_is_told_apart() -> None:
    reason = (
        "may have been sent, and which it became can't be told (perhaps v1): `specfile lock adopt …` names it"
    )
    assert advice_if_held(reason) == (
        "may have been sent, and which it became can't be told (perhaps v1)",
        "`specfile lock adopt …` names it",
    )
