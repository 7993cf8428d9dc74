"""The service's codes as pages for people: one of them, or all as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from specfile.heygen.service_codes import Refused, ServiceCode, meanings, service_codes

_COMES_OF_IT: Final[Mapping[Refused, str]] = {
    "account": "nothing more is sent in this build, what is rendering is followed to its end, exit 4",
    "video": "the video is recorded as failed and not sent again by itself, the others go on, exit 3",
    "rate": "nothing was made: the same video goes again after the time that the service asks for",
    "service": "whether a video was made isn't known: it is looked for before it is sent again",
    "open": "whether a video was made isn't known: it is looked for before it is sent again",
}
"""What a build does that meets a code."""


def code_page(code: str) -> str:
    """What one code of the service means, as Markdown; of several meanings, all.

    Raises:
        KeyError: the service has no such code, as far as is known.
    """
    found = meanings(code)
    if not found:
        raise KeyError(code)
    return f"# {code}\n\nA code of the service.\n\n" + "\n".join(_meaning(one) for one in found)


def _meaning(one: ServiceCode) -> str:
    beside = f"Where its words fit `{one.says.pattern}`: " if one.says is not None else ""
    return (
        f"{beside}{one.means}\n\n"
        f"- About: {one.kind}\n"
        f"- What to do: {one.to_do}\n"
        f"- What a build does: {_COMES_OF_IT[one.refuses]}\n"
        f"- Source: {one.source}\n"
    )


def codes_table() -> str:
    """All codes as a table in Markdown."""
    return "\n".join(["| code | about | means | what to do |", "|---|---|---|---|", *_rows()]) + "\n"


def _rows() -> Iterator[str]:
    for one in service_codes():
        codes = ", ".join(f"`{code}`" for code in one.codes)
        beside = f', with words like "{one.says.pattern.replace("|", ", ")}"' if one.says is not None else ""
        yield f"| {codes}{beside} | {one.kind} | {one.means} | {one.to_do} |"
