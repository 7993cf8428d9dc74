"""Every exception that specfile raises on purpose, by what the reader can do about it.

    SpecfileError
    |-- UsageError            the command was given something it can't use            exit 2
    |   `-- MissingExtra      an optional part of specfile isn't installed            exit 2
    |-- RenderFailed          the preview could not be made                           exit 1
    |-- ServiceRefused        key, credit, plan, or an API that was retired           exit 4
    |-- LockError             the lock is damaged                                     exit 5
    |   `-- WrongService      the lock belongs to another service or account          exit 5
    |-- ServiceUnreachable    no answer; running again is safe                        exit 7
    |-- LockBusy              another build holds the lock                            exit 8
    `-- SeveralErrors         several specs can't be built, each for its own reason   the gravest of them

`SpecError` (exit 1) lives with the diagnostics that it carries. Anything else that escapes is a bug in
specfile: it keeps its traceback and exits 70.
"""

from __future__ import annotations

from collections.abc import Sequence


class SpecfileError(Exception):
    """The root. `hint` says what to type or change next; the message itself says what happened and where."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(SpecfileError):
    """A command, option or environment variable can't be used as given."""


class MissingExtra(UsageError):
    """An optional part is needed and isn't installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs the optional '{extra}' part of specfile",
            hint=f"pip install 'specfile-video[{extra}]'",
        )


class RenderFailed(SpecfileError):
    """A preview could not be made."""


class ServiceRefused(SpecfileError):
    """The service answered and will not do it for this account: key, credit, plan or retired API."""


class LockError(SpecfileError):
    """The lock can't be trusted as it is."""


class WrongService(LockError):
    """The lock records videos of another service or account."""


class ServiceUnreachable(SpecfileError):
    """The service could not be reached or gave no usable answer. Nothing is lost; run again."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint or "nothing is lost; the same command goes on where this stopped")


class LockBusy(SpecfileError):
    """Another process is building with this lock."""


class SeveralErrors(SpecfileError):
    """Several specs of one command can't be used, each for its own reason; nothing was done with any."""

    def __init__(self, errors: Sequence[SpecfileError]) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = tuple(errors)
