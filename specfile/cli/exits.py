"""The one place where what happened becomes an exit code and a last message."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

import click

from specfile.cli.messages import say, show_diagnostics, show_error
from specfile.diagnostics import SpecError
from specfile.errors import (
    LockBusy,
    LockError,
    RenderFailed,
    ServiceRefused,
    ServiceUnreachable,
    SeveralErrors,
    SpecfileError,
    UsageError,
)

DONE: Final = 0
SPEC_WRONG: Final = 1
USAGE: Final = 2
SOME_FAILED: Final = 3
NO_KEY: Final = 4
LOCK_DAMAGED: Final = 5
PENDING: Final = 6
BUG: Final = 70
INTERRUPTED: Final = 130
TERMINATED: Final = 143

_CODES: Final[tuple[tuple[type[SpecfileError], int], ...]] = (
    (SpecError, SPEC_WRONG),
    (UsageError, USAGE),
    (RenderFailed, SPEC_WRONG),
    (ServiceRefused, NO_KEY),
    (LockError, LOCK_DAMAGED),
    (ServiceUnreachable, 7),
    (LockBusy, 8),
)


_GRAVEST_FIRST: Final = (BUG, 5, 8, NO_KEY, 7, SOME_FAILED)
"""Which code a command ends with where several hold; any other counts after these, the smallest first."""

_NOT_OUR_FAULT: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR, errno.ENAMETOOLONG}
)
_DISK_HINT: Final = "nothing is lost; make room or fix the permissions, then run it again"


class Terminated(KeyboardInterrupt):
    """SIGTERM: stopped like Ctrl-C, and told apart from it by the exit code."""


@contextmanager
def terminable() -> Iterator[None]:
    """SIGTERM ends what stands in the block as Ctrl-C does, so that nothing half done is left behind."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run_to_exit_code(command: click.Command, arguments: Sequence[str] | None) -> int:
    """Run a command and give the process's exit code; what went wrong has been shown on stderr."""
    stdout = sys.stdout
    try:
        code = command.main(arguments, prog_name="specfile", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort as abort:
        return code_of(abort)
    except click.ClickException as error:
        usage = error.ctx.get_usage() if isinstance(error, click.UsageError) and error.ctx else None
        if usage:
            say(usage)
        show_error(UsageError(error.format_message()))
        return USAGE
    except SystemExit:
        # click leaves so when the reader of our output has gone, as `| head` does, and wraps both streams.
        return DONE if sys.stdout is not stdout else BUG
    except BrokenPipeError:
        # The reader of our output has left, as `| head` does. Keep Python from complaining at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except SpecError as error:
        show_diagnostics(error.diagnostics)
        return SPEC_WRONG
    except SpecfileError as error:
        show_error(error)
        return code_of(error)
    except OSError as error:
        if error.errno not in _NOT_OUR_FAULT:
            return _bug()
        show_error(
            UsageError(
                f"{error.filename or 'a file'} can't be read or written: {error.strerror}", hint=_DISK_HINT
            )
        )
        return USAGE
    except Exception:  # noqa: BLE001 - the edge: a bug keeps its traceback and its own exit code
        return _bug()
    return code if isinstance(code, int) else DONE


def _bug() -> int:
    from specfile.connection import without_secrets  # noqa: PLC0415 - only a bug needs it

    say(without_secrets(traceback.format_exc().rstrip("\n")))
    hint = "nothing was lost; please report the lines above"
    show_error(SpecfileError("this is a bug in specfile", hint=hint))
    return BUG


def gravest(codes: Iterable[int]) -> int:
    """The one code of a command that came to several; 0 where it came to none."""
    bad = {code for code in codes if code != DONE}
    return next((code for code in (*_GRAVEST_FIRST, *sorted(bad)) if code in bad), DONE)


def code_of(error: BaseException) -> int:
    """The exit code of a command that ended with this."""
    if isinstance(error, SeveralErrors):
        return gravest(code_of(one) for one in error.errors)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        is_term = isinstance(error, Terminated) or isinstance(error.__cause__, Terminated)
        return TERMINATED if is_term else INTERRUPTED
    if isinstance(error, click.ClickException) or (
        isinstance(error, OSError) and error.errno in _NOT_OUR_FAULT
    ):
        return USAGE
    return next((code for kind, code in _CODES if isinstance(error, kind)), BUG)
