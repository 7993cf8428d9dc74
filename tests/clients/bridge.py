"""A proxy that stands where the service's hosts are, for clients that hard-code their addresses.

A client that honours `HTTPS_PROXY` asks it for the way to api.heygen.com, and gets to the emulator, over TLS
with a certificate of a throw-away authority. Every other host is refused: nothing leaves this machine.
"""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

HOSTS: Final = ("api.heygen.com", "upload.heygen.com")

_PER_HOP: Final = frozenset({"connection", "host", "keep-alive", "proxy-connection", "transfer-encoding"})


class Authority:
    """A throw-away authority and one certificate for some hosts, made with `openssl`."""

    def __init__(self, folder: Path, hosts: Sequence[str] = HOSTS) -> None:
        self.certificate = folder / "authority.pem"
        self.chain = folder / "hosts.pem"
        key, names = folder / "authority.key", ",".join(f"DNS:{host}" for host in hosts)
        _openssl(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=throw-away"
            f" -addext keyUsage=critical,keyCertSign -keyout {key} -out {self.certificate}"
        )
        _openssl(
            f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={hosts[0]} -addext subjectAltName={names}"
            " -addext basicConstraints=critical,CA:FALSE"
            f" -CA {self.certificate} -CAkey {key} -keyout {folder / 'hosts.key'} -out {folder / 'hosts.crt'}"
        )
        self.chain.write_bytes((folder / "hosts.key").read_bytes() + (folder / "hosts.crt").read_bytes())


def _openssl(arguments: str) -> None:
    subprocess.run(["openssl", *arguments.split()], check=True, capture_output=True, timeout=60)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, emulator: str, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.emulator = emulator
        self.context = context


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_CONNECT(self) -> None:
        """Go on under TLS, as the host that is asked for."""
        if self.path.partition(":")[0] not in HOSTS:
            self.send_error(403)
            return
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def finish(self) -> None:
        """Close the tunnel as well; the server closes only what it knows of, the socket below."""
        super().finish()
        self.connection.close()

    def _pass_on(self) -> None:
        """Ask the emulator the same. A client that opens no tunnel sends the host in the address."""
        parts = urlsplit(self.path)
        if parts.hostname not in {None, *HOSTS}:
            self.send_error(403)
            return
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _PER_HOP}
        connection = HTTPConnection(self.server.emulator, timeout=120)
        connection.request(self.command, path, body=self._body(), headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in {*_PER_HOP, "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = _pass_on  # noqa: N815 - the base class's names

    def _body(self) -> bytes | None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        length = self.headers.get("Content-Length")
        return None if length is None else self.rfile.read(int(length))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().partition(b";")[0], 16)
        chunk = self.rfile.read(size)
        self.rfile.readline()
        return chunk

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@contextmanager
def bridge(emulator: str, authority: Authority) -> Iterator[dict[str, str]]:
    """Run the proxy in front of an emulator; gives the environment that leads a client there.

    Args:
        emulator: its host and port.
        authority: who vouches for the hosts.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.chain)
    with _Server(emulator, context) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        proxy = f"http://127.0.0.1:{server.server_port}"
        try:
            yield {
                "HTTPS_PROXY": proxy,
                "https_proxy": proxy,
                "NO_PROXY": "127.0.0.1",
                "no_proxy": "127.0.0.1",
                "SSL_CERT_FILE": str(authority.certificate),
                "NODE_EXTRA_CA_CERTS": str(authority.certificate),
            }
        finally:
            server.shutdown()
