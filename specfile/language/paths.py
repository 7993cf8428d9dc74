"""Paths that a spec names: where they really are, and never outside the project."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from specfile.diagnostics.wording import show


class FileProblem(Exception):
    """A file can't be used. Carries a code and a hint."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


def project_root(path: Path) -> Path:
    """The folder that nothing leaves: the nearest one with a `.git`, else the spec's own."""
    folder = path.resolve().parent
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)


def resolve(root: Path, reference: str, folder: Path) -> Path:
    """The real path behind a reference: relative to `folder`, or to `root` if it begins with /.

    `root` is itself a real path.

    Raises:
        FileProblem: it leaves the root, itself or through a symbolic link, or is no path at all.
    """
    joined = root / reference.lstrip("/") if reference.startswith("/") else folder / reference
    try:
        path = joined.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, or what no path can hold
        raise _no_path(reference) from error
    if os.path.islink(path):  # noqa: PTH114 - takes any name; newer Pythons leave a loop as it is
        raise _no_path(reference)
    if not path.is_relative_to(root):
        hint = "copy it into the project: the folder that holds .git, or else the spec"
        raise FileProblem("outside-project", f"{reference} lies outside the project", hint)
    return path


def require_file(reference: str, path: Path) -> None:
    """Make sure that `path`, which a spec calls `reference`, is a file.

    Raises:
        FileProblem: it is missing, or a folder.
    """
    if os.path.isfile(path):  # noqa: PTH113 - unlike Path's, it takes any name without raising
        return
    if os.path.exists(path):  # noqa: PTH110 - likewise
        raise FileProblem("file-missing", f"{reference} is no file", "name a file, not a folder")
    try:
        names = os.listdir(path.parent)  # noqa: PTH208 - names are all that is compared
    except OSError:
        names = []
    same = [name for name in names if name.casefold() == path.name.casefold()]  # found on some systems only
    near = same or difflib.get_close_matches(path.name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else "the path is relative to the file it is written in"
    raise FileProblem("file-missing", f"there is no file {reference}", hint)


def _no_path(reference: str) -> FileProblem:
    hint = "look for a symbolic link that leads to itself, or an invisible character"
    return FileProblem("file-unreadable", f"{show(reference)} can't be a file's path", hint)
