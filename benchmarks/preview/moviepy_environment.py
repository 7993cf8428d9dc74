"""MoviePy, in an environment of its own: it needs an older Pillow than specfile is run with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import platformdirs

PACKAGE: Final = "moviepy==2.2.1"


def python_with_moviepy() -> Path:
    """The interpreter of an environment with MoviePy in the user's cache folder, made on first use.

    Raises:
        CalledProcessError: it can't be installed.
    """
    folder = platformdirs.user_cache_path("specfile") / "benchmarks" / PACKAGE.replace("==", "-")
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (folder / "complete").is_file():
        print(f"installing {PACKAGE} into {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PACKAGE], check=True)
        (folder / "complete").touch()
    return python
