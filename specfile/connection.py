"""Which service a build talks to: HeyGen by environment, or the embedded emulator of `--local`.

Nothing is contacted, and no emulator is started, until a build has something to ask.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from specfile.errors import MissingExtra, ServiceRefused, UsageError

if TYPE_CHECKING:
    from specfile.heygen import Notice, Service

DEFAULT_BASE: Final = "https://api.heygen.com"
DEFAULT_UPLOAD_BASE: Final = "https://upload.heygen.com"
LOCAL: Final = "local"
_NEEDED_FOR_LOCAL: Final = (
    "av",
    "espeakng_loader",
    "numpy",
    "PIL",
    "pydantic",
    "starlette",
    "uvicorn",
)

Connect = Callable[[], "Service"]


class Connection(Protocol):
    """A service to talk to."""

    @property
    def service(self) -> str:
        """The name by which a lock knows it: its origin, or `local`."""

    def require(self) -> None:
        """Refuse at once where a build could not begin.

        Raises:
            ServiceRefused: there is no key.
            MissingExtra: a part of specfile that is needed isn't installed.
        """

    def open(self, on_notice: Callable[[Notice], None]) -> AbstractContextManager[Connect]:
        """A function that connects when it is called, for as long as the block lasts."""


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """A service reached over the network."""

    base: str
    upload_base: str
    key: str | None = field(repr=False)

    @property
    def service(self) -> str:
        """The origin of the API."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}"

    def require(self) -> None:
        """Refuse at once where there is no key.

        Raises:
            ServiceRefused: there is none.
        """
        if not self.key:
            message = "there is no API key for the service"
            hint = "set HEYGEN_API_KEY, or build with --local: no account, no cost"
            raise ServiceRefused(message, hint=hint)

    @contextmanager
    def open(self, on_notice: Callable[[Notice], None]) -> Iterator[Connect]:
        """A function that connects when it is called."""
        from specfile.heygen import connect  # noqa: PLC0415 - requests is loaded only when something is asked

        yield lambda: connect(self.base, self.upload_base, self.key or "", on_notice)


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """The emulator in this process, keeping its account in `state`."""

    state: Path

    @property
    def service(self) -> str:
        """Its address changes with every start, so a lock knows it by this name."""
        return LOCAL

    def require(self) -> None:
        """Refuse at once where the emulator or the renderer isn't installed; it takes any key.

        Raises:
            MissingExtra: one isn't.
        """
        if any(find_spec(name) is None for name in _NEEDED_FOR_LOCAL):
            raise MissingExtra("--local", "preview,emulator")

    @contextmanager
    def open(self, on_notice: Callable[[Notice], None]) -> Iterator[Connect]:
        """A function that starts the emulator and connects to it."""
        with ExitStack() as stack:

            def start() -> Service:
                from specfile.emulator import Emulator, EmulatorSettings  # noqa: PLC0415 - only when needed
                from specfile.heygen import connect  # noqa: PLC0415

                emulator = stack.enter_context(
                    Emulator(EmulatorSettings(state=self.state, speed=1000, longest=1800))
                )
                return connect(emulator.url, emulator.url, secrets.token_hex(8), on_notice)

            yield start


def cloud(environment: Mapping[str, str] = os.environ) -> Cloud:
    """The service that the environment names: HEYGEN_API_BASE, HEYGEN_UPLOAD_BASE, HEYGEN_API_KEY.

    Another base without an upload base of its own, an emulator for example, takes uploads too.

    Raises:
        UsageError: an address is no http(s) address, or the key's file can't be read.
    """
    base = environment.get("HEYGEN_API_BASE") or DEFAULT_BASE
    upload_default = DEFAULT_UPLOAD_BASE if base == DEFAULT_BASE else base
    upload_base = environment.get("HEYGEN_UPLOAD_BASE") or upload_default
    for name, address in (("HEYGEN_API_BASE", base), ("HEYGEN_UPLOAD_BASE", upload_base)):
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
            message = f"{name} is no http(s) address: {address}"
            raise UsageError(message, hint=f"for example {DEFAULT_BASE}")
    return Cloud(base=base.rstrip("/"), upload_base=upload_base.rstrip("/"), key=_key(environment))


def without_secrets(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """A text that may be shown: without the key, and without what signs links."""
    from specfile.heygen.answers import scrub  # noqa: PLC0415 - what asks nothing needs no client

    key = None
    with suppress(UsageError):
        key = _key(environment)
    return scrub(text.replace(key, "…") if key else text)


def _key(environment: Mapping[str, str]) -> str | None:
    key = environment.get("HEYGEN_API_KEY", "").strip()
    path = environment.get("HEYGEN_API_KEY_FILE")
    if key or not path:
        return key or None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        message = f"HEYGEN_API_KEY_FILE names a file that can't be read: {path}"
        raise UsageError(message) from error
