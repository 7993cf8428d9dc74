"""The same project in another place: a fresh clone, another environment, the emulator before the service."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.git import git
from tests.runner.stories.telling import SPEC, Story


def test_a_fresh_clone_in_ci(
    story: Story, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("ci")
    git(Path.cwd(), "init")
    Path(".gitignore").write_text("videos/\n")
    story.build()
    git(Path.cwd(), "add", ".")
    git(Path.cwd(), "commit", "-m", "Welcome two people")
    git(elsewhere, "clone", str(Path.cwd()), "project")
    monkeypatch.chdir(elsewhere / "project")
    # Only what was committed is there: the lock, and neither films nor what specfile keeps for itself.
    assert sorted(path.name for path in Path().iterdir()) == [
        *(".git", ".gitignore", "people.csv", "welcome.lock", "welcome.yaml"),
    ]
    assert story.plan() == {"a": "absent", "b": "absent"}
    # A pipeline that only wants to know whether anything is to be paid for is told that nothing is.
    assert story.run("plan", "--check", "welcome.yaml").code == 0
    story.build("--no-download")
    assert story.service.count("/files/") == 2
    # Somebody there changes a word: the film is rendered, and the old one isn't here to compare it with.
    story.people("Ada", "b,Bert")
    assert "film differs" in story.run("plan", "welcome.yaml").out
    story.build()
    assert story.said == ["Hello Ada", "Hello Bob", "Hello Bert"]
    assert (story.shows("a"), story.shows("b")) == ("Hello Ada", "Hello Bert")
    assert "welcome.lock" in git(Path.cwd(), "status", "--short")
    assert ".specfile" not in git(Path.cwd(), "status", "--short")


def test_each_environment_has_a_lock_of_its_own(story: Story) -> None:
    story.spec(
        SPEC.replace("data:", "variables: {env: {type: string, enum: [dev, prod]}}\ndata:")
        + 'output: {lock: "locks/{{ env }}.lock", dir: "videos/{{ env }}"}\n'
    )
    story.build("--var", "env=dev")
    story.build("--var", "env=prod")
    # Nothing is shared between them, not even the same words.
    assert len(story.said) == 4
    assert sorted(path.name for path in Path("locks").iterdir()) == ["dev.lock", "prod.lock"]
    assert story.files == [f"videos/{env}/{key}.mp4" for env in ("dev", "prod") for key in "ab"]
    story.people("Ada", "b,Bert")
    assert story.plan("--var", "env=dev") == {"a": "keep", "b": "change"}
    story.build("--var", "env=dev")
    assert story.plan("--var", "env=prod") == {"a": "keep", "b": "change"}
    assert story.shows("b", folder="videos/prod") == "Hello Bob"


def test_the_emulator_first_and_then_the_service(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    story.spec(
        "specfile: 1\ndata: people.csv\nkey: '{{ id }}'\ndimension: 320x240\n"
        "scenes: [{silence: 1, background: '#112233', text: '{{ name }}'}]\n"
    )
    story.people("Ada")
    story.build("--local")
    assert story.service.calls == []
    assert story.files == ["videos/welcome/local/a.mp4"]
    # What was rendered here counts for nothing there.
    assert story.plan() == {"a": "create"}
    story.build()
    assert len(story.service.paid()) == 1
    assert story.files == ["videos/welcome/a.mp4", "videos/welcome/local/a.mp4"]
    assert (story.plan(), story.plan("--local")) == ({"a": "keep"}, {"a": "keep"})
    assert sorted(path.name for path in Path().glob("*.lock")) == ["welcome.local.lock", "welcome.lock"]
