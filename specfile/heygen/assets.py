"""Uploading local files.

To v2 a talking photo is an endpoint of its own, and everything else an asset. v3 has one endpoint for all,
which takes what fits into a form; a larger file goes to an address that the service names for it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO, Final, TypeVar
from urllib.parse import quote

import orjson

from specfile.film import AssetKind, Json
from specfile.heygen.errors import HeygenError, NotFound, Unreachable, VideoRefused
from specfile.heygen.outgoing import Outgoing, Told, nobody_told
from specfile.heygen.transport import FIRST_PAUSE_SECONDS, Transport
from specfile.resources import resource

_T = TypeVar("_T")

ASSETS: Final = "/v3/assets"
_TRIES: Final = 3

_RUN_OUT: Final = frozenset({"401", "403", "404", "410"})
"""What a host answers at an address that it doesn't honour, or no longer."""

_ENDINGS: Final[Mapping[str, str]] = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "audio/mpeg": ".mp3",
    "audio/x-wav": ".wav",
}
"""The service holds name, declared type and bytes against each other; the user's name stays here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file to be uploaded: open, at its beginning, of so many bytes, and told about while it is sent."""

    file: BinaryIO
    size: int
    media_type: str
    told: Told = nobody_told

    @property
    def name(self) -> str:
        """A name that agrees with the type."""
        return "file" + _ENDINGS.get(self.media_type, "")

    def body(self, before: bytes = b"", after: bytes = b"") -> Outgoing:
        """The file from its beginning, with what stands around it."""
        self.file.seek(0)
        return Outgoing(self.file, self.size, before=before, after=after, told=self.told)


def upload(transport: Transport, upload: Upload, kind: AssetKind) -> str:
    """Upload a file under its exact type and give the id that a request refers to it by.

    An upload isn't paid for: after `Unreachable` it may simply be sent again. Raises what
    `Transport.upload` raises.
    """
    endpoint = "/v1/talking_photo" if kind == "talking_photo" else "/v1/asset"
    return _named(transport.upload(endpoint, upload.body(), upload.media_type), kind)


def upload_v3(transport: Transport, upload: Upload) -> str:
    """Upload a file to v3. Raises what `Transport.upload` raises."""
    if upload.size > form_bytes():
        return _upload_directly(transport, upload)
    boundary = secrets.token_hex(16)
    before = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{upload.name}"\r\n'
        f"Content-Type: {upload.media_type}\r\n\r\n"
    )
    form = upload.body(before.encode(), f"\r\n--{boundary}--\r\n".encode())
    return _named(transport.upload_form(ASSETS, form, f"multipart/form-data; boundary={boundary}"), "image")


def is_gone(transport: Transport, asset_id: str) -> bool:
    """Whether v3 says that it has an upload no more; any other answer says nothing of that."""
    try:
        transport.get(f"{ASSETS}/{quote(asset_id, safe='')}", {})
    except NotFound as error:
        return error.code == "asset_not_found"
    except HeygenError:
        return False
    return False


@cache
def form_bytes() -> int:
    """The most bytes that a file may have in one form."""
    table = orjson.loads(resource("schemas", "upload-limits.json").read_bytes())
    return int(table["form_bytes"]["v3"])


def _upload_directly(transport: Transport, upload: Upload) -> str:
    """Ask for an address, send the file there, and say that it is there, which may be said twice."""
    about = {"filename": upload.name, "content_type": upload.media_type, "size_bytes": upload.size}
    json = transport.ask_upload(f"{ASSETS}/direct-uploads", about)
    body = json.get("data") if isinstance(json, Mapping) else None
    body = body if isinstance(body, Mapping) else {}
    asset_id, url, headers = _named(json, "image"), body.get("upload_url"), body.get("upload_headers")
    if not isinstance(url, str):
        raise Unreachable("the service's answer names no address to upload to", code="no_upload_url")
    most = body.get("max_bytes")
    if isinstance(most, int) and upload.size > most:
        message = f"the service takes at most {most:,} bytes, and the file has {upload.size:,}"
        raise VideoRefused(message, code="asset_refused", words=message)
    sent = {"Content-Type": upload.media_type, **(headers if isinstance(headers, Mapping) else {})}
    _repeated(transport, lambda: transport.put(url, upload.body(), sent))
    _repeated(transport, lambda: transport.ask_upload(f"{ASSETS}/{quote(asset_id, safe='')}/complete", {}))
    return asset_id


def _repeated(transport: Transport, send: Callable[[], _T]) -> _T:
    """What is lost on the way is sent again after a pause, so that a passing trouble costs no new beginning.

    An address that no longer works won't work the next time either.
    """
    pause = FIRST_PAUSE_SECONDS
    for _ in range(_TRIES - 1):
        try:
            return send()
        except Unreachable as error:
            if error.code in _RUN_OUT:
                raise
            transport.wait(pause)
            pause *= 2
    return send()


def _named(json: Json, kind: AssetKind) -> str:
    body = json.get("data") if isinstance(json, Mapping) else None
    asset_id = _id_in(body, kind) if isinstance(body, Mapping) else None
    if not isinstance(asset_id, str) or not asset_id:
        raise Unreachable("the service's answer names no uploaded file", code="no_asset_id")
    return asset_id


def _id_in(body: Mapping[str, Json], kind: AssetKind) -> Json:
    if kind == "talking_photo":
        return body.get("talking_photo_id") or body.get("id")
    return body.get("id") or body.get("asset_id")
