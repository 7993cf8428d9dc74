"""From a film to the call that asks for it. One function per dialect; v2 is the film as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from specfile.film import Asset, Film, Json, Request

V2_ENDPOINT = "/v2/video/generate"


def lower_v2(key: str, film: Film, metadata: Mapping[str, str], assets: Iterable[Asset]) -> Request:
    """The request of POST /v2/video/generate."""
    payload: dict[str, Json] = {
        **metadata,
        **film.settings,
        "video_inputs": [scene.parts() for scene in film.scenes],
    }
    return Request(
        key=key,
        digest=film.digest,
        api="v2",
        endpoint=V2_ENDPOINT,
        payload=payload,
        assets=tuple(sorted(assets, key=lambda asset: (asset.kind, asset.sha256))),
    )
