"""Uploading local files, each content once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from specfile.errors import UsageError
from specfile.film import Api, Asset, AssetKind, Request
from specfile.heygen import Service
from specfile.runner import events
from specfile.runner.lock import AssetKey, Uploaded
from specfile.runner.run import Run
from specfile.runner.scheduler import Outcome


class AssetChanged(UsageError):
    """A local file is no longer what it was when the film was compiled."""


@dataclass(slots=True)
class _Batch:
    """The files that one video waits for, and whom to tell."""

    missing: set[AssetKey]
    then: Callable[[Outcome[None]], None]
    is_done: bool = field(default=False)


class Uploads:
    """Knows every uploaded file; uploads each content once, however many videos use it."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._under_way: dict[AssetKey, list[_Batch]] = {}

    def ids(self, request: Request) -> dict[tuple[str, AssetKind], str]:
        """The ids of a request's files, once `fetch_ids` has seen to them."""
        found = ((asset, self._run.lockfile.asset_id(_key(request, asset))) for asset in request.assets)
        return {(asset.sha256, asset.kind): asset_id for asset, asset_id in found if asset_id is not None}

    def fetch_ids(self, request: Request, *, then: Callable[[Outcome[None]], None]) -> None:
        """Upload what isn't there yet, then call back; with the first error, where there is one."""
        keys = {_key(request, asset): asset for asset in request.assets}
        missing = {key: asset for key, asset in keys.items() if self._run.lockfile.asset_id(key) is None}
        if not missing:
            then(Outcome(None, None))
            return
        batch = _Batch(set(missing), then)
        for key, asset in missing.items():
            if key in self._under_way:
                self._under_way[key].append(batch)
            else:
                self._under_way[key] = [batch]
                self._start(key, asset)

    def _start(self, key: AssetKey, asset: Asset) -> None:
        service = self._run.service
        self._run.scheduler.start(
            lambda: upload(service, asset, key.api),
            lambda outcome: self._uploaded(key, asset, outcome),
            urgent=True,
        )

    def _uploaded(self, key: AssetKey, asset: Asset, outcome: Outcome[str]) -> None:
        batches = self._under_way.pop(key)
        try:
            asset_id = outcome.get()
        except Exception as error:  # noqa: BLE001 - handed on, and raised again by whoever waits
            for batch in batches:
                self._tell(batch, Outcome(None, error))
            return
        self._run.lockfile.write(Uploaded(key, asset_id))
        self._run.notify(events.Uploaded(path=asset.path))
        for batch in batches:
            batch.missing.discard(key)
            if not batch.missing:
                self._tell(batch, Outcome(None, None))

    def _tell(self, batch: _Batch, outcome: Outcome[None]) -> None:
        if not batch.is_done:
            batch.is_done = True
            batch.then(outcome)


def upload(service: Service, asset: Asset, api: Api) -> str:
    """Upload a file and give its id in a dialect.

    Raises:
        AssetChanged: the file has gone or has other content than when the film was compiled.
        HeygenError: whatever `Service.upload` raises.
    """
    try:
        data = asset.path.read_bytes()
    except OSError as error:
        raise AssetChanged(f"{asset.path} can't be read: {error.strerror or error}") from error
    if hashlib.sha256(data).hexdigest() != asset.sha256:
        raise AssetChanged(f"{asset.path} changed after the spec was compiled", hint="run it again")
    return service.upload(data, kind=asset.kind, media_type=asset.media_type, api=api)


def _key(request: Request, asset: Asset) -> AssetKey:
    return AssetKey(asset.sha256, request.api, asset.kind)
