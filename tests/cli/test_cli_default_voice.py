"""`voice: default` from the note of `check` to the film: looked up once, pinned, and never asked again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import specfile
from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.emulator.catalogue import load_catalogue
from specfile.runner import read_lock
from tests.running import Run

SPEC = """\
specfile: 1
dimension: 720p
defaults: {avatar: Anna, voice: default}
scenes:
  - say: Hello
  - {avatar: Mara_office_front, say: Bye}
"""
MARA = "5e1f0c1d7a9b4c0f8d2e6b3a41c7f901"
ANNA = load_catalogue().stand_in("Anna").default_voice_id


@pytest.fixture
def spec(project: Path) -> Path:
    path = project / "hello.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


@pytest.fixture(scope="module", autouse=True)
def _scene_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A service elsewhere that knows only the avatars of its list; every video is done at once."""
    with Emulator(EmulatorSettings(progress=AT_ONCE, speed=1000, strict_ids=True)) as emulator:
        monkeypatch.setenv("HEYGEN_API_BASE", emulator.url)
        monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
        yield emulator


def asked(folder: Path) -> list[str]:
    """The paths of every call that an emulator was sent."""
    logs = [log.read_text() for log in folder.rglob("requests.jsonl")]
    return [json.loads(line)["path"] for log in logs for line in log.splitlines()]


def details(folder: Path) -> list[str]:
    """The avatars whose details were asked for."""
    return [path.split("/")[3] for path in asked(folder) if path.endswith("/details")]


def test_a_local_build_pins_what_it_looked_up_and_renders_it(spec: Path, run: Run) -> None:
    ran = run("build", "--local", spec.name)
    assert ran.code == 0
    assert ran.err.splitlines()[:2] == [
        f"the default voice of `Anna` is {ANNA}: pinned in hello.local.lock",
        f"the default voice of `Mara_office_front` is {MARA}: pinned in hello.local.lock",
    ]
    assert details(spec.parent) == ["Anna", "Mara_office_front"]
    lines = [json.loads(line) for line in Path("hello.local.lock").read_text().splitlines()]
    assert lines[4:6] == [
        {"pin": "default-voice", "avatar": "Anna", "id": ANNA},
        {"pin": "default-voice", "avatar": "Mara_office_front", "id": MARA},
    ]
    assert Path("videos/local/hello.mp4").stat().st_size > 10_000


def test_the_digest_is_that_of_the_pinned_ids(spec: Path, run: Run) -> None:
    run("build", "--local", spec.name)
    written = SPEC.replace("voice: default", f"voice: {ANNA}").replace("say: Bye", f"say: Bye, voice: {MARA}")
    Path("written.yaml").write_text(written, encoding="utf-8")
    (video,) = specfile.load("written.yaml").compile()
    assert [digest for _, digest in read_lock(Path("hello.local.lock")).lock.entries] == [video.digest]


def test_a_second_build_asks_nothing_and_leaves_the_lock_alone(spec: Path, run: Run) -> None:
    run("build", "--local", spec.name)
    seen, lock = asked(spec.parent), Path("hello.local.lock").stat().st_mtime_ns
    ran = run("build", "--local", spec.name)
    assert (ran.code, "nothing to do: 1 video kept" in ran.err) == (0, True)
    assert (asked(spec.parent), Path("hello.local.lock").stat().st_mtime_ns) == (seen, lock)


def test_a_pinned_voice_is_not_asked_for_again_when_a_film_changes(spec: Path, run: Run) -> None:
    run("build", "--local", spec.name)
    more = "  - {avatar: Ben, say: Me too}\n"
    spec.write_text(SPEC.replace("say: Hello", "say: Good day") + more, encoding="utf-8")
    assert run("build", "--local", spec.name).code == 0
    assert details(spec.parent) == ["Anna", "Mara_office_front", "Ben"]


def test_nothing_but_a_build_asks_the_service(spec: Path, service: Emulator, run: Run) -> None:
    assert run("check", spec.name).code == 0
    plan = run("plan", "--check", spec.name)
    assert plan.code == 6
    assert plan.err == ""
    assert (
        "the default voices of `Anna` and `Mara_office_front` are to be looked up first\n1 create" in plan.out
    )
    assert json.loads(run("plan", "--format", "json", spec.name).out)["to_look_up"] == [
        "Anna",
        "Mara_office_front",
    ]
    compiled = run("compile", spec.name)
    assert (compiled.code, compiled.out) == (1, "")
    assert "error[default-voice]: the default voice of `Anna` is yet to be looked up" in compiled.err
    assert run("status", spec.name).code == 0
    assert asked(service.state) == []
    assert not Path("hello.lock").exists()


