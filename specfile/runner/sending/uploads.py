"""Uploading local files, each content once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from specfile.errors import UsageError
from specfile.film import Api, Asset, Request
from specfile.heygen import Service, Upload
from specfile.runner import events
from specfile.runner.lock.entries import AssetKey, Uploaded
from specfile.runner.underway.run import Run
from specfile.runner.underway.scheduler import Outcome

_GONE: Final = "asset_not_found"
_PHOTO_GONE: Final = frozenset({"avatar_not_found", "400174"})
_NAMED_ASSET: Final = re.compile(r"\basset\s+[`'\"]?[\w-]*\d[\w-]{4,}", re.IGNORECASE)

_STEP: Final = 2**20
"""Bytes of an upload between two notices; smaller files are there before anybody looks."""


def nobody_told(sent: int, total: int) -> None:
    """For uploads that nobody watches."""


class AssetChanged(UsageError):
    """A local file is no longer what it was when the film was compiled."""


@dataclass(slots=True)
class _Batch:
    """The files that one video waits for, and whom to tell."""

    missing: set[AssetKey]
    then: Callable[[Outcome[None]], None]
    is_done: bool = field(default=False)


class Uploads:
    """Knows every uploaded file; uploads each content once, however many videos use it.

    An upload of an earlier build is asked after once, where the dialect has a question for that.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._sure: set[AssetKey] = set()
        self._under_way: dict[AssetKey, list[_Batch]] = {}

    def fetch_ids(self, request: Request, *, then: Callable[[Outcome[None]], None]) -> None:
        """Upload what isn't there, or not any more, then call back; with the first error, if there is one."""
        keys = {_key(request, asset): asset for asset in request.assets}
        missing = {key: asset for key, asset in keys.items() if not self._is_there(key)}
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

    def forget_older(self, gone: Mapping[AssetKey, str]) -> None:
        """Upload files anew that an earlier build uploaded; what this one did is there."""
        self.forget({key: asset_id for key, asset_id in gone.items() if key not in self._sure})

    def forget(self, gone: Mapping[AssetKey, str]) -> None:
        """Upload files anew whose ids the service doesn't know any more.

        Another video's refusal may have come first; then a newer id is there already, and stays.
        """
        for key, asset_id in gone.items():
            if self._run.lockfile.asset_id(key) == asset_id:
                self._run.lockfile.forget_asset(key)

    def recorded(self, request: Request) -> dict[AssetKey, str]:
        """The ids that the lock has for a request's files: of all, or of those that aren't to be uploaded."""
        keys = {_key(request, asset) for asset in request.assets}
        found = ((key, self._run.lockfile.asset_id(key)) for key in keys)
        return {key: asset_id for key, asset_id in found if asset_id is not None}

    def has_all(self, request: Request, ids: Mapping[AssetKey, str]) -> bool:
        """Whether these are the ids of all of a request's files."""
        return all(_key(request, asset) in ids for asset in request.assets)

    def _is_there(self, key: AssetKey) -> bool:
        known = self._run.lockfile.asset_id(key) is not None
        return known and (key in self._sure or key.api == "v2")

    def _start(self, key: AssetKey, asset: Asset) -> None:
        service, run = self._run.service, self._run
        known = run.lockfile.asset_id(key)

        def id_of() -> str:
            if known is not None and not service.is_gone(known, api=key.api):
                return known
            return upload(service, asset, key.api, told)

        def told(sent: int, total: int) -> None:
            run.scheduler.call(lambda: run.notify(events.Uploading(path=asset.path, sent=sent, total=total)))

        self._run.scheduler.start(
            id_of,
            lambda outcome: self._uploaded(key, asset, outcome),
            urgent=True,
        )

    def _uploaded(self, key: AssetKey, asset: Asset, outcome: Outcome[str]) -> None:
        batches = self._under_way.pop(key)
        try:
            asset_id = outcome.get()
        except Exception as error:  # noqa: BLE001 - handed on, and raised again by whoever waits
            self._run.notify(events.Uploading(path=asset.path, sent=0, total=0))
            for batch in batches:
                self._tell(batch, Outcome(None, error))
            return
        self._sure.add(key)
        if self._run.lockfile.asset_id(key) != asset_id:
            self._run.lockfile.forget_asset(key)
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


def upload(service: Service, asset: Asset, api: Api, told: Callable[[int, int], None] = nobody_told) -> str:
    """Upload a file and give its id in a dialect; `told` hears how many bytes of how many are on their way.

    Raises:
        AssetChanged: the file has gone or has other content than when the film was compiled.
        HeygenError: whatever `Service.upload` raises.
    """
    try:
        with asset.path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != asset.sha256:
                raise AssetChanged(f"{asset.path} changed after the spec was compiled", hint="run it again")
            size = file.tell()
            progress = _in_steps(size, told)
            body = Upload(file=file, size=size, media_type=asset.media_type, told=progress)
            return service.upload(body, kind=asset.kind, api=api)
    except OSError as error:
        raise AssetChanged(f"{asset.path} can't be read: {error.strerror or error}") from error


def gone_uploads(code: str, words: str | None, used: Mapping[AssetKey, str]) -> dict[AssetKey, str]:
    """Which of the uploads that a request used are gone, as a refusal says; none that the spec names."""
    if code != _GONE and code not in _PHOTO_GONE:
        return {}
    named = {key: asset_id for key, asset_id in used.items() if words is not None and asset_id in words}
    if code in _PHOTO_GONE:
        return {key: asset_id for key, asset_id in named.items() if key.kind == "talking_photo"}
    names_another = not named and words is not None and _NAMED_ASSET.search(words) is not None
    return {} if names_another else named or dict(used)


def _in_steps(total: int, told: Callable[[int, int], None]) -> Callable[[int], None]:
    """Told of every piece, tells of every megabyte, or of every hundredth of a large file."""
    step = max(_STEP, total // 100)
    last = 0

    def progress(sent: int) -> None:
        nonlocal last
        if sent < last or sent - last >= step:
            last = sent
            told(sent, total)

    return progress


def _key(request: Request, asset: Asset) -> AssetKey:
    return AssetKey(asset.sha256, request.api, asset.kind)
