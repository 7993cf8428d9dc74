"""Where a finished video goes, and that it stays inside the project."""

from __future__ import annotations

from pathlib import Path

from specfile.compiler.evaluate import Evaluator
from specfile.compiler.scope import Scope
from specfile.language import Spec
from specfile.language.nodes import ScalarNode

_FORBIDDEN = frozenset('\0\\:*?"<>|')
"""Characters that no file name can hold on every system."""


def video_key(spec: Spec, evaluator: Evaluator, scope: Scope) -> str:
    """The identity of the video: `key` filled in, or the spec's file stem.

    Raises:
        Failed: it has no value, or can't be part of a file name; why has been reported.
    """
    if spec.key is None:
        return spec.stem
    key = evaluator.text(spec.key, scope, "key")
    reason = _unusable(key)
    if reason is not None:
        reads = evaluator.compile(spec.key, scope, "key").reads
        hint = "make the key of letters, digits, - and _; it names the video's file"
        raise evaluator.report(
            "bad-key", f"the key {key!r} {reason}", spec.key.span, scope, path="key", reads=reads, hint=hint
        )
    return key


def video_path(spec: Spec, evaluator: Evaluator, scope: Scope, *, local: bool) -> Path:
    """The absolute path of the finished video, extension included.

    Raises:
        Failed: it has no value, or leaves the project; why has been reported.
    """
    folder = output_folder(spec, evaluator, scope)
    if local:
        folder /= "local"
    node = spec.output.file
    name = evaluator.text(node, scope, "output.file") if node is not None else str(scope.names["key"])
    place = node.span if node is not None else spec.key.span if spec.key is not None else spec.source.start()
    if not name or name.endswith("/"):
        raise evaluator.report("bad-output", "the file has no name", place, scope, path="output.file")
    path = folder / f"{name}.{spec.output.format.text if spec.output.format is not None else 'mp4'}"
    if not path.resolve().is_relative_to(folder.resolve()):
        message = f"the file {name} would leave the output folder"
        raise evaluator.report("outside-project", message, place, scope, path="output.file")
    return path


def output_folder(spec: Spec, evaluator: Evaluator, scope: Scope) -> Path:
    """The folder of a spec's videos: `output.dir`, else `videos`, or `videos/<stem>` where there is a key.

    Raises:
        Failed: it has no value, or leaves the project; why has been reported.
    """
    node = spec.output.dir
    if node is None:
        return spec.folder / "videos" / spec.stem if spec.key is not None else spec.folder / "videos"
    return _inside(spec, node, evaluator, scope, "output.dir")


def lock_path(spec: Spec, evaluator: Evaluator, scope: Scope, *, local: bool) -> Path:
    """The spec's lock: `output.lock`, else `<stem>.lock` beside it; `--local` has one of its own.

    Raises:
        Failed: it has no value, or leaves the project; why has been reported.
    """
    node = spec.output.lock
    path = spec.folder / f"{spec.stem}.lock"
    if node is not None:
        path = _inside(spec, node, evaluator, scope, "output.lock")
    return path.with_name(f"{path.name.removesuffix('.lock')}.local.lock") if local else path


def _inside(spec: Spec, node: ScalarNode, evaluator: Evaluator, scope: Scope, path: str) -> Path:
    text = evaluator.text(node, scope, path)
    base = spec.root / text.lstrip("/") if text.startswith("/") else spec.folder / text
    if not base.resolve().is_relative_to(spec.root.resolve()):
        message = f"`{path}` is {text}, which lies outside the project"
        hint = "choose a folder in the project: the one that holds .git, or else the spec"
        raise evaluator.report("outside-project", message, node.span, scope, path=path, hint=hint)
    return base


def _unusable(key: str) -> str | None:
    if not key:
        return "is empty"
    if key in (".", "..") or key.startswith("/") or "/../" in f"/{key}/":
        return "is no file name"
    bad = sorted({character for character in key if character in _FORBIDDEN or not character.isprintable()})
    if bad:
        return f"holds {bad[0]!r}, which no file name can hold on every system"
    if len(key.encode()) > 200:
        return "is longer than 200 bytes"
    return None
