"""Ids that the service is asked for: by `check --online`, and by a build before it pays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import specfile
from specfile.diagnostics import SpecError
from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.emulator.catalogue import load_catalogue
from tests.emulator.support import copy_clip
from tests.heygen.offering import EVERYTHING, offer, refused
from tests.heygen.scripted_service import GENERATE, ScriptedService
from tests.running import Ran, Run

MARA = "Mara_office_front"
CLARA = "5e1f0c1d7a9b4c0f8d2e6b3a41c7f901"
LENA = next(one.id for one in load_catalogue().groups.values() if one.name == "Lena")
UNREACHABLE = (
    "error[address-unreachable]: nothing was found there: there is no host host.invalid\n"
    "  --> a.yaml:6:17\n"
    "   |\n"
    " 6 |     background: https://host.invalid/office.png\n"
    "   |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
    "   = at scenes[0].background.url\n"
    "   hint: try the address in a browser that is signed in nowhere, or save the file in the project and"
    " name it by its path\n"
    "\n"
    "1 error\n"
)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    settings = EmulatorSettings(progress=AT_ONCE, speed=1000, strict_ids=True)
    with Emulator(settings, renderer=copy_clip) as running:
        yield running


@pytest.fixture
def service(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    monkeypatch.setenv("HEYGEN_API_BASE", emulator.url)
    monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
    return emulator


def spec(avatar: str, voice: str = CLARA, *more: str) -> str:
    Path("a.yaml").write_text(
        "\n".join(
            (
                "specfile: 1",
                "dimension: 720p",
                f"defaults: {{{avatar}, voice: {voice}}}",
                "scenes:",
                "  - say: Hello",
                *more,
            )
        )
    )
    return "a.yaml"


def wrong(avatar: str) -> str:
    return (
        f"error[unknown-avatar]: `avatar_id` is `{avatar}`, which the service doesn't know\n"
        "  --> a.yaml:3:20\n"
        "   |\n"
        f" 3 | defaults: {{avatar: {avatar}, voice: {CLARA}}}\n"
        f"   |                    {'^' * len(avatar)}\n"
        "   = at scenes[0].character.avatar_id\n"
        "   hint: `specfile avatars` shows those there are\n"
        "\n"
        "1 error\n"
    )


def test_ids_that_are_there_are_found(service: Emulator, project: Path, run: Run) -> None:
    assert run("check", "--online", spec(f"avatar: {MARA}")) == Ran(0, "", "a.yaml: no problems found\n")


def test_an_id_that_the_service_does_not_know_is_an_error(service: Emulator, project: Path, run: Run) -> None:
    ran = run("check", "--online", spec("avatar: Nobody-1"))
    assert ran == Ran(1, "", wrong("Nobody-1"))


def test_the_files_behind_addresses_are_looked_at(service: Emulator, project: Path, run: Run) -> None:
    there = spec(f"avatar: {MARA}", CLARA, "    background: https://host.invalid/office.png")
    assert run("check", there).code == 0
    assert run("check", "--online", there) == Ran(1, "", UNREACHABLE)


def test_what_is_found_behind_an_address_is_an_error_where_rows_are_left_out_too(
    service: Emulator, project: Path, run: Run
) -> None:
    Path("people.csv").write_text("id\na\nb\n")
    rows = ("data: people.csv", 'key: "{{ id }}"')
    there = spec(f"avatar: {MARA}", CLARA, "    background: https://host.invalid/office.png", *rows)
    assert run("check", "--online", "--keep-going", there) == Ran(1, "", UNREACHABLE)


def test_an_id_that_nothing_has_is_an_error_where_rows_are_left_out_too(
    service: Emulator, project: Path, run: Run
) -> None:
    assert run("check", "--online", "--keep-going", spec("avatar: Nobody-1")) == Ran(1, "", wrong("Nobody-1"))
    Path("people.csv").write_text("id\na\nb\n")
    ran = run(
        "check",
        "--online",
        "--keep-going",
        spec("avatar: Nobody-1", CLARA, "data: people.csv", 'key: "{{ id }}"'),
    )
    assert ran == Ran(1, "", wrong("Nobody-1"))


def test_without_online_nothing_is_asked(service: Emulator, project: Path, run: Run) -> None:
    assert run("check", spec("avatar: Nobody-1")) == Ran(0, "", "a.yaml: no problems found\n")


def test_what_was_read_is_held_against_specs_offline(service: Emulator, project: Path, run: Run) -> None:
    run("avatars")
    ran = run("check", spec("avatar: Mara_ofice_front"))
    assert ran.code == 0
    assert "warning[unknown-avatar]: `avatar_id` is `Mara_ofice_front`, which the account's" in ran.err
    assert "hint: did you mean `avatar: Mara_office_front` (Mara in the office)? If it is right," in ran.err
    assert run("check", "--strict", "a.yaml").code == 1


def test_a_damaged_cache_silences_the_warning(service: Emulator, project: Path, run: Run) -> None:
    run("avatars")
    [file] = Path(os.environ["SPECFILE_CATALOGUE_DIR"]).iterdir()
    file.write_bytes(b"\xff" + file.read_bytes())
    assert run("check", spec("avatar: Nobody-1")).err == "a.yaml: no problems found\n"


def test_a_group_is_told_with_its_looks(service: Emulator, project: Path, run: Run) -> None:
    run("avatars")
    ran = run("check", "--online", spec(f"photo: {LENA}"))
    assert ran.code == 1
    assert f"error[id-of-other-kind]: `talking_photo_id` is `{LENA}`, the group “Lena”" in ran.err
    assert "hint: write one of its looks: `photo: " in ran.err


def test_without_a_key_online_is_refused(project: Path, run: Run) -> None:
    ran = run("check", "--online", spec(f"avatar: {MARA}"))
    assert ran.code == 4
    assert ran.err.startswith("error: there is no API key for the service\n")


def test_an_id_is_asked_for_once_however_many_rows_name_it(
    scripted: ScriptedService, project: Path, run: Run
) -> None:
    offer(scripted, EVERYTHING)
    Path("people.csv").write_text("id\n" + "\n".join(map(str, range(50))))
    spec("avatar: Mara_office", "v-hidden", '  - say: "{{ id }}"', "data: people.csv", 'key: "{{ id }}"')
    ran = run("check", "--online", "a.yaml")
    assert ran.code == 0
    assert sorted(scripted.calls) == ["GET /v3/avatars/looks/Mara_office", "GET /v3/voices/v-hidden"]


def test_what_the_key_may_not_ask_for_stays_open(scripted: ScriptedService, project: Path, run: Run) -> None:
    scripted.faults += [refused("/v3/"), refused("/v2/")]
    assert run("check", "--online", spec("avatar: Mara_office")).code == 0


def test_a_build_asks_for_a_new_id_before_it_pays(service: Emulator, project: Path, run: Run) -> None:
    ran = run("build", "--yes", spec("avatar: Nobody-1"))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith(wrong("Nobody-1"))
    assert not list(Path().rglob("*.mp4"))


def test_a_build_pays_nothing_for_the_id_of_a_group(service: Emulator, project: Path, run: Run) -> None:
    ran = run("build", "--yes", spec(f"photo: {LENA}"))
    assert ran.code == 1
    assert f"error[id-of-other-kind]: `talking_photo_id` is `{LENA}`, the group “Lena”" in ran.err


def test_what_was_found_wrong_stays_wrong_from_python_too(service: Emulator, project: Path, run: Run) -> None:
    run("build", "--yes", spec(f"photo: {LENA}"))
    with pytest.raises(SpecError) as caught:
        specfile.load("a.yaml").build()
    assert [one.code for one in caught.value.diagnostics] == ["id-of-other-kind"]


def test_a_build_asks_for_an_id_once_in_its_life(scripted: ScriptedService, project: Path, run: Run) -> None:
    offer(scripted, EVERYTHING)
    assert run("build", "--yes", spec("avatar: Mara_office", "v-hidden")).code == 0
    looked_up = [call for call in scripted.calls if "/v3/avatars" in call or "/v3/voices" in call]
    assert sorted(looked_up) == ["GET /v3/avatars/looks/Mara_office", "GET /v3/voices/v-hidden"]
    assert scripted.calls.index(f"POST {GENERATE}") > max(map(scripted.calls.index, looked_up))
    before = len(scripted.calls)
    assert run("build", "--yes", "a.yaml").code == 0
    assert len(scripted.calls) == before
    Path("a.yaml").write_text(Path("a.yaml").read_text().replace("Hello", "Bye"))
    assert run("build", "--yes", "a.yaml").code == 0
    assert [call for call in scripted.calls[before:] if "/v3/avatars" in call or "/v3/voices" in call] == []


def test_a_service_that_does_not_tell_stops_no_build(
    scripted: ScriptedService, project: Path, run: Run
) -> None:
    ran = run("build", "--yes", spec("avatar: Mara_office"))
    assert ran.code == 0
    assert scripted.paid("Hello")
