"""Finds yaml-language-server, or installs it outside the repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import platformdirs
import pytest

NAMED_BY = "SPECFILE_YAML_LANGUAGE_SERVER"
"""The environment variable that names an installed server. Where it is set, the tests do not skip."""

_PACKAGE = Path(__file__).with_name("package.json")


def server_command() -> list[str]:
    """How to start the server. The test is skipped, with the reason, where there is no way to have one."""
    named = os.environ.get(NAMED_BY)
    if named:
        return [named, "--stdio"]
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}, or {NAMED_BY}=PATH")
    version = json.loads(_PACKAGE.read_text(encoding="utf-8"))["dependencies"]["yaml-language-server"]
    folder = platformdirs.user_cache_path("specfile") / f"yaml-language-server-{version}"
    server = folder / "node_modules" / ".bin" / "yaml-language-server"
    if not server.exists():
        _install(folder)
    return [str(server), "--stdio"]


def _install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_PACKAGE, folder)
    command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm can't install the language server: {done.stderr.strip().splitlines()[-1:]}")
