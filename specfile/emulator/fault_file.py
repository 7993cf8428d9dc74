"""Reads a file of faults, and tells what is wrong with it where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from specfile.diagnostics.suggest import did_you_mean
from specfile.emulator.faults import Fault, Faults, Strangers, Wrong
from specfile.errors import UsageError

_EXAMPLE: Final = "{call: generate, nth: 2, do: reset, effect: done}"
_LISTS: Final[Mapping[str, str]] = {"faults": _EXAMPLE, "strangers": "{count: 300}"}
_REQUIRED: Final[Mapping[type, tuple[str, ...]]] = {Fault: ("call", "do")}

_Part = TypeVar("_Part", Fault, Strangers, Faults)


def read_faults(path: Path) -> Faults:
    """Read a file of faults.

    Raises:
        UsageError: it can't be read, or says something that makes no sense; the message names the place.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the faults in {path} can't be read: {error}"
        raise UsageError(message, hint="name a YAML file in UTF-8") from error
    return parse_faults(text, name=str(path))


def parse_faults(text: str, *, name: str = "faults") -> Faults:
    """Read faults from YAML; `name` stands for the file in messages.

    Raises:
        UsageError: as `read_faults` does.
    """
    content = _parsed(text, name)
    if content is None:
        return Faults()
    if not isinstance(content, CommentedMap):
        message = f"{name}:1:1: a file of faults is a mapping"
        raise UsageError(message, hint=f"begin with `faults:`, then `- {_EXAMPLE}`")
    top: dict[str, Any] = dict(content)
    if "faults" in top:
        top["faults"] = tuple(_part(Fault, item, name) for item in _items(content, "faults", name))
    if "strangers" in top:
        top["strangers"] = tuple(_part(Strangers, item, name) for item in _items(content, "strangers", name))
    return _made(Faults, content, top, name)


def _parsed(text: str, name: str) -> Any:
    try:
        return YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = "" if mark is None else f":{mark.line + 1}:{mark.column + 1}"
        message = f"{name}{place}: {error.problem or error.context}"
        raise UsageError(message, hint="correct the YAML; indent with spaces, two for each level") from error
    except YAMLError as error:
        message = f"{name}: {error}"
        raise UsageError(message, hint="save it as YAML in UTF-8") from error


def _items(content: CommentedMap, key: str, name: str) -> list[CommentedMap]:
    value = content[key]
    items = value if isinstance(value, list) else []
    if items and all(isinstance(item, CommentedMap) for item in items):
        return items
    message = f"{_place(content, key, name)}: `{key}` must be a list of mappings"
    raise UsageError(message, hint=f"for example `{key}:`, then `- {_LISTS[key]}`")


def _part(kind: type[_Part], item: CommentedMap, name: str) -> _Part:
    values = dict(item)
    if isinstance(values.get("nth"), list):
        values["nth"] = tuple(values["nth"])
    for key in ("set", "headers"):
        if isinstance(values.get(key), CommentedMap):
            values[key] = _plain(values[key])
    return _made(kind, item, values, name)


def _plain(value: Any) -> Any:
    """The same without the places in the file."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _made(kind: type[_Part], item: CommentedMap, values: Mapping[str, Any], name: str) -> _Part:
    known = [field.name for field in fields(kind)]
    for key, value in values.items():
        if key not in known:
            message = f"{_place(item, key, name)}: there is no field `{key}`"
            raise UsageError(message, hint=did_you_mean(str(key), known))
        if value is None:
            message = f"{_place(item, key, name)}: `{key}` has no value"
            raise UsageError(message, hint="write one behind the colon, or leave the line out")
    missing = [key for key in _REQUIRED.get(kind, ()) if key not in values]
    if missing:
        message = f"{_place(item, None, name)}: the fault has no `{missing[0]}`"
        raise UsageError(message, hint=f"for example {_EXAMPLE}")
    try:
        return kind(**values)
    except Wrong as wrong:
        message = f"{_place(item, wrong.field, name)}: {wrong}"
        raise UsageError(message, hint=wrong.hint) from wrong


def _place(item: CommentedMap, key: object, name: str) -> str:
    line, column = item.lc.key(key) if key in item else (item.lc.line, item.lc.col)
    return f"{name}:{line + 1}:{column + 1}"
