"""The films that are rendered, as requests."""

from __future__ import annotations

from typing import Any, Final

TEXTS: Final = (
    """Hi Anna, welcome to Acme! We are so glad that you are here. In the next half minute you will see how
    the new dashboard works, and where to find help whenever you need it.""",
    """First, open the settings page and choose your team. Then invite your colleagues by e-mail: they will
    receive a link that stays valid for a week. Nobody needs to install anything.""",
    """That is all for today. Next week we will look at reports, and at the numbers that matter most to a
    company of your size. See you soon, and have a great day with your new account!""",
)
STYLES: Final = ("normal", "circle", "closeUp")
COLOURS: Final = ("#1A1A2E", "#F6F6FC", "#0B6E4F")

PHOTO: Final = "photo"
"""The asset id of the picture behind the last of the three scenes."""


def three_scenes(width: int, height: int) -> dict[str, Any]:
    """Half a minute with every kind of layer: figures that speak, words on screen, a photo, captions."""
    body = scenes(3, width, height, caption_mode="burn_in")
    _, second, third = body["video_inputs"]
    second["text"] = {
        "type": "text",
        "text": "Three steps",
        "line_height": 1,
        "position": {"x": 0, "y": -0.4},
    }
    third["background"] = {"type": "image", "image_asset_id": PHOTO}
    return body


def personalised(number: int, width: int, height: int) -> dict[str, Any]:
    """A film of ten scenes for one of many people, who is named in the first."""
    body = scenes(10, width, height)
    body["video_inputs"][0]["voice"]["input_text"] = f"{_said(0)} Number {number}."
    return body


def scenes(count: int, width: int, height: int, **settings: Any) -> dict[str, Any]:
    """A request like the quickstart's, of any number of scenes, no two of them alike."""
    return {
        "dimension": {"width": width, "height": height},
        "video_inputs": [_scene(number) for number in range(count)],
        **settings,
    }


def _scene(number: int) -> dict[str, Any]:
    said = _said(number % 3) + f" Part {number}." * (number > 2)
    return {
        "character": {
            "type": "avatar",
            "avatar_id": "Daisy-inskirt-20220818",
            "avatar_style": STYLES[number % 3],
        },
        "voice": {"type": "text", "voice_id": "v", "input_text": said},
        "background": {"type": "color", "value": COLOURS[number % 3]},
    }


def _said(number: int) -> str:
    return " ".join(TEXTS[number].split())
