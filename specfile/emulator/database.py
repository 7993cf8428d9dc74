"""The one SQLite file that holds an account."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from specfile.errors import UsageError

_FORMAT: Final = 2
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS account (secret BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS videos (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created_at REAL NOT NULL,
    payload BLOB NOT NULL,
    folder_id TEXT,
    title TEXT,
    test INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    clip INTEGER NOT NULL,
    seconds REAL,
    files TEXT NOT NULL,
    error BLOB,
    reads INTEGER NOT NULL DEFAULT 0,
    api TEXT NOT NULL DEFAULT 'v2',
    stranger TEXT,
    ended_at REAL
);
CREATE INDEX IF NOT EXISTS videos_by_age ON videos (created_at, seq);
CREATE INDEX IF NOT EXISTS videos_pending ON videos (outcome) WHERE outcome = 'pending';
CREATE TABLE IF NOT EXISTS renders (
    video_id TEXT PRIMARY KEY,
    api TEXT NOT NULL,
    callback_id TEXT,
    key TEXT,
    title TEXT,
    test INTEGER NOT NULL,
    created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS answers (
    endpoint TEXT NOT NULL,
    key TEXT NOT NULL,
    answer BLOB NOT NULL,
    kept_at REAL NOT NULL,
    PRIMARY KEY (endpoint, key)
);
CREATE TABLE IF NOT EXISTS endpoints (
    id TEXT PRIMARY KEY,
    api TEXT NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    events BLOB,
    entity_id TEXT,
    created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY,
    filename TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    checksum TEXT,
    state TEXT NOT NULL,
    error BLOB,
    batch_id TEXT
);
CREATE INDEX IF NOT EXISTS uploads_by_batch ON uploads (batch_id);
CREATE TABLE IF NOT EXISTS upload_batches (id TEXT PRIMARY KEY, title TEXT, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS assets (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    created_at REAL NOT NULL
);
"""
_TO_FORMAT_2: Final = """
BEGIN;
ALTER TABLE videos ADD COLUMN api TEXT NOT NULL DEFAULT 'v2';
ALTER TABLE videos ADD COLUMN stranger TEXT;
ALTER TABLE videos ADD COLUMN title TEXT;
UPDATE videos SET title = json_extract(CAST(payload AS TEXT), '$.title');
PRAGMA user_version = 2;
COMMIT;
ALTER TABLE videos ADD COLUMN ended_at REAL;
"""


class Database:
    """The file; every write has taken effect when the block that made it ends.

    One connection serves all threads, one at a time. `durable` writes also survive a power cut.

    Raises:
        UsageError: the file is something else, or of another version of specfile.
    """

    def __init__(self, path: Path, *, durable: bool) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            _prepare(self._connection, durable=durable)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            message = f"{path} can't be used: {error}"
            raise UsageError(message, hint="name another folder with --state") from error

    def close(self) -> None:
        """Close the file; nothing else may be called afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def use(self) -> Iterator[sqlite3.Connection]:
        """The connection, for the length of a block."""
        with self._lock:
            yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, for writes that take effect together or not at all."""
        with self._lock:
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, *, durable: bool) -> None:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found not in {0, 1, _FORMAT}:
        message = f"its format is {found}, and this version of specfile knows {_FORMAT}"
        raise sqlite3.DatabaseError(message)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
    connection.executescript(_SCHEMA)
    if found == 1:
        connection.executescript(_TO_FORMAT_2)
    connection.execute(f"PRAGMA user_version = {_FORMAT}")
