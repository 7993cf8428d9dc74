"""`python -m specfile.schemas` writes the generated schemas anew; `--check` only says which are stale."""

from __future__ import annotations

import sys
from pathlib import Path

from specfile.resources import resource
from specfile.schemas.generate import generated


def main(arguments: list[str], folder: Path) -> str | None:
    """Write what is stale in `folder`, or with `--check` name it; the answer is what `sys.exit` takes."""
    texts = {folder / name: text for name, text in generated().items()}
    stale = {
        path: text
        for path, text in texts.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    if arguments == ["--check"]:
        names = ", ".join(path.name for path in stale)
        return f"stale: {names}; run python -m specfile.schemas" if stale else None
    if arguments:
        return "usage: python -m specfile.schemas [--check]"
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], resource("schemas")))
