"""Other people's clients against the emulator; nothing here runs where a registry can't be reached."""

from __future__ import annotations

import shutil
import ssl
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError

import pytest

from tests.clients.bridge import Authority, bridge
from tests.clients.clients import CLIENTS, Client, Unavailable
from tests.clients.run import try_client

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")


@pytest.mark.long
@needs_openssl
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_client_of_somebody_else_runs_unmodified(client: Client, tmp_path: Path) -> None:
    try:
        calls = try_client(client, tmp_path / "environment")
    except Unavailable as problem:
        pytest.skip(str(problem))
    assert len(calls) > 5
    assert [call for call in calls if call.failed] == []


class _Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = f"{self.headers['Host']} {self.path} {self.headers['X-Api-Key']} ".encode() + body
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: object) -> None:
        pass


@needs_openssl
def test_the_bridge_leads_the_services_hosts_to_the_emulator_and_nothing_else(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as echo:
        Thread(target=echo.serve_forever, daemon=True).start()
        emulator = f"127.0.0.1:{echo.server_port}"
        with bridge(emulator, Authority(tmp_path)) as way:
            ask = _opener(way)
            for host in ("api.heygen.com", "upload.heygen.com"):
                assert ask(f"https://{host}/v1/asset?a=b") == f"{emulator} /v1/asset?a=b key body"
            with pytest.raises((HTTPError, OSError), match="403"):
                ask("https://example.com/")
        echo.shutdown()


def _opener(way: dict[str, str]) -> Callable[[str], str]:
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": way["HTTPS_PROXY"]}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=way["SSL_CERT_FILE"])),
    )

    def ask(address: str) -> str:
        request = urllib.request.Request(address, b"body", {"X-Api-Key": "key"})
        with opener.open(request, timeout=10) as answer:
            text: str = answer.read().decode()
        return text

    return ask
