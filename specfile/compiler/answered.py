"""Where in a spec that is written which the service objects to.

The service names a place in the request it was sent. That is told in the words of the film, in which every
value knows where it was written:

    video_inputs.3.voice.text.input_text     v2: the scene, the part, the part's `type`, the field
    scenes.2.input.script                    v3 studio: the scene's own words
    voice_settings.speed                     v3 of one scene, and webm: nothing around them
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from specfile.compiler.check import spec_path
from specfile.compiler.origin import Origin, Path
from specfile.compiler.values import Place, walk
from specfile.diagnostics import Diagnostic, Severity
from specfile.schemas import shape

SERVICE_SAYS: Final = "the service says: "

_STEP: Final = re.compile(r"[^.\[\]]+")
_SAID: Final = re.compile(r"^[\w.\[\]]+ is invalid: (?:Value error, )?", re.IGNORECASE)
_ID: Final = re.compile(r"[\w-]{8,}")

_IN_SCENE: Final[Mapping[tuple[str, ...], Path]] = {
    ("script",): ("voice", "input_text"),
    ("input_text",): ("voice", "input_text"),
    ("voice_id",): ("voice", "voice_id"),
    ("voice_settings",): ("voice",),
    ("voice_settings", "speed"): ("voice", "speed"),
    ("voice_settings", "pitch"): ("voice", "pitch"),
    ("voice_settings", "locale"): ("voice", "locale"),
    ("voice_settings", "engine_settings"): ("voice", "elevenlabs_settings"),
    ("audio_url",): ("voice", "audio_url"),
    ("audio_asset_id",): ("voice", "audio_asset_id"),
    ("input_audio",): ("voice", "audio_asset_id"),
    ("duration",): ("voice", "duration"),
    ("avatar_id",): ("character", "avatar_id"),
    ("avatar_pose_id",): ("character", "avatar_id"),
    ("avatar_style",): ("character", "avatar_style"),
    ("image",): ("character", "talking_photo_id"),
    ("engine",): ("character", "use_avatar_iv_model"),
    ("motion_prompt",): ("character", "prompt"),
    ("remove_background",): ("character", "matting"),
    ("background",): ("background",),
    ("background", "color"): ("background", "value"),
    ("background", "value"): ("background", "value"),
    ("background", "url"): ("background", "url"),
    ("background", "asset_id"): ("background", "image_asset_id"),
    ("source",): ("background",),
    ("source", "url"): ("background", "url"),
    ("source", "asset_id"): ("background", "image_asset_id"),
    ("playback",): ("background", "play_style"),
    ("fit",): ("background", "fit"),
}
"""What v3 and webm call the fields of a scene, and where those are in a film."""

_ALSO: Final[Mapping[str | int, str]] = {
    "avatar_id": "talking_photo_id",
    "image_asset_id": "video_asset_id",
}
"""Fields of a film that v3 doesn't tell apart."""

_OF_VIDEO: Final[Mapping[str, Path]] = {
    "aspect_ratio": ("dimension",),
    "resolution": ("dimension",),
    "output_format": (),
    "scenes": ("video_inputs",),
}
"""What v3 calls the fields of a video, where a film calls them something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What the service objects to in one film. `path` is as it wrote it, where it named a place.

    `words` are its own, `message` and `hint` are what to say and to do where it had none.
    """

    digest: str
    path: str | None
    words: str | None
    message: str
    hint: str

    @property
    def said(self) -> str:
        """What to tell: the service's words without the place, which is shown."""
        return f"{SERVICE_SAYS}{_SAID.sub('', self.words)}" if self.words else self.message


def blamed(complaint: Complaint, origin: Origin) -> Diagnostic | None:
    """The place in the spec, and the cell, behind what the service objects to.

    None where it named no place and none of the film's ids.
    """
    path = _film_path(complaint.path, origin) if complaint.path else _path_of_id(complaint.words, origin)
    if path is None:
        return None
    path = _as_written(path, origin)
    return remark_at(origin, path, "refused-by-service", complaint.said, complaint.hint)


