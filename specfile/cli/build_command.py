"""`specfile build`: plan, upload, submit, poll, download, record."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from specfile.choice import Choice
from specfile.cli import options
from specfile.cli.checked import checked
from specfile.cli.exits import DONE, SOME_FAILED, Terminated
from specfile.cli.messages import Notices, say
from specfile.cli.terminal import stderr, stdout
from specfile.compiler.estimate import prices_date
from specfile.errors import UsageError
from specfile.jobs import Job, open_job, require_sendable
from specfile.report.plan import plan_view
from specfile.report.progress import Listener, LiveProgress, PlainProgress, Silent
from specfile.report.runlog import RunLog
from specfile.report.summary import summary_view
from specfile.runner import BuildOptions, BuildResult
from specfile.runner.events import Event


class _BuildCommand(click.Command):
    """Lets `--recover` stand alone: click would take the spec behind it for its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, ["--recover=24h" if one == "--recover" else one for one in args])


@click.command("build", cls=_BuildCommand)
@options.specs_argument
@options.input_options
@options.rows_options
@options.choice_options
@options.local_option
@options.account_option
@options.strict_option
@click.option("--yes", "-y", is_flag=True, help="Don't ask before spending.")
@click.option("--concurrency", type=click.IntRange(1), metavar="N", help="Most renders in flight.")
@click.option("--detach", is_flag=True, help="Submit, and don't wait for the renders.")
@click.option("--no-download", is_flag=True, help="Leave finished films at the service.")
@options.lock_timeout_option
@click.option(
    "--recover",
    metavar="[=24h]",
    callback=lambda _context, _option, value: _seconds(value),
    help="First look at the service for videos that a lost lock knew; 24h back unless told otherwise.",
)
@click.option("--quiet", "-q", is_flag=True, help="Only what went wrong.")
def command(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    choice: Choice,
    local: bool,
    account: str | None,
    strict: bool,
    yes: bool,
    concurrency: int | None,
    detach: bool,
    no_download: bool,
    lock_timeout: float,
    recover: float | None,
    quiet: bool,
) -> int:
    """Render what changed, once: upload, submit, wait, download, record in the lock.

    With --local everything happens here, with no account and no cost.
    """
    how = BuildOptions(concurrency=concurrency, detach=detach, download=not no_download, recover_s=recover)
    code, notices = DONE, Notices()
    with _interruptible(local=local):
        videos_of = checked(
            specs, inputs, local=local, account=account, strict=strict, is_plan=True, quiet=quiet
        )
        for loaded, videos in videos_of.values():
            require_sendable(loaded, videos)
            code = max(code, SOME_FAILED if loaded.is_partial else DONE)
        for spec, (loaded, videos) in videos_of.items():
            with open_job(
                loaded,
                choice,
                local=local,
                videos=videos,
                lock_timeout=lock_timeout,
                on_notice=notices,
            ) as job:
                if not _agreed(spec, job, ask=not (local or yes), free=local, quiet=quiet):
                    say("nothing was sent")
                    continue
                result = _build(job, how, RunLog(loaded.state_folder), notices, quiet=quiet)
            code = max(code, _ended(result, quiet=quiet))
    return code


def _seconds(duration: str | None) -> float | None:
    """A duration such as `24h`, `90m` or `30s`, in seconds."""
    if duration is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([hms])", duration)
    if match is None:
        message = f"{duration} is no duration; write 24h, 90m or 30s"
        raise click.BadParameter(message)
    return float(match[1]) * {"h": 3600, "m": 60, "s": 1}[match[2]]


def _agreed(spec: Path, job: Job, *, ask: bool, free: bool, quiet: bool) -> bool:
    """Show the plan, and on a terminal ask before money is spent."""
    must_ask = ask and sys.stdin.isatty() and any(action.pays for action in job.plan.actions)
    on_stderr = sys.stderr.isatty() or not must_ask
    if must_ask and not (sys.stderr.isatty() or sys.stdout.isatty()):
        message = "there is nowhere to ask before spending"
        raise UsageError(message, hint="add --yes to go ahead without being asked")
    if not quiet:
        for avatar, voice in job.looked_up.items():
            say(f"the default voice of `{avatar}` is {voice}: pinned in {job.lockfile.path.name}")
    if not quiet or must_ask:
        title = f"{spec} at {job.connection.service}"
        view = plan_view(job.plan, title=title, free=free, prices_date=prices_date())
        (stderr() if on_stderr else stdout()).print(view)
    return not must_ask or click.confirm("Go ahead?", err=on_stderr)


def _build(job: Job, how: BuildOptions, log: RunLog, notices: Notices, *, quiet: bool) -> BuildResult:
    with _listener(job, quiet=quiet) as listener, log:

        def notify(event: Event) -> None:
            log(event)
            listener(event)

        return job.build(how, notify, notices)


def _listener(job: Job, *, quiet: bool) -> Listener:
    if quiet:
        return Silent()
    console = stderr()
    if console.is_terminal:
        return LiveProgress(console, total=sum(action.video is not None for action in job.plan.actions))
    return PlainProgress(say)


def _ended(result: BuildResult, *, quiet: bool) -> int:
    """Show what a build came to; gives its exit code.

    Raises:
        SpecfileError: what stopped the build early.
    """
    if not quiet or not result.is_complete:
        stderr().print(summary_view(result))
    if result.stopped is not None:
        raise result.stopped
    return DONE if result.is_complete else SOME_FAILED


@contextmanager
def _interruptible(*, local: bool) -> Iterator[None]:
    """SIGTERM ends a build as Ctrl-C does: it stops submitting, records, leaves, and says how to go on."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        running = "" if local else "; what is rendering goes on at the service"
        say(f"interrupted, nothing lost{running}. The same command goes on where this stopped.")
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
