"""What an account is offered, out of the lists and single answers of both dialects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from specfile.catalogue import Avatar, Group, Locale, Voice
from specfile.heygen import AccountRefused, HeygenError, Unreachable
from specfile.heygen.catalogue import find_avatar, find_voice, read_catalogue, read_voices
from specfile.heygen.transport import Transport
from tests.heygen.offering import (
    EVERYTHING,
    LENA,
    LOCALES,
    OFTEN,
    OLD_AVATARS,
    OLD_GROUPS,
    OLD_VOICES,
    offer,
    page,
    refused,
)
from tests.heygen.scripted_service import ScriptedService, answer, serving

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def service() -> Iterator[ScriptedService]:
    with serving(ScriptedService()) as scripted:
        yield scripted


@pytest.fixture
def transport(service: ScriptedService) -> Iterator[Transport]:
    transport = Transport(
        service.url,
        upload_base=service.url,
        key="test-key",
        on_notice=print,
        sleep=lambda _: None,
    )
    yield transport
    transport.close()


def test_both_dialects_are_laid_together_by_id(service: ScriptedService, transport: Transport) -> None:
    offer(service, EVERYTHING)
    catalogue = read_catalogue(transport, "https://api.example", NOW)
    assert catalogue.avatars["Mara_office"] == Avatar(
        id="Mara_office",
        name="Mara in the office",
        gender="female",
        group_id="g-mara",
        group_name="Mara",
        is_public=True,
        is_premium=True,
        default_voice_id="v-clara",
        engines=("avatar_iii", "avatar_iv"),
        orientation="landscape",
        preview_image="https://files.example/mara.webp",
        preview_video="https://files.example/mara.mp4",
        tags=("office",),
        status="completed",
    )
    assert catalogue.voices["v-clara"] == Voice(
        id="v-clara",
        name="Clara",
        language="English",
        gender="female",
        preview_audio="https://files.example/clara.mp3",
        pause=True,
        emotion=True,
        locale=True,
        is_public=True,
    )
    assert sorted(catalogue.avatars) == ["Mara_office", "Tobias_studio", "look-lena", "photo-1"]
    assert sorted(catalogue.voices) == ["v-clara", "v-edward", "v-own"]
    assert catalogue.voices["v-edward"].gender is None
    assert catalogue.groups == {
        "g-mara": Group(id="g-mara", name="Mara", kind="avatar", looks=1, is_public=True),
        "g-lena": Group(id="g-lena", name="Lena", kind="talking_photo", looks=1, is_public=False),
    }
    assert catalogue.locales == {"en-GB": Locale(id="en-GB", label="English (UK)", language="English")}
    assert (catalogue.fetched_at, catalogue.origin) == (NOW, "https://api.example")


def test_photo_looks_and_uploaded_photos_are_no_avatars(
    service: ScriptedService, transport: Transport
) -> None:
    offer(service, EVERYTHING)
    avatars = read_catalogue(transport, "", NOW).avatars
    assert {name: one.kind for name, one in avatars.items()} == {
        "Mara_office": "avatar",
        "Tobias_studio": "avatar",
        "look-lena": "talking_photo",
        "photo-1": "talking_photo",
    }


def test_lists_are_read_page_by_page_within_the_limits_of_the_service(
    service: ScriptedService, transport: Transport
) -> None:
    pages = 60
    for number in range(pages):
        token = f"t{number + 1}" if number + 1 < pages else None
        looks = [{"id": f"look-{number}-{index}", "name": "L"} for index in range(50)]
        offer(service, {f"/v3/avatars/looks?token=t{number}": page(*looks, next_token=token)})
    service.faults.sort(key=lambda fault: -len(fault.query))
    first = page({"id": "first", "name": "F"}, next_token="t0")
    offer(service, {"/v3/avatars/looks?ownership=public": first, "/v3/avatars/looks": page()})
    offer(service, {**EVERYTHING})
    avatars = read_catalogue(transport, "", NOW).avatars
    assert len(avatars) == 1 + pages * 50 + len(OLD_AVATARS["data"]["avatars"]) + 1


def test_a_list_that_goes_round_in_a_circle_is_left(service: ScriptedService, transport: Transport) -> None:
    offer(service, {"/v3/avatars/looks": page(LENA, next_token="again"), **EVERYTHING})
    with pytest.raises(Unreachable, match="the service's list goes round in a circle"):
        read_catalogue(transport, "", NOW)


def test_where_the_key_may_not_read_v3_the_older_lists_tell_of_own_looks_too(
    service: ScriptedService, transport: Transport
) -> None:
    service.faults.append(refused("/v3/"))
    everybody = {"id": "g-stock", "name": "Stock", "num_looks": 9, "group_type": "PUBLIC"}
    listed = OLD_GROUPS["data"]["avatar_group_list"]
    look = {"id": "look-lena", "name": "Lena", "image_url": "https://files.example/l.webp", "status": "ready"}
    offer(
        service,
        {
            "/v2/avatar_group.list?include_public=true": {
                "data": {"avatar_group_list": [*listed, everybody]}
            },
            "/v2/avatar_group.list?include_public=false": OLD_GROUPS,
            "/v2/avatar_group/g-lena/avatars": {"data": {"avatar_list": [look]}},
            "/v2/avatar_group/g-anna/avatars": {
                "data": {"avatar_list": [{"avatar_id": "anna-1", "avatar_name": "Anna", "gender": "female"}]}
            },
            "/v2/avatars": OLD_AVATARS,
            "/v2/voices/locales": {"data": LOCALES["data"]["locales"]},
            "/v2/voices": OLD_VOICES,
        },
    )
    catalogue = read_catalogue(transport, "", NOW)
    assert catalogue.avatars["look-lena"] == Avatar(
        id="look-lena",
        name="Lena",
        kind="talking_photo",
        group_id="g-lena",
        group_name="Lena",
        is_public=False,
        preview_image="https://files.example/l.webp",
        status="ready",
    )
    assert catalogue.avatars["anna-1"].kind == "avatar"
    assert {name: one.is_public for name, one in catalogue.groups.items()} == {
        "g-lena": False,
        "g-anna": False,
        "g-stock": True,
    }
    assert service.count("/v2/avatar_group/g-stock") == 0
    assert sorted(catalogue.locales) == ["en-GB"]


def test_what_a_retired_dialect_no_longer_tells_is_left_out(
    service: ScriptedService, transport: Transport
) -> None:
    offer(service, {address: body for address, body in EVERYTHING.items() if address.startswith("/v3/")})
    catalogue = read_catalogue(transport, "", NOW)
    assert sorted(catalogue.avatars) == ["Mara_office", "look-lena"]
    assert catalogue.voices["v-clara"].emotion is None
    assert catalogue.locales == {}


def test_a_key_that_may_read_nothing_is_refused(service: ScriptedService, transport: Transport) -> None:
    service.faults += [refused("/v3/", "unauthorized", 401), refused("/v2/", "unauthorized", 401)]
    with pytest.raises(AccountRefused, match="the service refuses this account: unauthorized"):
        read_catalogue(transport, "", NOW)


def test_a_service_that_fails_gives_no_half_catalogue(service: ScriptedService, transport: Transport) -> None:
    service.faults.append(answer("/v3/voices", 500, {}, times=OFTEN))
    offer(service, EVERYTHING)
    with pytest.raises(Unreachable):
        read_catalogue(transport, "", NOW)


def test_an_id_that_no_list_has_is_found_by_asking_for_it(
    service: ScriptedService, transport: Transport
) -> None:
    offer(service, EVERYTHING)
    found = find_avatar(transport, "look-new")
    assert isinstance(found, Avatar)
    assert (found.name, found.kind, found.is_public) == ("New", "talking_photo", None)
    voice = find_voice(transport, "v-hidden")
    assert voice == Voice(id="v-hidden", name="Hidden", pause=True)


def test_a_photo_that_only_the_older_list_has_is_found_there(
    service: ScriptedService, transport: Transport
) -> None:
    service.faults += [
        refused("/v3/avatars", "avatar_not_found", 404),
        refused("/v2/avatar/", "avatar_not_found", 404),
    ]
    offer(service, EVERYTHING)
    found = find_avatar(transport, "photo-1")
    assert isinstance(found, Avatar)
    assert (found.name, found.kind) == ("Me", "talking_photo")
    assert find_avatar(transport, "photo-2") is None


def test_voices_to_choose_from_come_from_whichever_list_may_be_read(
    service: ScriptedService, transport: Transport
) -> None:
    offer(service, EVERYTHING)
    assert [one.id for one in read_voices(transport)] == ["v-clara", "v-edward"]
    service.faults.insert(0, refused("/v2/"))
    assert [one.id for one in read_voices(transport)] == ["v-own", "v-clara"]


def test_the_id_of_a_group_is_told_to_be_one(service: ScriptedService, transport: Transport) -> None:
    offer(service, EVERYTHING)
    service.faults.insert(0, refused("/v3/avatars/looks/", "avatar_not_found", 404))
    service.faults.insert(0, refused("/v2/avatar/", "avatar_not_found", 404))
    assert find_avatar(transport, "g-mara") == Group(id="g-mara", name="Mara", looks=1)


def test_what_the_service_does_not_know_is_nothing(service: ScriptedService, transport: Transport) -> None:
    service.faults += [
        refused("/v3/avatars", "avatar_not_found", 404),
        refused("/v2/avatar/", "avatar_not_found", 400),
        refused("/v3/voices", "voice_not_found", 404),
    ]
    offer(service, {"/v2/avatars": OLD_AVATARS})
    assert find_avatar(transport, "nobody") is None
    assert find_voice(transport, "silent") is None


def test_ids_are_asked_for_as_one_part_of_a_path(service: ScriptedService, transport: Transport) -> None:
    service.faults += [refused("/", "avatar_not_found", 404)]
    assert find_avatar(transport, "../users/me?x=1") is None
    assert service.calls[0] == "GET /v3/avatars/looks/..%2Fusers%2Fme%3Fx%3D1"


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (403, "the service refuses this account: insufficient_api_key_scope (no)"),
        (410, "the service no longer offers this API: it answered with status 410"),
    ],
    ids=["a scoped key", "v2 is gone"],
)
def test_an_id_that_v3_denies_stays_open_where_the_older_lists_do_not_tell(
    service: ScriptedService, transport: Transport, status: int, message: str
) -> None:
    service.faults += [
        refused("/v3/avatars", "avatar_not_found", 404),
        refused("/v2/", "gone" if status == 410 else "insufficient_api_key_scope", status),
    ]
    with pytest.raises(AccountRefused) as caught:
        find_avatar(transport, "photo-of-long-ago")
    assert str(caught.value) == message


@pytest.mark.parametrize("look_up", [find_avatar, find_voice])
def test_a_key_that_may_ask_nothing_leaves_an_id_open(
    service: ScriptedService, transport: Transport, look_up: object
) -> None:
    service.faults += [refused("/v3/"), refused("/v2/")]
    with pytest.raises(HeygenError, match="insufficient_api_key_scope"):
        look_up(transport, "x")  # type: ignore[operator]


def test_a_voice_of_the_older_list_is_found_where_v3_may_not_be_asked(
    service: ScriptedService, transport: Transport
) -> None:
    service.faults.append(refused("/v3/"))
    offer(service, {"/v2/voices": OLD_VOICES})
    voice = find_voice(transport, "v-clara")
    assert voice is not None
    assert voice.name == "Clara - Natural"
    with pytest.raises(AccountRefused):
        find_voice(transport, "v-private")
