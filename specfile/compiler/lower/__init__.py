"""From a film to the call that asks for it: one module per dialect.

A film is written in the words of v2, where it stands as it is. The other dialects say less; what they can't
say is given as findings, at the places of the film.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from specfile.compiler.lower.engines import NONE_KNOWN, Engines, engines_of
from specfile.compiler.lower.result import Loss, Lowered
from specfile.compiler.lower.v2 import V2_ENDPOINT, v2_payload
from specfile.compiler.lower.v3 import V3_ENDPOINT, lower_v3
from specfile.compiler.lower.webm import WEBM_ENDPOINT, lower_webm
from specfile.film import Api, Asset, Film, Json, Request, WebmBody
from specfile.schemas import Dialect

__all__ = [
    "V2_ENDPOINT",
    "Engines",
    "Loss",
    "Lowered",
    "dialect_of",
    "engines_of",
    "lower",
    "request",
    "v2_payload",
]

_ENDPOINTS: Final[Mapping[Dialect, str]] = {"v2": V2_ENDPOINT, "v3": V3_ENDPOINT, "webm": WEBM_ENDPOINT}


def dialect_of(api: Api, film: Film) -> Dialect:
    """The form of the request: of the older API, a transparent film has a call of its own."""
    return "webm" if api == "v2" and film.format == "webm" else api


def lower(
    dialect: Dialect,
    film: Film,
    metadata: Mapping[str, str],
    engines: Engines = NONE_KNOWN,
    webm_body: WebmBody = "flat",
) -> Lowered:
    """A film that is valid by the v2 schema and its rules, in the words of a dialect.

    `engines` are what animates the avatars of which that is known. `webm_body` is the form of the older API's
    request for a transparent film.
    """
    match dialect:
        case "v3":
            return lower_v3(film, metadata, engines)
        case "webm":
            return lower_webm(film, metadata, webm_body)
    return Lowered(v2_payload(film, metadata))


def request(key: str, film: Film, api: Api, payload: Mapping[str, Json], assets: Iterable[Asset]) -> Request:
    """The frozen call for a film that was lowered without an error."""
    return Request(
        key=key,
        digest=film.digest,
        api=api,
        endpoint=_ENDPOINTS[dialect_of(api, film)],
        payload=payload,
        assets=tuple(sorted(_uploads(api, assets), key=lambda asset: (asset.kind, asset.sha256))),
    )


def _uploads(api: Api, assets: Iterable[Asset]) -> Iterable[Asset]:
    """What has to be uploaded: to v3 a talking photo is a picture like any other."""
    if api == "v2":
        return assets
    images = (replace(one, kind="image") if one.kind == "talking_photo" else one for one in assets)
    return {(one.kind, one.sha256): one for one in images}.values()
