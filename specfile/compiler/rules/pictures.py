"""Rules about what lies behind and over the character."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from specfile.compiler.rules.finding import Finding, Subject

_OLDER_PLAY_STYLES: Final = frozenset({"once", "full_video"})


def nothing_to_see(subject: Subject) -> Iterator[Finding]:
    """A scene with nobody in it, nothing behind and nothing written."""
    if subject.format == "webm":
        return
    for index, scene in enumerate(subject.payload["video_inputs"]):
        if not (scene.keys() & {"character", "background", "text"}):
            yield Finding(
                ("video_inputs", index),
                "nothing is seen in this scene: it has no character, no background and no text",
                "add `avatar:` or `background:`, or put one into `defaults`",
            )


def overlay_empty(subject: Subject) -> Iterator[Finding]:
    """A text on the screen that shows nothing; an empty cell, mostly."""
    for path, overlay in subject.overlays:
        if not overlay["text"].strip():
            yield Finding(
                (*path, "text"), "the text on the screen is empty", "leave `text` out, or write words to show"
            )


def overlay_unreadable(subject: Subject) -> Iterator[Finding]:
    """Letters in the very colour they stand on."""
    for path, overlay in subject.overlays:
        background = subject.payload["video_inputs"][path[1]].get("background") or {}
        colour = overlay.get("color")
        if colour is not None and colour.lower() == str(background.get("value", "")).lower():
            yield Finding(
                (*path, "color"),
                f"the text on the screen can't be read: it is {colour}, and so is the background",
                "write another colour for one of the two",
                related=(((*path[:2], "background", "value"), "the background"),),
            )


def older_play_style(subject: Subject) -> Iterator[Finding]:
    """`once` and `full_video` still go, but newer pages no longer list them."""
    for path, background in subject.backgrounds:
        style = background.get("play_style")
        if style in _OLDER_PLAY_STYLES:
            yield Finding(
                (*path, "play_style"),
                f"`{style}` is an older value that the service still takes",
                "the newer ones are `freeze`, `loop` and `fit_to_scene`",
            )


def unusual_fps(subject: Subject) -> Iterator[Finding]:
    """The service's pages name three rates, and don't say what becomes of others."""
    fps = subject.payload.get("fps")
    if fps is not None and fps not in (25, 30, 60):
        yield Finding(
            ("fps",), f"`fps` is {fps:g}; the service's pages name 25, 30 and 60", "write 25, 30 or 60"
        )
