"""Writes golden frames: `python -m tests.preview.write_frames [NAME…]`, then look at what changed.

It runs the tests that hold frames against them, with comparing switched to writing. A name is matched as by
`pytest -k`.
"""

from __future__ import annotations

import os
import sys

import pytest

from tests.preview.golden_frames import WRITE

os.environ[WRITE] = "1"
chosen = " or ".join(sys.argv[1:] or ["golden"])
sys.exit(pytest.main(["-q", "tests/preview", "-k", f"golden and ({chosen})"]))
