"""Reading what an account is offered: avatars, photo looks, groups, voices and locales.

The values themselves are in `specfile.catalogue`, since the compiler, which must not know this client, takes
them too.
"""

from __future__ import annotations

from specfile.catalogue import Avatar, Catalogue, Group, Kind, Locale, Voice

__all__ = ["Avatar", "Catalogue", "Group", "Kind", "Locale", "Voice"]
