"""Files that are uploaded straight into the file store: announced, put there, and taken on when told so."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from specfile.emulator.database import Database
from specfile.emulator.direct_models import NewFile
from specfile.emulator.errors import (
    ApiError,
    AssetNotFound,
    BatchNotFound,
    ChecksumMismatch,
    NotUploadedYet,
    UnsupportedContentType,
    WrongContentType,
)
from specfile.emulator.links import Clock
from specfile.emulator.media import OTHER, SUFFIXES, kind_of, sniff
from specfile.emulator.store import Asset

LIFE: Final = 3600
"""Seconds that an address takes a file for. The service's own number isn't known."""

State = Literal["pending_upload", "uploaded", "completed", "failed"]

_TYPES: Final = frozenset(
    {
        "image/png",
        "image/jpeg",
        "video/mp4",
        "video/webm",
        "audio/mpeg",
        "audio/wav",
        "audio/x-wav",
        "application/pdf",
        "application/x-subrip",
    }
)
_SAME: Final = {"audio/wav": "audio/x-wav"}
"""What the first bytes of a file are called, where types have two names."""

_COLUMNS: Final = "id, filename, media_type, size, checksum, state, error, batch_id"
_PENDING: Final = ".pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file on its way.

    `checksum` is its SHA-256 in hex, where it was announced. `error` is why it wasn't taken on. `batch_id` is
    what it was announced with.
    """

    id: str
    filename: str
    media_type: str
    size: int
    checksum: str | None
    state: State
    error: dict[str, Any] | None = None
    batch_id: str | None = None

    def headers(self) -> dict[str, str]:
        """The headers that must come with the bytes."""
        headers = {"Content-Type": self.media_type}
        if self.checksum is not None:
            headers["x-amz-checksum-sha256"] = base64.b64encode(bytes.fromhex(self.checksum)).decode()
        return headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Files that were announced together."""

    id: str
    title: str | None
    created_at: float
    uploads: tuple[Upload, ...]


class StoreRefusal(Exception):
    """The file store doesn't take the bytes: its status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class DirectUploads:
    """The uploads of an account. `folder` holds its files, `keep` records one that is taken on."""

    def __init__(
        self, database: Database, folder: Path, *, keep: Callable[[Asset], None], clock: Clock
    ) -> None:
        self._database = database
        self._folder = folder
        self._keep = keep
        self._clock = clock

    def announce(self, file: NewFile) -> Upload:
        """Make room for a file.

        Raises:
            UnsupportedContentType: files of this type aren't taken.
        """
        (upload,) = self._announce([file], None)
        return upload

    def announce_all(self, files: Sequence[NewFile], title: str | None) -> Batch:
        """Make room for several. Raises what `announce` raises, for all of them."""
        batch_id, now = secrets.token_hex(16), self._clock()
        uploads = self._announce(files, batch_id)
        with self._database.use() as connection:
            connection.execute("INSERT INTO upload_batches VALUES (?, ?, ?)", (batch_id, title, now))
        return Batch(id=batch_id, title=title, created_at=now, uploads=tuple(uploads))

    def find(self, asset_id: str) -> Upload | None:
        """The upload of that id."""
        with self._database.use() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM uploads WHERE id = ?",  # noqa: S608 - a constant
                (asset_id,),
            ).fetchone()
        return None if row is None else _upload(row)

    def batch(self, batch_id: str) -> Batch:
        """The batch of that id.

        Raises:
            BatchNotFound: there is none.
        """
        with self._database.use() as connection:
            about = connection.execute(
                "SELECT title, created_at FROM upload_batches WHERE id = ?", (batch_id,)
            ).fetchone()
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM uploads WHERE batch_id = ? ORDER BY rowid",  # noqa: S608 - a constant
                (batch_id,),
            ).fetchall()
        if about is None:
            raise BatchNotFound(batch_id)
        uploads = tuple(_upload(row) for row in rows)
        return Batch(id=batch_id, title=about[0], created_at=about[1], uploads=uploads)

    def is_unfinished(self, asset_id: str) -> bool:
        """Whether an id was given to a file that isn't taken on yet, and so can't be used."""
        upload = self.find(asset_id)
        return upload is not None and upload.state != "completed"

    def put(self, asset_id: str, content: bytes, headers: dict[str, str]) -> None:
        """Take the bytes of a file, as an object store does that was told what is coming.

        Args:
            asset_id: whose bytes they are.
            content: the bytes.
            headers: those that they came with, by their names in lower case.

        Raises:
            StoreRefusal: nothing was announced, or something else.
        """
        upload = self.find(asset_id)
        if upload is None:
            raise StoreRefusal(404, "NoSuchKey", "The specified key does not exist.")
        if any(headers.get(name.lower()) != value for name, value in upload.headers().items()):
            message = "The request signature does not match the signature you provided."
            raise StoreRefusal(403, "SignatureDoesNotMatch", message)
        if len(content) != upload.size:
            message = f"The upload must have {upload.size} bytes, and has {len(content)}."
            raise StoreRefusal(
                400, "EntityTooLarge" if len(content) > upload.size else "IncompleteBody", message
            )
        if upload.checksum is not None and not _is(content, upload.checksum):
            raise StoreRefusal(400, "BadDigest", "The SHA256 you specified did not match what was received.")
        if upload.state == "completed":
            return
        self._pending(asset_id).write_bytes(content)
        self._set(asset_id, "uploaded", None)

    def complete(self, asset_id: str, checksum: str | None = None) -> Upload:
        """Take a file on, so that it can be used; once it is, nothing more happens.

        Raises:
            AssetNotFound: nothing was announced under this id.
            NotUploadedYet: its bytes haven't come yet.
            ChecksumMismatch, WrongContentType: they are others than was said.
        """
        upload = self.find(asset_id)
        if upload is None:
            raise AssetNotFound(asset_id)
        if upload.state == "completed":
            return upload
        if not self._pending(asset_id).exists():
            raise NotUploadedYet(asset_id)
        content = self._pending(asset_id).read_bytes()
        if checksum is not None and not _is(content, checksum):
            raise ChecksumMismatch
        found = sniff(content)
        if found is not None and found != _SAME.get(upload.media_type, upload.media_type):
            raise WrongContentType(upload.media_type, found)
        suffix = SUFFIXES.get(_SAME.get(upload.media_type, upload.media_type), OTHER)
        self._pending(asset_id).replace(self._folder / (asset_id + suffix))
        self._keep(_asset(upload, self._clock()))
        self._set(asset_id, "completed", None)
        return upload

    def complete_all(self, batch_id: str) -> None:
        """Take on all files of a batch; one that is wrong, or isn't there, fails by itself.

        Raises:
            BatchNotFound: there is no such batch.
        """
        for upload in self.batch(batch_id).uploads:
            try:
                self.complete(upload.id)
            except ApiError as error:
                refusal = error.for_v3()
                self._set(upload.id, "failed", {"code": refusal.code, "message": refusal.message})

    def forget(self, asset_id: str) -> None:
        """Forget that a file was announced."""
        with self._database.use() as connection:
            connection.execute("DELETE FROM uploads WHERE id = ?", (asset_id,))

    def _announce(self, files: Sequence[NewFile], batch_id: str | None) -> list[Upload]:
        for file in files:
            if file.content_type not in _TYPES:
                raise UnsupportedContentType(file.content_type)
        uploads = [
            Upload(
                id=secrets.token_hex(16),
                filename=file.filename,
                media_type=file.content_type,
                size=file.size_bytes,
                checksum=None if file.checksum_sha256 is None else file.checksum_sha256.lower(),
                state="pending_upload",
                batch_id=batch_id,
            )
            for file in files
        ]
        with self._database.transaction() as connection:
            for one in uploads:
                connection.execute(
                    f"INSERT INTO uploads ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",  # noqa: S608 - a constant
                    (one.id, one.filename, one.media_type, one.size, one.checksum, one.state, one.batch_id),
                )
        return uploads

    def _set(self, asset_id: str, state: State, error: dict[str, Any] | None) -> None:
        blob = None if error is None else orjson.dumps(error)
        with self._database.use() as connection:
            connection.execute(
                "UPDATE uploads SET state = ?, error = ? WHERE id = ?", (state, blob, asset_id)
            )

    def _pending(self, asset_id: str) -> Path:
        return self._folder / (asset_id + _PENDING)


def _asset(upload: Upload, now: float) -> Asset:
    return Asset(id=upload.id, kind=kind_of(upload.media_type), media_type=upload.media_type, created_at=now)


def _is(content: bytes, checksum: str) -> bool:
    return hmac.compare_digest(hashlib.sha256(content).hexdigest(), checksum.lower())


def _upload(row: tuple[Any, ...]) -> Upload:
    upload_id, filename, media_type, size, checksum, state, error, batch_id = row
    return Upload(
        id=upload_id,
        filename=filename,
        media_type=media_type,
        size=size,
        checksum=checksum,
        state=state,
        error=None if error is None else orjson.loads(error),
        batch_id=batch_id,
    )
