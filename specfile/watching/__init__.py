"""A storyboard's page that follows the files: whoever saves sees what comes of it, within a second."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from specfile.errors import MissingExtra, SpecfileError, UsageError
from specfile.loopback import address_of, listen

if TYPE_CHECKING:
    from specfile.watching.looking import Lookout

USUAL_PORT: Final = 8898

_NEEDED: Final = ("starlette", "uvicorn", "watchfiles")


def require_watching() -> None:
    """Refuse at once where no page can be served.

    Raises:
        MissingExtra: the `preview` extra isn't installed as a whole.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtra("--watch", "preview")


def watch(
    lookout: Lookout,
    *,
    port: int | None,
    online: bool,
    announce: Callable[[str], None],
    tell: Callable[[str], None],
    warn: Callable[[str], None],
    complain: Callable[[SpecfileError], None],
) -> None:
    """Serve the page of a spec until Ctrl-C, from the main thread of a program.

    Args:
        lookout: looks at the spec.
        port: where to serve; None takes the usual one, or a free one where that is in use.
        online: whether to fetch what is at addresses, while the page is shown.
        announce: told the address once the page is there.
        tell: told, in a line, what happened.
        warn: told, in a line, what can't be fetched.
        complain: told what is wrong.

    Raises:
        SpecfileError: the spec's file can't be read.
        UsageError: the port is in use.
    """
    from specfile.behind_addresses import BehindAddresses  # noqa: PLC0415 - only a page that is shown needs it
    from specfile.serving import serving  # noqa: PLC0415 - what it needs is in an extra
    from specfile.watching.fetching import Fetching  # noqa: PLC0415
    from specfile.watching.files import FileWatch  # noqa: PLC0415
    from specfile.watching.following import Follower  # noqa: PLC0415
    from specfile.watching.site import Site  # noqa: PLC0415
    from specfile.watching.studio import Studio  # noqa: PLC0415

    stopped = threading.Event()
    try:
        with (
            _listening(port) as listener,
            closing(FileWatch(stopped)) as files,
            Studio() as studio,
            ExitStack() as stack,
        ):
            site = Site(lookout.spec.name, studio, BehindAddresses())
            showing = stack.enter_context(closing(Fetching(site, tell=tell, warn=warn))) if online else site
            follower = Follower(lookout, files, showing, tell=tell, complain=complain)
            follower.begin()
            with serving(site.app, listener, name="watch") as loop, closing(site):
                site.serve_from(loop)
                announce(address_of(listener))
                follower.follow(stopped.is_set)
    except KeyboardInterrupt:
        return  # how it is meant to end


def _listening(port: int | None) -> socket.socket:
    if port is not None:
        return listen(port)
    try:
        return listen(USUAL_PORT)
    except UsageError:
        return listen(0)
