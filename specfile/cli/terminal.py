"""Consoles for tables and live views; only commands that show those load them."""

from __future__ import annotations

import sys
from typing import Final

from rich.console import Console

_WIDTH_OF_LOGS: Final = 120
"""Where there is no terminal to fit, lines may be this long."""


def stdout() -> Console:
    """Where results go."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH_OF_LOGS, highlight=False)


def stderr() -> Console:
    """Where progress goes."""
    return Console(stderr=True, width=None if sys.stderr.isatty() else _WIDTH_OF_LOGS, highlight=False)
