"""The line that counts while a long table is compiled."""

from __future__ import annotations

import io

from specfile.cli.counting import Counter


def test_frames_are_counted_of_all_that_there_are() -> None:
    out, now = io.StringIO(), [0.0]
    count = Counter(out, lambda: now[0], done="frames drawn")
    now[0] = 1.5
    count(3, 1_200)
    count(None, 1_200)
    assert out.getvalue() == "\r\x1b[K3 of 1,200 frames drawn …\r\x1b[K"


def test_what_is_over_within_a_second_shows_nothing() -> None:
    out, now = io.StringIO(), [0.0]
    count = Counter(out, lambda: now[0])
    count(1_000)
    now[0] = 0.9
    count(2_000)
    count(None)
    assert out.getvalue() == ""


def test_longer_work_is_counted_a_few_times_a_second_and_the_line_goes_in_the_end() -> None:
    out, now = io.StringIO(), [0.0]
    count = Counter(out, lambda: now[0])
    for now[0], done in ((1.0, 20_000), (1.1, 22_000), (1.25, 25_000)):
        count(done)
    count(None)
    count(None)
    assert out.getvalue() == ("\r\x1b[K20,000 videos compiled …\r\x1b[K25,000 videos compiled …\r\x1b[K")
