"""Which kind of v3 request says a film: of several scenes, of one avatar, or of one picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from specfile.film import ASSET_PREFIX, Film, Json, Scene

Kind = Literal["studio", "avatar", "image"]

Feature = Literal[
    "several scenes",
    "a scene without a character",
    "an avatar or look",
    "a picture of one's own",
    "a picture behind the character",
    "a colour behind a picture of one's own",
    "a character cut out",
    "a transparent film",
]

KINDS: Final[Mapping[Kind, frozenset[Feature]]] = {
    "studio": frozenset(
        {
            "several scenes",
            "a scene without a character",
            "an avatar or look",
            "a picture of one's own",
        }
    ),
    "avatar": frozenset(
        {
            "an avatar or look",
            "a picture behind the character",
            "a character cut out",
            "a transparent film",
        }
    ),
    "image": frozenset(
        {
            "a picture of one's own",
            "a picture behind the character",
            "a colour behind a picture of one's own",
            "a character cut out",
            "a transparent film",
        }
    ),
}
"""What each kind can say, of what only some can; the first that says all of a film is taken."""


def kind_of(film: Film) -> Kind:
    """The kind of request for a film; `studio` where none says all of it."""
    features = frozenset(_features(film))
    return next((kind for kind, says in KINDS.items() if features <= says), "studio")


def is_own_picture(character: Mapping[str, Json]) -> bool:
    """Whether a talking photo is made from a local file, and has no look of its own at the service."""
    return str(character.get("talking_photo_id", "")).startswith(ASSET_PREFIX)


def _features(film: Film) -> Iterator[Feature]:
    if len(film.scenes) > 1:
        yield "several scenes"
    if film.format == "webm":
        yield "a transparent film"
    for scene in film.scenes:
        yield from _scene_features(scene)


def _scene_features(scene: Scene) -> Iterator[Feature]:
    if scene.character is None:
        yield "a scene without a character"
        return
    own = is_own_picture(scene.character)
    yield "a picture of one's own" if own else "an avatar or look"
    if scene.character.get("matting"):
        yield "a character cut out"
    behind = scene.background["type"] if scene.background is not None else None
    if behind == "image":
        yield "a picture behind the character"
    elif behind == "color" and own:
        yield "a colour behind a picture of one's own"
