"""What servers on this machine have in common: they listen where nobody else can call, and look who calls."""

from __future__ import annotations

import errno
import re
import socket
from typing import Final

from specfile.errors import UsageError

_OWN_NAMES: Final = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)


def is_own_name(host: str) -> bool:
    """Whether a request's Host header is a name of this machine for itself.

    A page on the web could reach a server here through a name of its own that it points here.
    """
    return _OWN_NAMES.fullmatch(host) is not None


def listen(port: int) -> socket.socket:
    """A socket that takes connections from this machine on a port; 0 takes a free one.

    Raises:
        UsageError: the port is in use.
    """
    # asyncio turns off the delaying of small answers only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        if error.errno != errno.EADDRINUSE:
            raise
        message = f"port {port} is in use"
        raise UsageError(message, hint="--port 0 takes a free one") from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Where such a socket is reached."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
