"""What the cache keeps of a catalogue, and what it makes of a file that is damaged."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from specfile.catalogue import Avatar, Catalogue, Group, Locale, Voice
from specfile.catalogue.cache import CatalogueFile
from specfile.catalogue.links import avatar_at, runs_out, voice_at

ORIGIN = "https://api.example:8443"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARA = Avatar(
    id="mara", name="Mara", gender="female", is_public=True, engines=("avatar_iii",), tags=("a", "b")
)
PHOTO = Avatar(id="p-1", name="Me", kind="talking_photo", is_public=False)
CLARA = Voice(id="clara", name="Clara", language="English", emotion=True, locale=False)
WHOLE = Catalogue(
    avatars={"mara": MARA, "p-1": PHOTO},
    voices={"clara": CLARA},
    groups={"g": Group(id="g", name="Mara", looks=2)},
    locales={"en-GB": Locale(id="en-GB", label="English (UK)")},
    fetched_at=NOW,
    origin=ORIGIN,
)


@pytest.fixture
def file(tmp_path: Path) -> CatalogueFile:
    return CatalogueFile.of(ORIGIN, "key-of-ada", tmp_path / "cache")


def told(catalogue: Catalogue | None) -> dict[str, object]:
    """All that a catalogue says, which can be compared: two catalogues are never the same."""
    assert catalogue is not None
    found = {one.name: getattr(catalogue, one.name) for one in fields(catalogue)}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in found.items()}


def test_what_is_kept_is_what_was_read(file: CatalogueFile) -> None:
    assert file.read() is None
    file.write(WHOLE)
    assert told(file.read()) == told(WHOLE)


def test_it_can_be_handed_to_another_process(file: CatalogueFile) -> None:
    file.write(WHOLE)
    assert told(pickle.loads(pickle.dumps(file.read()))) == told(WHOLE)


def test_accounts_and_services_have_files_of_their_own(tmp_path: Path) -> None:
    files = {
        CatalogueFile.of(origin, key, tmp_path).path
        for origin in (ORIGIN, "https://other.example")
        for key in ("key-of-ada", "key-of-bob")
    }
    assert len(files) == 4


def test_nothing_of_the_key_is_on_the_disk(file: CatalogueFile) -> None:
    file.write(WHOLE)
    assert file.path.name.startswith("api.example_8443-")
    assert b"key-of-ada" not in file.path.read_bytes() + str(file.path).encode()


def test_only_the_user_may_read_it(file: CatalogueFile) -> None:
    file.write(WHOLE)
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_only_the_file_itself_is_left(file: CatalogueFile) -> None:
    file.write(WHOLE)
    file.write(WHOLE)
    assert [one.name for one in file.path.parent.iterdir()] == [file.path.name]


@pytest.mark.parametrize("length", range(0, 400, 7))
def test_a_file_that_was_cut_short_is_as_none(file: CatalogueFile, length: int) -> None:
    file.write(WHOLE)
    file.path.write_bytes(file.path.read_bytes()[:length])
    assert file.read() is None


def test_a_file_with_a_changed_byte_is_as_none(file: CatalogueFile) -> None:
    file.write(WHOLE)
    data = bytearray(file.path.read_bytes())
    data[-9] ^= 1
    file.path.write_bytes(data)
    assert file.read() is None


def test_a_folder_in_its_place_is_as_none(file: CatalogueFile) -> None:
    file.path.mkdir(parents=True)
    assert file.read() is None


def test_what_single_questions_told_is_added_and_nothing_is_forgotten(file: CatalogueFile) -> None:
    file.write(WHOLE)
    new, better = replace(MARA, id="new", name="New"), Voice(id="clara", name="Clara", pause=True)
    group = Group(id="h", name="Other")
    later = NOW.replace(hour=13)
    file.remember(
        Catalogue(
            avatars={"new": new},
            voices={"clara": better},
            groups={"h": group},
            fetched_at=later,
            origin=ORIGIN,
            is_whole=False,
        )
    )
    assert told(file.read()) == told(
        replace(
            WHOLE,
            avatars={**WHOLE.avatars, "new": new},
            voices={"clara": replace(CLARA, pause=True)},
            groups={**WHOLE.groups, "h": group},
        )
    )


def test_single_answers_alone_are_no_whole_catalogue(file: CatalogueFile) -> None:
    found = replace(WHOLE, groups={}, locales={})
    file.remember(found)
    assert told(file.read()) == told(replace(found, is_whole=False))


@pytest.mark.parametrize(
    ("query", "end"),
    [
        ("Expires=1795176000&Signature=s&Key-Pair-Id=k", datetime(2026, 11, 20, 12, tzinfo=UTC)),
        ("X-Amz-Date=20261120T120000Z&X-Amz-Expires=3600", datetime(2026, 11, 20, 13, tzinfo=UTC)),
        ("X-Goog-Date=20261120T120000Z&X-Goog-Expires=60", datetime(2026, 11, 20, 12, 1, tzinfo=UTC)),
        ("v=3", None),
        ("Expires=soon", None),
        ("X-Amz-Expires=3600", None),
        ("Expires=99999999999999999999", None),
    ],
)
def test_when_a_signed_link_runs_out(query: str, end: datetime | None) -> None:
    assert runs_out(f"https://files.example/a.webp?{query}") == end


def test_links_that_have_run_out_are_left_out() -> None:
    over, good = "https://files.example/a?Expires=1795175999", "https://files.example/b?Expires=1795176001"
    avatar = replace(MARA, preview_image=over, preview_video=good)
    assert avatar_at(avatar, NOW) == replace(avatar, preview_image=None)
    assert voice_at(replace(CLARA, preview_audio=over), NOW) == CLARA
    assert voice_at(replace(CLARA, preview_audio=good), NOW).preview_audio == good
