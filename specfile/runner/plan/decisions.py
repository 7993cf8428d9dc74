"""What is to be done for a film that the lock knows, as a table: by the state of its line and by its file.

What comes before the table: an open line of a film that is being rendered again is resumed, a film without a
line is taken over, shared or rendered, and `--again` sends anew what `SENT_ANEW` names.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal

from specfile.runner.lock.entries import State
from specfile.runner.plan.actions import Kind

Again = Literal["never", "failed", "always"]
"""Which videos `--again` sends anew: none, those that failed or were lost, or every selected one."""

SENT_ANEW: Final[Mapping[Again, frozenset[State]]] = {
    "never": frozenset(),
    "failed": frozenset({State.FAILED, State.LOST}),
    "always": frozenset({State.FAILED, State.LOST, State.COMPLETED, State.DOWNLOADED}),
}


class OnDisk(StrEnum):
    """How a video's file is, held against the line of its film; the last two only where it is verified."""

    AS_RECORDED = "as recorded"
    MISSING = "missing"
    OF_ANOTHER_SIZE = "of another size"
    OF_ANOTHER_FILM = "of another film"
    CHANGED = "changed since it was downloaded"
    WITHOUT_CAPTIONS = "without the captions it asked for"


_ALTERED: Final = "the file has {size} bytes, not {bytes}"
_REWRITTEN: Final = "the file was last written for another film"
_OPEN: Final = "was sent earlier and is not finished"
_REPLACED: Final = "is gone at the service, and the file here is another one"

OF_STATE: Final[Mapping[State, tuple[Kind, str]]] = {
    State.SUBMITTING: (Kind.RESUME, _OPEN),
    State.SUBMITTED: (Kind.RESUME, _OPEN),
    State.COMPLETED: (Kind.DOWNLOAD, "is finished and not yet downloaded"),
    State.FAILED: (Kind.FAILED, "failed earlier: {code}"),
}
"""Where the state alone decides."""

OF_FILE: Final[Mapping[tuple[State, OnDisk], tuple[Kind, str]]] = {
    (State.DOWNLOADED, OnDisk.AS_RECORDED): (Kind.KEEP, "nothing to do"),
    (State.DOWNLOADED, OnDisk.MISSING): (Kind.ABSENT, "was downloaded before, and no file is here"),
    (State.DOWNLOADED, OnDisk.OF_ANOTHER_SIZE): (Kind.DOWNLOAD, _ALTERED),
    (State.DOWNLOADED, OnDisk.OF_ANOTHER_FILM): (Kind.DOWNLOAD, _REWRITTEN),
    (State.DOWNLOADED, OnDisk.CHANGED): (Kind.DOWNLOAD, "the file was changed since it was downloaded"),
    (State.DOWNLOADED, OnDisk.WITHOUT_CAPTIONS): (
        Kind.DOWNLOAD,
        "captions were asked for, and no subtitle file is here",
    ),
    (State.LOST, OnDisk.AS_RECORDED): (Kind.KEEP, "nothing to do"),
    (State.LOST, OnDisk.MISSING): (Kind.LOST, "is gone at the service, and no file is here"),
    (State.LOST, OnDisk.OF_ANOTHER_SIZE): (Kind.LOST, _REPLACED),
    (State.LOST, OnDisk.OF_ANOTHER_FILM): (Kind.LOST, _REPLACED),
    (State.LOST, OnDisk.CHANGED): (Kind.LOST, _REPLACED),
    (State.LOST, OnDisk.WITHOUT_CAPTIONS): (Kind.KEEP, "nothing to do"),
}
"""Where the file decides too. Only for these states is it looked at."""
