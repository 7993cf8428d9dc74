"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends without an error.

    Raises:
        OSError: the folder can't be written.
    """
    with tempfile.TemporaryDirectory(prefix=".specfile-", dir=path.parent) as folder:
        part = Path(folder) / f"{path.name}.part"
        try:
            yield part
        except OSError as error:
            # A disk that is full names no file, and the temporary one is nobody's business.
            if error.errno is None or error.filename not in (None, str(part)):
                raise
            raise OSError(error.errno, error.strerror, str(path)) from error
        part.replace(path)
