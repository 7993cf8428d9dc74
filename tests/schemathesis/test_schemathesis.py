"""schemathesis against the emulator: no failure of the server's, and no answer outside the schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings, Progress
from tests.emulator.support import copy_clip
from tests.schemathesis.document import document

SCHEMATHESIS = "schemathesis==4.32.5"
CONFIG = Path(__file__).with_name("schemathesis.toml")

PACES = {
    "done at once": AT_ONCE,
    "done when asked for twice": Progress(reads=2, render=False),
    "rendered": Progress(),
}


@pytest.fixture(scope="session")
def schemathesis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, in an environment of its own: what it needs is nothing that specfile needs."""
    folder = tmp_path_factory.mktemp("schemathesis")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS]
    subprocess.run(command, check=True, timeout=600)
    return python.with_name("schemathesis")


@pytest.fixture(scope="session")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("definition") / "openapi.json"
    path.write_text(json.dumps(document()), encoding="utf-8")
    return path


@pytest.mark.long
@pytest.mark.parametrize("pace", PACES)
def test_no_answer_is_a_failure_or_outside_the_schema(
    pace: str, schemathesis: Path, definition: Path, tmp_path: Path
) -> None:
    # Nothing is done while nobody asks, and v3 would refuse all but the first few.
    settings = EmulatorSettings(progress=PACES[pace], concurrent=100_000)
    with Emulator(settings, renderer=copy_clip) as emulator:
        run = subprocess.run(
            [
                schemathesis,
                "--config-file",
                CONFIG,
                "run",
                definition,
                "--url",
                emulator.url,
                "--header",
                "X-Api-Key: test-key",
                "--max-examples",
                "50",
                "--continue-on-failure",
                "--generation-database",
                "none",
                "--no-color",
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        print(run.stdout)
        assert run.returncode == 0, run.stdout[-20_000:] + run.stderr
        calls = emulator.counts().calls
    assert min(calls.get(name, 0) for name in ("v2.generate", "v2.status", "v3.generate", "v3.upload")) > 100
