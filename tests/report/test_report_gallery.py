"""The page of avatars and voices."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

from specfile.catalogue import Avatar, Catalogue, Voice
from specfile.report.gallery import gallery

CLARA = Voice(
    id="v-1", name="Clara", language="English", gender="female", preview_audio="https://x.example/a"
)
MUTE = Voice(id="v-2", name="Änne", is_public=False)
MARA = Avatar(
    id="Mara_1",
    name="Mara at work",
    gender="female",
    default_voice_id="v-1",
    engines=("avatar_iii", "avatar_iv"),
    orientation="portrait",
    preview_image="https://x.example/m.webp",
    tags=("Büro",),
)
PHOTO = Avatar(id="p-1", name="<script>alert(1)</script>", kind="talking_photo", is_public=False)
CATALOGUE = Catalogue(
    avatars={one.id: one for one in (MARA, PHOTO)},
    voices={one.id: one for one in (CLARA, MUTE)},
    fetched_at=datetime(2026, 11, 20, 12, 5, tzinfo=UTC),
    origin="https://api.example",
)
PAGE = gallery([MARA, PHOTO], [CLARA, MUTE], CATALOGUE)


class _Reader(HTMLParser):
    """Gathers what a page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(page: str, name: str) -> list[dict[str, str | None]]:
    reader = _Reader()
    reader.feed(page)
    return [attributes for tag, attributes in reader.found if tag == name]


def test_every_line_can_be_copied_as_a_spec_has_it() -> None:
    copied = [one["data-copy"] for one in tags(PAGE, "button") if "data-copy" in one]
    assert copied == ["avatar: Mara_1", "voice: v-1", "photo: p-1", "voice: v-1", "voice: v-2"]


def test_pictures_are_shown_and_voices_played_from_where_they_are() -> None:
    assert [one["src"] for one in tags(PAGE, "img")] == ["https://x.example/m.webp"]
    played = [one["data-sample"] for one in tags(PAGE, "button") if "data-sample" in one]
    assert played == ["https://x.example/a"] * 2


def test_cards_are_searched_without_case_and_accents() -> None:
    assert [one["data-search"] for one in tags(PAGE, "article")] == [
        "mara_1 mara at work buro",
        "p-1 <script>alert(1)</script>",
        "v-1 clara english",
        "v-2 anne",
    ]
    assert [one["data-whose"] for one in tags(PAGE, "article")] == ["public", "own", "public", "own"]


def test_names_are_never_markup() -> None:
    assert "<script>alert" not in PAGE
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in PAGE


def test_nothing_runs_but_what_the_page_holds_itself() -> None:
    [policy] = [one["content"] for one in tags(PAGE, "meta") if one.get("http-equiv")]
    assert policy is not None
    for name in ("script", "style"):
        [text] = re.findall(rf"<{name}>(.*?)</{name}>", PAGE, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}';" in policy
    assert "default-src 'none';" in policy


def test_nothing_else_is_fetched() -> None:
    assert tags(PAGE, "link") == [{"rel": "icon", "href": "data:,"}]
    assert all("src" not in one for one in tags(PAGE, "script"))


def test_a_page_of_voices_alone_has_no_choice_of_sections() -> None:
    page = gallery([], [CLARA, MUTE], CATALOGUE)
    assert "<title>Voices of https://api.example</title>" in page
    assert not [one for one in tags(page, "input") if one.get("type") == "radio"]


def test_languages_can_be_chosen_where_there_are_several() -> None:
    german = replace(CLARA, id="v-3", language="German")
    page = gallery([], [CLARA, german], CATALOGUE)
    assert "<option>English</option><option>German</option>" in page
    assert "<option>English</option>" not in PAGE


def test_how_old_the_catalogue_is_stands_at_the_top() -> None:
    assert '<time datetime="2026-11-20T12:05:00+00:00">20 November 2026, 12:05 UTC</time>' in PAGE