def remark_at(  # noqa: PLR0917 - the fields of a diagnostic
    origin: Origin,
    path: Path,
    code: str,
    message: str,
    hint: str,
    severity: Severity = Severity.ERROR,
) -> Diagnostic:
    """What is to be said of a place in a film's request, once the world outside was asked."""
    place = _place(path, origin)
    return Diagnostic(
        code=code,
        message=message,
        span=place.span,
        severity=severity,
        path=spec_path(path),
        scene=origin.scene_at(path),
        cell=origin.cell(place) if place.reads else None,
        hint=hint,
        related=origin.related(path, place),
    )


def _as_written(path: Path, origin: Origin) -> Path:
    """The path to the field that the film has where other dialects know only one."""
    other = (*path[:-1], _ALSO.get(path[-1], path[-1])) if path else path
    return other if _is_there(other, origin) and not _is_there(path, origin) else path


def _is_there(path: Path, origin: Origin) -> bool:
    return len(list(walk(origin.tree, path))) > len(path)


def _place(path: Path, origin: Origin) -> Place:
    """Where the value at a path was written; of one that is missing, where it belongs."""
    length = len(list(walk(origin.tree, path))) - 1
    if length == len(path) or length == 0 or not isinstance(path[length], str):
        return origin.at(path)
    return origin.lacking(path[:length], [str(path[length])])


def _film_path(text: str, origin: Origin) -> Path | None:
    steps = tuple(int(step) if step.isdecimal() else step for step in _STEP.findall(text))
    if not steps:
        return None
    if "video_inputs" in steps:
        return _v2_path(steps[steps.index("video_inputs") :])
    if "scenes" in steps:
        _, *inner = steps[steps.index("scenes") :]
        number = inner[0] if inner and isinstance(inner[0], int) else None
        return ("video_inputs",) if number is None else _in_scene(number, inner[1:])
    first = str(steps[0])
    if first in _OF_VIDEO:
        return _OF_VIDEO[first]
    if first in shape("v2").fields:
        return steps
    *_, scenes = walk(origin.tree, ("video_inputs",))
    is_alone = isinstance(scenes.content, tuple) and len(scenes.content) == 1
    path = _in_scene(0, steps) if is_alone else None
    return path if path is not None and len(path) > 2 else None


def _v2_path(steps: Path) -> Path:
    """Without the type of a part, which stands in the path before the part's fields."""
    match steps:
        case (_, int(), str() as part, str() as name, *rest) if not _has_field(part, name):
            return (*steps[:3], *rest)
    return steps


def _has_field(part: str, name: str) -> bool:
    scene = shape("v2").fields["video_inputs"].item
    assert scene is not None, "the v2 schema says what a scene is"  # noqa: S101
    return part not in scene.fields or name in scene.fields[part].fields


def _in_scene(number: int, steps: Iterable[str | int]) -> Path:
    """The field of a scene behind the steps that have a meaning; others are the names of types.

    `image` may be either, so that it counts only where nothing else does.
    """
    names = [str(step) for step in steps]
    heads = [name for name in names if (name,) in _IN_SCENE]
    head = next((name for name in heads if name != "image"), next(iter(heads), None))
    if head is None:
        return ("video_inputs", number)
    inner = ((head, name) for name in reversed(names[names.index(head) + 1 :]))
    found = next((_IN_SCENE[one] for one in inner if one in _IN_SCENE), _IN_SCENE[head,])
    return ("video_inputs", number, *found)


def _path_of_id(words: str | None, origin: Origin) -> Path | None:
    """The first field that holds an id which the service's words repeat."""
    named = set(_ID.findall(words)) if words else set()
    return next((path for path, text in _texts(origin) if text in named), None) if named else None


def _texts(origin: Origin) -> Iterator[tuple[Path, str]]:
    *_, scenes = walk(origin.tree, ("video_inputs",))
    for number, scene in enumerate(scenes.content if isinstance(scenes.content, tuple) else ()):
        for part, holder in (scene.fields or {}).items():
            for name, inner in (holder.value.fields or {}).items():
                if name.endswith("_id") and inner.value.text is not None:
                    yield ("video_inputs", number, part, name), inner.value.text
