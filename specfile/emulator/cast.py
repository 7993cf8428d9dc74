"""Who can be filmed: the catalogue, and the photos that were uploaded to the account."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from specfile.emulator.catalogue import Group, Look, load_catalogue
from specfile.emulator.store import Asset

Photos = Callable[[], Sequence[Asset]]
"""Gives the uploaded photos, the newest first."""


@dataclass(frozen=True, slots=True)
class Cast:
    """All groups and looks of an account; an uploaded photo is a group of its own."""

    photos: Photos

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
        uploads = () if known is not None else self.photos()
        return known or next((_uploaded(photo).looks[0] for photo in uploads if photo.id == look_id), None)


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
