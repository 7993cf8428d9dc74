"""Getting videos to the service: files first, then the intent on disk, then the request."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from specfile.film import Request, Video
from specfile.heygen import (
    AccountRefused,
    ApiRetired,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
    VideoRefused,
)
from specfile.runner import events
from specfile.runner.clock import moment, timestamp
from specfile.runner.lock.entries import FINISHED, AssetKey, Entry, Failure, Pair, State
from specfile.runner.lock.transitions import Event, moved, next_state
from specfile.runner.pacing import FRESH_S, MOST_RATE_LIMITS, MOST_TRIES, RATE_LIMIT_S, RETRY_S, is_too_long
from specfile.runner.plan.planner import hashed_metadata
from specfile.runner.sending.claims import is_key_kept
from specfile.runner.sending.payload import body_for
from specfile.runner.sending.uploads import AssetChanged, Uploads, gone_uploads
from specfile.runner.underway.gate import Places
from specfile.runner.underway.run import Run
from specfile.runner.underway.scheduler import Lane, Outcome

REPEATED_LIMITS: Final = 3
"""After so many refusals in a row as one too many, a video goes under a new key where keys are remembered."""


class _TooLate(Exception):
    """The request did not leave: its intent is too old by now."""


@dataclass(kw_only=True)
class Submission:
    """One attempt at one film, and how often it was sent or tried in vain so far.

    `line` is the last that the lock says of it. While `is_open`, that is an intent whose outcome isn't known,
    which is sent again as it is; otherwise the service certainly has nothing of it. `uploads` are the
    ids that it was sent with; they are made anew once where the service doesn't know them any more.
    """

    video: Video
    attempt: int
    token: str
    line: Entry | None = None
    is_open: bool = False
    sends: int = 0
    rate_limits: int = 0
    failures: int = 0
    uploads: Mapping[AssetKey, str] = field(default_factory=dict)
    has_new_uploads: bool = False

    @property
    def pair(self) -> Pair:
        """Key and digest."""
        return (self.video.key, self.video.digest)

    @cached_property
    def request(self) -> Request:
        """The frozen call; made when it is first asked for, and then at hand as long as this is under way."""
        return self.video.request

    @property
    def has_new_key(self) -> bool:
        """Whether a refusal made it be sent under another key."""
        return "." in self.token

    def take_new_key(self) -> None:
        """Be sent under a key that was never used: of one that was, the service may repeat the refusal."""
        self.token = f"{self.token.partition('.')[0]}.{secrets.token_hex(4)}"


class Submitter:
    """Sends what waits, as far as the gate allows.

    Whatever the outcome, exactly one of the callbacks hears of it: `accepted` with the line, `unknown` where
    the answer was lost, `over` where nothing was made and nothing more will come of it in this build, or
    `left` where nothing more will come of it and an earlier request may have been taken.
    """

    def __init__(
        self,
        run: Run,
        gate: Places,
        *,
        accepted: Callable[[Entry], None],
        unknown: Callable[[Entry, Submission], None],
        over: Callable[[Entry], None],
        left: Callable[[Entry], None],
    ) -> None:
        self._run = run
        self._gate = gate
        self._uploads = Uploads(run)
        self._accepted = accepted
        self._unknown = unknown
        self._over = over
        self._left = left
        self._waiting: deque[Submission] = deque()
        self._unsent: dict[Pair, Submission] = {}

    def add(self, submission: Submission) -> None:
        """Send a video when its turn comes; what was sent before comes before what wasn't."""
        if submission.sends:
            self._waiting.appendleft(submission)
        else:
            self._waiting.append(submission)

    def advance(self) -> bool:
        """Set out with as many videos as may go now. Tells whether any did."""
        if self._run.stopped is not None:
            return self._hold_all(str(self._run.stopped))
        started = False
        while self._waiting and self._gate.is_open(self._run.clock.monotonic()):
            submission = self._waiting.popleft()
            started = True
            too_much = self._run.afford(submission.video)
            if too_much is not None:
                self._give_up(submission, too_much)
                continue
            self._gate.enter(submission.pair)
            self._upload_then_send(submission)
        return started

    def _hold_all(self, reason: str) -> bool:
        waiting, self._waiting = self._waiting, deque()
        any_waited = bool(waiting)
        while waiting:  # one by one: what a hundred thousand were made of needn't be kept until the last
            self._give_up(waiting.popleft(), reason)
        return any_waited

    def _give_up(self, submission: Submission, reason: str) -> None:
        """Leave a video for another build."""
        self._withdraw(submission)
        self._gate.leave(submission.pair)
        self._run.hold(submission.pair, reason)
        if submission.is_open and submission.line is not None:
            self._left(submission.line)
        else:
            self._over(self._intent_of(submission))

    def _withdraw(self, submission: Submission) -> None:
        """Note that the service has nothing of it, so that no other build looks for it there."""
        line = submission.line
        if line is not None and line.state is State.SUBMITTING and not submission.is_open:
            submission.line = moved(line, Event.WITHDREW)
            self._run.write(submission.line)

    def leave(self) -> None:
        """Send nothing more, and note of what never left that it didn't."""
        unsent, self._unsent = self._unsent, {}
        for submission in (*unsent.values(), *self._waiting):
            self._withdraw(submission)

    def _upload_then_send(self, submission: Submission) -> None:
        self._forget_uploads_of_failure(submission)
        self._fetch_ids(submission)

    def _fetch_ids(self, submission: Submission) -> None:
        self._uploads.fetch_ids(
            submission.request,
            then=lambda outcome: self._uploaded(submission, outcome),
        )

    def _forget_uploads_of_failure(self, submission: Submission) -> None:
        """An earlier attempt may have failed, while rendering too, for want of an upload."""
        before = self._run.lockfile.entry(submission.pair)
        if before is None or before.error is None or submission.has_new_uploads:
            return
        used = self._uploads.recorded(submission.request)
        if gone := gone_uploads(before.error.code, None, used):
            submission.has_new_uploads = True
            self._uploads.forget_older(gone)

    def _uploaded(self, submission: Submission, outcome: Outcome[None]) -> None:
        try:
            outcome.get()
        except AssetChanged as error:
            self._gate.leave(submission.pair)
            self._run.fail(submission.pair, "asset_changed", words=str(error))
            self._over(self._intent_of(submission))
        except VideoRefused as error:
            if submission.is_open:  # what was sent before may have been taken all the same
                self._give_up(submission, str(error))
            else:
                self._refused(self._intent_of(submission), error)
        except AccountRefused as error:
            self._run.stop(error)
            self._give_up(submission, str(error))
        except (Unreachable, RateLimited) as error:
            self._try_later(submission, error)
        else:
            # These it is sent with, whatever another video's refusal makes of them from now on.
            submission.uploads = self._uploads.recorded(submission.request)
            if self._uploads.has_all(submission.request, submission.uploads):
                self._intend(submission)
            else:
                self._fetch_ids(submission)

    def _intend(self, submission: Submission) -> None:
        """Write the intent; the request leaves only once that is safe on disk."""
        if self._run.leaving.is_set():
            self._withdraw(submission)
            self._gate.leave(submission.pair)
            return
        if self._run.stopped is not None:
            self._give_up(submission, str(self._run.stopped))
            return
        submission.sends += 1
        self._unsent[submission.pair] = submission
        if submission.is_open and submission.line is not None:
            # As it stands in the lock, its time too: that is since when the service remembers the key.
            intent, clock = submission.line, self._run.clock
            self._run.after_sync(
                lambda: self._send(submission, intent, lambda: not is_key_kept(intent, clock.wall()))
            )
            return
        entry, is_stale = self._intent_of(submission), self._alarm()
        submission.line = entry
        self._run.write(entry, then=lambda: self._send(submission, entry, is_stale))

    def _alarm(self) -> Callable[[], bool]:
        """Tells, when asked, whether too much time has passed since now for a request to leave.

        Between the intent and the request the machine may have slept, and then what the lock says of the time
        of the request would be wrong.
        """
        clock, began, intended = self._run.clock, self._run.clock.monotonic(), self._run.clock.wall()

        def is_stale() -> bool:
            slept = (clock.wall() - intended).total_seconds()
            return max(clock.monotonic() - began, slept) > FRESH_S

        return is_stale

    def _send(self, submission: Submission, entry: Entry, is_stale: Callable[[], bool]) -> None:
        # First: from here on nobody may say that it never left.
        self._unsent.pop(submission.pair, None)
        request, service = submission.request, self._run.service
        token = entry.token or submission.token
        ids = {(key.sha256, key.kind): asset_id for key, asset_id in submission.uploads.items()}
        is_told = service.videos(request.api).is_told(request.endpoint)
        body = body_for(request.payload, ids, token if is_told else None)

        def send() -> str:
            if is_stale():
                raise _TooLate
            return service.videos(request.api).create(request.endpoint, body, token)

        self._run.notify(events.Sent(key=entry.key, attempt=entry.attempt))
        self._run.scheduler.start(
            send, lambda outcome: self._answered(submission, entry, outcome), lane=Lane.SEND
        )

    def _answered(self, submission: Submission, entry: Entry, outcome: Outcome[str]) -> None:
        try:
            video_id = outcome.get()
        except _TooLate:
            self._again_at_once(submission)
        except VideoRefused as error:
            gone = self._gone_uploads(submission, error)
            if gone:
                self._again_with_new_uploads(submission, gone)
            elif self._is_beside_finished(submission) and self._may_be_repeated(submission):
                self._again_under_new_key(submission)
            else:
                self._refused(entry, error)
        except AccountRefused as error:
            if self._may_be_repeated(submission) and not isinstance(error, ApiRetired):
                self._again_under_new_key(submission)
            else:
                self._run.stop(error)
                submission.is_open |= isinstance(error, ApiRetired) and error.leaves_open
                self._give_up(submission, str(error))
        except (RateLimited, Unreachable) as error:
            self._try_later(submission, error)
        except OutcomeUnknown:
            self._gate.leave(entry.pair)
            self._unknown(entry, submission)
        else:
            submitted = moved(entry, Event.ACCEPTED, video_id=video_id)
            submission.line = submitted
            # After a power cut the intent leads to the video, but where it left with no token in it.
            (self._run.write_in_passing if submitted.token else self._run.write)(submitted)
            self._gate.accepted(entry.pair)
            self._run.notify(events.Accepted(key=entry.key, video_id=video_id))
            self._accepted(submitted)

    def _refused(self, entry: Entry, error: VideoRefused) -> None:
        failed = moved(entry, Event.REFUSED, error=Failure(error.code, error.path))
        self._run.write(failed)
        self._gate.prove()
        self._gate.leave(failed.pair)
        self._run.fail(failed.pair, error.code, path=error.path, words=error.words)
        self._over(failed)

    def _is_beside_finished(self, submission: Submission) -> bool:
        """Whether a refusal leaves no trace, so that an earlier attempt may have used this one's key."""
        leading = self._run.lockfile.entry(submission.pair)
        return leading is not None and leading.state in FINISHED

    def _may_be_repeated(self, submission: Submission) -> bool:
        """Whether a refusal may be an old one that the service has kept for this key."""
        remembers = self._run.service.videos(submission.request.api).is_replaying
        return remembers and not submission.is_open and not submission.has_new_key

    def _gone_uploads(self, submission: Submission, error: VideoRefused) -> Mapping[AssetKey, str]:
        """The uploads for want of which a video was refused, if they may be made anew: once, and no more."""
        if submission.is_open or submission.has_new_uploads:
            return {}
        return gone_uploads(error.code, error.words, submission.uploads)

    def _again_with_new_uploads(self, submission: Submission, gone: Mapping[AssetKey, str]) -> None:
        """A definite refusal made no video, so the same attempt may go again once its files are there."""
        submission.has_new_uploads = True
        self._uploads.forget(gone)
        if self._may_be_repeated(submission):
            self._again_under_new_key(submission)
        else:
            self._again_at_once(submission)

    def _again_under_new_key(self, submission: Submission) -> None:
        self._withdraw(submission)
        submission.take_new_key()
        self._again_at_once(submission)

    def _again_at_once(self, submission: Submission) -> None:
        self._withdraw(submission)
        self._gate.leave(submission.pair)
        submission.sends -= 1
        if submission.is_open and submission.line is not None:
            self._unknown(submission.line, submission)
            return
        self._waiting.appendleft(submission)

    def _try_later(self, submission: Submission, error: RateLimited | Unreachable) -> None:
        """Nothing was made, so the same video may simply go again after a while."""
        self._withdraw(submission)
        self._gate.leave(submission.pair)
        submission.sends -= 1
        if isinstance(error, RateLimited):
            submission.rate_limits += 1
            if submission.rate_limits >= REPEATED_LIMITS and self._may_be_repeated(submission):
                submission.take_new_key()
            self._gate.lower()
            wait = self._run.back_off(submission.rate_limits, RATE_LIMIT_S, error.retry_after)
        else:
            submission.failures += 1
            wait = self._run.back_off(submission.failures, RETRY_S, error.retry_after)
        is_over = submission.failures >= MOST_TRIES or is_too_long(error.retry_after)
        if is_over:
            self._run.stop(error)
        if is_over or submission.rate_limits >= MOST_RATE_LIMITS:
            self._give_up(submission, str(error))
            return
        self._gate.close_until(self._run.clock.monotonic() + wait)
        self._run.notify(events.Waiting(seconds=wait, reason=str(error), key=submission.video.key))
        self._waiting.appendleft(submission)
        # Nothing else may be due; this wakes the build when the gate opens.
        self._run.scheduler.later(wait, lambda: None)

    def _intent_of(self, submission: Submission) -> Entry:
        """The line that says that a request is about to leave."""
        video, lockfile = submission.video, self._run.lockfile
        before = lockfile.lock.reruns.get(submission.pair) or lockfile.entry(submission.pair)
        request = submission.request
        is_told = self._run.service.videos(request.api).is_told(request.endpoint)
        return Entry(
            key=video.key,
            digest=video.digest,
            state=next_state(before.state if before is not None else None, Event.INTENDED),
            token=submission.token if is_told else None,
            attempt=submission.attempt,
            api=request.api,
            metadata=hashed_metadata(video),
            submitted_at=_later_than(before, self._run.clock.wall()),
        )


def _later_than(before: Entry | None, now: datetime) -> str:
    """The time of an intent: of two, the later governs, whatever the clock did between them."""
    if before is None or before.submitted_at is None or before.submitted_at < timestamp(now):
        return timestamp(now)
    return timestamp(moment(before.submitted_at) + timedelta(milliseconds=1))
