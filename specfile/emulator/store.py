"""The account's videos and uploads, in one SQLite file."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from specfile.errors import UsageError

Outcome = Literal["pending", "completed", "failed"]

_FORMAT: Final = 1
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS account (secret BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS videos (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created_at REAL NOT NULL,
    payload BLOB NOT NULL,
    folder_id TEXT,
    test INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    clip INTEGER NOT NULL,
    seconds REAL,
    files TEXT NOT NULL,
    error BLOB,
    reads INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS assets (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    created_at REAL NOT NULL
);
"""
_VIDEO: Final = "seq, id, created_at, payload, outcome, clip, seconds, files, error, reads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A video of the account.

    `seq` grows with every video. `created_at` is in seconds since 1970. `payload` is the request as the
    service reads it. `clip` says that the ready-made clip stands for it. `files` are the names of the
    finished files, `seconds` their length.
    """

    seq: int
    id: str
    created_at: float
    payload: Mapping[str, Any]
    outcome: Outcome
    clip: bool
    seconds: float | None
    files: tuple[str, ...]
    error: Mapping[str, Any] | None
    reads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An uploaded file. `kind` is image, video, audio or talking_photo."""

    id: str
    kind: str
    media_type: str
    created_at: float


class Store:
    """Reads and writes the file; every write has taken effect when its method returns.

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
    def _use(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    def secret(self) -> bytes:
        """The secret that links are signed with, made once."""
        with self._use() as connection:
            connection.execute(
                "INSERT INTO account SELECT ? WHERE NOT EXISTS (SELECT 1 FROM account)",
                (secrets.token_bytes(32),),
            )
            secret: bytes = connection.execute("SELECT secret FROM account").fetchone()[0]
            return secret

    def add_video(self, video: Video) -> None:
        """Record a new video; its `seq` is given here."""
        row = (
            video.id,
            video.created_at,
            orjson.dumps(video.payload),
            video.payload.get("folder_id"),
            video.payload.get("test", False),
            video.outcome,
            video.clip,
            video.seconds,
            ",".join(video.files),
            None if video.error is None else orjson.dumps(video.error),
        )
        with self._use() as connection:
            connection.execute(
                "INSERT INTO videos"
                " (id, created_at, payload, folder_id, test, outcome, clip, seconds, files, error)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def finish(
        self, video_id: str, *, seconds: float | None, files: tuple[str, ...], error: Mapping[str, Any] | None
    ) -> bool:
        """Record how a render ended. False means that the video was deleted meanwhile."""
        outcome = "completed" if error is None else "failed"
        blob = None if error is None else orjson.dumps(error)
        with self._use() as connection:
            cursor = connection.execute(
                "UPDATE videos SET outcome = ?, seconds = ?, files = ?, error = ? WHERE id = ?",
                (outcome, seconds, ",".join(files), blob, video_id),
            )
            return cursor.rowcount == 1

    def count_read(self, video_id: str) -> None:
        """Remember that the status of this video was asked for once more."""
        with self._use() as connection:
            connection.execute("UPDATE videos SET reads = reads + 1 WHERE id = ?", (video_id,))

    def delete_video(self, video_id: str) -> bool:
        """Forget a video; False if there is none of that id."""
        with self._use() as connection:
            return connection.execute("DELETE FROM videos WHERE id = ?", (video_id,)).rowcount == 1

    def video(self, video_id: str) -> Video | None:
        """The video of that id."""
        with self._use() as connection:
            row = connection.execute(f"SELECT {_VIDEO} FROM videos WHERE id = ?", (video_id,)).fetchone()  # noqa: S608 - a constant
        return None if row is None else _video(row)

    def videos(self, *, limit: int, before: int | None = None, folder_id: str | None = None) -> list[Video]:
        """Videos from the newest on, at most `limit`, those older than `before` by `seq`, of one folder."""
        with self._use() as connection:
            rows = connection.execute(
                f"SELECT {_VIDEO} FROM videos"  # noqa: S608 - a constant
                " WHERE (:before IS NULL OR seq < :before) AND (:folder IS NULL OR folder_id = :folder)"
                " ORDER BY seq DESC LIMIT :limit",
                {"before": before, "folder": folder_id, "limit": limit},
            ).fetchall()
        return [_video(row) for row in rows]

    def count(self) -> int:
        """How many videos there are."""
        with self._use() as connection:
            return int(connection.execute("SELECT COUNT(*) FROM videos").fetchone()[0])

    def unfinished(self) -> list[Video]:
        """Videos whose render has not ended, the oldest first."""
        with self._use() as connection:
            rows = connection.execute(
                f"SELECT {_VIDEO} FROM videos WHERE outcome = 'pending' ORDER BY seq"  # noqa: S608 - a constant
            ).fetchall()
        return [_video(row) for row in rows]

    def rendered_seconds(self) -> float:
        """The length of all videos that were not tests, together."""
        with self._use() as connection:
            total = connection.execute("SELECT TOTAL(seconds) FROM videos WHERE NOT test").fetchone()[0]
        return float(total)

    def add_asset(self, asset: Asset) -> None:
        """Record an upload."""
        with self._use() as connection:
            connection.execute(
                "INSERT INTO assets (id, kind, media_type, created_at) VALUES (?, ?, ?, ?)",
                (asset.id, asset.kind, asset.media_type, asset.created_at),
            )

    def asset(self, asset_id: str) -> Asset | None:
        """The upload of that id."""
        with self._use() as connection:
            row = connection.execute(
                "SELECT id, kind, media_type, created_at FROM assets WHERE id = ?", (asset_id,)
            ).fetchone()
        return None if row is None else Asset(id=row[0], kind=row[1], media_type=row[2], created_at=row[3])


def _prepare(connection: sqlite3.Connection, *, durable: bool) -> None:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found not in {0, _FORMAT}:
        message = f"its format is {found}, and this version of specfile knows {_FORMAT}"
        raise sqlite3.DatabaseError(message)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
    connection.executescript(_SCHEMA)
    connection.execute(f"PRAGMA user_version = {_FORMAT}")


def _video(row: tuple[Any, ...]) -> Video:
    seq, video_id, created_at, payload, outcome, clip, seconds, files, error, reads = row
    return Video(
        seq=seq,
        id=video_id,
        created_at=created_at,
        payload=orjson.loads(payload),
        outcome=outcome,
        clip=bool(clip),
        seconds=seconds,
        files=tuple(files.split(",")) if files else (),
        error=None if error is None else orjson.loads(error),
        reads=reads,
    )
