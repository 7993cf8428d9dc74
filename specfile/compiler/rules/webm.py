"""Rules about films with a transparent background (`output.format: webm`), which have a call of their own.

It renders one scene of one of the service's own avatars and nothing around it. The v3 API can do more; what
it can't is said where a film is put in its words.
"""

from __future__ import annotations

from collections.abc import Iterator

from specfile.compiler.rules.finding import Finding, Subject

_MP4 = "leave `output.format: webm` out"


def webm_one_scene(subject: Subject) -> Iterator[Finding]:
    """One call, one scene."""
    count = len(subject.payload["video_inputs"])
    if _has_own_call(subject) and count > 1:
        yield Finding(
            ("video_inputs", 1),
            f"a transparent film has one scene, and this video has {count}",
            f"make a video of each scene, or {_MP4}",
        )


def webm_avatar(subject: Subject) -> Iterator[Finding]:
    """An avatar of the service's own, shown from the front or close up."""
    if not _has_own_call(subject):
        return
    for index, scene in enumerate(subject.payload["video_inputs"]):
        path, character = ("video_inputs", index), scene.get("character")
        if character is None:
            yield Finding(
                path, "a transparent film shows an avatar, and nobody is in this scene", "add `avatar: ID`"
            )
        elif character["type"] != "avatar":
            yield Finding(
                (*path, "character"),
                "a transparent film can't show a talking photo, only the service's own avatars",
                f"write `avatar: ID`, or {_MP4}",
            )
        elif character.get("avatar_style") == "circle":
            yield Finding(
                (*path, "character", "avatar_style"),
                "a transparent film can't show the avatar in a circle",
                f"write `avatar_style: normal` or `closeUp` and cut the circle out of the film afterwards "
                f"(`specfile explain webm-avatar` has the ffmpeg line), or {_MP4}",
            )


def webm_own_avatar(subject: Subject) -> Iterator[Finding]:
    """Avatars that people had made of themselves are refused, where the catalogue tells which these are."""
    catalogue = subject.catalogue
    if catalogue is None or not _has_own_call(subject):
        return
    for path, character in subject.characters:
        avatar = catalogue.avatars.get(character.get("avatar_id", ""))
        if avatar is not None and avatar.is_public is False:
            yield Finding(
                (*path, "avatar_id"),
                f"`{avatar.id}` is an avatar of your own; transparent films show only the service's",
                f"choose one of the service's, write `api: v3`, or {_MP4}",
            )


def webm_voice(subject: Subject) -> Iterator[Finding]:
    """The call takes text or a recording."""
    for path, voice in subject.voices if _has_own_call(subject) else ():
        if voice["type"] == "silence":
            yield Finding(
                path, "a transparent film can't be silent", f"give the scene `say:` or `audio:`, or {_MP4}"
            )


def webm_nothing_around(subject: Subject) -> Iterator[Finding]:
    """There is no background and no text on the screen, and of the older API no captions either."""
    if subject.format != "webm":
        return
    for path, _ in subject.backgrounds:
        yield Finding(path, "a transparent film has no background", f"leave `background` out, or {_MP4}")
    for path, _ in subject.overlays:
        yield Finding(path, "a transparent film has no text on the screen", f"leave `text` out, or {_MP4}")
    if not _has_own_call(subject):
        return
    for name in ("caption", "caption_mode", "subtitles"):
        if subject.payload.get(name):
            yield Finding((name,), "a transparent film has no captions", f"leave `{name}` out, or {_MP4}")


def _has_own_call(subject: Subject) -> bool:
    return subject.format == "webm" and subject.api == "v2"
