"""Builds of some of the videos: what is left out is neither sent nor taken for gone."""

from __future__ import annotations

from pathlib import Path

from tests.runner.stories.telling import Story


def test_only(story: Story) -> None:
    story.people("Ada", "Bob", "Cid")
    story.build("--only", "b")
    assert story.said == ["Hello Bob"]
    # The others are not missing: they are still to come.
    assert story.plan() == {"a": "create", "b": "keep", "c": "create"}
    # A new key with the film of one that isn't selected shares it; nothing is orphaned or renamed.
    story.people("Ada", "b2,Bob", "Cid")
    assert story.plan("--only", "b2") == {"b2": "share"}
    assert story.plan() == {"a": "create", "b2": "rename", "c": "create"}
    Path("keys.txt").write_text("a\nc\n")
    story.build("--only", "@keys.txt")
    assert sorted(story.said) == ["Hello Ada", "Hello Bob", "Hello Cid"]
    assert story.states == {"a": "downloaded", "b": "downloaded", "c": "downloaded"}


def test_limit(story: Story) -> None:
    story.people("Ada", "Bob", "Cid")
    ran = story.build("--limit", "2", code=3)
    assert "c held back: the limit of 2 is reached" in " ".join(ran.err.split())
    assert story.said == ["Hello Ada", "Hello Bob"]
    # What needs no submission is not counted: with no more allowed, a lost file is still fetched.
    Path("videos/welcome/a.mp4").unlink()
    story.build("--limit", "0", code=3)
    assert story.files == ["videos/welcome/a.mp4", "videos/welcome/b.mp4"]
    story.build("--limit", "2")
    assert story.said == ["Hello Ada", "Hello Bob", "Hello Cid"]


def test_data_with_rows_missing(story: Story) -> None:
    story.people("Ada", "Bob", "Cid")
    story.build()
    Path("today.csv").write_text("id,name\nb,Bob\nnew,Ada\n")
    # Rows that another table lacks are not gone: nobody's film is orphaned, or handed to another key.
    assert story.plan("--data", "today.csv") == {"b": "keep", "new": "share"}
    story.build("--data", "today.csv")
    assert len(story.said) == 3
    assert story.shows("new") == "Hello Ada"
    assert story.files == [f"videos/welcome/{key}.mp4" for key in ("a", "b", "c", "new")]
    # Where the spec's own table lacks them, they are.
    assert story.plan() == {"a": "keep", "b": "keep", "c": "keep", "new": "orphaned"}
    story.build()
    assert story.files == [f"videos/welcome/{key}.mp4" for key in ("a", "b", "c", "new")]
