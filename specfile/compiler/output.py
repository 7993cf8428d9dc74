"""Where a finished video goes, and that it stays inside the project."""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from specfile.compiler.evaluate import TEXT, Evaluator
from specfile.compiler.files import Files
from specfile.compiler.scope import Scope
from specfile.compiler.values import Value, place_of
from specfile.diagnostics.wording import show
from specfile.language import Spec
from specfile.language.nodes import ScalarNode

_FORBIDDEN = frozenset('\0\\:*?"<>|')
"""Characters that no file name can hold on every system."""

_LONGEST_NAME = 200
"""Bytes; file systems take 255, and an extension with `.<8 digits>.part`, or subtitles' own, come on top."""

_EDGES: Final = {" ": "space", ".": "full stop"}
"""What no name may end with, as a message calls it."""

_ORDINARY = re.compile(r"(?!con|prn|aux|nul|com|lpt)[a-z0-9][a-z0-9_-]{0,99}", re.IGNORECASE)
"""Names that nothing is wrong with, as nearly all are, seen at a glance."""

_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever extension follows."""

_KEY_HINT = "make it of letters, digits, - and _; it names the video's file"


LOCAL: Final = "local"
"""The folder, within a spec's output folder, that `--local` keeps its files in."""


def video_key(spec: Spec, evaluator: Evaluator, scope: Scope) -> Value:
    """The identity of the video, a text: `key` filled in, or the spec's file stem.

    Raises:
        Failed: it has no value, or can't be part of a file name; why has been reported.
    """
    if spec.key is None:
        return Value(_stem(spec, evaluator, scope), spec.block.node)
    value = evaluator.value(spec.key, TEXT, scope, "key")
    key = value.text or ""
    reason = _unusable(key)
    if reason is not None:
        message = f"the key {show(key)} {reason}"
        place = place_of(value, _is_unusable)
        raise evaluator.report("bad-key", message, place, scope, path="key", hint=_KEY_HINT)
    return value


@dataclass(frozen=True, slots=True)
class Output:
    """Where a video goes. `name` is its file's name without the `ending`, which has its dot."""

    folder: Path
    name: Value
    ending: str

    @property
    def path(self) -> Path:
        """The absolute path of the finished video."""
        return self.folder / f"{self.name.text}{self.ending}"


def video_output(
    spec: Spec, evaluator: Evaluator, files: Files, scope: Scope, key: Value, *, local: bool
) -> Output:
    """Where the finished video goes.

    Raises:
        Failed: it has no value, or leaves the project; why has been reported.
    """
    folder = output_folder(spec, evaluator, files, scope)
    if local:
        folder /= LOCAL
    node = spec.output.file
    value = _file_name(node, evaluator, scope) if node is not None else key
    ending = f".{spec.output.format.text if spec.output.format is not None else 'mp4'}"
    output = Output(folder, value, ending)
    path, name = output.path, value.text
    place = node or spec.key
    if not local and path.is_relative_to(folder / LOCAL):
        message = f"the file {name} would lie where --local keeps its files"
        raise evaluator.report(
            "bad-output",
            message,
            place.span if place is not None else spec.source.start(),
            scope,
            path="output.file",
            hint=f"choose a name that doesn't begin with {LOCAL}/",
        )
    if not files.holds(path):
        message = f"the file {name} would lie outside the project"
        raise evaluator.report(
            "outside-project",
            message,
            place.span if place is not None else spec.source.start(),
            scope,
            path="output.file",
            hint="remove the symbolic link that leads elsewhere",
        )
    return output


def output_folder(spec: Spec, evaluator: Evaluator, files: Files, scope: Scope) -> Path:
    """The folder of a spec's videos: `output.dir`, else `videos`, or `videos/<stem>` where there is a key.

    Raises:
        Failed: it has no value, or leaves the project; why has been reported.
    """
    node = spec.output.dir
    if node is None:
        return spec.folder / "videos" / spec.stem if spec.key is not None else spec.folder / "videos"
    return _inside(spec, node, evaluator, files, scope, path="output.dir")


def written_folder(spec: Spec, *, local: bool) -> Path:
    """The folder that all videos of a spec lie in or below, whatever its variables hold.

    Where `output.dir` is a template, that is the folder before the first part that is filled in.
    """
    node = spec.output.dir
    if node is None:
        folder = spec.folder / "videos" / spec.stem if spec.key is not None else spec.folder / "videos"
        return folder / LOCAL if local else folder
    fixed, *filled = re.split(r"\{[{%#]", node.text, maxsplit=1)
    if filled:
        fixed = fixed.rpartition("/")[0] + "/" if "/" in fixed else ""
    folder = spec.root / fixed.lstrip("/") if node.text.startswith("/") else spec.folder_of(node) / fixed
    return folder / LOCAL if local and not filled else folder


