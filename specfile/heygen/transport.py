"""One method per HTTP verb, one answer or one exception out; everything that touches the network is here.

The key goes to the service's own two origins and nowhere else: API calls never follow a redirect, and files
are fetched without it.
"""

from __future__ import annotations

import ipaddress
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

import orjson
import requests
import urllib3
import urllib3.exceptions

from specfile import __version__
from specfile.errors import UsageError
from specfile.film import Json
from specfile.heygen.answers import Answer, Purpose, failure_of, read_answer, scrub
from specfile.heygen.connections import Connections
from specfile.heygen.errors import (
    ApiRetired,
    LinkExpired,
    NothingPast,
    OutcomeUnknown,
    QuestionRefused,
    RateLimited,
    Unreachable,
    VideoRefused,
)
from specfile.heygen.notices import Notice, notice_in
from specfile.heygen.outgoing import Outgoing
from specfile.heygen.secrecy import hidden, without

READ_SECONDS: Final = 60.0
# A create was seen to take 31 s at the 99th percentile; giving up early is what makes people pay twice.
CREATE_SECONDS: Final = 180.0

# What has arrived of a chunk is lost when the stream breaks off within it.
CHUNK: Final = 64 * 1024

READ_TRIES: Final = 3
FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 30.0

NEVER_SENT: Final = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
    urllib3.exceptions.LocationValueError,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)
"""Exceptions after which not one byte of the request has left."""

_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-\d*/(\d+|\*)")
_REDIRECTS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStream:
    """A finished file on its way.

    `offset` is where its bytes begin, `total` the whole file's length, `media_type` what the host calls it.
    `validator` is what the host knows this content by, and another content not: a strong ETag, else the time
    of the last change (RFC 9110, 13.1.5).
    """

    offset: int
    total: int | None
    media_type: str
    validator: str | None
    chunks: Iterator[bytes]


