"""A project moves from the v2 API to v3: what was paid stays paid, what was begun ends where it began."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.heygen.scripted_service import GENERATE, V3
from tests.runner.stories.telling import SPEC, Story

SPEC_V3 = SPEC.replace("specfile: 1", "specfile: 1\napi: v3")


def apis() -> Mapping[str, str]:
    """By key, the API that the lock has a film from."""
    lines = map(json.loads, Path("welcome.lock").read_text().splitlines())
    return {one["key"]: one["api"] for one in lines if "key" in one}


def posts(story: Story) -> tuple[int, int]:
    """How many requests for a video were sent to each API."""
    calls = story.service.calls
    return calls.count(f"POST {GENERATE}"), calls.count(f"POST {V3}")


def test_v2_then_v3(story: Story) -> None:
    story.build()
    story.spec(SPEC_V3)
    # The same films by another API: nothing to pay for, and nothing to ask.
    calls = len(story.service.calls)
    assert story.plan() == {"a": "keep", "b": "keep"}
    story.build()
    assert len(story.service.calls) == calls
    # What is new goes to v3, and what was rendered by v2 is still fetched from there.
    story.people("Ada", "Bob", "Cid")
    Path("videos/welcome/a.mp4").unlink()
    assert story.plan() == {"a": "absent", "b": "keep", "c": "create"}
    story.build()
    assert (posts(story), apis()) == ((2, 1), {"a": "v2", "b": "v2", "c": "v3"})
    assert (story.shows("a"), story.shows("c")) == ("Hello Ada", "Hello Cid")
    # And back again.
    story.spec()
    assert story.plan() == {"a": "keep", "b": "keep", "c": "keep"}


def test_a_lost_answer_of_v2_is_looked_for_there_after_the_move(story: Story) -> None:
    story.people("Ada")
    story.build_that_is_killed("after")
    story.spec(SPEC_V3)
    assert story.plan() == {"a": "resume"}
    story.build()
    assert (posts(story), apis()) == ((1, 0), {"a": "v2"})
    assert (story.said, story.shows("a")) == (["Hello Ada"], "Hello Ada")


def test_a_lost_answer_of_v3_is_asked_for_by_its_key(story: Story) -> None:
    story.spec(SPEC_V3)
    story.people("Ada")
    story.build_that_is_killed("after")
    story.build()
    # The request is repeated under its key, and the service answers with the video that it made then.
    sent = [headers for path, headers in story.service.headers if path == V3]
    keys = [headers["Idempotency-Key"] for headers in sent if "Idempotency-Key" in headers]
    assert (posts(story), len(keys), len(set(keys))) == ((0, 2), 2, 1)
    assert (story.said, story.shows("a")) == (["Hello Ada"], "Hello Ada")
