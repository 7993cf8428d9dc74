"""Where rows really are: what can't be read twice, or is somewhere else, is copied to a temporary file once.

A table is read several times, and each time must see the same bytes.
"""

from __future__ import annotations

import re
import shutil
import stat
import sys
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from specfile.data.spool import Spool
from specfile.diagnostics import Diagnostic, Span, SpecError
from specfile.errors import MissingExtra, UsageError
from specfile.language import Spec
from specfile.language.blocks import SQLITE
from specfile.language.nodes import ScalarNode
from specfile.language.paths import FileProblem, resolve

STDIN: Final = "-"
"""Stands for what another program writes into this one."""

_STORES: Final = frozenset(
    {
        *("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss", "obs", "hdfs", "webhdfs"),
        *("dbfs", "https", "sftp", "ssh", "ftp", "smb", "webdav", "github", "hf", "memory"),
    }
)
"""Where rows may be. fsspec knows more, among them ways to any file of this machine."""


class Located(NamedTuple):
    """A local file and what messages call it; `kept` must not go as long as it is read."""

    path: Path
    name: str
    kept: Spool | None = None


def located(spec: Spec) -> Located | None:
    """Where the rows of a spec are that names some: in the project, as every path in a spec, or elsewhere.

    Raises:
        SpecError: they can't be read.
        UsageError: nothing is written into this program.
        MissingExtra: what reads addresses isn't installed.
    """
    if spec.data is None:
        return None
    node = spec.data.source
    if is_elsewhere(node.text):
        return fetched(node.text, node.span)
    text = node.text.removeprefix(SQLITE)
    try:
        path = resolve(spec.root.resolve(), text, spec.folder_of(node))
    except FileProblem as problem:
        found = Diagnostic(
            code=problem.code, message=str(problem), span=node.span, path="data", hint=problem.hint
        )
        raise SpecError([found]) from problem
    return Located(path, _shown(text, node))


def _shown(path: str, node: ScalarNode) -> str:
    """A path beside the file that `node` is in, as it looks from where the user is."""
    folder = Path(node.span.file).parent
    return path if path.startswith("/") else (folder / path).as_posix()


def is_elsewhere(text: str) -> bool:
    """Whether a text names stdin or an address rather than a path."""
    return text == STDIN or "://" in text or "::" in text


def fetched(text: str, place: Span | None) -> Located:
    """A copy of what stdin gives, or of what is at an address. `place` is where a spec names it.

    Raises:
        SpecError: it can't be read, or is no address that may be.
        UsageError: nothing is written into this program.
        MissingExtra: what reads addresses isn't installed.
    """
    return _from_stdin() if text == STDIN else _from_address(text, place)


def from_user(text: str) -> Located:
    """What the command line names: a path, stdin, an address, or a pipe that can be read once.

    Raises:
        SpecError: it can't be read.
        UsageError: nothing is written into this program.
        MissingExtra: what reads addresses isn't installed.
    """
    if is_elsewhere(text):
        return fetched(text, None)
    path = Path(text)
    return _from_pipe(path) if _is_pipe(path) else Located(path, text)


@cache
def _from_stdin() -> Located:
    """What stands on stdin, which all specs of a command share."""
    if sys.stdin is None or sys.stdin.isatty():
        message = "rows are to come from stdin, and nothing is written into it"
        raise UsageError(message, hint="for example: psql … --csv | specfile check spec.yaml --data -")
    spool = Spool()
    with spool.path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return Located(spool.path, "<stdin>", spool)


def _is_pipe(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


@cache
def _from_pipe(path: Path) -> Located:
    """What a pipe gives, such as bash's `<(…)`; the second of two readers would find it empty."""
    spool = Spool(path.suffix)
    try:
        with path.open("rb") as pipe, spool.path.open("wb") as file:
            shutil.copyfileobj(pipe, file)
    except OSError as error:
        raise SpecError([_unreadable(str(path), error.strerror or str(error), None)]) from error
    return Located(spool.path, str(path), spool)


def _from_address(address: str, place: Span | None) -> Located:
    name, store = _without_secrets(address), urlsplit(address).scheme.lower()
    if "::" in address or store not in _STORES:
        raise SpecError([_no_address(name, store, place)])
    try:
        import fsspec  # noqa: PLC0415 - heavy, and only in the extra
    except ModuleNotFoundError as error:
        raise MissingExtra("reading rows from an address", "cloud") from error
    spool = Spool(PurePosixPath(urlsplit(address).path).suffix)
    try:
        with fsspec.open(address, "rb") as there, spool.path.open("wb") as here:
            shutil.copyfileobj(there, here)
    except Exception as error:
        is_missing = isinstance(error, FileNotFoundError)
        reason = (
            "there is no such file" if is_missing else " ".join(str(error).split()) or type(error).__name__
        )
        raise SpecError([_unreadable(name, reason.replace(address, name), place)]) from error
    return Located(spool.path, name, spool)


def _without_secrets(address: str) -> str:
    """An address as messages may show it: without a password, and what a signed link ends with."""
    shown = re.sub(r"//[^/@]*@", "//", address)
    return shown.partition("?")[0] if shown.lower().startswith("https:") else shown


def _no_address(name: str, store: str, place: Span | None) -> Diagnostic:
    hint = "data is read from s3://, gs://, abfs://, https:// and the like"
    if store in ("file", "local"):
        hint = "write a path in the project, relative to the spec's folder"
    elif store == "http":
        hint = "write https://"
    return Diagnostic(
        code="outside-project",
        message=f"rows can't be read from {name}",
        span=place,
        path="data",
        hint=hint,
    )


def _unreadable(name: str, reason: str, place: Span | None) -> Diagnostic:
    return Diagnostic(
        code="file-unreadable",
        message=f"the data {name} can't be read: {reason}",
        span=place,
        path="data",
        hint="are the address and the rights to read it as they should be?",
    )
