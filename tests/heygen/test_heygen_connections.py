"""Connections over real sockets: what goes by which, what is escaped, and what the environment says."""

from __future__ import annotations

import gzip
import io
import shutil
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import urllib3

from specfile.errors import UsageError
from specfile.heygen import OutcomeUnknown, Unreachable, connect
from specfile.heygen.connections import Connections
from specfile.heygen.outgoing import Outgoing
from specfile.heygen.transport import Transport
from tests.clients.bridge import Authority
from tests.heygen.scripted_service import GENERATE
from tests.online.file_host import without_proxies

FILM = b"film" * 1000


class Host:
    """What a host was asked, line by line, with which headers and bodies, over how many connections."""

    def __init__(self) -> None:
        self.url = ""
        self.lines: list[str] = []
        self.headers: list[Message] = []
        self.bodies: list[bytes] = []
        self.connections = 0


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: ClassVar[Host]

    def setup(self) -> None:
        super().setup()
        self.host.connections += 1

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        self.host.lines.append(self.requestline)
        self.host.headers.append(self.headers)
        self.host.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        path, headers, body = self.path.partition("?")[0], {}, FILM
        if path.endswith("/zipped"):
            headers, body = {"Content-Encoding": "gzip"}, gzip.compress(b'{"data": {"status": "completed"}}')
        if path.endswith(("/moved", "/round")):
            headers, body = {"Location": "film.mp4" if path.endswith("/moved") else "round"}, b"elsewhere"
        self.send_response(302 if "Location" in headers else 200)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the names that the base class calls


@contextmanager
def hosting(context: ssl.SSLContext | None = None) -> Iterator[Host]:
    host = Host()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Answering,), {"host": host}))
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    host.url = f"{'https' if context else 'http'}://localhost:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as one:
        yield one


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxies(monkeypatch)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def get(connections: Connections, url: str, *, once: bool = False) -> urllib3.BaseHTTPResponse:
    return connections.send("GET", url, headers={}, read_seconds=5, once=once)


def test_one_connection_serves_many_requests_unless_one_wants_its_own(host: Host) -> None:
    connections = Connections(trust_env=False)
    for _ in range(3):
        assert get(connections, host.url + "/film.mp4").data == FILM
    assert host.connections == 1
    get(connections, host.url + "/film.mp4", once=True)
    get(connections, host.url + "/film.mp4", once=True)
    assert host.connections == 3
    get(connections, host.url + "/film.mp4")
    assert host.connections == 3


def test_what_may_not_stand_in_an_address_is_escaped_and_the_rest_left_as_it_is(host: Host) -> None:
    connections = Connections(trust_env=False)
    get(connections, host.url + "/für Ada/a%2Fb.mp4?Signature=a%2Bb~c&Policy=x y#part")
    assert host.lines == [
        "GET /f%C3%BCr%20Ada/a%2Fb.mp4?Signature=a%2Bb~c&Policy=x%20y HTTP/1.1",
    ]


def test_a_user_in_an_address_becomes_a_header(host: Host) -> None:
    get(Connections(trust_env=False), host.url.replace("//", "//ada:a%40b@") + "/film.mp4")
    assert host.lines == ["GET /film.mp4 HTTP/1.1"]
    assert host.headers[0]["Authorization"] == "Basic YWRhOmFAYg=="


def test_a_file_is_sent_with_its_length_and_not_in_chunks(host: Host) -> None:
    body = Outgoing(io.BytesIO(FILM), len(FILM), before=b"<", after=b">")
    Connections(trust_env=False).send("PUT", host.url + "/asset", headers={}, read_seconds=5, body=body)
    assert host.bodies == [b"<" + FILM + b">"]
    assert host.headers[0]["Content-Length"] == str(len(FILM) + 2)
    assert "Transfer-Encoding" not in host.headers[0]


def transport(base: str) -> Transport:
    return Transport(base, upload_base=base, key="test-key", on_notice=print, sleep=lambda _: None)


def test_an_answer_may_be_compressed(host: Host) -> None:
    assert transport(host.url).get("/zipped", {"a": "b c"}) == {"data": {"status": "completed"}}
    assert host.lines == ["GET /zipped?a=b+c HTTP/1.1"]


def test_a_file_is_fetched_from_where_its_host_leads_on_to(host: Host) -> None:
    with transport(host.url).fetch(host.url + "/v1/moved", 0) as stream:
        assert b"".join(stream.chunks) == FILM
    assert host.lines == ["GET /v1/moved HTTP/1.1", "GET /v1/film.mp4 HTTP/1.1"]


def test_a_host_that_leads_on_and_on_is_left(host: Host) -> None:
    with pytest.raises(Unreachable) as raised, transport(host.url).fetch(host.url + "/round", 0):
        pass
    assert str(raised.value) == "the file host leads on and on"
    assert len(host.lines) == 10


def test_a_proxy_of_the_environment_is_told_the_whole_address(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", host.url.replace("//", "//me:word@"))
    connections = Connections(trust_env=True)
    get(connections, "http://service.invalid/film.mp4?a=b")
    get(connections, "http://service.invalid/film.mp4", once=True)
    assert host.lines == [
        "GET http://service.invalid/film.mp4?a=b HTTP/1.1",
        "GET http://service.invalid/film.mp4 HTTP/1.1",
    ]
    assert host.headers[1]["Proxy-Authorization"] == "Basic bWU6d29yZA=="
    monkeypatch.setenv("no_proxy", "localhost")
    get(Connections(trust_env=True), host.url + "/film.mp4")
    monkeypatch.delenv("no_proxy")
    get(Connections(trust_env=False), host.url + "/film.mp4")
    assert host.lines[2:] == ["GET /film.mp4 HTTP/1.1"] * 2


def test_a_proxy_that_is_not_there_proves_that_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    service = connect("https://service.invalid", "https://service.invalid", "test-key", print)
    with pytest.raises(Unreachable, match=r"no answer from https://service.invalid \(ProxyError\)") as raised:
        service.videos("v2").create(GENERATE, {}, "token")
    assert not isinstance(raised.value, OutcomeUnknown)


needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")


@needs_openssl
def test_certificates_are_held_against_those_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path, ["localhost"])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority.chain)
    with hosting(context) as host:
        with pytest.raises(Unreachable, match=r"no answer from https://localhost:\d+ \(SSLError\)") as raised:
            transport(host.url).post("/create", {}, {})
        assert not isinstance(raised.value, OutcomeUnknown)
        assert host.lines == []
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.certificate))
        for once in (False, True):
            assert get(Connections(trust_env=True), host.url + "/film.mp4", once=once).data == FILM


def test_certificates_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/bundle.pem")
    with pytest.raises(UsageError) as raised:
        get(Connections(trust_env=True), "https://service.invalid/")
    assert str(raised.value) == (
        "the certificates for https can't be read: Could not find a suitable TLS CA certificate bundle, "
        "invalid path: /nowhere/bundle.pem"
    )
