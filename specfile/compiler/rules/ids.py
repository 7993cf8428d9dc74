"""Rules about ids: what can't be one, whatever the account holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from specfile.compiler.rules.finding import Finding, Path, Subject
from specfile.diagnostics.wording import show

_SPACE: Final = re.compile(r"\s")
_ADDRESS: Final = re.compile(r"https?://|www\.|image/[^/]+/", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(
    r"<.*>|\[.*\]|.*[{}].*"  # <avatar_id>, [AVATAR], {{ avatar_id }}, ${AVATAR}
    r"|(insert[_-])?(your|my|some)[_-](.*[_-])?id|.*[_-]id[_-](goes[_-])?here|(put|paste|insert)[_-].*"
    r"|(avatar|talking_?photo|photo|voice|audio|image|video|asset|folder)_?(asset_?)?id"
    r"|x{3,}|\.{3,}|…|\?+|todo|tbd|fixme|change_?me|replace_?me|placeholder|null|none|undefined|nan",
    re.IGNORECASE,
)

_has_space = lru_cache(maxsize=4096)(_SPACE.search)
_is_placeholder = lru_cache(maxsize=4096)(_PLACEHOLDER.fullmatch)
_is_address = lru_cache(maxsize=4096)(_ADDRESS.match)
"""Ids repeat from video to video, so that each is looked at once."""


def id_spaces(subject: Subject) -> Iterator[Finding]:
    """No id of the service holds a space or a line break; one from a file or a cell often ends in one."""
    for path, name in subject.ids:
        if space := _has_space(name):
            message = f"`{path[-1]}` is {show(name)}; no id holds a space or line break"
            yield Finding(path, message, _space_hint(name), piece=space[0])


def id_placeholder(subject: Subject) -> Iterator[Finding]:
    """An id that an example left to be filled in; the service answers that it is not found."""
    for path, name in subject.ids:
        if _is_placeholder(name):
            yield Finding(
                path, f"`{path[-1]}` is {show(name)}, which stands for an id and is none", _where_from(path)
            )


def id_is_address(subject: Subject) -> Iterator[Finding]:
    """An address, or the storage key that an upload answers with, where an id belongs."""
    for path, name in subject.ids:
        if not _is_address(name):
            continue
        if not name.startswith("image/"):
            yield Finding(path, f"`{path[-1]}` is {show(name)}, an address", _where_from(path))
        elif path[2:3] == ("character",):
            yield Finding(
                path,
                f"`{path[-1]}` is {show(name)}, the `image_key` of an uploaded picture",
                "make a talking photo of the picture: `photo: ./me.jpg` does, from a file of the project",
            )


def id_of_two_kinds(subject: Subject) -> Iterator[Finding]:
    """One id under two names: an avatar, a photo and a voice never share one."""
    first: dict[str, Path] = {}
    for path, name in subject.ids:
        before = first.setdefault(name, path)
        if before[-1] != path[-1] and {before[-1], path[-1]} & {"avatar_id", "talking_photo_id"}:
            yield Finding(
                path,
                f"{show(name)} stands under `{path[-1]}` here and under `{before[-1]}` elsewhere; "
                "it can't be both",
                _where_from(path),
                related=((before, f"under `{before[-1]}` here"),),
            )
            return


def is_no_id(name: str) -> bool:
    """Whether the rules above say that a text can't be an id."""
    return bool(_has_space(name) or _is_placeholder(name) or _is_address(name))


def _space_hint(name: str) -> str:
    trimmed = name.strip()
    return f"write {trimmed}" if trimmed and not _SPACE.search(trimmed) else "write one id, and nothing else"


def _where_from(path: Path) -> str:
    match path[-1]:
        case "avatar_id":
            return "write an avatar's id: the service's app shows it, and an earlier request holds it"
        case "voice_id":
            return "write a voice's id: the service's app shows it, and an earlier request holds it"
        case "talking_photo_id":
            return "write the id of a photo's look, or name a picture of the project: `photo: ./me.jpg`"
        case "folder_id":
            return "write the id of a folder of your account, or leave `folder_id` out"
    return "write the id that the upload was given, or name a file of the project by its path"
