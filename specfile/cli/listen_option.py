"""`--listen`: where a build takes webhooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import click

from specfile.runner import DEFAULT_PORT, Listen

SECRET: str = "HEYGEN_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable


def listen_at(values: Sequence[str], environment: Mapping[str, str] = os.environ) -> Listen | None:
    """What the values of `--listen` say: an address to listen at, a public one that leads there, or both.

    Raises:
        click.BadParameter: one is neither.
    """
    if not values:
        return None
    host, port, url = "127.0.0.1", DEFAULT_PORT, None
    for value in values:
        if "://" in value:
            url = _public(value)
        elif value:
            host, port = _address(value)
    return Listen(host=host, port=port, url=url, secret=environment.get(SECRET, "").strip() or None)


def _public(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{value} is no http(s) address"
        raise click.BadParameter(message)
    return value


def _address(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not port.isdecimal() or int(port) > 65_535:
        message = f"{value} is neither HOST:PORT nor an address such as https://example.com/hook"
        raise click.BadParameter(message)
    return host.strip("[]") or "127.0.0.1", int(port)


def listen_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option itself."""
    return click.option(
        "--listen",
        multiple=True,
        metavar="[=HOST:PORT|URL]",
        callback=lambda _context, _option, values: listen_at(values),
        help="Take webhooks at 127.0.0.1:8765 or HOST:PORT; URL is the public address that leads there.",
    )(command)
