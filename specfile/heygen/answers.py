"""Reading what the service answered, whichever of its body families it chose.

    {"data": null, "error": {"code": "invalid_parameter", "message": "..."}}        v2; error may be bare text
    {"code": 400112, "message": "Unauthorized"}                                     v1; text may sit in msg
    {"error": {"code": "unauthorized", "message": "...", "param": null}}            the v3 gateway

Any of them may come with HTTP 200. A web page instead of JSON means that the endpoint is gone, unless the
status says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal

import orjson

from specfile.film import Json
from specfile.heygen.errors import (
    AccountRefused,
    ApiRetired,
    HeygenError,
    NotFound,
    OutcomeUnknown,
    QuestionRefused,
    RateLimited,
    Unreachable,
    VideoRefused,
)
from specfile.heygen.service_codes import codes_that_refuse, meaning

Purpose = Literal["create", "upload", "read"]
"""Why the service was called: a create is paid for, an upload and a read may be repeated."""

V1_SUCCESS: Final = 100

_MISSING_CODES: Final = frozenset({"video_not_found", "40031", "avatar_not_found"})
"""Codes that answer a question with: there is none."""

# A request that the service gave up waiting for, or that another copy of is still under way.
_STATUS_LEAVES_OPEN: Final = frozenset({408, 409, 425})

_LINK_QUERY = re.compile(r"(https?://[^\s?\"'<>]+|\burl: /[^\s?]*)\?[^\s\"'<>)]*")
_FIELD_PATH = re.compile(r"^([A-Za-z_]\w*(?:\.\w+)*) is invalid\b")
_PARAM = re.compile(r"([A-Za-z_][\w.\[\]]{0,199})")
_CODE = re.compile(r"^[\w.:-]{1,64}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer, read to its end. `json` is None where the body isn't JSON."""

    status: int
    json: Json
    is_page: bool
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class Complaint:
    """What an error body says."""

    code: str
    words: str | None
    path: str | None