def lock_path(spec: Spec, evaluator: Evaluator, files: Files, scope: Scope, *, local: bool) -> Path:
    """The spec's lock: `output.lock`, else `<stem>.lock` beside it; `--local` has one of its own.

    Raises:
        Failed: it has no value, or leaves the project; why has been reported.
    """
    node = spec.output.lock
    path = spec.folder / f"{spec.stem}.lock"
    if node is not None:
        _same_for_all(node, evaluator, scope)
        path = _inside(spec, node, evaluator, files, scope, path="output.lock")
    return path.with_name(f"{path.name.removesuffix('.lock')}.local.lock") if local else path


def _same_for_all(node: ScalarNode, evaluator: Evaluator, scope: Scope) -> None:
    """Refuse a lock's path that a row decides: all videos of a spec are in one lock."""
    reads = evaluator.value(node, TEXT, scope, "output.lock").origins()
    varying = sorted(reads & ({"row"} | scope.row.columns))
    if varying:
        message = f"`output.lock` is one for the whole build, and `{varying[0]}` is another in each row"
        hint = "use only variables that are the same for the whole build"
        raise evaluator.report("bad-output", message, node.span, scope, path="output.lock", hint=hint)


def _inside(
    spec: Spec, node: ScalarNode, evaluator: Evaluator, files: Files, scope: Scope, *, path: str
) -> Path:
    value = evaluator.value(node, TEXT, scope, path)
    text = value.text or ""
    if any(character in _FORBIDDEN or not character.isprintable() for character in text):
        message = f"`{path}` is {show(text)}, which not every system can have as a path"
        hint = "make it of letters, digits, -, _ and /"
        raise evaluator.report("bad-output", message, place_of(value), scope, path=path, hint=hint)
    if path == "output.lock" and os.path.normpath(text).rpartition("/")[2] in ("", ".", ".."):
        message = f"`{path}` is {show(text)}, which is no file name"
        hint = "name a file, such as locks/welcome.lock"
        raise evaluator.report("bad-output", message, place_of(value), scope, path=path, hint=hint)
    base = spec.root / text.lstrip("/") if text.startswith("/") else spec.folder_of(node) / text
    if not files.holds(base):
        message = f"`{path}` is {text}, which lies outside the project"
        hint = "choose a folder in the project: the one that holds .git, or else the spec"
        raise evaluator.report("outside-project", message, place_of(value), scope, path=path, hint=hint)
    return base


def _stem(spec: Spec, evaluator: Evaluator, scope: Scope) -> str:
    if not spec.stem.isprintable():
        message = "the spec's own name, which is the video's key, holds characters that can't be shown"
        hint = 'rename the file, or add `key: "…"`'
        raise evaluator.report("bad-key", message, spec.source.start(), scope, path="key", hint=hint)
    return spec.stem


def _file_name(node: ScalarNode, evaluator: Evaluator, scope: Scope) -> Value:
    value = evaluator.value(node, TEXT, scope, "output.file")
    name = value.text or ""
    reason = _unusable(name)
    if reason is not None:
        message = f"`output.file` is {show(name)}, which {reason}"
        place = place_of(value, _is_unusable)
        raise evaluator.report("bad-output", message, place, scope, path="output.file", hint=_KEY_HINT)
    return value


def is_usable(name: str) -> bool:
    """Whether a text can be a file's name, without its extension, on every system."""
    return _unusable(name) is None


def _is_unusable(name: str) -> bool:
    return _unusable(name) is not None


def _unusable(name: str) -> str | None:
    """Why a text can't be a file's name without its extension; slashes make folders."""
    if _ORDINARY.fullmatch(name):
        return None
    if not name:
        return "is empty"
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "is no file name"
    bad = next(
        (character for character in name if character in _FORBIDDEN or not character.isprintable()), None
    )
    if bad is not None:
        return f"holds {bad!r}, which no file name can hold on every system"
    if any(len(part.encode()) > _LONGEST_NAME for part in parts) or len(name.encode()) > 1000:
        return f"is longer than {_LONGEST_NAME} bytes"
    for part in parts:
        if part[0] == " " or part[-1] in " .":
            edge = "begins with a space" if part[0] == " " else f"ends with a {_EDGES[part[-1]]}"
            return f"{edge if part == name else f'has a part that {edge}'}, which not every system keeps"
        if (device := _DEVICE.match(part)) is not None:
            return f"is a name that Windows keeps for a device ({device[0].rstrip(' .').upper()})"
    return None
