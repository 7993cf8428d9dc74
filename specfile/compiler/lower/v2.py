"""POST /v2/video/generate: the film as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from specfile.film import Film, Json

V2_ENDPOINT: Final = "/v2/video/generate"


def v2_payload(film: Film, metadata: Mapping[str, str]) -> dict[str, Json]:
    """The body of the request."""
    return {**metadata, **film.settings, "video_inputs": [scene.parts() for scene in film.scenes]}
