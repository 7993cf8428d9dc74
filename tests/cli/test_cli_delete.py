"""`specfile delete`, with a real service behind a socket: what goes, what stays, and what is said of it."""

from __future__ import annotations

import json
import os
import pty
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from specfile.runner import Lock, LockFile, State, read_lock
from specfile.runner.disk import sync_folder
from specfile.runner.lock.entries import Entry, Files, Pair
from tests.heygen.scripted_service import ScriptedService, answer, reset
from tests.running import Ran, Run

DELETE = "/v1/video.delete"
SPEC = """\
specfile: 1
data: people.csv
key: "{{ id }}"
scenes:
  - say: Hello {{ name }}
    voice: v-anna
"""

V3_SPEC = """\
specfile: 1
api: v3
data: people.csv
key: "{{ id }}"
defaults: {avatar: Anna, voice: v-anna}
scenes:
  - say: Hello {{ name }}
"""


@pytest.fixture
def account(project: Path, scripted: ScriptedService) -> ScriptedService:
    """A project with rows, and an account at a service."""
    (project / "welcome.yaml").write_text(SPEC)
    rows("1,Ada", "2,Grace", "3,Ada", "4,Linus")
    return scripted


def rows(*lines: str) -> None:
    Path("people.csv").write_text("\n".join(["id,name", *lines]) + "\n")


def lock() -> Lock:
    return read_lock(Path("welcome.lock")).lock


def entry(key: str) -> Entry:
    [found] = [one for one in lock().entries.values() if one.key == key]
    return found


def keys() -> list[str]:
    return [key for key, _ in lock().entries]


def files() -> list[str]:
    return sorted(path.name for path in Path("videos/welcome").iterdir())


