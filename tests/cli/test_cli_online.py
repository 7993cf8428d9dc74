"""Ids that the service is asked for: by `check --online`, and by a build before it pays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import specfile
from specfile.catalogue import Catalogue
from specfile.catalogue.cache import CatalogueFile
from specfile.diagnostics import SpecError
from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.emulator.catalogue import load_catalogue
from specfile.offers import asking
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


def test_without_a_key_ids_are_not_asked_for_and_addresses_are_looked_at(project: Path, run: Run) -> None:
    there = spec(f"avatar: {MARA}", CLARA, "    background: https://host.invalid/office.png")
    keyless = "a.yaml: 2 ids were not asked for, as there is no API key (HEYGEN_API_KEY)\n"
    assert run("check", "--online", there) == Ran(4, "", UNREACHABLE + keyless)


def test_a_check_that_could_not_ask_is_no_success(project: Path, run: Run) -> None:
    keyless = "a.yaml: 2 ids were not asked for, as there is no API key (HEYGEN_API_KEY)\n"
    ran = run("check", "--online", spec(f"avatar: {MARA}"))
    assert ran == Ran(4, "", "a.yaml: no problems found\n" + keyless)
    assert run("check", "--online", "--quiet", "a.yaml") == Ran(4, "", keyless)


def test_without_ids_online_needs_no_key(project: Path, run: Run) -> None:
    Path("a.yaml").write_text(
        "# Nobody speaks\nspecfile: 1\ndimension: 720p\nscenes:\n"
        "  - character: null\n    background: https://host.invalid/office.png\n    audio: hum.mp3\n"
    )
    Path("hum.mp3").write_bytes(b"ID3" + bytes(200))
    assert run("check", "--online", "a.yaml") == Ran(1, "", UNREACHABLE)


def people(number: int) -> str:
    rows = "".join(f"p{one},Nobody-{one}\n" for one in range(number))
    Path("people.csv").write_text("id,who\n" + rows)
    return spec('avatar: "{{ who }}"', CLARA, "data: people.csv", 'key: "{{ id }}"')


def test_many_ids_are_told_and_the_older_list_is_read_once(
    scripted: ScriptedService, project: Path, run: Run
) -> None:
    scripted.faults += [
        refused("/v3/avatars", "avatar_not_found", 404),
        refused("/v2/avatar/", "avatar_not_found", 404),
    ]
    offer(scripted, {**EVERYTHING, f"/v3/voices/{CLARA}": {"data": {"voice_id": CLARA, "name": "Clara"}}})
    ran = run("check", "--online", people(36))
    assert ran.code == 1
    assert ran.err.splitlines()[0] == "asking the service about 37 ids"
    assert ran.err.endswith("\n36 errors\n")
    assert scripted.calls.count("GET /v2/avatars") == 1
    assert "asking" not in run("check", "--online", "--quiet", "a.yaml").err


def test_ids_past_the_first_are_not_asked_for(
    scripted: ScriptedService, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST", 12)
    scripted.faults.append(refused("/", "avatar_not_found", 404))
    offer(scripted, {"/v2/avatars": EVERYTHING["/v2/avatars"]})
    scripted.faults.reverse()
    ran = run("check", "--online", people(14))
    assert ran.code == 1
    assert ran.err.splitlines()[0] == "asking the service about 12 ids; 3 more are not asked for"
    assert ran.err.endswith("\n12 errors\n")
    assert scripted.count("/v3/avatars/looks/") == 12


def test_the_list_of_voices_is_read_once_where_v3_may_not_be_asked(
    scripted: ScriptedService, project: Path, run: Run
) -> None:
    scripted.faults.append(refused("/v3/"))
    offer(scripted, EVERYTHING)
    Path("people.csv").write_text("id\n" + "".join(f"v-{one}\n" for one in range(5)))
    ran = run(
        "check", "--online", spec("avatar: Mara_office", '"{{ id }}"', "data: people.csv", 'key: "{{ id }}"')
    )
    assert ran == Ran(0, "", "a.yaml: no problems found\n")
    assert scripted.calls.count("GET /v2/voices") == 1


def test_a_build_tells_that_it_asks_for_many_ids(scripted: ScriptedService, project: Path, run: Run) -> None:
    scripted.faults.append(refused("/v3/avatars"))
    ran = run("build", "--yes", people(10))
    assert "\nasking the service about 11 ids\n" in ran.err


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


def test_a_key_that_is_no_good_is_no_success(scripted: ScriptedService, project: Path, run: Run) -> None:
    scripted.faults += [refused(api, "unauthorized", 401) for api in ("/v3/", "/v2/")]
    assert run("check", "--online", spec("avatar: Mara_office")) == Ran(
        4,
        "",
        "error: the service refuses this account: unauthorized (no)\nhint: check HEYGEN_API_KEY\n",
    )


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


def test_an_id_that_only_a_list_out_of_reach_may_have_stops_no_build(
    scripted: ScriptedService, project: Path, run: Run
) -> None:
    scripted.faults += [refused("/v3/avatars", "avatar_not_found", 404), refused("/v2/avatar")]
    ran = run("build", "--yes", spec("photo: photo-of-long-ago"))
    assert ran.code == 0
    assert scripted.paid("Hello")


def test_a_build_that_pays_nothing_does_not_read_what_is_kept(
    scripted: ScriptedService, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[CatalogueFile] = []
    read = CatalogueFile.read

    def counted(file: CatalogueFile) -> Catalogue | None:
        reads.append(file)
        return read(file)

    monkeypatch.setattr(CatalogueFile, "read", counted)
    assert run("check", spec("avatar: Mara_office")).code == 0
    while_checking = len(reads)
    assert run("build", "--yes", "a.yaml").code == 0
    reads.clear()
    assert run("build", "--yes", "a.yaml").code == 0
    assert len(reads) == while_checking
