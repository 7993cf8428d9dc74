"""The addresses of a spec, each asked for once, and told where they are written and by which rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest

from specfile import addresses_online
from specfile.addresses_online import check_addresses
from specfile.diagnostics.text import write_text
from specfile.loaded import LoadedSpec
from specfile.online import Asked, Wanted, addresses, ask
from specfile.online.looking import Seen, look
from tests.online.file_host import FileHost, file_host

PICTURE = {"Content-Type": "image/png"}
SPEC = """\
specfile: 1
variables: {{name: {{type: string}}, wall: {{type: string}}}}
data: people.csv
key: "{{{{ name }}}}"
{api}defaults: {{avatar: Anna_public_1, voice: v-annas-own}}
scenes:
  - say: Hello
    background: {{type: image, url: "{{{{ wall }}}}"}}
  - say: And now
  - character: null
    background: "#1a1a2e"
    audio: https://media.example.com/jingle.mp3
"""


@pytest.fixture
def host() -> Iterator[FileHost]:
    with file_host() as host:
        yield host


def spec(*walls: str, api: str = "") -> LoadedSpec:
    rows = [f"p{number},{wall}" for number, wall in enumerate(walls, 1)]
    Path("people.csv").write_text("\n".join(["name,wall", *rows]) + "\n")
    Path("tour.yaml").write_text(SPEC.format(api=api))
    return LoadedSpec.read("tour.yaml")


def seen_at(host: FileHost, url: str) -> Seen:
    """What is at an address of the public host, which is served here."""
    here = url.replace("https://media.example.com", host.url)
    found = look(here, is_allowed=lambda _: True)
    return Seen(
        final=found.final.replace(host.url, "https://media.example.com"),
        status=found.status,
        media_type=found.media_type,
        length=found.length,
        beginning=found.beginning,
    )


def wall(name: str) -> str:
    return f"https://media.example.com/{name}"


@pytest.mark.usefixtures("project")
def test_each_address_is_asked_for_once_and_told_with_its_rows(host: FileHost) -> None:
    host.at("/jingle.mp3", headers={"Content-Type": "audio/mpeg"})
    host.at("/a.png", headers=PICTURE)
    host.at("/login", headers={"Content-Type": "text/html"})
    host.at("/b.png", status=302, body=b"", headers={"Location": "/login"})
    loaded = spec(wall("a.png"), wall("b.png"), wall("a.png"), wall("gone.png"), wall("b.png"))
    found, told = check_addresses(loaded, partial(ask, look=partial(seen_at, host)))
    assert told is None
    assert sorted(host.calls) == [
        "GET /gone.png",
        "HEAD /a.png",
        "HEAD /b.png",
        "HEAD /gone.png",
        "HEAD /jingle.mp3",
        "HEAD /login",
    ]
    assert [(one.code, one.cell.row if one.cell else None) for one in found] == [
        ("address-is-page", 2),
        ("address-unreachable", 4),
        ("address-is-page", 5),
    ]
    text = write_text(found[:1], source=lambda name: Path(name).read_text())
    assert text == (
        "error[address-is-page]: this leads to a page that asks to sign in at media.example.com, not to the "
        "file itself\n"
        "  --> tour.yaml:8:36\n"
        "   |\n"
        ' 8 |     background: {type: image, url: "{{ wall }}"}\n'
        "   |                                    ^^^^^^^^^^^^\n"
        "   = at scenes[0].background.url\n"
        "   = from row 2 of people.csv (key p2), column wall\n"
        "   hint: save the file in the project and name it by its path\n"
        "\n"
        "1 error\n"
    )


@pytest.mark.usefixtures("project")
def test_an_address_of_the_spec_itself_is_told_once_however_many_rows_name_it(host: FileHost) -> None:
    host.at("/a.png", headers=PICTURE)
    loaded = spec(*[wall("a.png")] * 20)
    found, _ = check_addresses(loaded, partial(ask, look=partial(seen_at, host)))
    assert [(one.code, one.span.line if one.span else 0, one.cell) for one in found] == [
        ("address-unreachable", 12, None)
    ]


@pytest.mark.usefixtures("project")
def test_a_spec_without_addresses_asks_nothing() -> None:
    Path("a.yaml").write_text("specfile: 1\ndefaults: {avatar: Anna, voice: v}\nscenes: [{say: Hello}]\n")

    def nobody(url: str) -> Seen:
        raise AssertionError(url)

    assert check_addresses(LoadedSpec.read("a.yaml"), partial(ask, look=nobody)) == ((), None)


@pytest.mark.usefixtures("project")
def test_of_very_many_addresses_the_first_are_asked_for_and_the_rest_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "MOST", 3)
    fine = partial(ask, look=lambda url: Seen(final=url, status=200, media_type="image/png", length=9))
    _, told = check_addresses(spec(*(wall(f"{number}.png") for number in range(7))), fine)
    assert told == "looked at 3 addresses; 5 more were not asked for"


@pytest.mark.usefixtures("project")
def test_of_very_many_addresses_only_the_first_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MOST", 3)
    monkeypatch.setattr(addresses_online, "_MOST_COUNTED", 4)
    kept: list[Wanted] = []

    def asking(wanted: Iterable[Wanted]) -> Asked:
        kept.extend(wanted)
        return ask(kept, look=lambda url: Seen(final=url, status=200, media_type="image/png", length=9))

    walls = [wall(f"{number}.png") for number in range(7)]
    _, told = check_addresses(spec(*walls, *walls), asking)
    assert [one.url for one in kept] == [wall("0.png"), "https://media.example.com/jingle.mp3", wall("1.png")]
    assert told == "looked at 3 addresses; at least 4 more were not asked for"


def test_past_the_time_nothing_more_is_asked() -> None:
    times = iter([0.0, 1.0, 119.0, 121.0, 122.0])
    wanted = [Wanted(f"https://x.example.com/{number}.png", "image") for number in range(4)]
    asked = ask(
        wanted,
        look=lambda url: Seen(final=url, status=404),
        now=lambda: next(times),
    )
    assert (asked.asked, asked.left, len(asked.problems)) == (2, 2, 2)


def test_one_address_in_two_fields_is_asked_for_once_and_judged_for_each() -> None:
    url = "https://x.example.com/a"
    asked = ask(
        [Wanted(url, "image"), Wanted(url, "audio"), Wanted(url, "image")],
        look=lambda found: Seen(final=found, status=200, media_type="audio/mpeg", length=9),
    )
    assert list(asked.problems) == [Wanted(url, "image")]
    assert asked.asked == 1


@pytest.mark.usefixtures("project")
def test_a_warning_can_be_silenced_where_it_is_meant_and_an_error_can_not() -> None:
    Path("a.yaml").write_text(
        "specfile: 1\ndefaults: {avatar: Anna_public_1, voice: v}\nscenes:\n"
        "  - say: One\n"
        "    background: https://media.example.com/a.png  # specfile: ignore[address-unreachable]\n"
        "  - say: Two\n"
        "    background: https://media.example.com/b.png  # specfile: ignore[address-unreachable]\n"
    )

    def seen(url: str) -> Seen:
        return Seen(final=url, status=503 if url.endswith("a.png") else 404)

    loaded = LoadedSpec.read("a.yaml")
    found, _ = check_addresses(loaded, partial(ask, look=seen))
    assert [(one.code, one.span.line if one.span else 0) for one in found] == [("address-unreachable", 7)]
    assert loaded.check() == ()