def test_the_lock_forgets_a_video_and_the_rest_stays(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    gone = entry("4")
    ran = run("delete", "welcome.yaml", "4")
    assert ran == Ran(
        0,
        "",
        f"welcome.yaml at {account.url}: 1 video to delete\n"
        "key  state       video at the service  file                \n"
        f"4    downloaded  {gone.video_id}             videos/welcome/4.mp4\n"
        "The files stay; --files deletes them.\n"
        "The videos at the service stay; --remote deletes them.\n"
        "A key that is still in the data is rendered anew by the next build, and paid for.\n"
        "1 video deleted from the lock\n",
    )
    assert keys() == ["1", "2", "3"]
    assert len(account.videos) == 3
    assert files() == ["1.mp4", "2.mp4", "3.mp4", "4.mp4"]


def test_a_row_that_comes_back_starts_one_attempt_higher(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    run("delete", "welcome.yaml", "2", "--files", "--remote")
    run("build", "welcome.yaml")
    assert (entry("2").attempt, entry("2").state) == (2, State.DOWNLOADED)
    tokens = [made.payload["callback_id"] for made in account.videos.values()]
    assert len(tokens) == len(set(tokens)) == 3


def test_all_of_it_goes_and_nothing_that_another_line_uses(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    film = entry("2").digest
    assert Path(".specfile/films", f"{film}.json").exists()
    ran = run("delete", "welcome.yaml", "1", "2", "--files", "--remote")
    assert ran.code == 0
    assert ran.err.endswith(
        "2 videos deleted from the lock, 1 at the service, 2 files\n"
        "1 video left at the service: other lines use the same film\n"
    )
    assert entry("3").video_id in account.videos
    assert len(account.videos) == 2
    assert files() == ["3.mp4", "4.mp4"]
    assert not Path(".specfile/films", f"{film}.json").exists()
    assert Path(".specfile/films", f"{entry('3').digest}.json").exists()


def test_a_film_goes_with_the_last_line_that_uses_it(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    shared = entry("3").video_id
    run("delete", "welcome.yaml", "1", "3", "--remote")
    assert shared not in account.videos
    assert len(account.videos) == 2


def test_a_film_that_another_lock_of_the_project_uses_stays_at_the_service(
    account: ScriptedService, run: Run
) -> None:
    run("build", "welcome.yaml")
    Path("other.yaml").write_text(SPEC)
    other = Path("other.lock")
    lines = Path("welcome.lock").read_text().replace(lock().ids[0], "0" * 12)
    other.write_text(lines.replace("videos/welcome", "videos/other"))
    with Path(".specfile/locks").open("a") as registered:
        registered.write("other.lock\n")
    ran = run("delete", "welcome.yaml", "2", "4", "--remote")
    assert ran.err.endswith("2 videos left at the service: other lines use the same film\n")
    assert len(account.videos) == 3


def test_earlier_films_and_attempts_of_a_key_go_too(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    run("build", "welcome.yaml", "--again", "--only", "2")
    rows("1,Ada", "2,Hedy", "3,Ada", "4,Linus")
    run("build", "welcome.yaml")
    assert len(account.videos) == 5
    run("delete", "welcome.yaml", "2", "--remote", "--files")
    assert len(account.videos) == 2
    assert keys() == ["1", "3", "4"]
    assert files() == ["1.mp4", "3.mp4", "4.mp4"]


def test_orphans_go_and_what_a_rename_takes_over_stays(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    rows("1,Ada", "9,Grace")
    ran = run("delete", "welcome.yaml", "--orphaned", "--files", "--remote")
    assert ran.code == 0
    assert keys() == ["1", "2"]
    run("build", "welcome.yaml")
    assert keys() == ["1", "9"]
    assert account.count("/v2/video/generate") == 3


def test_without_orphans_nothing_is_done(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    assert run("delete", "welcome.yaml", "--orphaned") == Ran(0, "", "welcome.yaml: nothing is orphaned\n")


def test_orphans_are_judged_by_whole_data_only(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    Path("some.csv").write_text("id,name\n1,Ada\n")
    assert run("delete", "welcome.yaml", "--orphaned", "--data", "some.csv") == Ran(
        2,
        "",
        "error: what is orphaned is judged by the whole of the spec's own data\n"
        "hint: leave out --data, --var and --vars, or name the keys\n",
    )
    Path("people.csv").write_text("id,name\n1,Ada\n1,Grace\n")
    assert run("delete", "welcome.yaml", "--orphaned").code == 1
    assert keys() == ["1", "2", "3", "4"]


def test_a_mistyped_key_stops_before_anything_is_deleted(account: ScriptedService, run: Run) -> None:
    rows("c-1001,Ada", "c-1002,Grace")
    run("build", "welcome.yaml")
    before = Path("welcome.lock").read_bytes()
    assert run("delete", "welcome.yaml", "c-1001", "c-1O02", "--remote", "--files") == Ran(
        2, "", "error: welcome.lock has no line of the key `c-1O02`\nhint: did you mean `c-1002`?\n"
    )
    assert Path("welcome.lock").read_bytes() == before
    assert (len(account.videos), len(files())) == (2, 2)


def test_keys_are_taken_literally_and_can_come_from_a_file(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    assert run("delete", "welcome.yaml", "*").code == 2
    Path("gone.txt").write_text("2\n4\n")
    assert run("delete", "welcome.yaml", "@gone.txt").code == 0
    assert keys() == ["1", "3"]


def test_no_key_is_a_usage_error(account: ScriptedService, run: Run) -> None:
    assert run("delete", "welcome.yaml") == Ran(
        2, "", "error: no key is named\nhint: name keys after the spec, or give --orphaned\n"
    )


def test_a_dry_run_shows_it_and_does_nothing(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    before = Path("welcome.lock").read_bytes()
    ran = run("delete", "welcome.yaml", "4", "--remote", "--files", "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"welcome.yaml at {account.url}: 1 video to delete\n")
    assert Path("welcome.lock").read_bytes() == before
    assert account.count(DELETE) == 0
    assert len(files()) == 4


def test_what_is_gone_already_counts_as_deleted(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    account.videos.clear()
    Path("videos/welcome/2.mp4").unlink()
    ran = run("delete", "welcome.yaml", "2", "--remote", "--files")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "1 video deleted from the lock")
    assert keys() == ["1", "3", "4"]


def test_a_video_that_the_service_will_not_delete_keeps_its_line(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    account.faults.append(answer(DELETE, 403, {"error": {"code": "resource_access_denied"}}))
    video_id = entry("2").video_id
    ran = run("delete", "welcome.yaml", "2", "4", "--remote", "--files", "--quiet")
    assert ran == Ran(
        3,
        "",
        "1 video deleted from the lock, 1 at the service, 1 file\n"
        "key  not deleted                                                                              \n"
        f"2    {video_id} is still at the service: the service refused a question: resource_access_denied\n",
    )
    assert keys() == ["1", "2", "3"]
    assert files() == ["1.mp4", "2.mp4", "3.mp4"]


def test_a_key_that_is_refused_stops_the_rest(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    account.faults.append(answer(DELETE, 401, {"code": 400112, "message": "Unauthorized"}, skip=1))
    ran = run("delete", "welcome.yaml", "1", "2", "3", "4", "--remote")
    assert ran.code == 4
    assert keys() == ["3", "4"]
    assert account.count(DELETE) == 2


def test_a_service_out_of_reach_stops_the_rest_soon(account: ScriptedService, run: Run) -> None:
    rows(*(f"{number},name {number}" for number in range(6)))
    run("build", "welcome.yaml")
    account.faults.append(reset(DELETE, times=99))
    ran = run("delete", "welcome.yaml", "--orphaned", *map(str, range(6)), "--remote")
    assert ran.code == 7
    assert account.count(DELETE) == 3
    assert len(keys()) == 6


def test_without_a_key_nothing_is_deleted_at_the_service(
    account: ScriptedService, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", "welcome.yaml")
    monkeypatch.delenv("HEYGEN_API_KEY")
    assert run("delete", "welcome.yaml", "1", "--remote").code == 4
    assert keys() == ["1", "2", "3", "4"]
    assert run("delete", "welcome.yaml", "1").code == 0


def test_a_video_still_rendering_can_be_deleted_and_is_told_of(account: ScriptedService, run: Run) -> None:
    account.reads_until_done = 10**9
    run("build", "welcome.yaml", "--detach", "--only", "1")
    told = run("delete", "welcome.yaml", "1", "--dry-run").out
    assert "\n1 is still rendering: paid for, and nothing will look for it again.\n" in told
    ran = run("delete", "welcome.yaml", "1", "--remote")
    assert "\n1 is still rendering: deleted all the same, and perhaps paid for.\n" in ran.err
    assert (ran.code, account.videos, keys()) == (0, {}, [])


def test_a_video_whose_answer_was_lost_is_not_said_to_be_deleted_at_the_service(
    account: ScriptedService, run: Run
) -> None:
    account.faults.append(answer("/v2/video/generate", 500, {}, takes_effect=True))
    account.faults.append(answer("/v1/video.list", 500, {}, times=99))
    run("build", "welcome.yaml", "--only", "1")
    assert entry("1").state is State.SUBMITTING
    ran = run("delete", "welcome.yaml", "1", "--remote")
    assert ran.code == 3
    assert "the answer to sending it was lost: build first, which finds out whether it exists" in ran.err
    assert keys() == ["1"]
    ran = run("delete", "welcome.yaml", "1")
    assert "\nOf 1 the answer was lost: if the video exists, nothing will look for it again.\n" in ran.err
    assert (ran.code, keys()) == (0, [])


@pytest.mark.parametrize(
    ("recorded", "reason"),
    [
        ("welcome.yaml", "{project}/welcome.yaml is no film: delete it yourself, then leave --files out"),
        (
            "../other.mp4",
            "{parent}/other.mp4 lies outside {project}/videos/welcome: delete it yourself",
        ),
        (
            "videos/welcome/link/secret.mp4",
            "{project}/videos/welcome/link/secret.mp4 lies outside {project}/videos/welcome:",
        ),
    ],
)
def test_only_films_inside_the_output_folder_are_deleted(
    recorded: str, reason: str, account: ScriptedService, run: Run, project: Path
) -> None:
    run("build", "welcome.yaml")
    (project / "private").mkdir()
    (project / "private/secret.mp4").write_text("secret")
    Path("videos/welcome/link").symlink_to(project / "private")
    Path("../other.mp4").write_text("not ours")
    lines = [json.loads(line) for line in Path("welcome.lock").read_text().splitlines()]
    for line in lines:
        if line.get("key") == "2":
            line["files"]["video"] = recorded
    Path("welcome.lock").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    ran = run("delete", "welcome.yaml", "2", "--files", "--remote")
    assert ran.code == 3
    told = " ".join(ran.err.split())
    assert reason.format(project=project, parent=project.parent) in told.replace("/ ", "/")
    assert Path(recorded).exists()
    assert account.count(DELETE) == 0
    assert "2" in keys()


def test_a_file_that_was_written_for_another_key_since_stays(account: ScriptedService, run: Run) -> None:
    Path("welcome.yaml").write_text(SPEC + 'output: {file: "{{ file }}"}\n')
    for table in ("id,name,file\n2,Grace,a\n4,Linus,b\n", "id,name,file\n2,Hedy,c\n4,Linus,a\n"):
        Path("people.csv").write_text(table)
        assert run("build", "welcome.yaml").code == 0
        # The film of 4 comes to its new name.
        assert run("build", "welcome.yaml").code == 0
    earlier = next(one for one in lock().entries.values() if one.key == "2" and one.superseded)
    assert (earlier.files, entry("4").files) == (Files("videos/welcome/a.mp4"), Files("videos/welcome/a.mp4"))
    assert run("delete", "welcome.yaml", "2", "--files").code == 0
    assert files() == ["a.mp4", "b.mp4"]


def test_what_killed_downloads_left_beside_a_file_goes_with_it(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    for name in (
        "2.mp4.0123abcd.part",
        "2.mp4.0123abcd.part.json",
        "4.mp4.0123abcd.part",
        "2.mp4.notes.part",
    ):
        Path("videos/welcome", name).write_text("{}")
    assert run("delete", "welcome.yaml", "2", "--files").code == 0
    assert files() == ["1.mp4", "2.mp4.notes.part", "3.mp4", "4.mp4", "4.mp4.0123abcd.part"]


def test_a_video_of_the_v3_api_goes_and_its_row_is_not_answered_with_it_again(
    account: ScriptedService, run: Run
) -> None:
    Path("welcome.yaml").write_text(V3_SPEC)
    rows("1,Ada", "2,Grace")
    assert run("build", "welcome.yaml").code == 0
    gone = entry("2").video_id
    assert run("delete", "welcome.yaml", "2", "--files", "--remote").code == 0
    assert f"DELETE /v3/videos/{gone}" in account.calls
    # Under the key of the first attempt the service would give the deleted video again for a day.
    assert run("build", "welcome.yaml").code == 0
    assert (entry("2").attempt, entry("2").video_id in account.videos) == (2, True)
    assert len(account.videos) == 2


def test_local_videos_go_from_the_emulator(project: Path, run: Run) -> None:
    (project / "welcome.yaml").write_text("specfile: 1\nscenes:\n  - {silence: 1, background: '#112233'}\n")
    assert run("build", "--local", "welcome.yaml").code == 0
    assert run("delete", "--local", "welcome.yaml", "welcome", "--files", "--remote").code == 0
    assert list(Path("videos/local").iterdir()) == []
    assert read_lock(Path("welcome.local.lock")).lock.entries == {}
    seen = [json.loads(line) for line in next(Path().rglob("requests.jsonl")).read_text().splitlines()]
    assert [one["status"] for one in seen if one["path"].startswith(DELETE)] == [200]


KILLER = """
import os, signal, sys
from pathlib import Path
import specfile.runner.upkeep.deleting, specfile.runner.lock.lockfile as lockfile, urllib3
from specfile.cli import main

passed, wanted = 0, int(sys.argv.pop(1))
def instant():
    global passed
    passed += 1
    if passed == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
def around(owner, name):
    done = getattr(owner, name)
    def counted(*args, **kwargs):
        instant()
        result = done(*args, **kwargs)
        instant()
        return result
    setattr(owner, name, counted)
around(urllib3.HTTPConnectionPool, "urlopen")
around(Path, "unlink")
around(Path, "replace")
around(lockfile.LockFile, "_append")
around(os, "fsync")
try:
    main()
finally:
    Path("instants").write_text(str(passed))
"""


def test_what_is_deleted_stays_deleted_though_the_power_fails(
    account: ScriptedService, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", "welcome.yaml")
    told: list[str] = []
    bury = LockFile.bury

    def sync(folder: Path) -> None:
        told.append(f"{folder.name} safe")
        sync_folder(folder)

    def forget(lockfile: LockFile, pair: Pair) -> None:
        told.append(f"{pair[0]} forgotten")
        bury(lockfile, pair)

    monkeypatch.setattr("specfile.runner.upkeep.deleting.sync_folder", sync)
    monkeypatch.setattr(LockFile, "bury", forget)
    run("delete", "welcome.yaml", "2", "--files")
    assert told == ["welcome safe", "films safe", "2 forgotten"]


def killed_at(instant: int, account: ScriptedService, run: Run) -> None:
    """Kill a deletion at an instant, and let it go on; at 0 it is not killed, and counts its instants.

    Nothing is forgotten while something of it is left, and what others use is never touched.
    """
    for path in (Path("welcome.lock"), *Path("videos/welcome").glob("*")):
        path.unlink(missing_ok=True)
    account.videos.clear()
    run("build", "welcome.yaml", "--quiet")
    shared = entry("3").video_id
    ids = {one.key: one.video_id for one in lock().entries.values()}
    films = {one.key: Path(".specfile/films", f"{one.digest}.json") for one in lock().entries.values()}
    command = ["delete", "welcome.yaml", "1", "2", "4", "--files", "--remote", "--yes"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLER, str(instant), *command],
        env=os.environ,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == (-signal.SIGKILL if instant else 0)
    left = [key for key in ("1", "2", "4") if key in keys()]
    for key in {"1", "2", "4"}.difference(left):
        assert not Path(f"videos/welcome/{key}.mp4").exists()
        assert ids[key] not in account.videos or ids[key] == shared
        assert not films[key].exists() or films[key] == films["3"]
    if left:
        assert run("delete", "welcome.yaml", *left, "--files", "--remote", "--yes").code == 0
    assert keys() == ["3"]
    assert set(account.videos) == {shared}
    assert files() == ["3.mp4"]


def instants(account: ScriptedService, run: Run) -> range:
    """Every instant, before and after each step, that a deletion passes."""
    killed_at(0, account, run)
    return range(1, int(Path("instants").read_text()) + 1)


SAMPLE = 3


def test_killed_at_some_instants_the_same_command_goes_on(account: ScriptedService, run: Run) -> None:
    seed = int(time.time())
    print(f"seed {seed}")
    for instant in random.Random(seed).sample(instants(account, run), SAMPLE):
        print(f"killed at instant {instant}")
        killed_at(instant, account, run)


@pytest.mark.long
def test_killed_at_any_instant_the_same_command_goes_on(account: ScriptedService, run: Run) -> None:
    every = instants(account, run)
    assert len(every) >= 30
    for instant in every:
        killed_at(instant, account, run)


def asked(said: str, *options: str) -> tuple[int, str]:
    """Delete on a terminal, and say this; gives the exit code and what was shown."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "specfile", "delete", "welcome.yaml", "4", *options],
        env=os.environ,
        stdin=theirs,
        stderr=theirs,
    ) as process:
        os.write(ours, said.encode())
        os.close(theirs)
        code = process.wait(30)
    shown = b""
    with suppress(OSError):  # the other end is closed, and all of it was read
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    return code, shown.decode()


def test_on_a_terminal_it_asks_and_takes_a_no(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    code, shown = asked("n\n", "--remote", "--quiet")
    assert code == 0
    assert "1 video to delete" in shown
    assert "Delete? [y/N]: n" in shown
    assert shown.endswith("nothing was deleted\r\n")
    assert (len(keys()), len(account.videos)) == (4, 3)


def test_on_a_terminal_it_goes_ahead_on_a_yes_or_unasked(account: ScriptedService, run: Run) -> None:
    run("build", "welcome.yaml")
    assert asked("y\n")[0] == 0
    assert keys() == ["1", "2", "3"]
    run("build", "welcome.yaml")
    code, shown = asked("", "--yes")
    assert (code, "Delete?" in shown, keys()) == (0, False, ["1", "2", "3"])
