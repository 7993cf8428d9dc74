"""`specfile lock check`: every kind of thing it finds, in its words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from specfile.runner import own_lock, read_lock
from tests.heygen.scripted_service import ScriptedService, answer
from tests.running import Ran, Run

SPEC = """\
specfile: 1
data: people.csv
key: "{{ id }}"
scenes:
  - say: Hello {{ name }}
    voice: v-anna
"""


@pytest.fixture
def account(project: Path, scripted: ScriptedService, run: Run) -> ScriptedService:
    """A project whose two videos were built."""
    (project / "welcome.yaml").write_text(SPEC)
    (project / "people.csv").write_text("id,name\na,Ada\nb,Grace\n")
    assert run("build", "welcome.yaml").code == 0
    return scripted


def lines() -> list[str]:
    return Path("welcome.lock").read_text().splitlines(keepends=True)


def write(*parts: str) -> None:
    Path("welcome.lock").write_text("".join(parts))


def changed(line: str, **fields: object) -> str:
    return json.dumps({**json.loads(line), **fields}) + "\n"


def found(run: Run, *options: str) -> list[str]:
    """What is found in a lock that is sound."""
    ran = run("lock", "check", *options, "welcome.yaml")
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()[1:]


def test_a_sound_lock_needs_one_line_and_asks_nobody(account: ScriptedService, run: Run) -> None:
    account.calls.clear()
    before = Path("welcome.lock").stat()
    sound = Ran(0, "welcome.lock: sound, 2 films of 2 keys: 2 downloaded\n", "")
    assert run("lock", "check", "welcome.yaml") == sound
    assert run("lock", "check", "--verify", "welcome.yaml") == sound
    assert account.calls == []
    assert Path("welcome.lock").stat() == before


def test_it_can_be_looked_at_while_another_process_owns_it(account: ScriptedService, run: Run) -> None:
    with own_lock(Path.cwd() / "welcome.lock", state=Path(".specfile").absolute()):
        assert found(run) == []


def test_a_lock_that_is_not_there_is_no_mistake(project: Path, run: Run) -> None:
    (project / "welcome.yaml").write_text("specfile: 1\nscenes:\n  - {silence: 1}\n")
    assert run("lock", "check", "welcome.yaml") == Ran(
        0, "welcome.lock: not there yet; the first build makes it\n", ""
    )


def test_damage_is_told_line_by_line_and_repaired(account: ScriptedService, run: Run) -> None:
    whole = lines()
    write(
        *whole[:4], "<<<<<<< ours\n", whole[4], "=======\n", whole[5], ">>>>>>> theirs\n", "{torn}\n", "{cut"
    )
    assert run("lock", "check", "welcome.yaml") == Ran(
        5,
        "welcome.lock: damaged, 2 films of 2 keys: 2 downloaded\n"
        "  a merge left conflict markers in lines 5, 7, 9\n"
        "    `specfile lock repair` keeps every line that can be read, of both sides; "
        "`*.lock merge=union` in .gitattributes prevents them\n"
        "  line 10 can't be read: not JSON\n"
        "    `specfile lock repair` keeps every line that can be read\n"
        "  line 11 is torn: a build was cut short there; the next one leaves it out\n",
        "",
    )
    assert run("build", "welcome.yaml").code == 5
    assert run("lock", "repair", "welcome.yaml").code == 0
    assert lines() == whole
    assert found(run) == []


def test_a_torn_last_line_alone_is_no_damage(account: ScriptedService, run: Run) -> None:
    write(*lines(), '{"key":"c"')
    assert found(run) == ["  line 7 is torn: a build was cut short there; the next one leaves it out"]


def test_the_id_of_a_lock_is_found_again_in_its_tokens(account: ScriptedService, run: Run) -> None:
    whole = lines()
    write(whole[0], *whole[2:])
    ran = run("lock", "check", "welcome.yaml")
    assert (ran.code, ran.out.splitlines()[1:]) == (
        5,
        [
            "  does not say which lock it is",
            "    `specfile lock repair` keeps every line that can be read",
        ],
    )
    assert run("lock", "repair", "welcome.yaml").code == 0
    assert lines() == whole


def test_a_lock_of_two_services_is_damaged(account: ScriptedService, run: Run) -> None:
    write(*lines(), '{"service":"https://api.heygen.com"}\n')
    ran = run("lock", "check", "welcome.yaml")
    assert (ran.code, ran.out.splitlines()[1:]) == (
        5,
        [
            f"  records videos of two services: {account.url} and https://api.heygen.com",
            "    keep one lock for each; `output.lock` names them",
        ],
    )


def test_a_lock_from_the_future_is_neither_used_nor_repaired(account: ScriptedService, run: Run) -> None:
    future = ['{"format":2}\n', *lines()[1:]]
    write(*future)
    ran = run("lock", "check", "welcome.yaml")
    assert (ran.code, ran.out.splitlines()[1:3]) == (
        5,
        ["  line 1 can't be read: format 2 was written by a newer specfile", "    install a newer specfile"],
    )
    assert run("lock", "repair", "welcome.yaml").code == 5
    assert lines() == future


def test_one_film_paid_for_by_two_machines_is_named_with_both_ids(account: ScriptedService, run: Run) -> None:
    whole = lines()
    used = json.loads(whole[4])["video_id"]
    write(*whole, '{"lock":"ffffffffffff"}\n', changed(whole[4], video_id="v-0", state="submitted"))
    own = read_lock(Path("welcome.lock")).lock.ids[0]
    assert "\n".join(found(run)) == (
        f"  it has 2 ids, {own}, ffffffffffff: it was begun on 2 branches; the first counts, and what was "
        "sent with the others is known too\n"
        "  1 film has several lines, of a: left by a merge or a build cut short, settled by content\n"
        f"  the film of `a` was paid for twice, as v-0 and {used}: two machines built it at one time, or two "
        "branches each\n"
        "    let one machine build at a time, as the concurrency group of `init`'s workflow does; nothing "
        "uses v-0, which can be deleted at the service"
    )
    # A build writes it in one line, which tells the same.
    Path("people.csv").write_text("id,name\na,Ada\nb,Grace\nc,Linus\n")
    assert run("build", "welcome.yaml").code == 0
    told = found(run)
    assert [line.split(" was paid")[0] for line in told[1:2]] == ["  the film of `a`"]
    assert len(told) == 3


def test_one_film_paid_for_under_two_keys_is_named(account: ScriptedService, run: Run) -> None:
    whole = lines()
    [a, b] = [json.loads(line) for line in whole[4:]]
    write(*whole[:5], changed(whole[5], digest=a["digest"]))
    ids = sorted((a["video_id"], b["video_id"]))
    assert found(run)[0] == (
        f"  the film of `a` and `b` was paid for twice, as {ids[0]} and {ids[1]}: two machines built it at "
        "one time, or two branches each"
    )


def test_what_was_asked_for_twice_is_not_told(account: ScriptedService, run: Run) -> None:
    Path("people.csv").write_text("id,name\na,Ada\nb,Grace\nc,Ada\n")
    run("build", "welcome.yaml")
    run("build", "--again", "--only", "b", "welcome.yaml")
    run("delete", "welcome.yaml", "c")
    run("build", "welcome.yaml")
    assert found(run) == []


def test_a_lost_answer_is_told(account: ScriptedService, run: Run) -> None:
    Path("people.csv").write_text("id,name\na,Ada\nb,Grace\nc,Linus\n")
    account.faults.append(answer("/v2/video/generate", 500, {}, takes_effect=True))
    account.faults.append(answer("/v1/video.list", 500, {}, times=99))
    assert run("build", "welcome.yaml").code in (3, 7)
    assert found(run) == [
        "  whether c was made isn't known: the answer to sending it was lost",
        "    `specfile build` looks for it at the service, and sends nothing twice",
    ]


def test_files_that_are_missing_or_changed_are_told(account: ScriptedService, run: Run) -> None:
    Path("videos/welcome/a.mp4").unlink()
    film = Path("videos/welcome/b.mp4")
    film.write_bytes(b"x" + film.read_bytes()[1:])
    missing = [
        "  1 file is not here: videos/welcome/a.mp4",
        "    `specfile build` fetches what is missing",
    ]
    told = [
        "  1 file is not what was downloaded: videos/welcome/b.mp4",
        "    `specfile build` fetches a file of another size again; delete one that has the same size",
    ]
    assert found(run) == missing
    assert found(run, "--verify") == missing + told
    film.write_bytes(b"short")
    assert found(run) == missing + told


def test_another_service_than_the_one_in_use_is_told(
    account: ScriptedService, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEYGEN_API_BASE")
    assert found(run) == [
        f"  it records videos of {account.url}, and a build would use https://api.heygen.com now",
        f"    set HEYGEN_API_BASE={account.url} to go on with it",
    ]


def test_locks_that_are_copies_or_record_the_same_file_are_told(account: ScriptedService, run: Run) -> None:
    with Path(".specfile/locks").open("a") as registered:
        registered.write("other.lock\n")
    other = Path("other.lock")
    other.write_text("".join(lines()))
    assert found(run) == [
        f"  {other.absolute()} is a copy of it",
        "    delete the copy; a spec that is copied starts with a lock of its own",
    ]
    other.write_text("".join(lines()).replace(json.loads(lines()[1])["lock"], "0" * 12))
    assert found(run) == [
        f"  {other.absolute()} records files of it too: a.mp4, b.mp4",
        "    give one of the specs another `output.dir` or `output.file`",
    ]


def test_the_worst_of_several_locks_decides(account: ScriptedService, run: Run) -> None:
    Path("other.yaml").write_text("specfile: 1\nscenes:\n  - {silence: 1}\n")
    Path("other.lock").write_text("{bad}\n")
    ran = run("lock", "check", "other.yaml", "welcome.yaml")
    assert ran.code == 5
    assert ran.out.splitlines()[-1] == "welcome.lock: sound, 2 films of 2 keys: 2 downloaded"
