"""Getting videos to the service: files first, then the intent on disk, then the request."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from specfile.film import Video
from specfile.heygen import (
    AccountRefused,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
    VideoRefused,
)
from specfile.runner import events
from specfile.runner.gate import Places
from specfile.runner.lock import Entry, Failure, Pair, State
from specfile.runner.pacing import MOST_RATE_LIMITS, MOST_TRIES, RATE_LIMIT_S, RETRY_S
from specfile.runner.payload import body_for
from specfile.runner.plan import hashed_metadata
from specfile.runner.run import Run
from specfile.runner.scheduler import Lane, Outcome
from specfile.runner.uploads import AssetChanged, Uploads


@dataclass(slots=True, kw_only=True)
class Submission:
    """One attempt at one film, and how often it was sent or tried in vain so far."""

    video: Video
    attempt: int
    token: str
    sends: int = 0
    rate_limits: int = 0
    failures: int = 0

    @property
    def pair(self) -> Pair:
        """Key and digest."""
        return (self.video.key, self.video.digest)


class Submitter:
    """Sends what waits, as far as the gate allows.

    Whatever the outcome, exactly one of the callbacks hears of it: `accepted` with the line, `unknown` where
    the answer was lost, or `over` where nothing more will come of it in this build.
    """

    def __init__(
        self,
        run: Run,
        gate: Places,
        *,
        accepted: Callable[[Entry], None],
        unknown: Callable[[Entry, Submission], None],
        over: Callable[[Entry], None],
    ) -> None:
        self._run = run
        self._gate = gate
        self._uploads = Uploads(run)
        self._accepted = accepted
        self._unknown = unknown
        self._over = over
        self._waiting: deque[Submission] = deque()

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
        for submission in waiting:
            self._give_up(submission, reason)
        return bool(waiting)

    def _give_up(self, submission: Submission, reason: str) -> None:
        """Leave a video that the service certainly doesn't have for another build."""
        entry = self._line(submission)
        if submission.sends:
            self._run.write(replace(entry, state=State.WITHDRAWN))
        self._gate.leave(submission.pair)
        self._run.hold(submission.pair, reason)
        self._over(entry)

    def _upload_then_send(self, submission: Submission) -> None:
        self._uploads.fetch_ids(
            submission.video.request,
            then=lambda outcome: self._uploaded(submission, outcome),
        )

    def _uploaded(self, submission: Submission, outcome: Outcome[None]) -> None:
        try:
            outcome.get()
        except AssetChanged as error:
            self._gate.leave(submission.pair)
            self._run.fail(submission.pair, "asset_changed", words=str(error))
            self._over(self._line(submission))
        except VideoRefused as error:
            self._refused(self._line(submission), error)
        except AccountRefused as error:
            self._run.stop(error)
            self._give_up(submission, str(error))
        except (Unreachable, RateLimited) as error:
            self._try_later(submission, error)
        else:
            self._intend(submission)

    def _intend(self, submission: Submission) -> None:
        """Write the intent; the request leaves only once that is safe on disk."""
        if self._run.leaving.is_set():
            self._gate.leave(submission.pair)
            return
        if self._run.stopped is not None:
            self._give_up(submission, str(self._run.stopped))
            return
        submission.sends += 1
        entry = self._line(submission)
        self._run.write(entry, then=lambda: self._send(submission, entry))

    def _send(self, submission: Submission, entry: Entry) -> None:
        request = submission.video.request
        token = submission.token
        body = body_for(request.payload, self._uploads.ids(request), token)
        service = self._run.service
        self._run.notify(events.Sent(key=entry.key, attempt=entry.attempt))
        self._run.scheduler.start(
            lambda: service.videos(request.api).create(request.endpoint, body, token),
            lambda outcome: self._answered(submission, entry, outcome),
            lane=Lane.SEND,
        )

    def _answered(self, submission: Submission, entry: Entry, outcome: Outcome[str]) -> None:
        try:
            video_id = outcome.get()
        except VideoRefused as error:
            self._refused(entry, error)
        except AccountRefused as error:
            self._run.stop(error)
            self._give_up(submission, str(error))
        except (RateLimited, Unreachable) as error:
            self._try_later(submission, error)
        except OutcomeUnknown:
            self._gate.leave(entry.pair)
            self._unknown(entry, submission)
        else:
            submitted = replace(entry, state=State.SUBMITTED, video_id=video_id)
            self._run.write(submitted)
            self._gate.accepted(entry.pair)
            self._run.notify(events.Accepted(key=entry.key, video_id=video_id))
            self._accepted(submitted)

    def _refused(self, entry: Entry, error: VideoRefused) -> None:
        failed = replace(entry, state=State.FAILED, error=Failure(error.code, error.path))
        self._run.write(failed)
        self._gate.prove()
        self._gate.leave(entry.pair)
        self._run.fail(entry.pair, error.code, path=error.path, words=error.words)
        self._over(failed)

    def _try_later(self, submission: Submission, error: RateLimited | Unreachable) -> None:
        """Nothing was made, so the same video may simply go again after a while."""
        self._gate.leave(submission.pair)
        if isinstance(error, RateLimited):
            submission.rate_limits += 1
            self._gate.lower()
            wait = self._run.back_off(submission.rate_limits, RATE_LIMIT_S, error.retry_after)
        else:
            submission.failures += 1
            wait = self._run.back_off(submission.failures, RETRY_S)
        if submission.failures >= MOST_TRIES:
            self._run.stop(error)
        if submission.failures >= MOST_TRIES or submission.rate_limits >= MOST_RATE_LIMITS:
            self._give_up(submission, str(error))
            return
        self._gate.close_until(self._run.clock.monotonic() + wait)
        self._run.notify(events.Waiting(seconds=wait, reason=str(error), key=submission.video.key))
        self._waiting.appendleft(submission)
        # Nothing else may be due; this wakes the build when the gate opens.
        self._run.scheduler.later(wait, lambda: None)

    def _line(self, submission: Submission) -> Entry:
        video = submission.video
        return Entry(
            key=video.key,
            digest=video.digest,
            state=State.SUBMITTING,
            token=submission.token,
            attempt=submission.attempt,
            api=video.request.api,
            metadata=hashed_metadata(video),
            submitted_at=self._run.now(),
        )
