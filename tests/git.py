"""Real git, kept away from the settings of whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_OURS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "init.defaultBranch",
    "GIT_CONFIG_VALUE_0": "main",
    **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada@example.com" for who in ("AUTHOR", "COMMITTER")},
}


def git(folder: Path, *arguments: str, fails: bool = False) -> str:
    """Run a command in a folder, and give what it wrote to stdout."""
    ran = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **_OURS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode != 0) is fails, ran.stderr
    return ran.stdout
