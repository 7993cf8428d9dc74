"""What animates an avatar: chosen from what it has, said in time, and paid by its own price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from specfile.catalogue import Avatar, Catalogue, Kind
from specfile.compiler.estimate import estimate
from specfile.compiler.lower import Loss, lower
from specfile.diagnostics import Severity
from specfile.film import Api, Json, Video
from specfile.loaded import LoadedSpec
from tests.compiler.films import ANNA, LOOK, SAID, film

ENGINE = "avatar-engine"
OFFERED = {
    "Anna": ("avatar_iii", "avatar_iv"),
    "Nora": ("avatar_iv", "avatar_v"),
    "Vera": ("avatar_v",),
    "Otto": ("avatar_iii",),
    "p-1": ("avatar_iv",),
}
KINDS: Mapping[str, Kind] = {"p-1": "talking_photo"}
CATALOGUE = Catalogue(
    avatars={
        **{
            one: Avatar(id=one, name=one, kind=KINDS.get(one, "avatar"), engines=engines)
            for one, engines in OFFERED.items()
        },
        "Mute": Avatar(id="Mute", name="of whom the service says nothing"),
    },
    voices={},
    fetched_at=datetime(2026, 11, 21, tzinfo=UTC),
    origin="https://api.heygen.com",
    is_whole=False,
)
IV = {"use_avatar_iv_model": True}


@pytest.mark.parametrize(
    ("character", "engine"),
    [
        (ANNA, "avatar_iii"),
        (ANNA | IV, "avatar_iv"),
        (ANNA | {"avatar_id": "Nobody knows"}, "avatar_iii"),
        (ANNA | {"avatar_id": "Nora"}, "avatar_iv"),
        (ANNA | {"avatar_id": "Nora"} | IV, "avatar_iv"),
        (ANNA | {"avatar_id": "Vera"}, "avatar_v"),
        (LOOK, "avatar_iv"),
    ],
)
def test_v3_names_the_engine_of_v2_where_the_avatar_has_it(character: Json, engine: str) -> None:
    payload = lower("v3", film({"character": character}), {}, OFFERED).payload
    assert payload is not None
    assert payload["scenes"][0]["input"]["engine"] == {"type": engine}


def test_another_engine_than_that_of_v2_is_told_with_its_price() -> None:
    made = film({"character": ANNA}, {"character": ANNA | {"avatar_id": "Vera"}}, {"character": LOOK})
    hint = "choose one that has Avatar III, or add `use_avatar_iv_model: true` where the newer look is meant"
    assert lower("v3", made, {}, OFFERED).findings == (
        Loss(
            ("video_inputs", 1, "character", "avatar_id"),
            "`Vera` has no Avatar III, so Avatar V animates it: $0.0667 a second in place of $0.0167",
            hint,
            Severity.WARNING,
        ),
        Loss(
            ("video_inputs", 2, "character", "talking_photo_id"),
            "`p-1` has no Avatar III, so Avatar IV animates it: $0.0385 a second in place of $0.0165",
            hint,
            Severity.WARNING,
        ),
    )


def test_the_price_is_that_of_the_engine_in_the_dialect_that_is_sent() -> None:
    said = {"voice": SAID | {"input_text": "x" * 150}}  # ten seconds
    one, two = film(said | {"character": ANNA | {"avatar_id": "Nora"}}), film(said | {"character": ANNA | IV})
    assert estimate(one, ()).cost_usd == pytest.approx(0.167)
    assert estimate(one, (), "v2", OFFERED).cost_usd == pytest.approx(0.167)
    assert estimate(one, (), "v3", OFFERED).cost_usd == pytest.approx(0.667)
    assert estimate(two, ()).cost_usd == pytest.approx(0.667)


# --- in a spec ----------------------------------------------------------------------------------------


def loaded(path: Path, text: str, api: Api | None = None) -> LoadedSpec:
    (path / "a.yaml").write_text("specfile: 1\n" + text)
    return replace(LoadedSpec.read(path / "a.yaml", api=api), catalogue=CATALOGUE)


def spoken(avatar: str, more: str = "") -> str:
    return f"scenes: [{{say: Hello, voice: v, character: {{type: avatar, avatar_id: {avatar}{more}}}}}]\n"


@pytest.mark.parametrize("avatar", ["Anna", "Otto", "Mute", "Nobody"])
def test_v2_says_nothing_of_an_avatar_that_has_avatar_iii_or_may_have_it(avatar: str, tmp_path: Path) -> None:
    assert loaded(tmp_path, spoken(avatar)).check() == ()


def test_v2_warns_of_an_avatar_that_it_refuses_as_it_is(tmp_path: Path) -> None:
    (only,) = loaded(tmp_path, spoken("Nora")).check()
    assert (only.code, only.severity, only.path) == (
        ENGINE,
        Severity.WARNING,
        "scenes[0].character.avatar_id",
    )
    assert only.message == (
        "`Nora` has no Avatar III, and the service refuses it without Avatar IV, "
        'as one that "does not support unlimited mode"'
    )
    assert only.hint == (
        "add `use_avatar_iv_model: true` to the character ($0.0667 a second in place of $0.0167), "
        "or choose one that has Avatar III"
    )
    assert loaded(tmp_path, spoken("Nora", ", use_avatar_iv_model: true")).check() == ()


def test_a_transparent_film_of_v2_has_no_avatar_iv_to_ask_for(tmp_path: Path) -> None:
    (only,) = loaded(tmp_path, "output: {format: webm}\n" + spoken("Nora")).check()
    assert only.hint == "choose an avatar that has Avatar III, or write `api: v3`"


def test_a_transparent_film_of_v2_shows_no_avatar_of_ones_own(tmp_path: Path) -> None:
    avatars = {"Me": Avatar(id="Me", name="me", is_public=False)}
    spec = replace(
        loaded(tmp_path, "output: {format: webm}\n" + spoken("Me")),
        catalogue=replace(CATALOGUE, avatars=avatars),
    )
    (only,) = spec.check()
    assert (only.code, only.severity) == ("webm-avatar", Severity.WARNING)
    assert only.message == ("`Me` is an avatar of your own; transparent films show only the service's")
    assert replace(spec, api="v3").check() == ()


def test_avatar_iv_for_an_avatar_that_has_none_is_told_in_both_dialects(tmp_path: Path) -> None:
    for api in ("v2", "v3"):
        (only,) = loaded(tmp_path, spoken("Otto", ", use_avatar_iv_model: true"), api).check()
        assert (only.code, only.path) == (ENGINE, "scenes[0].character.use_avatar_iv_model")


def test_v3_says_what_changes_and_the_digest_stays(tmp_path: Path) -> None:
    before = loaded(tmp_path, spoken("Nora")).compile()
    now = loaded(tmp_path, spoken("Nora"), "v3")
    assert [one.code for one in now.check()] == ["not-in-v3"]
    assert digests(now.compile()) == digests(before)


def digests(videos: tuple[Video, ...]) -> list[str]:
    return [one.digest for one in videos]


def test_rows_that_name_their_avatar_get_its_engine_and_price_each(tmp_path: Path) -> None:
    """Also where the rows after the first go the quick way."""
    avatars = ["Anna", "Otto", "Nora", "Anna", "Vera", "Nobody", "Nora"] * 3
    rows = "".join(f"{number},{avatar}\n" for number, avatar in enumerate(avatars))
    (tmp_path / "rows.csv").write_text("id,avatar\n" + rows)
    text = "api: v3\ndata: rows.csv\nkey: k-{{ id }}\n" + spoken('"{{ avatar }}"')
    videos = loaded(tmp_path, text).compile()
    engines = [one.request.payload["scenes"][0]["input"]["engine"]["type"] for one in videos]
    by_avatar = {"Nora": "avatar_iv", "Vera": "avatar_v"}
    assert engines == [by_avatar.get(one, "avatar_iii") for one in avatars]
    third = 5 / 15
    prices = {"avatar_iii": 0.0167, "avatar_iv": 0.0667, "avatar_v": 0.0667}
    assert [one.cost_usd for one in videos] == pytest.approx(
        [prices[one] * third for one in engines], abs=1e-4
    )


def test_the_emulator_account_is_another(tmp_path: Path) -> None:
    (video,) = loaded(tmp_path, "api: v3\n" + spoken("Nora")).compile(local=True)
    assert video.request.payload["scenes"][0]["input"]["engine"] == {"type": "avatar_iii"}
