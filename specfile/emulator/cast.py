"""Who can be filmed: the catalogue, and the photos that were uploaded to the account."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from specfile.emulator.catalogue import Group, Look, load_catalogue
from specfile.emulator.store import Asset

PHOTO: Final = "talking_photo"
"""The kind of an upload that is to talk."""


@dataclass(frozen=True, slots=True)
class Cast:
    """All groups and looks of an account; an uploaded photo is a group of its own.

    `photos` gives the uploaded photos, the newest first, `upload` an upload of any kind by its id.
    """

    photos: Callable[[], Sequence[Asset]]
    upload: Callable[[str], Asset | None]

    def groups(self) -> list[Group]:
        """All groups, the uploaded photos first."""
        return [*(_uploaded(asset) for asset in self.photos()), *load_catalogue().groups.values()]

    def group(self, group_id: str) -> Group | None:
        """The group of that id."""
        return next((group for group in self.groups() if group.id == group_id), None)

    def looks(self) -> list[Look]:
        """All looks, in the order of their groups."""
        return [look for group in self.groups() for look in group.looks]

    def look(self, look_id: str) -> Look | None:
        """The look of that id."""
        known = load_catalogue().look(look_id)
        upload = self.upload(look_id) if known is None else None
        return _uploaded(upload).looks[0] if upload is not None and upload.kind == PHOTO else known


def _uploaded(asset: Asset) -> Group:
    group_id = hashlib.sha256(f"group {asset.id}".encode()).hexdigest()[:32]
    look = Look(
        id=asset.id,
        name=asset.id,
        type="photo_avatar",
        group_id=group_id,
        gender="unknown",
        default_voice_id=None,
        public=False,
        picture=f"/assets/{asset.id}",
        created_at=int(asset.created_at),
    )
    return Group(
        id=group_id,
        name=asset.id,
        type=look.type,
        kind="PHOTO",
        gender=look.gender,
        public=False,
        created_at=look.created_at,
        looks=(look,),
        train_status="empty",
    )
