"""The account's videos and uploads."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson

from specfile.emulator.counts import Render
from specfile.emulator.database import Database

Outcome = Literal["pending", "completed", "failed"]
Stranger = Literal["readable", "unreadable"]

_VIDEO: Final = (
    "seq, id, created_at, payload, outcome, clip, seconds, files, error, reads, api, stranger, ended_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A video of the account.

    `seq` grows with every video. `created_at` is in seconds since 1970. `payload` is the request as the
    service reads it. `clip` says that the ready-made clip stands for it. `files` are the names of the
    finished files, `seconds` their length. `api` is the one it was sent through. `stranger` says that
    somebody else made it, and whether its status may be read. `ended_at` is when its render ended.
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
    api: str = "v2"
    stranger: Stranger | None = None
    ended_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An uploaded file. `kind` is image, video, audio or talking_photo."""

    id: str
    kind: str
    media_type: str
    created_at: float


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list of videos, which goes from the newest to the oldest."""

    created_at: float
    seq: int

    def __str__(self) -> str:
        return f"{self.created_at!r}-{self.seq}"


class Store:
    """Reads and writes videos and uploads; every write has taken effect when its method returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def secret(self) -> bytes:
        """The secret that links are signed with, made once."""
        with self._database.use() as connection:
            connection.execute(
                "INSERT INTO account SELECT ? WHERE NOT EXISTS (SELECT 1 FROM account)",
                (secrets.token_bytes(32),),
            )
            secret: bytes = connection.execute("SELECT secret FROM account").fetchone()[0]
            return secret

    def add_video(self, video: Video, *, key: str | None = None) -> None:
        """Record a new video, sent with this Idempotency-Key; its `seq` is given here."""
        with self._database.transaction() as connection:
            _insert(connection, video)
            connection.execute(
                "INSERT INTO renders VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    video.id,
                    video.api,
                    video.payload.get("callback_id"),
                    key,
                    video.payload.get("title"),
                    video.payload.get("test", False),
                    video.created_at,
                ),
            )

    def add_strangers(self, videos: Iterable[Video]) -> None:
        """Record videos that somebody else made: nobody is charged for them here."""
        with self._database.transaction() as connection:
            for video in videos:
                _insert(connection, video)

    def forget_strangers(self) -> None:
        """Forget all videos that somebody else made."""
        with self._database.use() as connection:
            connection.execute("DELETE FROM videos WHERE stranger IS NOT NULL")

    def renders(self) -> tuple[Render, ...]:
        """Every video that was ever sent, deleted ones too, in the order they came."""
        with self._database.use() as connection:
            rows = connection.execute(
                "SELECT video_id, api, callback_id, key, title, test, created_at FROM renders ORDER BY rowid"
            ).fetchall()
        return tuple(
            Render(
                video_id=row[0],
                api=row[1],
                callback_id=row[2],
                key=row[3],
                title=row[4],
                test=bool(row[5]),
                created_at=row[6],
            )
            for row in rows
        )

    def finish(
        self,
        video_id: str,
        *,
        seconds: float | None,
        files: tuple[str, ...],
        error: Mapping[str, Any] | None,
        now: float,
    ) -> bool:
        """Record how a render ended. False means that the video was deleted meanwhile."""
        outcome = "completed" if error is None else "failed"
        blob = None if error is None else orjson.dumps(error)
        with self._database.use() as connection:
            cursor = connection.execute(
                "UPDATE videos SET outcome = ?, seconds = ?, files = ?, error = ?, ended_at = ? WHERE id = ?",
                (outcome, seconds, ",".join(files), blob, now, video_id),
            )
            return cursor.rowcount == 1

    def count_read(self, video_id: str) -> None:
        """Remember that the status of this video was asked for once more."""
        with self._database.use() as connection:
            connection.execute("UPDATE videos SET reads = reads + 1 WHERE id = ?", (video_id,))

    def delete_video(self, video_id: str) -> bool:
        """Forget a video; False if there is none of that id."""
        with self._database.use() as connection:
            return connection.execute("DELETE FROM videos WHERE id = ?", (video_id,)).rowcount == 1

    def video(self, video_id: str) -> Video | None:
        """The video of that id."""
        with self._database.use() as connection:
            row = connection.execute(f"SELECT {_VIDEO} FROM videos WHERE id = ?", (video_id,)).fetchone()  # noqa: S608 - a constant
        return None if row is None else _video(row)

    def videos(
        self,
        *,
        limit: int,
        before: Place | None = None,
        folder_id: str | None = None,
        title: str | None = None,
        made_by: float | None = None,
    ) -> list[Video]:
        """Videos from the newest on, at most `limit`.

        Those behind `before`, of one folder, with these words in their titles, made no later than `made_by`.
        """
        with self._database.use() as connection:
            rows = connection.execute(
                f"SELECT {_VIDEO} FROM videos"  # noqa: S608 - a constant
                " WHERE (:seq IS NULL OR (created_at, seq) < (:created_at, :seq))"
                " AND (:folder IS NULL OR folder_id = :folder)"
                " AND (:title IS NULL OR instr(title, :title))"
                " AND (:made_by IS NULL OR created_at <= :made_by)"
                " ORDER BY created_at DESC, seq DESC LIMIT :limit",
                {
                    "created_at": None if before is None else before.created_at,
                    "seq": None if before is None else before.seq,
                    "folder": folder_id,
                    "title": title,
                    "made_by": made_by,
                    "limit": limit,
                },
            ).fetchall()
        return [_video(row) for row in rows]

    def count(self) -> int:
        """How many videos there are."""
        with self._database.use() as connection:
            return int(connection.execute("SELECT COUNT(*) FROM videos").fetchone()[0])

    def unfinished(self) -> list[Video]:
        """Videos whose render has not ended, the oldest first."""
        with self._database.use() as connection:
            rows = connection.execute(
                f"SELECT {_VIDEO} FROM videos WHERE outcome = 'pending' ORDER BY seq"  # noqa: S608 - a constant
            ).fetchall()
        return [_video(row) for row in rows]

    def ids_under_way(self, *, reads: int, seconds: float, now: float) -> set[str]:
        """The ids of videos that are being rendered, too new, or not asked for often enough.

        Args:
            reads: how often the status of a video must be asked for.
            seconds: how long ago a video must have been made.
            now: the service's time.
        """
        # Looking at every video costs; a rule that asks for nothing needs no look.
        terms = ["outcome = 'pending'"]
        terms += ["reads < :reads"] if reads else []
        terms += ["created_at > :made_after"] if seconds else []
        with self._database.use() as connection:
            rows = connection.execute(
                f"SELECT id FROM videos WHERE stranger IS NULL AND ({' OR '.join(terms)})",  # noqa: S608 - constants
                {"reads": reads, "made_after": now - seconds},
            ).fetchall()
        return {row[0] for row in rows}

    def sent_since(self, moment: float) -> int:
        """How many videos were sent since then, tests left out."""
        with self._database.use() as connection:
            return int(
                connection.execute(
                    "SELECT COUNT(*) FROM renders WHERE created_at >= ? AND NOT test", (moment,)
                ).fetchone()[0]
            )

    def tests_since(self, moment: float) -> int:
        """How many tests were sent since then."""
        with self._database.use() as connection:
            return int(
                connection.execute(
                    "SELECT COUNT(*) FROM renders WHERE created_at >= ? AND test", (moment,)
                ).fetchone()[0]
            )

    def rendered_seconds(self) -> float:
        """The length of all videos that were not tests, together."""
        with self._database.use() as connection:
            total = connection.execute(
                "SELECT TOTAL(seconds) FROM videos WHERE NOT test AND stranger IS NULL"
            ).fetchone()[0]
        return float(total)

    def add_asset(self, asset: Asset) -> None:
        """Record an upload."""
        with self._database.use() as connection:
            connection.execute(
                "INSERT INTO assets (id, kind, media_type, created_at) VALUES (?, ?, ?, ?)",
                (asset.id, asset.kind, asset.media_type, asset.created_at),
            )

    def assets(self, kinds: Collection[str]) -> list[Asset]:
        """The uploads of some kinds, the newest first."""
        with self._database.use() as connection:
            rows = connection.execute(
                "SELECT id, kind, media_type, created_at FROM assets"
                " WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY created_at DESC, rowid DESC",
                (orjson.dumps(list(kinds)).decode(),),
            ).fetchall()
        return [Asset(id=row[0], kind=row[1], media_type=row[2], created_at=row[3]) for row in rows]

    def asset(self, asset_id: str) -> Asset | None:
        """The upload of that id."""
        with self._database.use() as connection:
            row = connection.execute(
                "SELECT id, kind, media_type, created_at FROM assets WHERE id = ?", (asset_id,)
            ).fetchone()
        return None if row is None else Asset(id=row[0], kind=row[1], media_type=row[2], created_at=row[3])

    def delete_asset(self, asset_id: str) -> bool:
        """Forget an upload; False if there is none of that id."""
        with self._database.use() as connection:
            return connection.execute("DELETE FROM assets WHERE id = ?", (asset_id,)).rowcount == 1


def _insert(connection: sqlite3.Connection, video: Video) -> None:
    row = (
        video.id,
        video.created_at,
        # Numbers may be larger than orjson writes.
        json.dumps(video.payload).encode(),
        video.payload.get("folder_id"),
        video.payload.get("title"),
        video.payload.get("test", False),
        video.outcome,
        video.clip,
        video.seconds,
        ",".join(video.files),
        None if video.error is None else orjson.dumps(video.error),
        video.api,
        video.stranger,
        video.ended_at,
    )
    connection.execute(
        "INSERT INTO videos"
        " (id, created_at, payload, folder_id, title, test,"
        " outcome, clip, seconds, files, error, api, stranger, ended_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )


def _video(row: tuple[Any, ...]) -> Video:
    (
        seq,
        video_id,
        created_at,
        payload,
        outcome,
        clip,
        seconds,
        files,
        error,
        reads,
        api,
        stranger,
        ended_at,
    ) = row
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
        api=api,
        stranger=stranger,
        ended_at=ended_at,
    )
