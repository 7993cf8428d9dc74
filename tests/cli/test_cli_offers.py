"""`avatars`, `voices` and `quota`: the catalogue of an account, found by words and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from specfile.catalogue.cache import CatalogueFile
from specfile.cli import offers
from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.emulator.catalogue import load_catalogue
from tests.heygen.offering import EVERYTHING, offer, refused
from tests.heygen.scripted_service import ScriptedService
from tests.running import Ran, Run

KEY = "test-key"
PICTURE = next((Path(__file__).parents[2] / "specs-examples" / "images").glob("*.png"))


@pytest.fixture(autouse=True)
def _cache(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPECFILE_CATALOGUE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / "cache"))


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(EmulatorSettings(progress=AT_ONCE, speed=1000, strict_ids=True)) as running:
        yield running


@pytest.fixture
def service(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    monkeypatch.setenv("HEYGEN_API_BASE", emulator.url)
    monkeypatch.setenv("HEYGEN_API_KEY", KEY)
    return emulator


@pytest.fixture
def account(scripted: ScriptedService) -> ScriptedService:
    """A small account, whose every answer is written in `offering`."""
    offer(scripted, EVERYTHING)
    return scripted


def at(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    moment = datetime.now(UTC) + later
    monkeypatch.setattr(offers, "this_moment", lambda: moment)
    monkeypatch.setattr("specfile.cli.avatars_command.this_moment", lambda: moment)


def test_avatars_are_a_table_of_lines_to_write(account: ScriptedService, run: Run) -> None:
    ran = run("avatars")
    assert ran.code == 0
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "write                  name                   gender  default voice  group  tags",
        "photo: look-lena       Lena by the sea (own)  female                 Lena",
        "avatar: Mara_office    Mara in the office     female  Clara          Mara   office",
        "photo: photo-1         Me",
        "avatar: Tobias_studio  Tobias                 male",
    ]
    assert ran.err == f"reading the catalogue of {account.url} …\n4 avatars\n"


@pytest.mark.parametrize(
    ("command", "noun"),
    [
        (("avatars", "--group", "Nobody"), "avatars"),
        (("avatars", "--tag", "nope"), "avatars"),
        (("voices", "--language", "xx"), "voices"),
    ],
)
def test_where_options_leave_nothing_that_is_said(
    account: ScriptedService, run: Run, command: tuple[str, ...], noun: str
) -> None:
    assert run(*command) == Ran(
        0,
        "",
        f"reading the catalogue of {account.url} …\n0 {noun}\n"
        "none is all of what was asked for: leave a word or an option out\n",
    )


def test_the_second_time_nothing_is_asked_and_the_age_is_told(
    account: ScriptedService, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run("avatars")
    calls = len(account.calls)
    at(monkeypatch, timedelta(hours=3, minutes=5))
    again = run("avatars")
    assert (again.out, again.err) == (first.out, "4 avatars, as of 3 hours ago\n")
    at(monkeypatch, timedelta(days=12))
    old = run("avatars")
    assert old.err == "4 avatars, as of 12 days ago\n--refresh reads the catalogue anew\n"
    assert len(account.calls) == calls
    assert run("avatars", "--refresh").err == first.err
    assert len(account.calls) == 2 * calls


def test_a_damaged_cache_is_as_none(account: ScriptedService, run: Run) -> None:
    first = run("avatars")
    file = CatalogueFile.of(account.url, KEY).path
    file.write_bytes(file.read_bytes()[:-1])
    assert run("avatars") == first


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["mara"], ["Mara_office"]),
        (["LENA", "sea"], ["look-lena"]),
        (["office"], ["Mara_office"]),
        (["nobody here"], []),
        (["--gender", "male"], ["Tobias_studio"]),
        (["--own"], ["look-lena"]),
        (["--public"], ["Mara_office", "photo-1", "Tobias_studio"]),
        (["--photos"], ["look-lena", "photo-1"]),
        (["--no-photos", "--gender", "female"], ["Mara_office"]),
        (["--tag", "Office"], ["Mara_office"]),
        (["--group", "g-lena"], ["look-lena"]),
        (["--group", "mara"], ["Mara_office"]),
        (["--limit", "1"], ["look-lena"]),
        (["--limit", "0"], ["look-lena", "Mara_office", "photo-1", "Tobias_studio"]),
    ],
)
def test_avatars_are_found_by_words_and_by_what_they_are(
    account: ScriptedService, run: Run, arguments: list[str], found: list[str]
) -> None:
    ran = run("avatars", *arguments, "--format", "json")
    assert [one["id"] for one in json.loads(ran.out)] == found


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["clara"], ["v-clara"]),
        (["--language", "german"], ["v-own"]),
        (["--language", "de"], ["v-own"]),
        (["--language", "en-GB"], ["v-clara", "v-edward"]),
        (["--takes", "emotion"], ["v-clara"]),
        (["--takes", "pause", "--takes", "locale"], ["v-clara"]),
        (["--own"], ["v-own"]),
    ],
)
def test_voices_are_found_by_words_and_by_what_they_are(
    account: ScriptedService, run: Run, arguments: list[str], found: list[str]
) -> None:
    ran = run("voices", *arguments, "--format", "json")
    assert [one["id"] for one in json.loads(ran.out)] == found


def test_an_id_shows_everything_about_one_avatar_and_its_voice(account: ScriptedService, run: Run) -> None:
    assert run("avatars", "Mara_office").out == (
        "Mara in the office\n"
        "  write          avatar: Mara_office\n"
        "  is             public avatar\n"
        "  gender         female\n"
        "  default voice  voice: v-clara\n"
        "                 Clara, English, female\n"
        "  engines        Avatar III, IV\n"
        "  orientation    landscape\n"
        "  group          Mara (g-mara)\n"
        "  premium        yes\n"
        "  tags           office\n"
        "  status         completed\n"
        "  picture        https://files.example/mara.webp\n"
        "  clip           https://files.example/mara.mp4\n"
    )


def test_the_default_voice_that_a_list_leaves_out_is_asked_for(account: ScriptedService, run: Run) -> None:
    offer(
        account, {"/v3/avatars/looks/look-lena": {"data": {"id": "look-lena", "default_voice_id": "v-clara"}}}
    )
    account.faults.sort(key=lambda fault: not fault.path.endswith("look-lena"))
    assert (
        "  default voice  voice: v-clara\n                 Clara, English, female\n"
        in run("avatars", "look-lena").out
    )


def test_a_link_that_has_run_out_is_not_shown(account: ScriptedService, run: Run) -> None:
    [one] = json.loads(run("avatars", "--own", "--format", "json").out)
    assert one["preview_image"] is None


def test_an_id_that_the_lists_leave_out_is_asked_for_and_remembered(
    account: ScriptedService, run: Run
) -> None:
    run("avatars")
    calls = len(account.calls)
    assert "  write          photo: look-new\n" in run("avatars", "look-new").out
    assert account.calls[calls:] == ["GET /v3/avatars/looks/look-new"]
    assert "photo: look-new" in run("avatars", "--photos").out
    assert "write   voice: v-hidden\n" in run("voices", "v-hidden").out


def test_the_id_of_a_group_shows_its_looks(service: Emulator, run: Run) -> None:
    [lena] = [one for one in load_catalogue().groups.values() if one.name == "Lena"]
    ran = run("avatars", lena.id)
    assert [line.split()[0] for line in ran.out.splitlines()[1:]] == ["photo:"] * 3


def test_groups_are_told_with_the_kind_of_their_looks(account: ScriptedService, run: Run) -> None:
    assert [line.split() for line in run("avatars", "--groups").out.splitlines()[1:]] == [
        ["g-lena", "Lena", "(own)", "1", "photos"],
        ["g-mara", "Mara", "1", "avatars"],
    ]


def test_accents_are_told_as_lines_to_write(account: ScriptedService, run: Run) -> None:
    ran = run("voices", "--locales")
    assert [line.split() for line in ran.out.splitlines()[1:]] == [
        ["locale:", "en-GB", "English", "(UK)", "English"]
    ]


def test_what_fits_nothing_says_so(account: ScriptedService, run: Run) -> None:
    ran = run("avatars", "no", "body")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith("\nnone is all of what was asked for: leave a word or an option out\n")


def test_thousands_are_cut_for_a_table_and_whole_for_programs(account: ScriptedService, run: Run) -> None:
    looks = [{"id": f"look-{number:04}", "name": f"Look {number:04}"} for number in range(3000)]
    offer(account, {"/v3/avatars/looks?ownership=public": {"data": looks, "has_more": False}})
    account.faults.insert(0, account.faults.pop())
    ran = run("avatars", "look-")
    assert len(ran.out.splitlines()) == 51
    assert ran.err.endswith("50 of 3,001 avatars\nadd words to find fewer, or --limit 0 for all\n")
    assert len(json.loads(run("avatars", "--format", "json").out)) == 3004


def test_without_a_key_nothing_is_asked(project: Path, run: Run) -> None:
    assert run("avatars") == Ran(
        4,
        "",
        "error: there is no API key for the service\n"
        "hint: set HEYGEN_API_KEY, or build with --local: no account, no cost\n",
    )


def test_a_key_that_may_read_nothing_is_refused(scripted: ScriptedService, run: Run) -> None:
    scripted.faults.append(refused("/", "unauthorized", 401))
    ran = run("avatars")
    assert ran.code == 4
    assert "error: the service refuses this account: unauthorized (no)\n" in ran.err
    assert not (Path("cache") / "specfile" / "catalogue").exists()


def test_local_shows_what_the_emulator_offers_and_keeps_nothing(project: Path, run: Run) -> None:
    ran = run("avatars", "--local", "--format", "json", "Mara")
    assert {one["id"] for one in json.loads(ran.out)} >= {"Mara_office_front", "Mara_garden_front"}
    assert not Path("cache").exists()


def test_the_page_is_written_to_a_file(service: Emulator, run: Run) -> None:
    ran = run("avatars", "--format", "html", "-o", "gallery.html")
    assert (ran.code, ran.out) == (0, "")
    page = Path("gallery.html").read_text()
    assert "avatar: Mara_office_front" in page
    assert f'src="{service.url}/portraits/' in page


def test_a_page_of_the_emulator_outlasts_it(project: Path, run: Run) -> None:
    page = run("voices", "--local", "--format", "html", "Clara").out
    assert "http://127.0.0.1" not in page
    assert 'data-sample="data:audio/' in page


def test_a_file_that_cannot_be_written_is_named(account: ScriptedService, run: Run) -> None:
    ran = run("avatars", "-o", "no/such/folder.txt")
    assert ran.code == 2
    assert "error: no/such/folder.txt can't be written: No such file or directory\n" in ran.err


def test_the_quota_is_told_pool_by_pool(scripted: ScriptedService, run: Run) -> None:
    wallet = {"currency": "usd", "remaining_balance": 12.5, "auto_reload": False}
    offer(
        scripted,
        {
            "/v3/users/me": {"data": {"username": "ada", "billing_type": "wallet", "wallet": wallet}},
            "/v2/user/remaining_quota": {"data": {"details": {"streaming_avatar": 300, "api": 600}}},
        },
    )
    assert run("quota").out == (
        "  account            ada\n"
        "  billed             from a prepaid wallet, not filled up by itself\n"
        "  prepaid wallet     $12.50\n"
        "  API credits        10.0 credits\n"
        "  streaming credits  5.0 credits (videos made with a key aren't paid from these)\n"
    )
    assert json.loads(run("quota", "--format", "json").out) == {
        "billing": "wallet",
        "plan": None,
        "name": "ada",
        "fills_itself": False,
        "holdings": [
            {"what": what, "left": left, "unit": unit, "of": None, "until": None, "renders": renders}
            for what, left, unit, renders in (
                ("wallet", 12.5, "USD", True),
                ("api", 10.0, "credits", True),
                ("streaming_avatar", 5.0, "credits", False),
            )
        ],
    }


def test_the_emulator_has_a_quota_too(project: Path, run: Run) -> None:
    ran = run("quota", "--local")
    assert ran.code == 0
    assert "  API credits  " in ran.out


def test_a_picture_of_the_project_is_held_against_no_catalogue(account: ScriptedService, run: Run) -> None:
    Path("me.png").write_bytes(PICTURE.read_bytes())
    Path("me.yaml").write_text(
        "specfile: 1\ndimension: 720p\nscenes:\n  - {photo: ./me.png, voice: voice-clara, say: Hello}\n"
    )
    run("avatars")
    assert "unknown-avatar" not in run("check", "me.yaml").err