def read_answer(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """Turn the bytes of an answer into a value; never fails."""
    try:
        json = orjson.loads(body)
    except orjson.JSONDecodeError:
        json = None
    page = json is None and ("html" in headers.get("Content-Type", "") or body.lstrip()[:1] == b"<")
    return Answer(
        status=status,
        json=json,
        is_page=page,
        retry_after=_retry_after(headers.get("Retry-After"), _date(headers.get("Date")) or now),
    )


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Both forms of the header: seconds, or a date, which is by the service's clock as `now` has to be."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        moment = _date(value)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def _date(value: str | None) -> datetime | None:
    """A date as HTTP writes it."""
    if value is None:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def complaint_of(json: Json) -> Complaint | None:
    """What the body complains of, or None if it doesn't."""
    if not isinstance(json, Mapping):
        return None
    error = json.get("error")
    if isinstance(error, Mapping):
        return _of_error(error)
    if isinstance(error, str) and error:
        return _complaint(None, error, None)
    code = json.get("code")
    if code is not None and code != V1_SUCCESS:
        return _complaint(code, json.get("message") or json.get("msg"), None)
    return None


def _of_error(error: Mapping[str, Json]) -> Complaint:
    """An error with its parts; v3 may list several faults, of which the first counts."""
    words, param = error.get("message") or error.get("detail"), error.get("param")
    faults = error.get("errors")
    first = faults[0] if isinstance(faults, list) and faults and isinstance(faults[0], Mapping) else {}
    place = first.get("param") or first.get("field") or first.get("loc")
    if isinstance(place, list):
        place = ".".join(str(step) for step in place if isinstance(step, str | int))
    return _complaint(error.get("code"), words or first.get("message") or first.get("msg"), param or place)


def _complaint(code: Json, words: Json, param: Json) -> Complaint:
    text = scrub(words) if isinstance(words, str) and words else None
    named = _FIELD_PATH.match(text) if text else None
    if named is None and isinstance(param, str):
        named = _PARAM.fullmatch(param)
    return Complaint(code_text(code), text, named.group(1) if named else None)


def code_text(code: Json) -> str:
    """A code as text that is safe in a lock; codes come as numbers and as text."""
    text = str(code) if isinstance(code, str | int) and not isinstance(code, bool) else ""
    return text if _CODE.match(text) else "unknown"


def scrub(text: str) -> str:
    """The text without the query of any link in it: that is where signatures are."""
    return _LINK_QUERY.sub(r"\1?…", text)


def failure_of(answer: Answer, purpose: Purpose) -> HeygenError | None:
    """The exception that this answer amounts to, or None if it is a success.

    The order matters: first what leaves the outcome of a create open, then what is definite about the
    account, then what is definite about this one request.
    """
    complaint = complaint_of(answer.json)
    succeeded = 200 <= answer.status < 300
    if succeeded and (_names_video(answer.json) or (answer.json is not None and complaint is None)):
        return None
    said = complaint or Complaint(str(answer.status), None, None)
    if answer.status >= 500 or answer.status in _STATUS_LEAVES_OPEN:
        failure = _unclear(f"the service failed with status {answer.status}{_quoted(said)}", said, purpose)
        failure.retry_after = answer.retry_after
        return failure
    if _is_about_account(answer.status, said.code):
        return _account_refused(answer.status, said)
    if answer.status == 429 or said.code in codes_that_refuse("rate"):
        return RateLimited(
            f"the service asks for fewer requests{_quoted(said)}",
            retry_after=answer.retry_after,
            code=said.code,
        )
    if _is_gone(answer, complaint, purpose):
        return _retired(answer)
    if complaint is None and succeeded:
        return _unclear("the service's answer is not JSON", said, purpose)
    if succeeded and said.code not in codes_that_refuse("video"):
        # Only a code that is known to refuse one request does so beside a status of success; what nobody
        # knows leaves open whether a video was made.
        return _unclear(f"the service said both yes and no: {said.code}{_quoted(said)}", said, purpose)
    if purpose == "read" and (said.code in _MISSING_CODES or answer.status == 404):
        return NotFound("the service knows no such video", code=said.code, words=said.words)
    return _refused(said, purpose)


def _names_video(json: Json) -> bool:
    """Whether a body names a new video: then there is one, whatever else the body says."""
    data = json.get("data") if isinstance(json, Mapping) else None
    return isinstance(data, Mapping) and isinstance(data.get("video_id"), str) and bool(data["video_id"])


def _is_about_account(status: int, code: str) -> bool:
    """Whether nothing more can be sent; codes that refuse one video or one account do so under 403 both."""
    if code in codes_that_refuse("account") or status in {401, 402}:
        return True
    return status == 403 and code not in codes_that_refuse("video")


def _is_gone(answer: Answer, complaint: Complaint | None, purpose: Purpose) -> bool:
    """Whether the endpoint itself is missing, rather than what was asked of it."""
    if answer.is_page or answer.status == 410 or 300 <= answer.status < 400:
        return True
    if answer.status != 404:
        return False
    nameless = {"404", "not_found"} if purpose == "read" else {"404", "not_found", "unknown"}
    return complaint is None or complaint.code in nameless


def _retired(answer: Answer) -> ApiRetired:
    what = "a web page" if answer.is_page else f"status {answer.status}"
    error = ApiRetired(
        f"the service no longer offers this API: it answered with {what}",
        code="api_retired",
        hint="put `api: v3` in the spec, and try `specfile check --api v3` first",
    )
    error.leaves_open = answer.is_page and 200 <= answer.status < 300
    return error


def _account_refused(status: int, said: Complaint) -> AccountRefused:
    known = meaning("unauthorized" if status == 401 else said.code, said.words)
    return AccountRefused(
        f"the service refuses this account: {said.code}{_quoted(said)}",
        code=said.code,
        words=said.words,
        hint=known.stopped if known is not None else None,
    )


def _refused(said: Complaint, purpose: Purpose) -> HeygenError:
    if purpose == "read" and said.code in codes_that_refuse("service"):
        return Unreachable(f"the service can't answer: {said.code}{_quoted(said)}", code=said.code)
    if purpose == "read":
        return QuestionRefused(f"the service refused a question: {said.code}{_quoted(said)}", code=said.code)
    what = "video" if purpose == "create" else "file"
    return VideoRefused(
        f"the service refused the {what}: {said.code}{_quoted(said)}",
        code=said.code,
        path=said.path,
        words=said.words,
    )


def _unclear(message: str, said: Complaint, purpose: Purpose) -> HeygenError:
    kind = OutcomeUnknown if purpose == "create" else Unreachable
    return kind(message, code=said.code, words=said.words)


def _quoted(said: Complaint) -> str:
    return f" ({said.words})" if said.words else ""
