"""Connections to hosts: which are kept, which are used once, and what the environment says of the way there.

`requests` knows what a Python program is expected to heed in its environment: proxies, their exceptions, and
certificates. It is asked once for each host. Requests go by `urllib3`, on which it is built: the settings
that `requests` merges and the cookies that it looks for take as long, with each, as sending it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import unquote

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Url, make_headers, parse_url

from specfile.errors import UsageError
from specfile.heygen.outgoing import Outgoing

CONNECT_SECONDS: Final = 10.0

# More than are ever under way: a connection for which there is no room would be closed, with a warning.
_ROOM: Final = 256


class Connections:
    """The connections of all threads to all hosts.

    `trust_env` says whether the environment's proxies and certificates count.
    """

    def __init__(self, *, trust_env: bool) -> None:
        self._trust_env = trust_env
        self._kept = _Pools(pool_maxsize=_ROOM)
        self._ways: dict[tuple[str | None, str | None], _Way] = {}
        self._guard = threading.Lock()

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        read_seconds: float,
        body: bytes | Outgoing | None = None,
        stream: bool = False,
        once: bool = False,
    ) -> urllib3.BaseHTTPResponse:
        """Send a request; follow no redirect.

        Args:
            method: such as `GET`.
            url: an absolute address; what may not stand in one is escaped.
            headers: the request's.
            read_seconds: how long the host may keep silent.
            body: what to send along.
            stream: leave the answer's body to be read; whoever does so closes the answer.
            once: on a new connection, which is closed afterwards. The answer is read by then.

        Raises:
            HTTPError: urllib3's, for trouble on the way.
            RequestException: a proxy's address or the host's can't be used; nothing was sent.
            UsageError: the certificates that the environment names can't be read.
        """
        parts = parse_url(url)
        way = self._way(parts)
        sent = dict(headers)
        if parts.auth:
            sent |= make_headers(basic_auth=unquote(parts.auth))
        if isinstance(body, Outgoing):
            sent["Content-Length"] = str(len(body))
        what: dict[str, Any] = {
            "url": _target(parts) if way.is_passed_on else parts.request_uri,
            "body": body,
            "headers": sent,
            "timeout": urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
            "retries": False,
            "redirect": False,
            "assert_same_host": False,
            "preload_content": not stream,
        }
        if not once:
            return way.pool.urlopen(method, **what)
        with closing(_Pools(pool_connections=1, pool_maxsize=1)) as pools:
            return pools.pool(way.request, way.settings).urlopen(method, **what)

    def close(self) -> None:
        """Close the connections that are kept."""
        self._kept.close()

    def _way(self, url: Url) -> _Way:
        origin = (url.scheme, url.netloc)
        with self._guard:
            if origin not in self._ways:
                self._ways[origin] = self._find_way(url)
            return self._ways[origin]

    def _find_way(self, url: Url) -> _Way:
        request = requests.Request("GET", Url(url.scheme, None, url.host, url.port, "/").url).prepare()
        with requests.Session() as session:
            session.trust_env = self._trust_env
            settings = session.merge_environment_settings(str(request.url), {}, None, None, None)
        return _Way(
            request,
            settings,
            self._kept.pool(request, settings),
            is_passed_on=self._kept.request_url(request, settings["proxies"]) != request.path_url,
        )


@dataclass(frozen=True, slots=True)
class _Way:
    """How a host is reached.

    `request` is one to its root, and `settings` are what the environment says of it. `pool` has the
    connections that are kept. Where a proxy passes requests on, their first line names the host.
    """

    request: requests.PreparedRequest
    settings: Mapping[str, Any]
    pool: urllib3.HTTPConnectionPool
    is_passed_on: bool


class _Pools(HTTPAdapter):
    """Pools of connections, made as `requests` makes them."""

    def pool(
        self, request: requests.PreparedRequest, settings: Mapping[str, Any]
    ) -> urllib3.HTTPConnectionPool:
        """The pool of a request's host."""
        verify, cert = settings["verify"], settings["cert"]
        found = self.get_connection_with_tls_context(request, verify, proxies=settings["proxies"], cert=cert)
        pool = cast("urllib3.HTTPConnectionPool", found)
        try:
            self.cert_verify(pool, request.url, verify, cert)  # type: ignore[no-untyped-call]
        except OSError as error:
            hint = "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names them"
            raise UsageError(f"the certificates for https can't be read: {error}", hint=hint) from error
        return pool


def _target(url: Url) -> str:
    """An address as a proxy wants it (RFC 9112, 3.2.2)."""
    return url._replace(auth=None, fragment=None).url
