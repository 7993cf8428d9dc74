"""The page that a browser keeps open, and errors as it shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from specfile.diagnostics import SpecError
from specfile.diagnostics.details import summary
from specfile.diagnostics.text import write_text
from specfile.errors import SpecfileError
from specfile.preview.board.storyboard import Board
from specfile.preview.model import Still
from specfile.report.pages import digest_of, inlined, template
from specfile.report.storyboard_page import page_parts
from specfile.watching.studio import Shot

_OWN: Final = (
    "connect-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_STYLED: Final = re.compile("\x02([a-z]+)\x1f(.*?)\x03", re.DOTALL)
"""How a styled stretch is marked; messages and excerpts hold no such characters."""


@dataclass(frozen=True, slots=True)
class Html:
    """A page, and the content security policy that lets nothing run but what is in it."""

    text: str
    policy: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Which page it is: the command that serves it, and the number of what it shows."""

    session: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown(Still):
    """A frame that the page's script asks for by the name of its shot."""

    name: str


class _ByShot:
    """Names a frame by its shot, which names the clip too."""

    def named(self, still: Still) -> tuple[str, str | None]:
        """The name of the shot; the picture is not in the page."""
        assert isinstance(still, _Shown)  # noqa: S101 - `board_page` makes no others
        return still.name, None


def board_page(
    board: Board,
    shots: Sequence[Sequence[Shot]],
    notes: Mapping[str, Sequence[str]],
    edition: Edition,
) -> Html:
    """The page of a board.

    Args:
        board: the board.
        shots: for each of its videos, the shot of each scene.
        notes: by key of a shot, what stands in for something in its frame, where that is known by now.
        edition: which page it is.
    """
    stills = [[_shown(shot, notes.get(shot.key, ())) for shot in own] for own in shots]
    return _page("storyboard.html", edition, page_parts(board, stills, _ByShot()))


def waiting_page(spec: str, edition: Edition) -> Html:
    """The page while there has been no board yet."""
    return _page("waiting.html", edition, {"spec": spec})


def told(error: SpecfileError, spec: str) -> Mapping[str, object]:
    """An error as the page's script shows it: a headline, and stretches of text with the role of each."""
    if isinstance(error, SpecError):
        text = write_text(error.diagnostics, source=read_anew, style=_marked)
        text, _, _ = text.partition(_marked("summary", "").removesuffix("\x03"))  # the headline says that
        return {"title": f"{summary(error.diagnostics)} in {spec}", "text": _stretches(text)}
    hint = f"\n{_marked('hint', 'hint:')} {error.hint}" if error.hint else ""
    text = f"{_marked('error', 'error')}: {_marked('message', str(error))}{hint}\n"
    return {"title": f"{spec} can't be shown", "text": _stretches(text)}


def read_anew(name: str) -> str | None:
    """The text of a file that a message is about, as it is now; None where it can't be read."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError):
        return None


def _page(name: str, edition: Edition, parts: Mapping[str, object]) -> Html:
    style = Markup("\n").join([inlined("storyboard.css"), inlined("watch.css")])
    # What the script compares with must be read before the storyboard's own script fills the page in.
    about = json.dumps({"session": edition.session, "number": edition.number})
    scripts = [inlined("watch.js"), *([inlined("storyboard.js")] if name == "storyboard.html" else [])]
    script = Markup("\n").join([Markup(f"const PAGE = {about};"), *scripts])  # noqa: S704 - a number and hex digits
    policy = f"default-src 'none'; style-src {digest_of(style)}; script-src {digest_of(script)}; {_OWN}"
    # Whether others may frame a page is for headers only.
    within = policy.removesuffix("; frame-ancestors 'none'")
    return Html(template(name).render(**parts, style=style, script=script, policy=within), policy)


def _shown(shot: Shot, notes: Sequence[str]) -> _Shown:
    width, height = shot.still.size
    return _Shown(picture=b"", width=width, height=height, notes=tuple(notes), name=shot.key)


def _marked(role: str, text: str) -> str:
    return f"\x02{role}\x1f{text}\x03"


def _stretches(text: str) -> list[tuple[str, str]]:
    """A text as (role, stretch); the role is empty where it has no style."""
    parts = _STYLED.split(text.rstrip("\n"))
    plain = [("", one) for one in parts[::3]]
    styled = list(zip(parts[1::3], parts[2::3], strict=True))
    mixed = [one for pair in zip(plain, styled, strict=False) for one in pair] + plain[len(styled) :]
    return [one for one in mixed if one[1]]
