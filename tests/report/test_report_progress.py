"""What a build looks like while it lasts, on terminals of several widths and in a log."""

from __future__ import annotations

from pathlib import Path

from specfile.report.live import live_view
from specfile.report.progress import PlainProgress
from specfile.report.tally import Phase, Tally
from specfile.runner import events
from tests.report.watching import Watched, accepted, finished, saved, text_of, waiting

KEYS = [f"c-{number}" for number in range(1001, 1013)]


def halfway() -> Tally:
    """Twelve videos: four done, one of them badly, three under way, the service asking for patience."""
    watched = Watched(waiting(KEYS))
    watched.at(0, *(accepted(key) for key in KEYS[:3]))
    watched.at(130, *(finished(key) for key in KEYS[:3]), *(saved(key) for key in KEYS[:3]))
    watched.at(130, *(accepted(key) for key in KEYS[3:6]), events.Failed(key=KEYS[3], code="40119"))
    watched.at(130, events.Cost(usd=0.42), events.Ceiling(limit=3, reason="the account allows no more"))
    watched.at(165, events.Waiting(seconds=40, reason="the service asks for fewer requests"))
    return watched.at(195, finished(KEYS[4]), events.Sent(key=KEYS[6], attempt=1))


def test_a_terminal_of_eighty_columns() -> None:
    assert text_of(live_view(halfway(), width=80, budget_usd=0.84), width=80) == (
        "\n"
        "  c-1006  rendering    ━━━━━━━━━━━━━╸             1:05\n"
        "  c-1005  downloading                             0:00\n"
        "  c-1007  sending                                 0:00\n"
        "\n"
        "  ━━━━━━━━━━━━                          4 of 12 videos  3:15, about 4 min left\n"
        "  3 saved · 1 downloading · 1 rendering · 1 sending · 5 waiting · 1 failed\n"
        "  at most 3 renders at once · about $0.42 of $0.84\n"
        "  waiting 10 s: the service asks for fewer requests"
    )


def test_files_on_their_way_have_bars_of_their_own() -> None:
    watched = Watched(waiting(["a"]))
    clip, photo = Path("/project/clips/tour.mp4"), Path("/project/me.png")
    begun = watched.at(
        0,
        events.Uploading(path=clip, sent=12 * 2**20, total=48 * 2**20),
        events.Uploading(path=photo, sent=2**20, total=3 * 2**20),
    )
    lines = text_of(live_view(begun, width=80, budget_usd=None), width=80).splitlines()
    assert lines[1:4] == [
        "  tour.mp4  uploading  ━━━━━━                    12 MB of 48 MB",
        "  me.png    uploading  ━━━━━━━━                  1.0 MB of 3.0 MB",
        "",
    ]
    ended = watched.at(1, events.Uploading(path=clip, sent=0, total=0), events.Uploaded(path=photo))
    assert ended.uploads == {}
    assert "uploading" not in text_of(live_view(ended, width=80, budget_usd=None))


def test_a_wide_terminal() -> None:
    lines = text_of(live_view(halfway(), width=120, budget_usd=None), width=120).splitlines()
    assert lines[5] == "  " + 14 * "━" + "╸" + 31 * " " + "4 of 12 videos  3:15, about 4 min left"
    assert lines[7] == "  at most 3 renders at once"


def test_a_narrow_terminal_has_no_bars_beside_the_videos_and_cuts_nothing_that_counts() -> None:
    assert text_of(live_view(halfway(), width=60, budget_usd=0.84), width=60) == (
        "\n"
        "  c-1006  rendering     1:05\n"
        "  c-1005  downloading   0:00\n"
        "  c-1007  sending       0:00\n"
        "\n"
        "  ━━━━━             4 of 12 videos  3:15, about 4 min left\n"
        "  3 saved · 1 downloading · 1 rendering · 1 sending · 5\n"
        "  waiting · 1 failed\n"
        "  at most 3 renders at once · about $0.42 of $0.84\n"
        "  waiting 10 s: the service asks for fewer requests"
    )


def test_what_an_earlier_build_had_begun_may_cost_more_than_the_plan() -> None:
    tally = Watched(waiting("a"), ceiling=None).at(1, events.Cost(usd=0.54))
    assert text_of(live_view(tally, width=80, budget_usd=0.32)).splitlines()[-1] == "  about $0.54"


def test_a_long_key_is_cut_to_fit() -> None:
    key = "customer-" + "0123456789" * 8
    tally = Watched(waiting([key])).at(1, accepted(key))
    line = text_of(live_view(tally, width=60, budget_usd=None), width=60).splitlines()[1]
    assert line == "  customer-01234567890123456789…  rendering   0:00"


def test_of_many_under_way_the_longest_are_shown() -> None:
    tally = Watched(waiting(KEYS), ceiling=None).at(1, *(accepted(key) for key in KEYS))
    lines = text_of(live_view(tally, width=80, budget_usd=None)).splitlines()
    assert [line.split()[0] for line in lines[1:9]] == KEYS[:8]
    assert lines[9] == "  … and 4 more under way"


def test_a_log_gets_a_line_for_each_end_and_for_each_trouble() -> None:
    written: list[str] = []
    watched = Watched(waiting("abc"))
    listener = PlainProgress(written.append, watched.tally)
    for event in (
        events.Sent(key="a", attempt=1),
        accepted("a"),
        events.Waiting(seconds=5, reason="the service asks for fewer requests"),
        events.Waiting(seconds=40, reason="the service asks for fewer requests"),
        events.Waiting(seconds=40, reason="the service asks for fewer requests", key="b"),
        finished("a"),
        saved("a"),
        events.Failed(key="b", code="40119", words="Video is too long"),
        events.Stuck(key="c", seconds=2400),
        events.Held(key="c", reason="still renders"),
    ):
        listener(event)
    assert written == [
        "waiting 40 s: the service asks for fewer requests",
        "a: downloaded to videos/a.mp4",
        "b: failed, 40119: Video is too long",
        "c: rendering for 40 min, far longer than others, and asked after on",
    ]


def test_a_log_of_many_videos_says_now_and_then_how_far_it_is() -> None:
    keys = [f"k{number}" for number in range(100)]
    written: list[str] = []
    watched = Watched(waiting(keys))
    listener = PlainProgress(written.append, watched.tally)
    for key in keys[:25]:
        listener(accepted(key))
        watched.seconds += 12
        listener(finished(key))
        listener(saved(key))
    assert written == [
        "10 of 100 videos: 10 saved, 90 waiting; about 6 min left",
        "20 of 100 videos: 20 saved, 80 waiting; about 5 min left",
    ]
    written.clear()
    listener(accepted("k25"))
    listener.beat()
    assert written == ["25 of 100 videos: 25 saved, 1 rendering, 74 waiting; about 5 min left"]


def test_a_finished_tally_has_no_more_to_wait_for() -> None:
    tally = Watched({"a": Phase.FAILED, "b": Phase.HELD}).tally
    assert (tally.done, tally.seconds_left, tally.under_way) == (2, None, [])
