"""Rows go, `delete --orphaned` erases what was made of them, and one of the rows comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.runner import read_lock
from tests.heygen.scripted_service import ScriptedService, serving
from tests.running import Run

SPEC = """\
specfile: 1
data: people.csv
key: "{{ id }}"
scenes:
  - say: Hello {{ name }}
    voice: v-anna
"""


def rows(*names: str) -> None:
    lines = [f"{name[0].lower()},{name}" for name in names]
    Path("people.csv").write_text("\n".join(["id,name", *lines]) + "\n")


def test_orphans_are_deleted_and_a_row_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    Path("welcome.yaml").write_text(SPEC)
    rows("Ada", "Grace", "Linus")
    with serving(ScriptedService()) as service:
        service.response_headers["X-Emulator-Speed"] = "1000"
        monkeypatch.setenv("HEYGEN_API_BASE", service.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        assert run("build", "welcome.yaml").code == 0
        rows("Ada")
        # A build leaves them alone: nobody asked for them to go.
        assert run("build", "welcome.yaml").code == 0
        assert (len(service.videos), len(list(Path("videos/welcome").iterdir()))) == (3, 3)
        assert run("delete", "welcome.yaml", "--orphaned", "--files", "--remote").code == 0
        assert [made.payload["video_inputs"][0]["voice"]["input_text"] for made in service.paid()] == [
            "Hello Ada"
        ]
        assert [path.name for path in Path("videos/welcome").iterdir()] == ["a.mp4"]
        assert [pair[0] for pair in read_lock(Path("welcome.lock")).lock.entries] == ["a"]
        assert len(read_lock(Path("welcome.lock")).lock.tombstones) == 2
        rows("Ada", "Grace")
        assert run("plan", "--check", "welcome.yaml").code == 6
        assert run("build", "welcome.yaml").code == 0
        lock = read_lock(Path("welcome.lock")).lock
        assert {key: entry.attempt for (key, _), entry in lock.entries.items()} == {"a": 1, "g": 2}
        # Its token is another one: the service can't take it for the request that was made before.
        tokens = [made.payload["callback_id"] for made in service.paid()]
        assert [token.rpartition("-")[2] for token in tokens] == ["1", "2"]
        assert run("build", "welcome.yaml").code == 0
        assert len(service.videos) == 2
