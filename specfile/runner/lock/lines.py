"""The lines of a lock as JSON: one object a line, fields in a fixed order, nulls left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar, get_args

import orjson

from specfile.film import Api, AssetKind, Json
from specfile.runner.lock.entries import (
    AssetKey,
    Entry,
    Failure,
    Files,
    Head,
    Line,
    PinnedVoice,
    Previous,
    State,
    Tombstone,
    Uploaded,
)

FORMAT: Final = "1"

_VOICE_PIN: Final = "default-voice"

_HEADS: Final = frozenset({"lock", "spec", "service", "account", "alias"})
_APIS: Final[frozenset[str]] = frozenset(get_args(Api))
_KINDS: Final[frozenset[str]] = frozenset(get_args(AssetKind))
_STATES: Final[Mapping[Json, State]] = {state.value: state for state in State}

_FIELDS: Final[Mapping[str, type]] = {
    **dict.fromkeys(("key", "digest", "video_id", "token", "sha256"), str),
    **dict.fromkeys(("submitted_at", "completed_at", "downloaded_at"), str),
    **dict.fromkeys(("attempt", "bytes"), int),
    **dict.fromkeys(("metadata", "files", "error"), dict),
    "superseded": bool,
    "previous": list,
}
"""The fields of an entry that hold one type of value, beside `state`, `api` and `duration_s`."""

_SOUND: Final[set[tuple[type | None, ...]]] = set()
"""Types of these fields that were found to be right."""

_T = TypeVar("_T")


class NewerFormat(ValueError):
    """The lock was written by a later version of specfile."""


class BadLine(ValueError):
    """A line that no version of specfile wrote, or a newer one; the message says what is wrong with it."""


def write_line(line: Line) -> bytes:
    """One line with its line end."""
    return orjson.dumps(_to_json(line)) + b"\n"


def read_line(text: bytes) -> Line:
    """Read one line.

    Raises:
        BadLine: it isn't a line of a lock.
    """
    try:
        json = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadLine("not JSON") from None
    if not isinstance(json, dict):
        raise BadLine("not an object")
    if "key" in json:
        return _read_entry(json)
    if "pin" in json:
        return _read_pin(json)
    if "asset" in json:
        return _read_asset(json)
    if "tombstone" in json:
        return Tombstone(_required(json, "tombstone", str), _required(json, "attempt", int))
    return _read_head(json)


def _to_json(line: Line) -> dict[str, Json]:
    if isinstance(line, Entry):
        return _entry_json(line)
    if isinstance(line, PinnedVoice):
        return {"pin": _VOICE_PIN, "avatar": line.avatar, "id": line.id}
    if isinstance(line, Uploaded):
        asset = line.asset
        return {"asset": asset.sha256, "api": asset.api, "kind": asset.kind, "id": line.id}
    if isinstance(line, Tombstone):
        return {"tombstone": line.pair_hash, "attempt": line.attempt}
    return {line.name: int(line.value) if line.name == "format" else line.value}


def _entry_json(entry: Entry) -> dict[str, Json]:
    files, error = entry.files, entry.error
    fields: dict[str, Json] = {
        "key": entry.key,
        "digest": entry.digest,
        "state": entry.state.value,
        "video_id": entry.video_id,
        "token": entry.token,
        "attempt": entry.attempt,
        "api": entry.api,
        "metadata": dict(sorted(entry.metadata.items())) or None,
        "submitted_at": entry.submitted_at,
        "completed_at": entry.completed_at,
        "downloaded_at": entry.downloaded_at,
        "duration_s": entry.duration_s,
        "files": files and _present({"video": files.video, "captions": files.captions}),
        "sha256": entry.sha256,
        "bytes": entry.bytes,
        "error": error and _present({"code": error.code, "path": error.path}),
        "superseded": entry.superseded or None,
        "previous": [
            {"video_id": one.video_id, "state": one.state.value, "attempt": one.attempt}
            for one in entry.previous
        ]
        or None,
    }
    return _present(fields)


def _present(fields: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value is not None}


def _read_entry(json: Mapping[str, Json]) -> Entry:
    # A lock may have a hundred thousand lines, most of them with the same fields: those are looked at once.
    kinds = tuple([json[name].__class__ if name in json else None for name in _FIELDS])
    if kinds not in _SOUND:
        for name, kind in _FIELDS.items():
            _optional(json, name, kind)
        for name in ("key", "digest", "attempt"):
            _required(json, name, _FIELDS[name])
        _SOUND.add(kinds)
    files, error, get = json.get("files"), json.get("error"), json.get
    duration = get("duration_s")
    if duration is not None and type(duration) not in {int, float}:
        raise BadLine("`duration_s` is not a number")
    return Entry(
        key=json["key"],
        digest=json["digest"],
        state=_state(json),
        video_id=get("video_id"),
        token=get("token"),
        attempt=json["attempt"],
        api=_api(json),
        metadata=get("metadata") or {},
        submitted_at=get("submitted_at"),
        completed_at=get("completed_at"),
        downloaded_at=get("downloaded_at"),
        duration_s=duration,
        files=Files(_required(files, "video", str), _optional(files, "captions", str)) if files else None,
        sha256=get("sha256"),
        bytes=get("bytes"),
        error=Failure(_required(error, "code", str), _optional(error, "path", str)) if error else None,
        superseded=get("superseded") or False,
        previous=tuple(sorted(map(_read_previous, json["previous"]))) if get("previous") else (),
    )


def _read_previous(json: Json) -> Previous:
    if not isinstance(json, dict):
        raise BadLine("an item of `previous` is not an object")
    return Previous(_required(json, "attempt", int), _required(json, "video_id", str), _state(json))


def _read_pin(json: Mapping[str, Json]) -> PinnedVoice:
    if _required(json, "pin", str) != _VOICE_PIN:
        raise BadLine(f"`pin` {json['pin']!r} is unknown")
    return PinnedVoice(_required(json, "avatar", str), _required(json, "id", str))


def _read_asset(json: Mapping[str, Json]) -> Uploaded:
    kind = _required(json, "kind", str)
    if kind not in _KINDS:
        raise BadLine(f"`kind` {kind!r} is unknown")
    return Uploaded(
        AssetKey(_required(json, "asset", str), _api(json), kind),  # type: ignore[arg-type] # checked above
        _required(json, "id", str),
    )


def _read_head(json: Mapping[str, Json]) -> Head:
    if len(json) == 1:
        name, value = next(iter(json.items()))
        if name == "format":
            if str(value) != FORMAT:
                raise NewerFormat(f"format {value} was written by a newer specfile")
            return Head("format", FORMAT)
        if name in _HEADS and isinstance(value, str):
            return Head(name, value)
    raise BadLine("not a line of a lock")


def _state(json: Mapping[str, Json]) -> State:
    state = _STATES.get(_required(json, "state", str))
    if state is None:
        raise BadLine(f"`state` {json['state']!r} is unknown")
    return state


def _api(json: Mapping[str, Json]) -> Api:
    api = _required(json, "api", str)
    if api not in _APIS:
        raise BadLine(f"`api` {api!r} is unknown")
    return api  # type: ignore[return-value] # checked above


def _required(json: Mapping[str, Json], name: str, kind: type[_T]) -> _T:
    value = _optional(json, name, kind)
    if value is None:
        raise BadLine(f"`{name}` is missing")
    return value


def _optional(json: Mapping[str, Json], name: str, kind: type[_T]) -> _T | None:
    value = json.get(name)
    # `type() is`, because a boolean is an int to isinstance.
    if value is not None and type(value) is not kind:
        raise BadLine(f"`{name}` is not {_NAMES[kind]}")
    return value


_NAMES: Final[Mapping[type, str]] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}
