"""Films that failed, or that somebody wants rendered once more."""

from __future__ import annotations

from specfile.runner import State
from tests.runner.stories.telling import Story

BROKEN = {"code": "rendering_failed", "message": "Something broke"}


def test_a_film_failed_and_is_sent_again(story: Story) -> None:
    story.people("Ada")
    story.service.render_error = BROKEN
    story.build(code=3)
    assert (story.states, story.files) == ({"a": "failed"}, [])
    # Failures are not sent again by themselves, and not forgotten either.
    story.service.render_error = None
    assert story.plan() == {"a": "failed"}
    story.build(code=3)
    assert len(story.said) == 1
    assert story.plan("--again") == {"a": "create"}
    story.build("--again")
    assert (len(story.said), story.shows("a")) == (2, "Hello Ada")
    [entry] = story.lock.entries.values()
    assert (entry.state, entry.attempt) == (State.DOWNLOADED, 2)
    assert [(one.attempt, one.state) for one in entry.previous] == [(1, State.FAILED)]
    # Nothing is left that could be sent again.
    assert story.plan("--again") == {"a": "keep"}


def test_two_keys_with_one_failed_film_are_sent_again_once(story: Story) -> None:
    story.people("Ada", "a2,Ada")
    story.service.render_error = BROKEN
    story.build(code=3)
    story.service.render_error = None
    assert story.plan("--again") == {"a": "create", "a2": "share"}
    story.build("--again")
    assert len(story.said) == 2
    assert (story.shows("a"), story.shows("a2")) == ("Hello Ada", "Hello Ada")


def test_a_finished_film_is_sent_again_and_then_fails(story: Story) -> None:
    story.people("Ada")
    story.build()
    [before] = story.lock.entries.values()
    # Without a key, nothing finished is sent again.
    assert story.plan("--again") == {"a": "keep"}
    story.service.render_error = BROKEN
    story.build("--again", "--only", "a", code=3)
    assert len(story.said) == 2
    # The film that was good stays, and the failure is remembered beside it.
    [entry] = story.lock.entries.values()
    assert (entry.state, entry.video_id, entry.attempt) == (State.DOWNLOADED, before.video_id, 1)
    assert [(one.attempt, one.state) for one in entry.previous] == [(2, State.FAILED)]
    assert story.files == ["videos/welcome/a.mp4"]
    assert story.plan() == {"a": "keep"}
    story.service.render_error = None
    story.build("--again", "--only", "a")
    [entry] = story.lock.entries.values()
    assert (entry.state, entry.attempt) == (State.DOWNLOADED, 3)