def test_lock_pin_does_only_the_look_up_and_then_compile_passes(
    spec: Path, service: Emulator, run: Run
) -> None:
    spec.write_text(SPEC.replace("Anna", "Tobias_studio_side"), encoding="utf-8")
    ran = run("lock", "pin", spec.name)
    assert ran.code == 0
    assert ran.err == (
        "hello.lock: the default voice of `Tobias_studio_side` is a07d3b52e1964f5c9c48d1f60b7e2a13\n"
        f"hello.lock: the default voice of `Mara_office_front` is {MARA}\n"
    )
    assert read_lock(Path("hello.lock")).is_tidy
    seen = asked(service.state)
    assert seen == ["/v2/avatar/Tobias_studio_side/details", "/v2/avatar/Mara_office_front/details"]
    compiled = run("compile", "--payload", spec.name)
    scenes = json.loads(compiled.out)["video_inputs"]
    assert [scene["voice"]["voice_id"] for scene in scenes] == ["a07d3b52e1964f5c9c48d1f60b7e2a13", MARA]
    assert run("check", spec.name).err == "hello.yaml: no problems found\n"
    assert run("lock", "pin", spec.name).err.count("stays") == 2
    assert asked(service.state) == seen


def test_refreshing_a_pin_says_what_changed(spec: Path, service: Emulator, run: Run) -> None:
    spec.write_text(SPEC.replace("Anna", "Tobias_studio_side"), encoding="utf-8")
    run("lock", "pin", spec.name)
    lock = Path("hello.lock")
    lock.write_text(lock.read_text().replace(MARA, "an-older-voice"))
    assert run("lock", "pin", "--refresh", spec.name).err == (
        "hello.lock: the default voice of `Tobias_studio_side` stays a07d3b52e1964f5c9c48d1f60b7e2a13\n"
        f"hello.lock: the default voice of `Mara_office_front` was an-older-voice and is now {MARA}: "
        "the next build renders its films anew\n"
    )
    assert read_lock(lock).lock.pins["Mara_office_front"] == MARA
    assert read_lock(lock).is_tidy


def test_an_avatar_that_the_service_does_not_know_stops_the_build_at_its_line(
    spec: Path, service: Emulator, run: Run
) -> None:
    ran = run("build", "--yes", spec.name)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "error[no-default-voice]: the service knows no avatar `Anna`\n"
        "  --> hello.yaml:3:33\n"
        "   |\n"
        " 3 | defaults: {avatar: Anna, voice: default}\n"
        "   |                                 ^^^^^^^\n"
        "   = at scenes[0].voice.voice_id\n"
        "   hint: write the id of a voice, or name another avatar\n"
        "\n"
        "1 error\n"
    )
    assert "/v2/video/generate" not in asked(service.state)
    assert read_lock(Path("hello.lock")).lock.pins == {"Mara_office_front": MARA}


def test_an_avatar_without_a_voice_is_told_with_three_of_its_gender(
    spec: Path, service: Emulator, run: Run
) -> None:
    spec.write_text("specfile: 1\nscenes: [{say: Hi, avatar: Emil_library_front, voice: default}]\n")
    ran = run("build", "--yes", spec.name)
    men = sorted((one.name, one) for one in load_catalogue().voices.values() if one.gender == "male")
    named = ", ".join(f"`voice: {one.id}` ({one.name}, {one.language})" for _, one in men[:3])
    assert (ran.code, ran.out) == (1, "")
    assert "error[no-default-voice]: avatar `Emil_library_front` has no default voice\n" in ran.err
    assert f"   hint: write one, such as {named}\n" in ran.err
    assert "/v2/video/generate" not in asked(service.state)


def test_only_what_is_built_is_looked_up(project: Path, run: Run) -> None:
    Path("people.csv").write_text("id,host\na,Anna\nb,Ben\n")
    Path("people.yaml").write_text(
        "specfile: 1\ndimension: 720p\ndata: people.csv\nkey: '{{ id }}'\n"
        "scenes: [{say: Hello, avatar: '{{ host }}', voice: default}]\n"
    )
    assert run("build", "--local", "--only", "b", "people.yaml").code == 0
    assert details(project) == ["Ben"]
    assert "the default voice of `Anna` is to be looked up first" in run("plan", "--local", "people.yaml").out


def test_a_spec_that_names_its_voices_needs_no_service_to_pin(project: Path, run: Run) -> None:
    Path("plain.yaml").write_text("specfile: 1\nscenes: [{say: Hello, avatar: Anna, voice: v-1}]\n")
    ran = run("lock", "pin", "plain.yaml")
    assert (ran.code, ran.err) == (0, "plain.lock: no scene asks for a default voice\n")
    assert not Path("plain.lock").exists()


def test_without_a_key_nothing_is_looked_up(spec: Path, run: Run) -> None:
    ran = run("lock", "pin", spec.name)
    assert (ran.code, ran.err.splitlines()[0]) == (4, "error: there is no API key for the service")
