"""Captions as SubRip, which v3 gives, from the Advanced SubStation file that the renderer writes."""

from __future__ import annotations

import re
from typing import Final

_LINE: Final = re.compile(r"Dialogue: \d+,([\d:.]+),([\d:.]+),[^,]*,(.*)")
_OVERRIDE: Final = re.compile(r"\{[^}]*\}")


def srt_of(ass: str) -> str:
    """The same captions as a SubRip file."""
    lines = [match for match in map(_LINE.fullmatch, ass.splitlines()) if match is not None]
    return "".join(
        f"{number}\n{_time(line[1])} --> {_time(line[2])}\n{_text(line[3])}\n\n"
        for number, line in enumerate(lines, start=1)
    )


def _time(text: str) -> str:
    """From hours:minutes:seconds.hundredths to what SubRip writes."""
    hours, minutes, seconds = text.split(":")
    whole, _, hundredths = seconds.partition(".")
    return f"{int(hours):02}:{minutes}:{whole},{hundredths:0<3}"


def _text(text: str) -> str:
    return _OVERRIDE.sub("", text).replace(r"\N", "\n").strip()
