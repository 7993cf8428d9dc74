"""`specfile lock adopt`: a video that exists already is not paid for again."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.runner import Entry, State, read_lock
from tests.heygen.scripted_service import LIST, STATUS, ScriptedService, answer
from tests.running import Ran, Run

GENERATE = "/v2/video/generate"
SPEC = """\
specfile: 1
data: people.csv
key: "{{ id }}"
scenes:
  - say: Hello {{ name }}
    voice: v-anna
"""


@pytest.fixture
def account(project: Path, scripted: ScriptedService) -> ScriptedService:
    """A project that was never built."""
    (project / "welcome.yaml").write_text(SPEC)
    (project / "people.csv").write_text("id,name\nada,Ada\ngrace,Grace\n")
    return scripted


def entry(key: str) -> Entry:
    [found] = [one for one in read_lock(Path("welcome.lock")).lock.entries.values() if one.key == key]
    return found


def refused(message: str, hint: str | None = None) -> Ran:
    return Ran(2, "", f"error: {message}\n" + (f"hint: {hint}\n" if hint else ""))


def test_a_finished_video_is_downloaded_by_the_next_build(account: ScriptedService, run: Run) -> None:
    made = account.make({"video_inputs": []})
    assert run("lock", "adopt", "welcome.yaml", made.video_id, "ada") == Ran(
        0, "", f"welcome.lock: {made.video_id} is the video of `ada`; the next build downloads it\n"
    )
    assert (entry("ada").state, entry("ada").duration_s) == (State.COMPLETED, 2.5)
    assert "1 create, 1 download ·" in run("plan", "welcome.yaml").out
    assert run("build", "welcome.yaml").code == 0
    assert account.count(GENERATE) == 1
    assert Path("videos/welcome/ada.mp4").read_bytes() == made.film


def test_a_video_of_the_v3_api_is_asked_for_there(account: ScriptedService, run: Run) -> None:
    made = account.make({"title": "made by hand"})
    Path("welcome.yaml").write_text(
        SPEC.replace("specfile: 1", "specfile: 1\napi: v3\ndefaults: {avatar: Anna}")
    )
    assert run("lock", "adopt", "welcome.yaml", made.video_id, "ada").code == 0
    assert account.calls[-1] == f"GET /v3/videos/{made.video_id}"
    assert run("build", "welcome.yaml", "--only", "ada").code == 0
    assert (entry("ada").api, entry("ada").state, len(account.videos)) == ("v3", State.DOWNLOADED, 1)


def test_a_video_still_rendering_is_followed_by_the_next_build(account: ScriptedService, run: Run) -> None:
    account.reads_until_done = 3
    made = account.make({"video_inputs": []})
    assert run("lock", "adopt", "welcome.yaml", made.video_id, "ada") == Ran(
        0, "", f"welcome.lock: {made.video_id} is the video of `ada`; the next build follows it\n"
    )
    assert run("build", "welcome.yaml", "--only", "ada").code == 0
    assert (entry("ada").state, account.count(GENERATE)) == (State.DOWNLOADED, 0)


def test_it_settles_a_request_whose_answer_was_lost(account: ScriptedService, run: Run) -> None:
    account.faults += [answer(GENERATE, 500, {}, takes_effect=True), answer(LIST, 500, {}, times=99)]
    run("build", "welcome.yaml", "--only", "ada")
    lost = entry("ada")
    [made] = account.videos.values()
    assert lost.state is State.SUBMITTING
    assert run("lock", "adopt", "welcome.yaml", made.video_id, "ada").code == 0
    found = entry("ada")
    assert (found.token, found.attempt, found.submitted_at) == (lost.token, 1, lost.submitted_at)
    assert run("build", "welcome.yaml", "--only", "ada").code == 0
    assert len(account.videos) == 1


def test_a_failed_film_takes_it_as_its_next_attempt(account: ScriptedService, run: Run) -> None:
    account.render_error = {"code": "rendering_failed"}
    run("build", "welcome.yaml", "--only", "ada")
    account.render_error = None
    made = account.make({"video_inputs": []})
    assert run("lock", "adopt", "welcome.yaml", made.video_id, "ada").code == 0
    assert (entry("ada").attempt, entry("ada").state) == (2, State.COMPLETED)
    assert [one.state for one in entry("ada").previous] == [State.FAILED]


def test_a_deleted_film_takes_it_as_its_next_attempt(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml", "--only", "ada")
    video_id = entry("ada").video_id
    run("delete", "welcome.yaml", "ada")
    assert run("lock", "adopt", "welcome.yaml", str(video_id), "ada").code == 0
    assert (entry("ada").attempt, entry("ada").video_id) == (2, video_id)


def test_a_video_that_another_line_has_is_refused_without_asking(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml", "--only", "ada")
    video_id = entry("ada").video_id
    account.calls.clear()
    assert run("lock", "adopt", "welcome.yaml", str(video_id), "grace") == refused(
        f"{video_id} is the video of `ada` in welcome.lock",
        "two keys with the same film share it by themselves",
    )
    assert account.calls == []


def test_a_film_that_has_its_video_is_refused(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml", "--only", "ada")
    made = account.make({"video_inputs": []})
    assert run("lock", "adopt", "welcome.yaml", made.video_id, "ada") == refused(
        f"`ada` has this film already: {entry('ada').video_id} is downloaded",
        "`specfile delete` makes the lock forget it",
    )


def test_a_video_that_the_service_does_not_know_is_refused(account: ScriptedService, run: Run) -> None:
    ran = run("lock", "adopt", "welcome.yaml", "v-none", "ada")
    assert ran == Ran(4, "", "error: the service knows no such video\n")
    assert not Path("welcome.lock").exists()


def test_a_video_that_failed_is_refused(account: ScriptedService, run: Run) -> None:
    account.render_error = {"code": "rendering_failed"}
    made = account.make({"video_inputs": []})
    assert run("lock", "adopt", "welcome.yaml", made.video_id, "ada") == refused(
        f"{made.video_id} failed at the service: rendering_failed", "there is nothing of it to be had"
    )
    assert not Path("welcome.lock").exists()


def test_a_video_that_was_made_for_another_film_is_refused(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml", "--only", "ada")
    Path("welcome.lock").unlink()
    [made] = account.videos.values()
    assert run("lock", "adopt", "welcome.yaml", made.video_id, "grace") == refused(
        f"{made.video_id} was made for another key or film than `grace` as it is now",
        "its callback_id says so; name the key that it was made for, and check that nothing changed",
    )
    assert run("lock", "adopt", "welcome.yaml", made.video_id, "ada").code == 0


def test_a_mistyped_key_is_corrected(account: ScriptedService, run: Run) -> None:
    assert run("lock", "adopt", "welcome.yaml", "v-1", "garce") == refused(
        "no video has the key `garce`", "did you mean `grace`?"
    )
    assert account.calls == []


def test_an_avatar_whose_voice_is_not_known_yet_has_no_film_to_adopt(
    account: ScriptedService, run: Run
) -> None:
    scene = "  - say: Hello\n    avatar: Anna\n    voice: default\n"
    Path("welcome.yaml").write_text(f"specfile: 1\nscenes:\n{scene}")
    assert run("lock", "adopt", "welcome.yaml", "v-1", "welcome") == refused(
        "what `welcome` is to show isn't known before its default voices are looked up",
        "run `specfile lock pin` first",
    )


def test_without_an_answer_nothing_is_recorded(account: ScriptedService, run: Run) -> None:
    account.faults.append(answer(STATUS, 500, {}, times=9))
    assert run("lock", "adopt", "welcome.yaml", "v-1", "ada").code == 7
    assert not Path("welcome.lock").exists()
