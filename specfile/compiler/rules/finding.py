"""What a rule finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from specfile.film import Json


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at `path` in the request."""

    path: tuple[str | int, ...]
    message: str
    hint: str


def voices(payload: Mapping[str, Json]) -> Iterator[tuple[int, Mapping[str, Json]]]:
    """The voice of every scene, with the scene's number from 0."""
    for index, scene in enumerate(payload["video_inputs"]):
        yield index, scene["voice"]
