"""Files fetched from behind addresses over a real socket, and kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from specfile.behind_addresses import BehindAddresses
from specfile.compiler.upload_limits import UploadLimit
from specfile.film import AssetKind
from specfile.online import Wanted
from specfile.online.fetching import SECONDS, fetch
from specfile.online.kept import KeptFiles
from specfile.online.looking import Seen
from tests.online.file_host import PNG, FileHost, fetch_here

PICTURE = {"Content-Type": "image/png"}


def trouble(url: str, path: Path, kind: AssetKind = "image") -> str | None:
    problem = fetch_here(Wanted(url, kind), path)
    return problem.message if problem is not None else None


def test_a_file_is_fetched_whole_without_any_key(host: FileHost, tmp_path: Path) -> None:
    url = host.at("/wall.png?signature=abc", headers=PICTURE)
    assert trouble(url, tmp_path / "wall") is None
    assert (tmp_path / "wall").read_bytes() == PNG
    assert [one.name for one in tmp_path.iterdir()] == ["wall"]
    assert [
        name for one in host.headers for name in one if name.lower() in ("authorization", "x-api-key")
    ] == []


def test_a_redirect_is_followed(host: FileHost, tmp_path: Path) -> None:
    host.at("/real.png", headers=PICTURE)
    url = host.at("/short", status=302, headers={"Location": "/real.png"})
    assert trouble(url, tmp_path / "wall") is None
    assert (tmp_path / "wall").read_bytes() == PNG


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"status": 404}, "the host has nothing there (status 404)"),
        (
            {"body": b"<!doctype html><p>Sign in", "headers": {"Content-Type": "text/html"}},
            "this is a web page, not the file itself",
        ),
        (
            {"headers": {"Content-Type": "video/mp4"}, "body": b"....ftypisom"},
            "the host calls this video/mp4, and the field takes a picture",
        ),
    ],
)
def test_what_the_field_does_not_take_is_not_fetched(
    host: FileHost, tmp_path: Path, what: dict[str, object], message: str
) -> None:
    assert trouble(host.at("/wall", **what), tmp_path / "wall") == message
    assert list(tmp_path.iterdir()) == []
    assert "GET /wall" not in host.calls or what.get("status") == 404


def test_a_private_host_is_never_asked(host: FileHost, tmp_path: Path) -> None:
    problem = fetch(Wanted(host.at("/wall.png", headers=PICTURE), "image"), tmp_path / "wall")
    assert problem is not None
    assert problem.message == "the service can't reach 127.0.0.1: it is known in your own network only"
    assert host.calls == []


def test_a_name_that_leads_home_after_it_was_looked_at_is_not_asked(host: FileHost, tmp_path: Path) -> None:
    url = host.at("/wall.png", headers=PICTURE)
    seen = Seen(final=url, status=200, media_type="image/png")
    problem = fetch(Wanted(url, "image"), tmp_path / "wall", look=lambda _: seen)
    assert problem is not None
    assert problem.message == "the service can't reach 127.0.0.1: it is known in your own network only"
    assert (host.calls, list(tmp_path.iterdir())) == ([], [])


def test_a_file_that_is_larger_than_it_said_is_given_up(
    host: FileHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = UploadLimit(bytes=1000)
    monkeypatch.setattr("specfile.online.fetching.upload_limit", lambda *_: small)
    assert trouble(host.at("/wall.png", headers=PICTURE), tmp_path / "wall") == (
        "nothing was found there: the file has more than 0 MB"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_takes_too_long_is_given_up(host: FileHost, tmp_path: Path) -> None:
    clock = iter((0.0, SECONDS + 1))
    problem = fetch_here(
        Wanted(host.at("/wall.png", headers=PICTURE), "image"), tmp_path / "wall", now=lambda: next(clock)
    )
    assert problem is not None
    assert problem.message == "nothing was found there: it takes more than 60 s"


def test_kept_files_are_found_by_address_and_the_oldest_go_first(tmp_path: Path) -> None:
    kept = KeptFiles(tmp_path / "addresses")
    assert kept.get("https://example.com/a.png") is None
    kept.prune(now=0.0)
    kept.folder.mkdir()
    for number, name in enumerate("abc"):
        place = kept.place(f"https://example.com/{name}.png?signature=secret")
        assert "secret" not in place.name
        place.write_bytes(bytes(100))
        os.utime(place, (number, number))
    kept.prune(now=10_000.0, most=200)
    here = [name for name in "abc" if kept.get(f"https://example.com/{name}.png?signature=secret")]
    assert here == ["b", "c"]
    # What was just used stays, however little room there is.
    assert [
        kept.place(f"https://example.com/{name}.png?signature=secret").stat().st_mtime for name in here
    ] == [1, 2]
    used = max(one.stat().st_atime for one in kept.folder.iterdir())
    kept.prune(now=used + 60, most=0)
    assert len(list(kept.folder.iterdir())) == 2


def body(*urls: str) -> dict[str, object]:
    return {"video_inputs": [{"background": {"type": "image", "url": url}} for url in urls]}


def test_every_address_is_fetched_once_and_what_failed_is_told(host: FileHost, tmp_path: Path) -> None:
    there, gone = host.at("/wall.png", headers=PICTURE), host.at("/gone.png?signature=abc", status=410)
    behind = BehindAddresses(online=True, kept=KeptFiles(tmp_path / "a"), fetch=fetch_here)
    behind.prepare([body(there, gone, there, "specfile-asset:1234")])
    behind.prepare([body(there)])
    assert (behind.fetched, behind(there), behind(gone)) == (1, KeptFiles(tmp_path / "a").place(there), None)
    assert host.calls.count("GET /wall.png") == 1
    assert list(behind.told(quiet=True)) == [
        f"{host.url}/gone.png: the host has nothing there (status 410); a placeholder stands in"
    ]


def test_what_was_fetched_before_is_used_and_stays_where_the_host_fails(
    host: FileHost, tmp_path: Path
) -> None:
    url = host.at("/wall.png", headers=PICTURE)
    kept = KeptFiles(tmp_path / "a")
    BehindAddresses(online=True, kept=kept, fetch=fetch_here).prepare([body(url)])
    calls = len(host.calls)
    offline = BehindAddresses(kept=kept, fetch=fetch_here)
    offline.prepare([body(url)])
    assert (offline(url), len(host.calls), list(offline.told())) == (kept.place(url), calls, [])
    host.at("/wall.png", status=503)
    online = BehindAddresses(online=True, kept=kept, fetch=fetch_here)
    online.prepare([body(url)])
    assert online(url) == kept.place(url)
    assert list(online.told()) == [
        f"{url}: the host answered with status 503; what was fetched before is shown"
    ]


def test_offline_nobody_is_asked_and_the_way_to_ask_is_told(host: FileHost, tmp_path: Path) -> None:
    behind = BehindAddresses(kept=KeptFiles(tmp_path / "a"), fetch=fetch_here)
    behind.prepare([body(f"{host.url}/a.png", f"{host.url}/b.png")])
    assert (host.calls, (tmp_path / "a").exists()) == ([], False)
    assert list(behind.told()) == ["placeholders stand in for what is at 2 addresses; --online fetches it"]
    assert list(behind.told(quiet=True)) == []


def test_past_the_time_no_further_file_is_begun(host: FileHost, tmp_path: Path) -> None:
    moments = iter((0.0, 121.0))
    behind = BehindAddresses(
        online=True, kept=KeptFiles(tmp_path / "a"), fetch=fetch_here, now=lambda: next(moments)
    )
    url = host.at("/wall.png", headers=PICTURE)
    behind.prepare([body(url)])
    assert host.calls == []
    assert behind.problems[url].message == "there was no time left for it"