class Transport:
    """HTTP to one service; safe to use from many threads.

    `pace` says how many seconds of the service pass in one of ours. It is 1 but for an emulator on this
    machine, which may run faster and says so in a response header. `answers` grows with every
    answer, so that it can be told when the service has gone quiet.
    """

    def __init__(
        self,
        base: str,
        *,
        upload_base: str,
        key: str,
        on_notice: Callable[[Notice], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base = checked_base(base)
        self.upload_base = checked_base(upload_base)
        self.pace = 1.0
        self.answers = 0
        self._key = _checked_key(key)
        self._on_notice = on_notice
        self._sleep = sleep
        self._is_local = is_loopback(self.base)
        # A proxy in the environment is for the world outside, never for an emulator on this machine.
        self._connections = Connections(trust_env=not self._is_local)
        self._guard = threading.Lock()
        self._noticed = False

    def get(self, path: str, params: Mapping[str, str]) -> Json:
        """Ask a question, up to three times.

        Raises:
            AccountRefused: the key may not ask.
            NotFound: what was asked for isn't there.
            QuestionRefused: a definite no to this question.
            RateLimited: each time it was too early.
            Unreachable: each time there was no usable answer.
        """
        pause = FIRST_PAUSE_SECONDS
        for _ in range(READ_TRIES - 1):
            try:
                return self._call("GET", self.base + path, "read", params=params)
            except QuestionRefused:
                raise
            except (Unreachable, RateLimited, ApiRetired) as error:
                if isinstance(error, ApiRetired) and not error.leaves_open:
                    raise
                # A page with a status of success may be that of something in between, for a moment.
                asked = error.retry_after
                if asked is not None and asked > LONGEST_PAUSE_SECONDS:
                    raise
                self.wait(pause if asked is None else asked)
                pause *= 2
        return self._call("GET", self.base + path, "read", params=params)

    def post(self, path: str, body: Mapping[str, Json], headers: Mapping[str, str]) -> Json:
        """Send a paid request, once, on a connection of its own.

        A connection that was kept may have been closed at the other end meanwhile; then it would stay open
        whether the request arrived, and finding that out takes minutes.

        Raises:
            VideoRefused: a definite no to this request.
            AccountRefused: a definite no to this account, or the API is retired.
            RateLimited: a definite no for now.
            Unreachable: nothing was sent.
            OutcomeUnknown: anything else.
        """
        sent = {"Content-Type": "application/json", **headers}
        return self._call("POST", self.base + path, "create", body=orjson.dumps(body), headers=sent)

    def upload(self, path: str, body: Outgoing, media_type: str) -> Json:
        """Send a file to the upload host under its exact type.

        Raises:
            VideoRefused: the service won't take this file.
            AccountRefused: a definite no to this account.
            RateLimited: a definite no for now.
            Unreachable: no usable answer; sending it again costs nothing.
        """
        headers = {"Content-Type": media_type}
        return self._call("POST", self.upload_base + path, "upload", body=body, headers=headers)

    def upload_form(self, path: str, form: Outgoing, form_type: str) -> Json:
        """Send a form with a file in it to the service itself. Raises what `upload` raises."""
        return self._call("POST", self.base + path, "upload", body=form, headers={"Content-Type": form_type})

    def ask_upload(self, path: str, body: Mapping[str, Json]) -> Json:
        """Ask the service itself about an upload: nothing is paid, so asking again is safe.

        Raises what `upload` raises.
        """
        headers = {"Content-Type": "application/json"}
        return self._call("POST", self.base + path, "upload", body=orjson.dumps(body), headers=headers)

    def put(self, url: str, body: Outgoing, headers: Mapping[str, str]) -> None:
        """Send a file to the address that the service named for it, without the key.

        Raises:
            VideoRefused: the host won't take this file.
            RateLimited: a definite no for now.
            Unreachable: no usable answer, or the address no longer works.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" and not (self._is_local and is_loopback(url)):
            raise Unreachable("the service names no https address to upload to", code="no_upload_url")
        with self._mapped("upload", url):
            response = self._send("PUT", url, "upload", headers=headers, body=body)
        _refuse_bad_upload(response)

    def delete(self, path: str, params: Mapping[str, str]) -> Json:
        """Delete something. Raises what `get` raises, after one try."""
        return self._call("DELETE", self.base + path, "read", params=params)

    @contextmanager
    def fetch(self, url: str, offset: int = 0, validator: str | None = None) -> Iterator[FileStream]:
        """Open a finished file, without the key.

        From `offset` on, where the host agrees to that and still has the content that `validator` stands for;
        else from its beginning.

        Raises:
            LinkExpired: the host no longer honours the link.
            NothingPast: it holds nothing past `offset`.
            RateLimited: it asks to come back later.
            Unreachable: no usable answer, or the stream broke off.
        """
        # Without this a host may compress the file, and lengths and offsets no longer tell its bytes.
        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        if offset and validator is not None:
            headers["If-Range"] = validator
        with self._mapped("read", url):
            response = self._open(url, headers)
        with closing(response):
            _refuse_bad_file(response)
            start, total = _extent_of(response)
            yield FileStream(
                offset=start,
                total=total,
                media_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                validator=_validator_of(response.headers),
                chunks=self._chunks(response, url),
            )

    def wait(self, seconds: float) -> None:
        """Let so many seconds of the service pass."""
        self._sleep(seconds / self.pace)

    def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    def _open(self, url: str, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        """Open a file, wherever its host leads on to."""
        for _ in range(_REDIRECTS):
            response = self._send("GET", url, "read", headers=headers, stream=True)
            location = response.get_redirect_location()
            if not location:
                return response
            response.close()
            url = urljoin(url, location)
        raise Unreachable("the file host leads on and on", code="redirects")

    def _chunks(self, response: urllib3.BaseHTTPResponse, url: str) -> Iterator[bytes]:
        with self._mapped("read", url):
            yield from response.stream(CHUNK)

    def _call(
        self,
        method: str,
        url: str,
        purpose: Purpose,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | Outgoing | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        asked = f"{url}?{urlencode(params)}" if params else url
        sent = {"X-Api-Key": self._key, "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
        with self._mapped(purpose, url):
            response = self._send(method, asked, purpose, headers={**sent, **(headers or {})}, body=body)
        self.answers += 1
        answer = read_answer(response.status, response.headers, response.data, datetime.now(UTC))
        answer = replace(answer, json=without(self._key, answer.json))
        self._take_note(response.headers, answer)
        failure = failure_of(answer, purpose)
        if isinstance(failure, ApiRetired) and "/v3/" in url:
            failure.hint = "a newer specfile may speak what took its place"
        if failure is not None:
            raise failure
        return answer.json

    def _send(
        self,
        method: str,
        url: str,
        purpose: Purpose,
        *,
        headers: Mapping[str, str],
        body: bytes | Outgoing | None = None,
        stream: bool = False,
    ) -> urllib3.BaseHTTPResponse:
        return self._connections.send(
            method,
            url,
            headers={"User-Agent": f"specfile/{__version__}", **headers},
            read_seconds=READ_SECONDS if purpose == "read" else CREATE_SECONDS,
            body=body,
            stream=stream,
            once=purpose == "create",
        )

    def _take_note(self, headers: Mapping[str, str], answer: Answer) -> None:
        if self._is_local and (speed := headers.get("X-Emulator-Speed")):
            with suppress(ValueError):
                self.pace = max(float(speed), 0.001)
        notice = notice_in(headers, answer.json, hide=partial(hidden, self._key))
        if notice is None:
            return
        with self._guard:
            first, self._noticed = not self._noticed, True
        if first:
            self._on_notice(notice)

    @contextmanager
    def _mapped(self, purpose: Purpose, url: str) -> Iterator[None]:
        """Turn what the HTTP library raises into what the caller can act on; the host asked is named."""
        try:
            yield
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            name = type(error).__name__
            # The original's text may hold a signed link or, for a bad header, the key.
            told = urllib3.exceptions.HTTPError(f"{name}: {hidden(self._key, scrub(str(error)))}")
            kind = OutcomeUnknown if purpose == "create" and may_have_been_sent(error) else Unreachable
            raise kind(f"no answer from {_origin(url)} ({name})", code="no_answer") from told


def may_have_been_sent(error: Exception) -> bool:
    """Whether any byte of the request can have reached the service. In doubt, yes."""
    if isinstance(error, NEVER_SENT):
        return False
    # Certificates are looked at before anything else is said.
    is_untrusted = isinstance(error, urllib3.exceptions.SSLError) and isinstance(
        next(iter(error.args), None), ssl.SSLCertVerificationError
    )
    return not is_untrusted


def is_loopback(base: str) -> bool:
    """Whether an address can only be this machine."""
    host = urlsplit(base).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _origin(url: str) -> str:
    """An address without anything that it may keep secret: no user, no path, no query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def checked_base(base: str) -> str:
    """A base address without its last slash.

    Raises:
        UsageError: it isn't an http or https address.
    """
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{base!r} is not an address of a service", hint="such as https://api.heygen.com")
    return base.rstrip("/")


def _checked_key(key: str) -> str:
    """The key without blanks around it; a key that can't be a header is refused without being shown."""
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(
            "the API key is empty or holds characters that no key has", hint="check HEYGEN_API_KEY"
        )
    return key


def _refuse_bad_upload(response: urllib3.BaseHTTPResponse) -> None:
    status = response.status
    if 200 <= status < 300:
        return
    if status == 429:
        retry_after = read_answer(status, response.headers, b"", datetime.now(UTC)).retry_after
        raise RateLimited("the upload host asks to come back later", retry_after=retry_after, code="429")
    if status in {400, 411, 413, 415}:
        message = f"the upload host refused the file (status {status})"
        raise VideoRefused(message, code="asset_refused")
    raise Unreachable(f"the upload host answered with status {status}", code=str(status))


def _refuse_bad_file(response: urllib3.BaseHTTPResponse) -> None:
    status = response.status
    if status in {200, 206}:
        return
    code = str(status)
    if status == 416:
        raise NothingPast("the file host has nothing past what is here", code=code)
    if status in {401, 403, 404, 410}:
        raise LinkExpired(f"the link to the file no longer works (status {status})", code=code)
    retry_after = read_answer(status, response.headers, b"", datetime.now(UTC)).retry_after
    if status == 429 or retry_after is not None:
        message = f"the file host asks to come back later (status {status})"
        raise RateLimited(message, retry_after=retry_after, code=code)
    raise Unreachable(f"the file host answered with status {status}", code=code)


def _extent_of(response: urllib3.BaseHTTPResponse) -> tuple[int, int | None]:
    """Where the body begins in the file, and the file's length. Hosts may ignore a Range and send all."""
    if response.status != 206:
        length = response.headers.get("Content-Length", "")
        return 0, int(length) if length.isdecimal() else None
    found = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if found is None:
        raise Unreachable("the file host sent a part without saying which", code="no_range")
    return int(found[1]), int(found[2]) if found[2].isdecimal() else None


def _validator_of(headers: Mapping[str, str]) -> str | None:
    etag = headers.get("ETag", "")
    # A weak one may stand for several contents, and is not allowed in If-Range.
    return etag if etag.startswith('"') else headers.get("Last-Modified")
