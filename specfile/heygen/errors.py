"""What can go wrong with the service, by what the caller can do about it.

    HeygenError
    |-- VideoRefused      a definite no to this one video or file; others may pass    exit 4 if it escapes
    |-- AccountRefused    a definite no to this account: key, credit, plan; stop      exit 4
    |   `-- ApiRetired    the endpoint is gone; nothing more can be sent this way     exit 4
    |-- NotFound          the service knows no such video                             exit 4 if it escapes
    |-- RateLimited       not now; ask again after `retry_after` seconds              exit 7 if it escapes
    |-- OutcomeUnknown    it was or may have been sent; look before sending it again  exit 7
    |-- Unreachable       nothing was sent, or a question stayed unanswered           exit 7
    |   `-- QuestionRefused  a definite no to this one question; others may pass      exit 7
    |   `-- NothingPast   the file host holds nothing behind what is here already     exit 7 if it escapes
    `-- LinkExpired       the file host no longer honours this link; get a fresh one  exit 7 if it escapes

After the first three, and after `RateLimited`, no video was made. Only `OutcomeUnknown` leaves that open.
"""

from __future__ import annotations

from specfile.errors import ServiceRefused, ServiceUnreachable, SpecfileError


class HeygenError(SpecfileError):
    """The root.

    `code` is the service's own code or the HTTP status, as text fit for a lock. `path` is the place in the
    request that the service named. `words` is what the service said, for the terminal only; neither the key
    nor the query of any link is in it. `retry_after` is how many seconds of its clock the service asks to be
    left alone; None where it named no time.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "unknown",
        path: str | None = None,
        words: str | None = None,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after
        self.code = code
        self.path = path
        self.words = words


class VideoRefused(HeygenError, ServiceRefused):
    """The service will not make this video or take this file: a wrong parameter, a missing avatar."""


class AccountRefused(HeygenError, ServiceRefused):
    """The service will not do it for this account: key, scope, credit, plan or quota."""


class ApiRetired(AccountRefused):
    """The endpoint is gone, or something else answers in its place.

    `leaves_open` says that a create may have arrived all the same: a page with a status of success may
    come from anything on the way.
    """

    leaves_open = False


class NotFound(HeygenError, ServiceRefused):
    """The service knows no video of this id."""


class RateLimited(HeygenError, ServiceUnreachable):
    """Too many at once."""

    def __init__(self, message: str, *, retry_after: float | None = None, code: str = "429") -> None:
        super().__init__(message, code=code, retry_after=retry_after)


class OutcomeUnknown(HeygenError, ServiceUnreachable):
    """The request was or may have been sent, and what became of it isn't known."""


class Unreachable(HeygenError, ServiceUnreachable):
    """Nothing was sent, or a harmless question got no usable answer. Asking again is safe."""


class QuestionRefused(Unreachable):
    """A definite no to a harmless question, such as one about a video that belongs to somebody else."""


class NothingPast(Unreachable):
    """The file host has nothing behind what is here, so that is not the beginning of its file."""


class LinkExpired(HeygenError, ServiceUnreachable):
    """A link to a finished file no longer works."""
