"""The main job, end to end: a storyboard becomes a real video and a lock, over real HTTP."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path

import av
import pytest

import specfile
from specfile.emulator import Emulator
from tests.running import Ran, Run

EXAMPLES = Path(__file__).parents[2] / "specs-examples"


@pytest.fixture
def examples(project: Path) -> Path:
    """The examples in a project of their own."""
    shutil.copytree(EXAMPLES, project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("videos", "*.lock"))
    return project


def requests_seen(folder: Path) -> list[dict[str, object]]:
    """The emulator's request log."""
    return [
        json.loads(line) for log in folder.rglob("requests.jsonl") for line in log.read_text().splitlines()
    ]


def submissions(folder: Path) -> int:
    """How many videos were paid for."""
    return sum(one["path"] == "/v2/video/generate" for one in requests_seen(folder))


@pytest.mark.parametrize("name", ["quickstart", "dashboard-demo", "own-photo", "personalised"])
def test_an_example_becomes_a_film_of_the_planned_length(name: str, examples: Path, run: Run) -> None:
    storyboard = specfile.load(f"{name}.yaml")
    assert run("build", "--local", f"{name}.yaml").code == 0
    for video in storyboard.compile(local=True):
        size = video.request.payload["dimension"]
        with av.open(str(video.output)) as film:
            picture, sound = film.streams.video[0], film.streams.audio[0]
            assert (picture.codec_context.name, sound.codec_context.name) == ("h264", "aac")
            assert (picture.width, picture.height) == (size["width"], size["height"])
            assert film.duration is not None
            assert film.duration / av.time_base == pytest.approx(video.seconds, rel=0.25)


def test_building_again_does_nothing_and_asks_nothing(examples: Path, run: Run) -> None:
    run("build", "--local", "quickstart.yaml")
    seen, lock = requests_seen(examples), Path("quickstart.local.lock").stat()
    ran = run("build", "--local", "quickstart.yaml")
    assert ran.code == 0
    assert "nothing to do: 1 video kept" in ran.err
    assert requests_seen(examples) == seen
    assert Path("quickstart.local.lock").stat().st_mtime_ns == lock.st_mtime_ns


def test_a_word_changed_in_one_row_renders_one_video(examples: Path, service: Emulator, run: Run) -> None:
    run("build", "--yes", "personalised.yaml")
    table = Path("customers.csv")
    table.write_text(table.read_text(encoding="utf-8").replace("Grace", "Hedy"), encoding="utf-8")
    assert "c-1002" in run("plan", "personalised.yaml").out
    run("build", "--yes", "personalised.yaml")
    assert submissions(service.state) == 6


def test_a_changed_title_is_said_once_and_renders_nothing(
    examples: Path, service: Emulator, run: Run
) -> None:
    run("build", "--yes", "quickstart.yaml")
    spec = Path("quickstart.yaml")
    spec.write_text(spec.read_text(encoding="utf-8").replace("Welcome to", "Hello from"), encoding="utf-8")
    seen = len(requests_seen(service.state))
    assert "title changed: recorded, nothing rendered" in run("plan", "quickstart.yaml").out
    run("build", "--yes", "quickstart.yaml")
    assert "nothing to do: 1 video kept" in run("plan", "quickstart.yaml").out
    assert len(requests_seen(service.state)) == seen


def test_local_and_the_service_never_meet(examples: Path, service: Emulator, run: Run) -> None:
    run("build", "--yes", "quickstart.yaml")
    before = {path: path.read_bytes() for path in (Path("quickstart.lock"), Path("videos/quickstart.mp4"))}
    seen = len(requests_seen(service.state))
    run("build", "--local", "quickstart.yaml")
    assert {path: path.read_bytes() for path in before} == before
    assert len(requests_seen(service.state)) == seen
    assert Path("videos/local/quickstart.mp4").exists()


