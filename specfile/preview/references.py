"""Finds the local files behind a scene's URLs and ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from specfile.preview.model import AssetSource


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFiles:
    """Local files behind a scene's references; None where one isn't at hand, or isn't asked for."""

    background: Path | None = None
    photo: Path | None = None
    audio: Path | None = None


def resolve(scene: Mapping[str, Any], assets: AssetSource) -> SceneFiles:
    """Ask for every file that a scene refers to."""
    background, character, voice = (scene.get(part) or {} for part in ("background", "character", "voice"))
    return SceneFiles(
        background=_find(reference_of(background), assets),
        photo=_find(character.get("talking_photo_id"), assets),
        audio=_find(reference_of(voice), assets) if voice.get("type") == "audio" else None,
    )


def reference_of(part: Mapping[str, Any]) -> str | None:
    """The URL or asset id of a background or of an audio voice."""
    kind = part.get("type")
    return part.get("url") or part.get(f"{kind}_url") or part.get(f"{kind}_asset_id")


def label_of(part: Mapping[str, Any]) -> str:
    """How a reference is named to people. A URL's query is left out: it may hold a signature."""
    return f"{part.get('type')} {str(reference_of(part)).partition('?')[0]}"


def _find(reference: str | None, assets: AssetSource) -> Path | None:
    return assets(reference) if reference else None
