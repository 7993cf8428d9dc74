"""The page that shows the account's videos, and the portraits of its avatars."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from specfile.emulator import views
from specfile.emulator.backend import Backend, Status, size_of
from specfile.emulator.catalogue import Orientation
from specfile.emulator.films import is_transparent
from specfile.emulator.store import Place, Video
from specfile.resources import resource

CARDS: Final = 24
"""Videos on one page."""

_EXCERPT: Final = 300
_WIDTHS: Final[Mapping[Orientation, int]] = {"landscape": 320, "square": 180, "portrait": 102}
"""How wide a portrait is, which is 180 high."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One video on the page. `says` is the beginning of what is spoken, `seconds` its length in words."""

    id: str
    title: str
    status: Status
    says: str
    size: str
    scenes: int
    seconds: str | None
    created: datetime
    when: str
    suffix: str
    film: str | None
    captioned: str | None
    links: Mapping[str, str]
    problem: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Html:
    """A page, and the content security policy that lets nothing run but what is in it."""

    text: str
    policy: str


def videos_page(backend: Backend, *, base: str, before: Place | None) -> Html:
    """The page of videos from the newest on, or from just before `before`."""
    page = backend.page(limit=CARDS, before=before)
    style, script = _inline("emulator.css"), _inline("emulator.js")
    text = (
        _environment()
        .get_template("emulator.html")
        .render(
            style=style,
            script=script,
            base=base,
            plan=backend.settings.plan,
            total=backend.count(),
            cards=[_card(backend, video) for video in page.videos],
            newer=before is not None,
            older=page.next_before,
        )
    )
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; connect-src 'self';"
        " media-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Html(text, policy)


def portrait(name: str, *, label: str, shape: Orientation) -> str:
    """A picture of an avatar, as SVG; the same name always looks the same. `label` is read out for it."""
    draw = hashlib.sha256(name.encode()).digest()
    return (
        _environment()
        .get_template("portrait.svg")
        .render(
            label=label,
            width=_WIDTHS[shape],
            hue=draw[0] * 360 // 256,
            skin=18 + draw[1] % 14,
            hair=draw[2] % 50,
        )
    )


@cache
def _inline(name: str) -> Markup:
    """A file that the page holds as it is."""
    return Markup(resource("templates", "pages", name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _digest(text: Markup) -> str:
    """How a content security policy names a text that may be in the page."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _card(backend: Backend, video: Video) -> Card:
    status = backend.status_of(video)
    done = status == "completed"
    error = video.error if status == "failed" and video.error is not None else {}
    links = views.film_links(backend, video, "") if done else {}
    size = size_of(video.payload)
    created = datetime.fromtimestamp(video.created_at).astimezone()
    return Card(
        id=video.id,
        title=video.payload.get("title") or "Untitled",
        status=status,
        says=_spoken(video.payload),
        size=f"{size['width']}×{size['height']}",
        scenes=len(video.payload["video_inputs"]),
        seconds=_length(video.seconds) if done and video.seconds is not None else None,
        created=created,
        when=f"{created.day} {created:%b %H:%M:%S}",
        suffix=".webm" if is_transparent(video.payload) else ".mp4",
        film=views.link_to("video", links),
        captioned=views.link_to("captioned", links),
        links=links,
        problem=error.get("message"),
        reason=error.get("detail"),
    )


def _spoken(payload: Mapping[str, Any]) -> str:
    texts = (scene["voice"].get("input_text", "") for scene in payload["video_inputs"])
    spoken = " ".join(" ".join(texts).split())
    return spoken if len(spoken) <= _EXCERPT else spoken[:_EXCERPT].rsplit(" ", 1)[0] + " …"


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{minutes:.0f} min {rest:.0f} s" if minutes else f"{rest:.1f} s"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("templates", "pages")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
