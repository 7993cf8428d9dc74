"""Two scripts compared word by word."""

from __future__ import annotations

import pytest

from specfile.preview.board.edits import Words, alike, compared
from specfile.preview.board.storyboard import passages

MARKS = {"kept": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]"}


def marked(words: Words) -> tuple[str, str]:
    """Both sides, with what was deleted and inserted between marks."""
    before, after = (
        "".join(MARKS[one.fate].format(f"({one.pause:g} s)" if one.pause else one.text) for one in side)
        for side in words
    )
    return before, after


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("Hi Ada.", "Hi Ada.", "Hi Ada.", "Hi Ada."),
        (
            "Hi Ada, welcome.",
            "Hello Ada, welcome!",
            "[-Hi-] Ada, welcome[-.-]",
            "[+Hello+] Ada, welcome[+!+]",
        ),
        ("We are happy.", "We are all very happy.", "We are happy.", "We are [+all very+] happy."),
        ("It is good.", "It's good.", "[-It is-] good.", "[+It's+] good."),
        ("One  two\nthree", "One two three", "One  two\nthree", "One two three"),
        ("", "All new", "", "[+All new+]"),
        ("All gone", "", "[-All gone-]", ""),
        ("今日は良い天気", "今日は悪い天気", "今日は[-良-]い天気", "今日は[+悪+]い天気"),
        ("नमस्ते दुनिया", "नमस्ते मित्र", "नमस्ते [-दुनिया-]", "नमस्ते [+मित्र+]"),
        ("Prix: 3,50 €", "Prix: 4,50 €", "Prix: [-3-],50 €", "Prix: [+4+],50 €"),
    ],
)
def test_words_are_marked_on_their_own_side(before: str, after: str, left: str, right: str) -> None:
    words = compared(passages(before), passages(after))
    assert marked(words) == (left, right)
    assert words.differ is ("[" in left + right)


def test_a_pause_counts_as_a_word() -> None:
    words = compared(
        passages('Hi. <break time="1s"/> Welcome. <break time="2s"/> Bye.'),
        passages('Hi. <break time="1.5s"/> Welcome. <break time="2s"/> Bye.'),
    )
    assert marked(words) == (
        "Hi.[-(1 s)-] Welcome.(2 s) Bye.",
        "Hi.[+(1.5 s)+] Welcome.(2 s) Bye.",
    )


def test_scripts_that_were_reworded_are_more_alike_than_others() -> None:
    first, reworded, other = (
        passages(text)
        for text in (
            "Here is how sales went this year.",
            "This is how sales went last year.",
            "Ask for me.",
        )
    )
    assert alike(first, first) == 1.0
    assert alike(first, reworded) > 0.6
    assert alike(first, other) < 0.3
    assert alike((), ()) == 0.0
