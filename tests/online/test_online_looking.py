"""Looking at an address over a real socket: little is asked, nothing given away, nothing private met."""

from __future__ import annotations

import select
import socket
import struct
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import urllib3.util.connection

from specfile.online import looking
from specfile.online.looking import Seen, look
from tests.online.file_host import PNG, FileHost, Place

PICTURE = {"Content-Type": "image/png"}


from_here = partial(look, is_allowed=lambda _: True)


def test_a_file_whose_type_is_told_is_asked_for_once(host: FileHost) -> None:
    url = host.at("/wall.png", headers=PICTURE)
    assert from_here(url) == Seen(final=url, status=200, media_type="image/png", length=len(PNG))
    assert host.calls == ["HEAD /wall.png"]


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_a_host_that_refuses_head_is_asked_for_the_first_bytes(host: FileHost, status: int) -> None:
    url = host.at("/wall.png", headers=PICTURE, head=status)
    seen = from_here(url)
    assert (seen.status, seen.media_type, seen.length) == (200, "image/png", len(PNG))
    assert seen.beginning == PNG[:1024]
    assert host.calls == ["HEAD /wall.png", "GET /wall.png"]


def test_a_host_that_ignores_ranges_is_left_after_the_first_bytes(host: FileHost) -> None:
    url = host.at("/wall.png", head=405, takes_ranges=False, body=PNG * 1000)
    seen = from_here(url)
    assert (seen.status, seen.length, seen.beginning) == (200, len(PNG) * 1000, PNG[:1024])


@pytest.mark.parametrize("media_type", ["application/octet-stream", "binary/octet-stream", None])
def test_a_type_that_says_nothing_is_looked_behind(host: FileHost, media_type: str | None) -> None:
    url = host.at("/wall.png", headers={"Content-Type": media_type} if media_type else {})
    assert from_here(url).beginning == PNG[:1024]


def test_redirects_are_followed_and_where_they_led_is_told(host: FileHost) -> None:
    host.at("/wall.png", headers=PICTURE)
    url = host.at("/moved", status=302, body=b"", headers={"Location": "/wall.png"})
    assert from_here(url) == Seen(
        final=f"{host.url}/wall.png", status=200, media_type="image/png", length=len(PNG)
    )


def test_a_circle_of_redirects_ends(host: FileHost) -> None:
    url = host.at("/round", status=301, body=b"", headers={"Location": "/round"})
    assert from_here(url) == Seen(final=url, trouble="it leads on and on")
    assert len(host.calls) == looking.MOST_REDIRECTS + 1


def test_a_private_address_is_not_asked_at_all(host: FileHost) -> None:
    assert look(host.at("/wall.png")) == Seen(final=f"{host.url}/wall.png", private="127.0.0.1")
    assert host.calls == []


def test_a_redirect_into_the_own_network_is_not_followed(host: FileHost) -> None:
    url = host.at(
        "/moved", status=302, body=b"", headers={"Location": "http://intranet.example.com/wall.png"}
    )
    seen = look(
        url,
        addresses=lambda name: ["10.0.0.8"] if name == "intranet.example.com" else ["127.0.0.1"],
        is_allowed=lambda address: address == "127.0.0.1",
    )
    assert seen == Seen(final="http://intranet.example.com/wall.png", private="intranet.example.com")


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "192.168.0.9", "169.254.169.254", "::1", "fe80::1%eth0", "0.0.0.0"]
)
def test_every_private_range_is_known(address: str) -> None:
    seen = look("https://files.example.com/a.png", addresses=lambda _: ["93.184.215.14", address])
    assert seen.private == "files.example.com"


def test_a_host_that_nobody_knows_is_told() -> None:
    def nowhere(_: str) -> list[str]:
        raise socket.gaierror

    assert look("https://nowhere.example.com/a.png", addresses=nowhere) == Seen(
        final="https://nowhere.example.com/a.png",
        trouble="there is no host nowhere.example.com",
        is_unknown_host=True,
    )


@pytest.fixture
def proxy(host: FileHost, monkeypatch: pytest.MonkeyPatch) -> FileHost:
    """A proxy in the environment, which alone knows the names of hosts."""
    monkeypatch.setenv("HTTP_PROXY", host.url)
    monkeypatch.setenv("http_proxy", host.url)
    return host


def test_behind_a_proxy_the_proxy_finds_the_host(proxy: FileHost) -> None:
    proxy.places["http://files.invalid/wall.png"] = Place(headers=PICTURE)
    assert look("http://files.invalid/wall.png") == Seen(
        final="http://files.invalid/wall.png", status=200, media_type="image/png", length=len(PNG)
    )
    assert proxy.calls == ["HEAD http://files.invalid/wall.png"]


def test_a_host_that_is_no_matter_of_the_proxy_is_looked_up(
    proxy: FileHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "files.invalid")
    monkeypatch.setenv("NO_PROXY", "files.invalid")
    assert look("http://files.invalid/wall.png") == Seen(
        final="http://files.invalid/wall.png", trouble="there is no host files.invalid", is_unknown_host=True
    )
    assert proxy.calls == []


def test_what_is_no_address_is_told_wherever_it_comes_from(host: FileHost) -> None:
    url = host.at("/short", status=302, headers={"Location": "https://[home/a.png"})
    assert from_here(url) == Seen(final=url, trouble="there was no usable answer")
    assert look("https://[home/a.png") == Seen(final="https://[home/a.png", trouble="this is no address")


def test_a_name_that_leads_home_after_all_is_not_asked(host: FileHost) -> None:
    url = host.at("/wall.png").replace("127.0.0.1", "localhost")
    assert look(url, addresses=lambda _: ["93.184.215.14"]) == Seen(final=url, private="localhost")
    assert host.calls == []


@pytest.mark.parametrize("private", ["10.1.2.3", "2130706433", "[::1]", "localhost", "a.localhost"])
def test_no_proxy_is_asked_for_a_private_address(proxy: FileHost, private: str) -> None:
    url = f"http://{private}/wall.png"
    assert look(url) == Seen(final=url, private=private.strip("[]"))
    assert proxy.calls == []


def test_a_host_that_does_not_answer_is_left_in_time(host: FileHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "READ_SECONDS", 0.05)
    url = host.at("/slow.png", stalls_s=0.5)
    assert from_here(url) == Seen(final=url, trouble="there was no answer in time")


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/a.png"
        assert from_here(url) == Seen(final=url, trouble="there was no usable answer")


def test_a_host_that_leaves_as_soon_as_it_is_reached_is_told_and_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached: list[socket.socket] = []
    connect = urllib3.util.connection.create_connection

    def connect_and_be_left(*where: Any, **how: Any) -> socket.socket:
        here = connect(*where, **how)
        reached.append(here)
        there, _ = listener.accept()
        there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        there.close()
        assert select.select([here], [], [], 30)[0]
        with pytest.raises(OSError, match="not connected"):
            here.getpeername()
        return here

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect_and_be_left)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/a.png"
        assert from_here(url) == Seen(final=url, trouble="there was no usable answer")
    assert [one.fileno() for one in reached] == [-1]


def test_no_key_and_no_password_go_along(
    host: FileHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HEYGEN_API_KEY", "test-key")
    from_here(host.at("/wall.png", headers=PICTURE))
    [headers] = host.headers
    assert "Authorization" not in headers
    assert "test-key" not in str(headers)
    assert headers["User-Agent"].startswith("specfile/")
