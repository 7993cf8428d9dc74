"""The body of an upload, read from its file while it is sent, so that no file is held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

BLOCK: Final = 256 * 1024

Told = Callable[[int], None]
"""Told, from the sending thread, how many bytes of the file have been handed to the network."""


def nobody_told(sent: int) -> None:
    """For uploads that nobody watches."""


class Outgoing:
    """What the HTTP library reads a body from: a file of known size, and what stands around it in a form.

    `file` stands at its beginning. A file that ends early breaks the upload off: its length was promised.
    """

    def __init__(
        self, file: BinaryIO, size: int, *, before: bytes = b"", after: bytes = b"", told: Told = nobody_told
    ) -> None:
        self._file = file
        self._size = size
        self._before = before
        self._after = after
        self._told = told
        self._sent = 0

    def __len__(self) -> int:
        return len(self._before) + self._size + len(self._after)

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(BLOCK):
            yield piece

    def read(self, most: int = -1) -> bytes:
        """The next bytes, at most so many; none at the end.

        Raises:
            OSError: the file ended early, or can't be read.
        """
        if self._before:
            return self._take("_before", most)
        left = self._size - self._sent
        if not left:
            return self._take("_after", most)
        piece = self._file.read(left if most < 0 else min(left, most))
        if not piece:
            message = "the file ended early"
            raise OSError(message)
        self._sent += len(piece)
        self._told(self._sent)
        return piece

    def _take(self, name: str, most: int) -> bytes:
        whole: bytes = getattr(self, name)
        piece = whole if most < 0 else whole[:most]
        setattr(self, name, whole[len(piece) :])
        return piece
