"""Where an account wants to be told of what happened."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from specfile.emulator.database import Database
from specfile.emulator.errors import EndpointNotFound
from specfile.emulator.links import Clock

EVENTS: Final[Mapping[str, str]] = {
    "avatar_video.success": "A video has been rendered.",
    "avatar_video.fail": "A video could not be rendered.",
}
"""The events that the emulator sends; the service has more."""

_FIELDS: Final = "id, api, url, secret, events, entity_id, created_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address that events are sent to, signed the way of its `api`. `events` None means all."""

    id: str
    api: str
    url: str
    secret: str
    events: tuple[str, ...] | None
    entity_id: str | None
    created_at: float

    def wants(self, event_type: str) -> bool:
        """Whether it is to be told of such events."""
        return self.events is None or event_type in self.events


class Endpoints:
    """The endpoints of an account, the oldest first."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, api: str, url: str, events: Sequence[str] | None, entity_id: str | None) -> Endpoint:
        """Register an address that has answered the probe."""
        endpoint = Endpoint(
            id=secrets.token_hex(16),
            api=api,
            url=url,
            secret=_secret(api),
            events=tuple(events) if events else None,
            entity_id=entity_id,
            created_at=self._clock(),
        )
        row = (
            endpoint.id,
            api,
            url,
            endpoint.secret,
            None if endpoint.events is None else orjson.dumps(endpoint.events),
            entity_id,
            endpoint.created_at,
        )
        with self._database.use() as connection:
            connection.execute("INSERT INTO endpoints VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return endpoint

    def all(self) -> list[Endpoint]:
        """Every endpoint, of either API."""
        with self._database.use() as connection:
            rows = connection.execute(f"SELECT {_FIELDS} FROM endpoints ORDER BY rowid").fetchall()  # noqa: S608 - a constant
        return [
            Endpoint(
                id=row[0],
                api=row[1],
                url=row[2],
                secret=row[3],
                events=None if row[4] is None else tuple(orjson.loads(row[4])),
                entity_id=row[5],
                created_at=row[6],
            )
            for row in rows
        ]

    def get(self, endpoint_id: str) -> Endpoint:
        """The endpoint of that id.

        Raises:
            EndpointNotFound: there is none.
        """
        found = next((one for one in self.all() if one.id == endpoint_id), None)
        if found is None:
            raise EndpointNotFound
        return found

    def change(self, endpoint_id: str, *, url: str | None, events: Sequence[str] | None) -> Endpoint:
        """Send to another address, or of other events; None leaves it as it is."""
        before = self.get(endpoint_id)
        kept = before.events if events is None else tuple(events) or None
        with self._database.use() as connection:
            connection.execute(
                "UPDATE endpoints SET url = ?, events = ? WHERE id = ?",
                (url or before.url, None if kept is None else orjson.dumps(kept), endpoint_id),
            )
        return self.get(endpoint_id)

    def rotate_secret(self, endpoint_id: str) -> Endpoint:
        """Sign with another secret from now on."""
        secret = _secret(self.get(endpoint_id).api)
        with self._database.use() as connection:
            connection.execute("UPDATE endpoints SET secret = ? WHERE id = ?", (secret, endpoint_id))
        return self.get(endpoint_id)

    def remove(self, endpoint_id: str) -> None:
        """Send nothing there any more.

        Raises:
            EndpointNotFound: there is no such endpoint.
        """
        self.get(endpoint_id)
        with self._database.use() as connection:
            connection.execute("DELETE FROM endpoints WHERE id = ?", (endpoint_id,))


def _secret(api: str) -> str:
    return f"whsec_{secrets.token_urlsafe(24)}" if api == "v3" else secrets.token_urlsafe(24)