@pytest.mark.parametrize(
    "spelled", ["quickstart.yaml", "./videos/../quickstart.yaml", "link/quickstart.yaml"]
)
def test_a_folder_spelled_otherwise_is_the_same_folder(
    spelled: str, examples: Path, service: Emulator, run: Run
) -> None:
    Path("link").symlink_to(examples, target_is_directory=True)
    run("build", "--yes", "quickstart.yaml")
    assert "nothing to do: 1 video kept" in run("plan", spelled).out


def test_a_lock_belongs_to_one_service(
    examples: Path, service: Emulator, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", "--yes", "quickstart.yaml")
    assert json.loads(Path("quickstart.lock").read_text().splitlines()[3]) == {"service": service.url}
    monkeypatch.setenv("HEYGEN_API_BASE", "http://127.0.0.1:9")
    ran = run("build", "--yes", "quickstart.yaml")
    assert ran.code == 5
    assert f"records videos of {service.url}, and this build would use http://127.0.0.1:9" in ran.err


def test_without_a_key_a_build_refuses_and_names_local(examples: Path, run: Run) -> None:
    ran = run("build", "quickstart.yaml")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == (
        "error: there is no API key for the service\n"
        "hint: set HEYGEN_API_KEY, or build with --local: no account, no cost\n"
    )


def test_plan_check_ends_with_6_until_it_is_built(examples: Path, service: Emulator, run: Run) -> None:
    assert run("plan", "--check", "quickstart.yaml").code == 6
    run("build", "--yes", "quickstart.yaml")
    assert run("plan", "--check", "quickstart.yaml").code == 0


@pytest.mark.long  # it tries for twenty seconds before it gives up
def test_a_service_out_of_reach_ends_with_7_and_building_again_is_safe(
    examples: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEYGEN_API_BASE", "http://127.0.0.1:9")
    monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
    assert run("build", "--yes", "quickstart.yaml").code == 7
    assert run("plan", "--check", "quickstart.yaml").code == 6


def test_a_lock_that_was_lost_is_found_again_at_the_service(
    examples: Path, service: Emulator, run: Run
) -> None:
    run("build", "--yes", "personalised.yaml")
    Path("personalised.lock").unlink()
    assert run("build", "--yes", "--recover", "personalised.yaml").code == 0
    assert submissions(service.state) == 5
    assert len(Path("personalised.lock").read_text().splitlines()) == 5 + 5


def test_a_damaged_lock_is_refused_and_can_be_repaired(examples: Path, service: Emulator, run: Run) -> None:
    run("build", "--yes", "personalised.yaml")
    lock = Path("personalised.lock")
    lines = lock.read_text().splitlines(keepends=True)
    lock.write_text("".join([*lines[:6], "<<<<<<< HEAD\n", lines[6], "=======\n", *lines[7:]]))
    refused = run("build", "--yes", "personalised.yaml")
    assert refused.code == 5
    assert "line 7: a merge conflict was left here\nhint: `specfile lock repair` keeps" in refused.err
    assert run("lock", "repair", "personalised.yaml").code == 0
    assert lock.read_text() == "".join(lines)


def test_nothing_of_any_spec_is_sent_while_one_is_wrong(examples: Path, service: Emulator, run: Run) -> None:
    Path("empty.yaml").write_text("")
    ran = run("build", "--yes", "quickstart.yaml", "empty.yaml")
    assert ran.code == 1
    assert "error[empty-file]: empty.yaml is empty" in ran.err
    assert requests_seen(service.state) == []


def test_a_pattern_that_fits_no_key_is_a_mistake(examples: Path, service: Emulator, run: Run) -> None:
    ran = run("build", "--yes", "--only", "c-1O01", "personalised.yaml")
    assert ran.code == 2
    assert ran.err == "error: no video has a key that fits `c-1O01`\nhint: did you mean `c-1001`?\n"


def test_a_copied_lock_takes_nothing_from_the_original(examples: Path, service: Emulator, run: Run) -> None:
    run("build", "--yes", "quickstart.yaml")
    shutil.copy("quickstart.yaml", "other.yaml")
    shutil.copy("quickstart.lock", "other.lock")
    ran = run("build", "--yes", "other.yaml")
    assert ran.code == 2
    assert "are copies of one lock\nhint: delete the copy" in ran.err
    assert Path("videos/quickstart.mp4").exists()


def test_local_renders_again_where_the_emulated_account_is_gone(examples: Path, run: Run) -> None:
    run("build", "--local", "own-photo.yaml")
    shutil.rmtree(".specfile")
    shutil.rmtree("videos")
    assert "create  own-photo" in run("plan", "--local", "own-photo.yaml").out
    assert run("build", "--local", "own-photo.yaml").code == 0
    assert Path("videos/local/own-photo.mp4").exists()


def test_status_tells_a_changed_video_from_a_new_one(examples: Path, service: Emulator, run: Run) -> None:
    run("build", "--yes", "quickstart.yaml")
    spec = Path("quickstart.yaml")
    spec.write_text(spec.read_text(encoding="utf-8").replace("Hello!", "Hi!"), encoding="utf-8")
    assert run("status", "quickstart.yaml").out == "quickstart.yaml: 1 changed\n"


def test_a_state_folder_that_can_not_be_made_is_no_bug(
    examples: Path, service: Emulator, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", ".specfile")

    monkeypatch.setattr(Path, "mkdir", full)  # a full disk, without filling one
    assert run("build", "--yes", "quickstart.yaml") == Ran(
        2,
        "",
        f"error: {examples / '.specfile'} can't be written: No space left on device\n"
        "hint: nothing is lost; make room or fix the permissions, then run it again\n",
    )
    assert requests_seen(service.state) == []


def test_limit_submits_so_many_and_ends_with_3(examples: Path, service: Emulator, run: Run) -> None:
    ran = run("build", "--yes", "--limit", "2", "personalised.yaml")
    assert ran.code == 3
    assert submissions(service.state) == 2
    assert "held back: the limit of 2 is reached" in ran.err
    assert run("build", "--yes", "personalised.yaml").code == 0
    assert submissions(service.state) == 5


def test_status_tells_what_the_lock_says(examples: Path, service: Emulator, run: Run) -> None:
    assert run("status", "personalised.yaml").out == "personalised.yaml: 5 new\n"
    run("build", "--yes", "--only", "c-1001", "personalised.yaml")
    assert run("status", "personalised.yaml").out == "personalised.yaml: 1 downloaded, 4 new\n"
    table = run("status", "--format", "csv", "personalised.yaml").out.splitlines()
    assert table[0] == "key,state,file,url,duration"
    assert table[1].startswith("c-1001,downloaded,videos/personalised/c-1001.mp4,")
    assert table[2] == "c-1002,new,,,"


def test_the_plan_for_programs_holds_no_texts(examples: Path, run: Run) -> None:
    plan = json.loads(run("plan", "--local", "--format", "json", "personalised.yaml").out)
    assert plan["counts"] == {"create": 5}
    assert list(plan["actions"][0]) == ["action", "key", "digest", "reason", "attempt", "seconds", "cost_usd"]
    assert "Ada" not in json.dumps(plan)


def test_neither_the_key_nor_a_link_is_written_anywhere(examples: Path, service: Emulator, run: Run) -> None:
    ran = run("build", "--yes", "personalised.yaml")
    written = [path.read_bytes() for path in examples.rglob("*") if path.is_file()]
    for secret in (b"test-key", b"Signature="):
        assert not any(secret in content for content in written)
        assert secret.decode() not in ran.out + ran.err


def test_the_python_api_builds_without_printing(
    examples: Path, service: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    result = specfile.load("quickstart.yaml").build()
    assert result.is_complete
    assert {kind.value: number for kind, number in result.counts.items()} == {"saved": 1}
    assert capsys.readouterr() == ("", "")
