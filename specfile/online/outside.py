"""Requests that give nothing away but what program asks, and meet nothing that only its own network knows."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from specfile import __version__

IsAllowed = Callable[[str], bool]
"""Says whether an IP address may be asked."""


class NotOutside(HTTPError):
    """A name led to an address that may not be asked."""


def is_public(address: str) -> bool:
    """Whether the whole world can reach an IP address."""
    return ip_address(address.partition("%")[0]).is_global


def from_outside(is_allowed: IsAllowed) -> requests.Session:
    """A session that connects to these addresses only. A proxy is connected to wherever it is.

    A host may be looked up before, but its name may lead elsewhere the next time; so where a connection has
    led is looked at again, before anything is sent.
    """
    session = requests.Session()
    session.headers["User-Agent"] = f"specfile/{__version__}"
    session.auth = _nobody  # else a password that ~/.netrc has for the host would go along
    adapter = _Guarded(is_allowed)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class _Guarded(HTTPAdapter):
    """Makes connections that are looked at."""

    def __init__(self, is_allowed: IsAllowed) -> None:
        self._is_allowed = is_allowed
        super().__init__()

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        super().init_poolmanager(*args, **settings)
        is_allowed = self._is_allowed

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _looked_at(super()._new_conn(), is_allowed)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _looked_at(super()._new_conn(), is_allowed)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _looked_at(connected: socket.socket, is_allowed: IsAllowed) -> socket.socket:
    """The same connection, if it may be used; closed otherwise.

    Raises:
        NotOutside: it may not.
        OSError: the other side has left already, so that nobody knows who it was.
    """
    try:
        address = str(connected.getpeername()[0])
    except OSError:
        connected.close()
        raise
    if is_allowed(address):
        return connected
    connected.close()
    raise NotOutside(address)
