"""The end of a build, told to the threads that write its files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Interrupted(Exception):
    """The build is leaving; part files stay for the next one."""


class Leaving:
    """Says that a build is leaving. Once `set` has returned, none of its threads touches a part any more.

    They may wait for a host for minutes after that; the next build of the same process must find its parts
    its own.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_set = False

    def is_set(self) -> bool:
        """Whether the build is leaving."""
        return self._is_set

    def set(self) -> None:
        """Leave; waits for a block that is just being written."""
        with self._guard:
            self._is_set = True

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Change a part, which no build that has left may do.

        Raises:
            Interrupted: the build is leaving.
        """
        with self._guard:
            if self._is_set:
                raise Interrupted
            yield
