"""Words and keys that change, and what of it is paid for."""

from __future__ import annotations

from pathlib import Path

from tests.runner.stories.telling import SPEC, Story


def test_a_word_is_changed_and_reverted(story: Story) -> None:
    story.build()
    story.people("Ada", "b,Bert")
    assert story.plan() == {"a": "keep", "b": "change"}
    story.build()
    assert story.said == ["Hello Ada", "Hello Bob", "Hello Bert"]
    assert story.shows("b") == "Hello Bert"
    # The earlier film is still at the service: going back to it costs nothing.
    story.people("Ada", "Bob")
    assert story.plan() == {"a": "keep", "b": "download"}
    story.build()
    assert story.shows("b") == "Hello Bob"
    assert len(story.said) == 3
    assert [entry.superseded for (key, _), entry in story.lock.entries.items() if key == "b"].count(True) == 1


def test_a_key_is_renamed(story: Story) -> None:
    story.build()
    calls = len(story.service.calls)
    story.people("Ada", "customer-2,Bob")
    assert story.plan() == {"a": "keep", "customer-2": "rename"}
    story.build()
    # The film moved, and nobody had to be asked.
    assert story.files == ["videos/welcome/a.mp4", "videos/welcome/customer-2.mp4"]
    assert story.shows("customer-2") == "Hello Bob"
    assert story.states == {"a": "downloaded", "customer-2": "downloaded"}
    assert len(story.service.calls) == calls
    # The old key under a new name stays paid once; as a row of its own it would be a film of its own.
    story.people("Ada", "customer-2,Bob", "Bea")
    assert story.plan() == {"a": "keep", "customer-2": "keep", "b": "create"}


def test_two_keys_have_one_film_and_then_one_changes(story: Story) -> None:
    story.people("Ada", "a2,Ada")
    assert story.plan() == {"a": "create", "a2": "share"}
    story.build()
    assert story.said == ["Hello Ada"]
    assert story.service.count("/files/") == 1
    assert (story.shows("a"), story.shows("a2")) == ("Hello Ada", "Hello Ada")
    # The one that paid changes: the other keeps what it has.
    story.people("a,Eve", "a2,Ada")
    assert story.plan() == {"a": "change", "a2": "keep"}
    story.build()
    assert story.said == ["Hello Ada", "Hello Eve"]
    assert (story.shows("a"), story.shows("a2")) == ("Hello Eve", "Hello Ada")
    # And where the other follows, it shares again.
    story.people("a,Eve", "a2,Eve")
    assert story.plan() == {"a": "keep", "a2": "share"}
    story.build()
    assert (story.said, story.shows("a2")) == (["Hello Ada", "Hello Eve"], "Hello Eve")


def test_a_users_own_callback_id(story: Story) -> None:
    story.spec(SPEC + 'callback_id: "crm-{{ id }}"\n')
    story.people("Ada")
    story.build_that_is_killed("after")
    # The service is told theirs, not ours, and a lost answer is found by it.
    [made] = story.service.paid()
    assert made.payload["callback_id"] == "crm-a"
    story.build()
    assert (story.said, story.shows("a")) == (["Hello Ada"], "Hello Ada")
    assert "crm-a" not in Path("welcome.lock").read_text()
    # One that is the same for all would find anybody's: it is refused before anything is sent.
    story.spec(SPEC + "callback_id: crm\n")
    story.people("Ada", "Bob")
    ran = story.build(code=1)
    assert "error[duplicate-callback-id]" in ran.err
    assert len(story.said) == 1
