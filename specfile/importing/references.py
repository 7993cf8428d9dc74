"""Addresses and ids of files: each under its own field, and nothing that a spec takes for a local file."""

from __future__ import annotations

from typing import Final

from specfile.diagnostics import Severity
from specfile.diagnostics.wording import show
from specfile.film import Json
from specfile.importing.draft import Draft
from specfile.importing.paths import Path

_FIELDS: Final = (
    ("voice", "audio", "audio_url", "audio_asset_id"),
    ("background", "image", "url", "image_asset_id"),
    ("background", "video", "url", "video_asset_id"),
)
"""The part, its type, and the two fields in which it may name a file."""


def settle_references(body: dict[str, Json], draft: Draft) -> None:
    """Check every address and id of a file, moving those that stand in each other's field."""
    for number, scene in enumerate(body.get("video_inputs", [])):
        for name, kind, address, asset in _FIELDS:
            part = scene.get(name)
            if isinstance(part, dict) and part.get("type") == kind:
                _settle(part, address, asset, ("video_inputs", number, name), draft)


def _settle(part: dict[str, Json], address: str, asset: str, path: Path, draft: Draft) -> None:
    for name in (address, asset):
        if part.get(name) == "":
            del part[name]  # an empty text counts as left out
    if asset in part and address not in part and _is_address(part[asset]):
        draft.note(
            "import-coerced",
            f"`{asset}` holds an address, not the id of an upload",
            f"nothing to do; the spec has it as `{address}`",
            draft.came_from((*path, asset)),
            target=path,
            remark=f"this address was in {asset}",
        )
        part[address] = part.pop(asset)
        draft.origin[*path, address] = draft.came_from((*path, asset))
    if address in part:
        _check_address(part[address], (*path, address), draft)
    if asset in part and part[asset].startswith(("asset:", "./", "../", "/")):
        message = f"{show(part[asset])} is no id of an upload"
        hint = "write the id that the upload gave, or in the spec the path of a local file"
        _refuse("wrong-file-type", message, hint, (*path, asset), draft)


def _check_address(value: str, path: Path, draft: Draft) -> None:
    if value.lower().startswith("https://"):
        return
    if value.lower().startswith("http://"):
        hint = "write https://…"
    else:
        hint = "write an address that begins with https://, or upload the file and give its id"
    message = f"{show(value)} is no https address"
    _refuse("not-https", message, hint, path, draft)


def _refuse(code: str, message: str, hint: str, path: Path, draft: Draft) -> None:
    draft.note(code, message, hint, draft.came_from(path), target=path, severity=Severity.ERROR)


def _is_address(value: Json) -> bool:
    return isinstance(value, str) and value.lower().startswith(("https://", "http://"))
