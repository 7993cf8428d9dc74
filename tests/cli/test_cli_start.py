"""What a command loads, so that checking one spec starts fast."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SPEC = """\
specfile: 1
dimension: 720p
defaults: {avatar: Anna, voice: v-1, background: "#16425b"}
scenes: [{say: Hello.}]
"""
NEEDED_BY_MANY_ROWS = (
    "specfile.compiler.mass",
    "specfile.engine",
    "loky",
    "duckdb",
    "openpyxl",
    "jsonschema",
)


def test_check_of_a_spec_without_data_loads_nothing_that_only_tables_need(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SPEC, encoding="utf-8")
    program = (
        "import atexit, sys; from specfile.cli import main; "
        "atexit.register(lambda: print(*sys.modules)); main(['check', '--quiet', 's.yaml'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "specfile.compiler.pipeline" in done.stdout.split()
    assert [name for name in NEEDED_BY_MANY_ROWS if name in done.stdout.split()] == []
