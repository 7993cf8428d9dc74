"""`--no-color` means the same as NO_COLOR in the environment, for whatever draws."""

from __future__ import annotations

import io
import os

import pytest
from rich.console import Console

from specfile.cli.messages import show_error
from specfile.errors import UsageError
from tests.running import Run


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("command", ["check", "compile", "plan", "build", "status"])
def test_no_color_holds_for_text_and_for_tables(
    command: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "")  # so that it is put back afterwards
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[31m" in drawn(monkeypatch)
    run(command, "--no-color", "missing.yaml")
    assert os.environ["NO_COLOR"] == "1"
    assert "\x1b[31m" not in drawn(monkeypatch)


def drawn(monkeypatch: pytest.MonkeyPatch) -> str:
    """An error and a red word as a terminal gets them."""
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", terminal)
        show_error(UsageError("no"))
        Console(file=terminal, force_terminal=True).print("[red]no[/red]")
    return terminal.getvalue()
