"""Finds `schemas/` and `templates/`, in a checkout as well as in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """The path of a file or folder under the top-level folders, such as `resource("schemas", "x.json")`.

    A wheel carries those folders inside the package; a checkout, editable or not, has them beside it.

    Raises:
        FileNotFoundError: neither place has it, which means a broken installation.
    """
    for root in (_PACKAGE / "_resources", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    message = f"specfile's own file {'/'.join(parts)} is missing; the installation is incomplete"
    raise FileNotFoundError(message)
