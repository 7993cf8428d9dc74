"""The catalogue as the user's cache keeps it: one file for each account at each service.

The file is the user's alone to read. It holds the links of pictures and samples as the service gave them,
signed ones too, since the gallery would be blind without them: a signed link shows one preview for some days,
and whoever can read this folder can read the key as well. Those that have run out are left out of what is
shown (`links`). The key itself is in no file and no file's name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import orjson
import platformdirs

from specfile.catalogue import Avatar, Catalogue, Group, Locale, Voice, laid_together

_MAGIC: Final = b"specfile catalogue 1 "
"""What a file begins with, before the hash of all that follows its first line. The number is raised whenever
the values get or lose a field."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """Where the catalogue of one account is kept."""

    path: Path

    @classmethod
    def of(cls, origin: str, key: str, folder: Path | None = None) -> CatalogueFile:
        """The file of the account that a key belongs to at a service.

        Two keys of one account have two files: which account a key is of only the service could tell. A hash
        of the key tells nothing of it, as keys are long and random; half of the hash is enough of a name.
        """
        told = hashlib.sha256(b"\0".join((b"specfile catalogue", origin.encode(), key.encode())))
        host = origin.rpartition("/")[2].replace(":", "_")
        return cls((folder or _folder()) / f"{host}-{told.hexdigest()[:16]}")

    def read(self) -> Catalogue | None:
        """The catalogue; None where there is none, or what is there is damaged or of another version."""
        try:
            head, _, body = self.path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if head != _head(body):
            return None
        kept = orjson.loads(body)
        return Catalogue(
            avatars=_Kept(kept["avatars"], Avatar),
            voices=_Kept(kept["voices"], Voice),
            groups=_Kept(kept["groups"], Group),
            locales=_Kept(kept["locales"], Locale),
            fetched_at=datetime.fromisoformat(kept["fetched_at"]),
            origin=kept["origin"],
            is_whole=kept["is_whole"],
        )

    def write(self, catalogue: Catalogue) -> None:
        """Put a catalogue in the place of what is there, at one stroke.

        Raises:
            OSError: it can't be written.
        """
        body = orjson.dumps(
            {
                "origin": catalogue.origin,
                "is_whole": catalogue.is_whole,
                "fetched_at": catalogue.fetched_at.astimezone(UTC).isoformat(),
                "avatars": _written(catalogue.avatars.values()),
                "voices": _written(catalogue.voices.values()),
                "groups": _written(catalogue.groups.values()),
                "locales": _written(catalogue.locales.values()),
            }
        )
        folder = self.path.parent
        folder.mkdir(parents=True, exist_ok=True)
        # The file that this makes is readable for its owner only.
        handle, draft = tempfile.mkstemp(prefix=f".{self.path.name}-", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_head(body) + b"\n" + body)
            Path(draft).replace(self.path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(draft).unlink()
            raise

    def remember(self, found: Catalogue) -> None:
        """Add what single questions told to what is kept.

        Another process may do the same at this moment; the one that is slower wins, and what is lost is asked
        for once more.

        Raises:
            OSError: it can't be written.
        """
        kept = self.read()
        if kept is None:
            self.write(replace(found, is_whole=False))
            return
        self.write(
            replace(
                kept,
                avatars=laid_together(kept.avatars, found.avatars.values()),
                voices=laid_together(kept.voices, found.voices.values()),
                groups=laid_together(kept.groups, found.groups.values()),
            )
        )


class _Kept(Mapping[str, _Item]):
    """Items that are made when they are asked for: a check looks at a few of thousands."""

    __slots__ = ("_items", "_kind")

    def __init__(self, items: Mapping[str, Mapping[str, Any]], kind: Callable[..., _Item]) -> None:
        self._items = items
        self._kind = kind

    def __getitem__(self, name: str) -> _Item:
        item = self._items[name]
        return self._kind(
            **{key: tuple(value) if isinstance(value, list) else value for key, value in item.items()}
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, name: object) -> bool:
        return name in self._items


def _folder() -> Path:
    """Where catalogues are kept: in the user's cache folder, or where the environment says."""
    named = os.environ.get("SPECFILE_CATALOGUE_DIR")
    return Path(named) if named else platformdirs.user_cache_path("specfile") / "catalogue"


def _written(items: Iterable[Avatar | Group | Voice | Locale]) -> dict[str, dict[str, Any]]:
    """Items by id, without what isn't known of them."""
    return {
        item.id: {
            one.name: value for one in fields(item) if (value := getattr(item, one.name)) not in (None, ())
        }
        for item in items
    }


def _head(body: bytes) -> bytes:
    return _MAGIC + hashlib.blake2b(body, digest_size=16).hexdigest().encode()
