"""From a film to the call that asks for it. One function per dialect; v2 is the film as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from specfile.film import Asset, Film, Json, Request

V2_ENDPOINT = "/v2/video/generate"


def v2_payload(film: Film, metadata: Mapping[str, str]) -> dict[str, Json]:
    """The body of POST /v2/video/generate."""
    return {**metadata, **film.settings, "video_inputs": [scene.parts() for scene in film.scenes]}


def v2_request(key: str, film: Film, payload: Mapping[str, Json], assets: Iterable[Asset]) -> Request:
    """The request of POST /v2/video/generate, from a body that was found valid."""
    return Request(
        key=key,
        digest=film.digest,
        api="v2",
        endpoint=V2_ENDPOINT,
        payload=payload,
        assets=tuple(sorted(assets, key=lambda asset: (asset.kind, asset.sha256))),
    )
