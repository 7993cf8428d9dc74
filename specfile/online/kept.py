"""Files from addresses, kept in the user's cache folder by their address."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

_MOST_BYTES: Final = 1 << 30
_RECENT_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """A folder of them, that any number of processes may share."""

    folder: Path

    @classmethod
    def of_user(cls) -> KeptFiles:
        """Those in the user's cache folder."""
        return cls(platformdirs.user_cache_path("specfile") / "addresses")

    def place(self, url: str) -> Path:
        """Where the file of an address goes; the name tells nothing of an address that is signed."""
        return self.folder / hashlib.sha256(url.encode()).hexdigest()[:40]

    def get(self, url: str) -> Path | None:
        """The file of an address; None where it wasn't fetched yet, or was dropped."""
        path = self.place(url)
        try:
            # It is used now; when it was written stays, and tells whether it is still the same.
            os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
        except OSError:
            return path if path.is_file() else None
        return path

    def prune(self, *, now: float, most: int = _MOST_BYTES) -> None:
        """Drop the files used longest ago until the rest fits into `most` bytes.

        Those used within the last hour stay: a frame may be about to be drawn from them.
        """
        size = 0
        uses: list[tuple[float, int, Path]] = []
        with suppress(FileNotFoundError):
            for path in self.folder.iterdir():
                with suppress(FileNotFoundError):  # another process is tidying up too
                    about = path.stat()
                    uses.append((about.st_atime, about.st_size, path))
        for used, bytes_, path in sorted(uses, reverse=True):
            size += bytes_
            if size > most and now - used > _RECENT_SECONDS and path.is_file():
                path.unlink(missing_ok=True)
