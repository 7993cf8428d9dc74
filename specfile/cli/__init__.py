"""The command line: one file per command, wiring only. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Final

import click

from specfile import __version__
from specfile.cli.exits import run_to_exit_code
from specfile.garbage import rarely_look_for_cycles

_COMMANDS: Final = (
    "init",
    "import",
    "check",
    "compile",
    "preview",
    "plan",
    "build",
    "status",
    "avatars",
    "voices",
    "quota",
    "delete",
    "lock",
    "emulator",
    "schema",
    "explain",
)
"""In the order a newcomer meets them. Each is loaded when it is used, so that starting costs little."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            self._suggest(ctx, cmd_name)
        module = importlib.import_module(f"specfile.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def _suggest(self, ctx: click.Context, name: str) -> None:
        from specfile.diagnostics.suggest import did_you_mean  # noqa: PLC0415 - only a typing mistake needs it

        ctx.fail(f"there is no command {name!r}; {did_you_mean(name, _COMMANDS)}")


@click.command(
    cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, message="specfile %(version)s")
def group() -> None:
    """Compile YAML storyboards to avatar videos.

    Everything is checked before anything is sent, and each film is paid for once.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    rarely_look_for_cycles()
    sys.exit(run_to_exit_code(group, arguments))
