"""The catalogue that checks are held against: what the cache has of the account of the environment."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from specfile.errors import UsageError

if TYPE_CHECKING:
    from specfile.catalogue import Catalogue
    from specfile.catalogue.cache import CatalogueFile
    from specfile.connection import Cloud


def kept_catalogue() -> Catalogue | None:
    """What the cache holds for the account that the environment names; None where it names none.

    Asks nobody, and never fails: what is wrong with the environment is told by what needs the service.
    """
    if not (os.environ.get("HEYGEN_API_KEY") or os.environ.get("HEYGEN_API_KEY_FILE")):
        return None
    from specfile.connection import cloud  # noqa: PLC0415 - who has no account starts faster without it

    with suppress(UsageError):
        file = file_of(cloud())
        return file.read() if file is not None else None
    return None


def file_of(connection: Cloud) -> CatalogueFile | None:
    """Where the catalogue is kept; None without a key, since it is an account's own."""
    if connection.key is None:
        return None
    from specfile.catalogue.cache import CatalogueFile  # noqa: PLC0415 - see above

    return CatalogueFile.of(connection.service, connection.key)
