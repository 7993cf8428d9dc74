"""Rules about who is seen."""

from __future__ import annotations

from collections.abc import Iterator

from specfile.compiler.rules.finding import Finding, Part, Subject


def prompt_without_effect(subject: Subject) -> Iterator[Finding]:
    """Motion prompts are the Avatar IV model's; any other renders as if they weren't there."""
    for path, character in subject.characters:
        if not character.get("use_avatar_iv_model"):
            for name in ("prompt", "keep_original_prompt"):
                if name in character:
                    yield Finding(
                        (*path, name),
                        f"`{name}` has no effect without the Avatar IV model",
                        f"add `use_avatar_iv_model: true`, which costs more, or leave `{name}` out",
                    )
        elif "keep_original_prompt" in character and "prompt" not in character:
            yield Finding(
                (*path, "keep_original_prompt"),
                "there is no `prompt` to keep",
                "add `prompt: …`, or leave `keep_original_prompt` out",
            )


def circle_colour_unused(subject: Subject) -> Iterator[Finding]:
    """The colour of a circle that no scene of the video draws; one for all scenes may serve some only."""
    characters = subject.characters
    if any(_style(character) == "circle" for _, character in characters):
        return
    for path, character in characters:
        if "circle_background_color" in character:
            style = "avatar_style" if character["type"] == "avatar" else "talking_photo_style"
            yield Finding(
                (*path, "circle_background_color"),
                "this colour is never seen: no scene shows anyone in a circle",
                f"add `{style}: circle`, or leave the colour out",
            )


def matting_without_background(subject: Subject) -> Iterator[Finding]:
    """Who is cut out of their own background stands before white, where no other is given."""
    if subject.format == "webm":
        return
    for path, character in subject.characters:
        scene = subject.payload["video_inputs"][path[1]]
        if character.get("matting") and "background" not in scene:
            yield Finding(
                (*path, "matting"),
                "`matting` cuts the character out, and without a `background` white lies behind",
                'add a `background`, such as `background: "#FFFFFF"` if white is meant',
            )


def older_photo_style(subject: Subject) -> Iterator[Finding]:
    """`square` still goes, but newer pages no longer list it."""
    for path, character in subject.characters:
        if character.get("talking_photo_style") == "square":
            yield Finding(
                (*path, "talking_photo_style"),
                "`square` is an older value that the service still takes",
                "leave `talking_photo_style` out, or write `circle`",
            )


def _style(character: Part) -> str | None:
    name = "avatar_style" if character["type"] == "avatar" else "talking_photo_style"
    style: str | None = character.get(name)
    return style
