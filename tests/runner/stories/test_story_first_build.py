"""A first build, also one that is killed around the request that costs money."""

from __future__ import annotations

from tests.runner.stories.telling import Story


def test_first_build(story: Story) -> None:
    assert story.plan() == {"a": "create", "b": "create"}
    story.build()
    assert story.said == ["Hello Ada", "Hello Bob"]
    assert (story.shows("a"), story.shows("b")) == ("Hello Ada", "Hello Bob")
    assert story.files == ["videos/welcome/a.mp4", "videos/welcome/b.mp4"]
    assert story.states == {"a": "downloaded", "b": "downloaded"}
    # Every video carries the token that the lock has on record.
    tokens = [made.payload["callback_id"] for made in story.service.paid()]
    assert sorted(tokens) == sorted(str(entry.token) for entry in story.lock.entries.values())
    # Nothing is left to do, and nothing is asked to find that out.
    calls = len(story.service.calls)
    assert story.plan() == {"a": "keep", "b": "keep"}
    story.build()
    assert len(story.service.calls) == calls


def test_crash_before_the_post(story: Story) -> None:
    story.people("Ada")
    story.build_that_is_killed("before")
    # The intent is on record, and the service has nothing.
    assert (story.states, story.said) == ({"a": "submitting"}, [])
    assert story.plan() == {"a": "resume"}
    story.build()
    assert story.said == ["Hello Ada"]
    assert (story.states, story.shows("a")) == ({"a": "downloaded"}, "Hello Ada")


def test_crash_after_the_post(story: Story) -> None:
    story.people("Ada")
    story.build_that_is_killed("after")
    # The same record, and yet the service has the video: it is found by its token, and not sent again.
    assert (story.states, story.said) == ({"a": "submitting"}, ["Hello Ada"])
    story.build()
    assert story.said == ["Hello Ada"]
    assert (story.states, story.shows("a")) == ({"a": "downloaded"}, "Hello Ada")
