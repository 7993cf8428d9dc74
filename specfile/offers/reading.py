"""The catalogue of the account that the environment names: from the cache, or from the service."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from specfile.catalogue import Avatar, Catalogue, Group, Voice
from specfile.connection import Cloud, Connect, Embedded, cloud
from specfile.offers.kept import file_of

if TYPE_CHECKING:
    from specfile.catalogue.cache import CatalogueFile
    from specfile.heygen import Notice


@dataclass(frozen=True)
class Offers:
    """What an account is offered, and how to ask for what the lists leave out.

    `is_fresh` says that it was read just now, `service_lasts` that the service will still be there later.
    """

    catalogue: Catalogue
    is_fresh: bool
    connect: Connect
    file: CatalogueFile | None
    service_lasts: bool = True

    def avatar(self, avatar_id: str) -> Avatar | Group | None:
        """What the service says that an id is. Raises what `Service.find_avatar` raises."""
        found = self.connect().find_avatar(avatar_id)
        if isinstance(found, Avatar):
            self._keep(replace(self._nothing, avatars={found.id: found}))
        return found

    def voice(self, voice_id: str) -> Voice | None:
        """The voice that an id is of. Raises what `Service.find_voice` raises."""
        found = self.connect().find_voice(voice_id)
        if found is not None:
            self._keep(replace(self._nothing, voices={found.id: found}))
        return found

    def lasting_avatars(self, avatars: Iterable[Avatar]) -> list[Avatar]:
        """Avatars with pictures that outlast this run: an emulator's, which ends with it, are taken in."""
        if self.service_lasts:
            return list(avatars)
        return [
            replace(one, preview_image=self._taken_in(one.preview_image), preview_video=None)
            for one in avatars
        ]

    def lasting_voices(self, voices: Iterable[Voice]) -> list[Voice]:
        """Voices with samples that outlast this run, as the pictures of `lasting_avatars` do."""
        if self.service_lasts:
            return list(voices)
        return [replace(one, preview_audio=self._taken_in(one.preview_audio)) for one in voices]

    def _taken_in(self, link: str | None) -> str | None:
        """A small file as a link that holds it."""
        if link is None:
            return None
        with self.connect().fetch(link) as file:
            data = b"".join(file.chunks)
            return f"data:{file.media_type};base64,{base64.b64encode(data).decode()}"

    @property
    def _nothing(self) -> Catalogue:
        return replace(self.catalogue, avatars={}, voices={}, groups={}, locales={})

    def _keep(self, found: Catalogue) -> None:
        if self.file is not None:
            with suppress(OSError):  # a cache that can't be written is asked for again
                self.file.remember(found)


@contextmanager
def offers(
    *,
    local: bool,
    refresh: bool,
    on_notice: Callable[[Notice], None],
    on_reading: Callable[[str], None],
) -> Iterator[Offers]:
    """What the account is offered: as the cache has it, or read anew.

    Args:
        local: what the built-in emulator offers, which is never kept.
        refresh: read it anew, whatever the cache holds.
        on_notice: told once when the service says that an API will go away.
        on_reading: told, before it is read, where from.

    Raises:
        ServiceRefused: there is no key, or it may read none of it.
        ServiceUnreachable: there was no usable answer.
        MissingExtra: a part of specfile that `local` needs isn't installed.
        UsageError: the environment names no usable address.
    """
    with ExitStack() as stack:
        if local:
            state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="specfile-")))
            connection: Cloud | Embedded = Embedded(state=state)
        else:
            connection = cloud()
        connection.require()
        file = file_of(connection) if isinstance(connection, Cloud) else None
        open_service = stack.enter_context(connection.open(on_notice))
        connect = cache(lambda: stack.enter_context(closing(open_service())))
        kept = file.read() if file is not None and not refresh else None
        if kept is not None and kept.is_whole:
            yield Offers(kept, is_fresh=False, connect=connect, file=file)
            return
        on_reading(connection.service)
        catalogue = replace(connect().catalogue(), origin=connection.service)
        if file is not None:
            with suppress(OSError):  # a cache that can't be written is read anew each time
                file.write(catalogue)
        yield Offers(catalogue, is_fresh=True, connect=connect, file=file, service_lasts=not local)
