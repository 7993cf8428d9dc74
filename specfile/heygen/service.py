"""The service as the rest of specfile sees it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from specfile.catalogue import Avatar, Catalogue, Group, Voice
from specfile.film import Api, AssetKind
from specfile.heygen import assets, avatars, webhooks
from specfile.heygen.account import Account, Quota, read_account, read_quota, user_name
from specfile.heygen.catalogue import OldLists, find_avatar, find_voice, read_catalogue, read_voices
from specfile.heygen.notices import Notice
from specfile.heygen.transport import FileStream, Transport
from specfile.heygen.v2_videos import V2Videos
from specfile.heygen.v3_videos import V3Videos
from specfile.heygen.videos import Videos


class Service:
    """One account at one service. Safe to use from many threads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._dialects: dict[Api, Videos] = {"v2": V2Videos(transport), "v3": V3Videos(transport)}

    @property
    def origin(self) -> str:
        """The service's origin, by which a lock knows it."""
        parts = urlsplit(self._transport.base)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def pace(self) -> float:
        """How many seconds of the service pass in one of ours."""
        return self._transport.pace

    @property
    def answers(self) -> int:
        """How many answers of any kind have come so far."""
        return self._transport.answers

    def account(self) -> Account:
        """What the account may do. Raises what `account.read_account` raises."""
        return read_account(self._transport)

    def videos(self, api: Api) -> Videos:
        """Videos, spoken of in the dialect in which they were begun."""
        return self._dialects[api]

    def upload(self, upload: assets.Upload, *, kind: AssetKind, api: Api = "v2") -> str:
        """Upload a file and give its id in a dialect. Raises what `Transport.upload` raises."""
        if api == "v3":
            return assets.upload_v3(self._transport, upload)
        return assets.upload(self._transport, upload, kind)

    def is_gone(self, asset_id: str, *, api: Api) -> bool:
        """Whether the service says that it has an upload no more; to v2 there is no such question."""
        return api == "v3" and assets.is_gone(self._transport, asset_id)

    def default_voice(self, avatar_id: str) -> str | None:
        """The id of an avatar's default voice, or None. Raises what `avatars.default_voice` raises."""
        return avatars.default_voice(self._transport, avatar_id)

    def catalogue(self) -> Catalogue:
        """Everything that the account is offered. Raises what `catalogue.read_catalogue` raises."""
        return read_catalogue(self._transport, self.origin, datetime.now(UTC))

    def old_lists(self) -> OldLists:
        """The lists of v2, to be shared by questions after several ids; nothing is read yet."""
        return OldLists(self._transport)

    def find_avatar(self, avatar_id: str, lists: OldLists | None = None) -> Avatar | Group | None:
        """What one id is: an avatar, a group, or nothing. Raises what `catalogue.find_avatar` raises."""
        return find_avatar(self._transport, avatar_id, lists)

    def find_voice(self, voice_id: str, lists: OldLists | None = None) -> Voice | None:
        """The voice of an id, or None. Raises what `catalogue.find_voice` raises."""
        return find_voice(self._transport, voice_id, lists)

    def voices(self) -> list[Voice]:
        """The voices of the account. Raises what `catalogue.read_voices` raises."""
        return read_voices(self._transport)

    def quota(self) -> Quota:
        """What the account has left. Raises what `account.read_quota` raises."""
        return read_quota(self._transport)

    def user_name(self) -> str | None:
        """The account's user name, where the key may read it. Raises what `account.user_name` raises."""
        return user_name(self._transport)

    def register_webhook(self, url: str) -> webhooks.Endpoint:
        """Have an address told of finished videos. Raises what `webhooks.register` raises."""
        return webhooks.register(self._transport, url)

    def unregister_webhook(self, endpoint: webhooks.Endpoint) -> None:
        """Take that back. Raises what `webhooks.unregister` raises."""
        webhooks.unregister(self._transport, endpoint)

    @contextmanager
    def fetch(self, url: str, offset: int = 0, validator: str | None = None) -> Iterator[FileStream]:
        """Open a finished file, without the key. Raises what `Transport.fetch` raises."""
        with self._transport.fetch(url, offset, validator) as stream:
            yield stream

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()


def connect(
    base: str,
    upload_base: str,
    key: str,
    on_notice: Callable[[Notice], None],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Service:
    """Get ready to talk to a service; nothing is sent yet.

    Args:
        base: such as `https://api.heygen.com`.
        upload_base: such as `https://upload.heygen.com`.
        key: the API key.
        on_notice: told once, from any thread, when the service says that an API will go away.
        sleep: how to wait between tries of a harmless question.

    Raises:
        UsageError: an address or the key can't be used.
    """
    return Service(
        Transport(base, upload_base=upload_base, key=key, on_notice=on_notice, sleep=sleep),
    )
