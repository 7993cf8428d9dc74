"""What to do about a video that failed, was left for another build, or is gone.

The codes are those of the service's error table, as numbers and as the words that newer answers use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_OF_CODES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (
        ("401029", "RESOLUTION_NOT_ALLOWED", "resolution_not_allowed"),
        "the account's plan doesn't render this size: set `dimension: 720p`, or take a higher plan",
    ),
    (("40119", "400150", "video_too_long"), "shorten the video; the changed film is sent as a new one"),
    (("1000022", "400165", "audio_too_long", "audio_too_short"), "change the length of the audio"),
    (
        ("INSUFFICIENT_CREDIT", "MOVIO_PAYMENT_INSUFFICIENT_CREDIT", "insufficient_credit", "quota_exceeded"),
        "add credit to the account, then build with --again",
    ),
    (
        ("400664", "trial_limit_exceeded", "trial_video_limit_exceeded"),
        "the trial's videos of today are used up: build with --again tomorrow, or take a plan",
    ),
    (
        ("avatar_not_found", "400144", "400174", "40090", "400685"),
        "check the avatar's id; once the account may use that avatar, build with --again",
    ),
    (
        ("voice_not_found", "voice_not_usable", "400116", "400548", "400551", "400552", "400634"),
        "choose another voice; the changed film is sent as a new one",
    ),
    (
        ("40044", "400621", "400624", "400652"),
        "check that the audio is a plain MP3 or WAV that anybody can fetch",
    ),
    (
        ("download_failed", "40010", "40002", "400543", "400111"),
        "check that anybody can fetch the file at its address, and that it is of the type it says",
    ),
    (
        ("400105", "400168", "400625", "402007", "402008", "402009", "401003", "400680"),
        "the service's moderation objects: change the words or the picture",
    ),
    (("40004", "40005", "40006"), "use a picture with one clear face"),
    (
        ("invalid_parameter", "40001", "40012", "40039", "40065", "400175"),
        "correct the spec; the changed film is sent as a new one",
    ),
    (("asset_changed",), "the file was changed meanwhile: build again"),
)

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


_BY_CODE: Final[Mapping[str, str]] = {code: text for codes, text in _OF_CODES for code in codes}


def advice(code: str) -> str:
    """What to do about a failure of this code."""
    return _BY_CODE.get(code, "look at the video in the account; --again sends it, and pays it, once more")


def advice_if_held(reason: str) -> tuple[str, str]:
    """Why a video was left for another build, and what to do about it. Some reasons say both."""
    why, *to_do = _WAY_OUT.split(reason, maxsplit=1)
    if to_do:
        return why, to_do[0]
    return reason, next((text for part, text in _OF_REASONS if part in reason), "build again")
