"""Which clients are tried, and how each gets an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
_INSTALL_SECONDS: Final = 600


class Unavailable(Exception):
    """A client can't be tried here; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client from a registry. `packages` are installed as they are; the first is the client itself."""

    name: str
    version: str
    packages: tuple[str, ...]
    install: Callable[[Path, Sequence[str]], list[str]]
    driver: str

    def command(self, folder: Path) -> list[str]:
        """Install it in a folder, unless it is there, and give the command that drives it.

        Raises:
            Unavailable: what it needs isn't here, or the registry can't be reached.
        """
        return [*self.install(folder, self.packages), str(HERE / self.driver)]


def _in_python(folder: Path, packages: Sequence[str]) -> list[str]:
    program = folder / "bin" / "python"
    if not (folder / "installed").exists():
        subprocess.run([_python(), "-m", "venv", str(folder)], check=True, capture_output=True)
        _install([str(program), "-m", "pip", "install", "-q", *packages], folder)
    return [str(program)]


def _in_node(folder: Path, packages: Sequence[str]) -> list[str]:
    if shutil.which("npm") is None:
        raise Unavailable("npm isn't installed")
    if not (folder / "installed").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        # No package here needs what its install script would build.
        _install(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *packages], folder)
    return ["node"]


def _install(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable("the registry doesn't answer") from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise Unavailable(f"can't be installed: {last[0]}")
    (folder / "installed").touch()


def _python() -> str:
    """An interpreter of Python 3.12 or later, which HeyGen's package asks for."""
    for program in _pythons():
        check = "import sys, venv; sys.exit(sys.version_info < (3, 12))"
        if subprocess.run([program, "-c", check], capture_output=True, check=False).returncode == 0:
            return program
    raise Unavailable("there is no Python 3.12 or later")


def _pythons() -> Iterator[str]:
    yield sys.executable
    yield from filter(None, (shutil.which(f"python3.{minor}") for minor in (12, 13, 14)))
    yield from sorted(str(path) for path in Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python"))


CLIENTS: Final = (
    Client(
        name="heygen-mcp",
        version="0.0.3",
        packages=("heygen-mcp==0.0.3", "mcp<2"),
        install=_in_python,
        driver="drive_heygen_mcp.py",
    ),
    Client(
        name="heygen-mcp-sbroenne",
        version="0.3.1",
        packages=("heygen-mcp-sbroenne==0.3.1", "mcp<2"),
        install=_in_python,
        driver="drive_heygen_mcp_sbroenne.py",
    ),
    Client(
        name="m2ai-mcp-videogen-advisor",
        version="1.0.0",
        packages=("m2ai-mcp-videogen-advisor==1.0.0", "mcp<2"),
        install=_in_python,
        driver="drive_videogen_advisor.py",
    ),
    Client(
        name="universal-mcp-heygen",
        version="0.1.2",
        packages=("universal-mcp-heygen==0.1.2", "universal-mcp==0.1.20", "mcp<2"),
        install=_in_python,
        driver="drive_universal_mcp.py",
    ),
    Client(
        name="@heygenofficial/n8n-nodes-heygen-official",
        version="0.1.9",
        # The engine is of a version that runs on Node.js 20.
        packages=(
            "@heygenofficial/n8n-nodes-heygen-official@0.1.9",
            "n8n-core@1.80.0",
            "n8n-workflow@1.79.0",
        ),
        install=_in_node,
        driver="drive_n8n.js",
    ),
)
