"""Looking for videos of a lock that was never saved: a runner that died must not make its work paid twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from specfile.film import Api, pair_hash
from specfile.heygen import VideoStatus
from specfile.runner import events
from specfile.runner.actions import Action
from specfile.runner.clock import timestamp
from specfile.runner.lock import Entry, Pair, State
from specfile.runner.plan import hashed_metadata
from specfile.runner.reconcile import Findings, search
from specfile.runner.run import Run
from specfile.runner.scheduler import Lane, Outcome

_TOKEN: Final = re.compile(r"sf-(?P<lock>[^-]+)-(?P<pair>[^-]+)-(?P<attempt>\d+)")


def recover(
    run: Run,
    paid: list[Action],
    *,
    adopted: Callable[[Entry], None],
    missing: Callable[[Action], None],
    held: Callable[[Pair], None],
) -> None:
    """Search the account's recent videos for those about to be paid, where the options ask for that.

    `adopted` hears of each that was found, `missing` of each that is to be submitted, `held` of each that is
    left for another build.
    """
    seconds = run.options.recover_s
    if seconds is None or not paid:
        for action in paid:
            missing(action)
        return
    service, known = run.service, run.lockfile.lock.known_ids()
    api: Api = next((action.video.request.api for action in paid if action.video is not None), "v2")
    since = run.clock.wall() - timedelta(seconds=seconds)
    run.scheduler.start(
        lambda: search(service, api, since, known, {}),
        lambda outcome: _recovered(run, paid, outcome, adopted=adopted, missing=missing, held=held),
        lane=Lane.ASK,
    )


def _recovered(
    run: Run,
    paid: Iterable[Action],
    outcome: Outcome[Findings],
    *,
    adopted: Callable[[Entry], None],
    missing: Callable[[Action], None],
    held: Callable[[Pair], None],
) -> None:
    findings = outcome.get()
    if findings.trouble is not None:
        for action in paid:
            run.hold(
                action.pair, f"may have been sent, and the service's list can't be read: {findings.trouble}"
            )
            held(action.pair)
        return
    found = {status.callback_id: status for status in findings.heard.values() if status.callback_id}
    ours = _by_pair_hash(found, run.lockfile.lock.ids if run.lockfile.is_old else None)
    for action in paid:
        own = action.video.metadata.get("callback_id") if action.video is not None else None
        status = found.get(own) if own else ours.get((pair_hash(*action.pair), action.attempt))
        if status is None:
            missing(action)
            continue
        entry = _entry(action, status)
        run.write(entry)
        run.notify(events.Accepted(key=entry.key, video_id=status.video_id, adopted=True))
        adopted(entry)


def _by_pair_hash(
    found: dict[str, VideoStatus], lock_ids: Iterable[str] | None
) -> dict[tuple[str, int], VideoStatus]:
    """The videos with a token of ours, by hash of key and digest and by attempt; None allows any lock's."""
    tokens = ((_TOKEN.fullmatch(callback_id), status) for callback_id, status in found.items())
    allowed = None if lock_ids is None else set(lock_ids)
    return {
        (token["pair"], int(token["attempt"])): status
        for token, status in tokens
        if token is not None and (allowed is None or token["lock"] in allowed)
    }


def _entry(action: Action, status: VideoStatus) -> Entry:
    return Entry(
        key=action.key,
        digest=action.digest,
        state=State.SUBMITTED,
        video_id=status.video_id,
        token=status.callback_id,
        attempt=action.attempt,
        api=action.video.request.api if action.video is not None else "v2",
        metadata=hashed_metadata(action.video) if action.video is not None else {},
        submitted_at=timestamp(status.created_at) if status.created_at is not None else None,
    )
