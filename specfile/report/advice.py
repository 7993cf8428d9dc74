"""What to do about a video that failed, was left for another build, or is gone.

What the service's own codes mean is in `heygen.service_codes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from specfile.heygen.service_codes import meaning

_OF_REASONS: Final[tuple[tuple[str, str], ...]] = (
    ("cost more than", "raise --max-cost, or build again for the rest"),
    ("the limit of", "raise --limit, or build again for the rest"),
    ("only new", "build without --new"),
    ("waits for", "it goes where that video goes"),
    ("list can't be read", "build again; nothing is sent before the list has been read"),
    ("under the same key", "build again: it is asked for under the same key"),
    ("without an answer", "build again later: it is looked for before it is sent"),
    ("is still rendering", "build again: it is asked after and never sent again"),
    ("its state can't be read", "build again: it is asked after"),
    ("refuses this account", "see the error below, then build again"),
    ("no longer offers this API", "put `api: v3` in the spec"),
)

_WAY_OUT: Final = re.compile(r": (?=`specfile |build it )")
"""Where a reason goes over to what its reader can do."""

GONE: Final = "rendered anew, and paid again, only with --again"


_OWN: Final[Mapping[str, str]] = {"asset_changed": "the file was changed meanwhile: build again"}
"""By codes that are specfile's own."""


def advice(code: str, words: str | None = None) -> str:
    """What to do about a failure of this code, of which the service said this."""
    known = meaning(code, words)
    if known is not None:
        return known.to_do
    return _OWN.get(code, "look at the video in the account; --again sends it, and pays it, once more")


def advice_if_held(reason: str) -> tuple[str, str]:
    """Why a video was left for another build, and what to do about it. Some reasons say both."""
    why, *to_do = _WAY_OUT.split(reason, maxsplit=1)
    if to_do:
        return why, to_do[0]
    return reason, next((text for part, text in _OF_REASONS if part in reason), "build again")
