"""`specfile build`: plan, upload, submit, poll, download, record."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import click

from specfile.choice import Choice
from specfile.cli import options
from specfile.cli.checked import checked
from specfile.cli.exits import DONE, SOME_FAILED, code_of, gravest, terminable
from specfile.cli.listen_option import listen_option
from specfile.cli.messages import say
from specfile.cli.saved_plans import requested
from specfile.cli.screens import Screen, screen_for
from specfile.cli.terminal import stderr, stdout
from specfile.compiler.prices import prices_date
from specfile.errors import UsageError
from specfile.jobs import Job, Wanted, build_jobs, open_jobs
from specfile.offers.asking import nobody_told
from specfile.owned import connection_of
from specfile.report.plan import plan_view
from specfile.report.runlog import RunLog
from specfile.runner import DEFAULT_CEILING, BuildOptions, BuildResult, Listen
from specfile.runner.events import Event

_ALONE: Final = {"--recover": "--recover=24h", "--listen": "--listen="}


class _BuildCommand(click.Command):
    """Lets `--recover` and `--listen` stand alone: click would take the spec behind for their value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [_ALONE.get(one, one) for one in args])


@click.command("build", cls=_BuildCommand)
@options.specs_or_plan_argument
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
@click.option(
    "--deadline",
    metavar="24h",
    default="24h",
    show_default=True,
    callback=lambda _context, _option, value: _seconds(value),
    help="Follow a render no longer than this; the next build goes on.",
)
@listen_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: one event a line on stdout, the last line the result.",
)
@options.quiet_option
@options.verbose_option
@options.color_option
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
    deadline: float,
    listen: Listen | None,
    form: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Render what changed, once: upload, submit, wait, download, record in the lock.

    Several specs are one build: all are judged before anything is paid, and limits hold for all together.
    A plan that `plan -o` saved is taken in place of specs, and carried out exactly. With --local everything
    happens here, with no account and no cost.
    """
    asked = requested(specs, inputs, choice, local=local)
    inputs, choice, local = asked.inputs, asked.choice, asked.local
    how = BuildOptions(
        concurrency=concurrency,
        detach=detach,
        download=not no_download,
        recover_s=recover,
        max_cost_usd=choice.max_cost_usd,
        deadline_s=deadline,
        listen=listen,
    )
    screen = screen_for(form, quiet=quiet, verbose=verbose)

    def work() -> int:
        videos_of = checked(
            asked.specs,
            inputs,
            local=local,
            account=account,
            strict=strict,
            is_plan=True,
            quiet=screen.is_quiet,
        )
        wanted = [asked.settled(spec, Wanted(loaded, videos)) for spec, (loaded, videos) in videos_of.items()]
        for one in wanted:
            asked.require_service(connection_of(one.loaded, local=local))
        codes = [SOME_FAILED for one in wanted if one.loaded.is_partial]
        with open_jobs(
            wanted, choice, local=local, lock_timeout=lock_timeout, on_wait=say, on_notice=screen.notice
        ) as opened:
            jobs = dict(zip(videos_of, opened, strict=True))
            if _agreed(jobs, ask=not (local or yes), free=local, screen=screen):
                codes += _ended(_build(jobs, how, screen, free=local), screen)
            else:
                say("nothing was sent")
        return gravest(codes)

    with _interruptible(local=local):
        return screen.run(work)


def _seconds(duration: str | None) -> float | None:
    """A duration such as `24h`, `90m` or `30s`, in seconds."""
    if duration is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([hms])", duration)
    if match is None:
        message = f"{duration} is no duration; write 24h, 90m or 30s"
        raise click.BadParameter(message)
    return float(match[1]) * {"h": 3600, "m": 60, "s": 1}[match[2]]


def _agreed(jobs: Mapping[Path, Job], *, ask: bool, free: bool, screen: Screen) -> bool:
    """Show the plans, and on a terminal ask once before money is spent."""
    is_paid = any(action.pays for job in jobs.values() for action in job.plan.actions)
    must_ask = ask and sys.stdin.isatty() and is_paid
    on_stderr = sys.stderr.isatty() or not must_ask
    if must_ask and not (sys.stderr.isatty() or (sys.stdout.isatty() and not screen.fills_stdout)):
        message = "there is nowhere to ask before spending"
        raise UsageError(message, hint="add --yes to go ahead without being asked")
    for spec, job in jobs.items():
        if not screen.is_quiet:
            for avatar, voice in job.looked_up.items():
                say(f"the default voice of `{avatar}` is {voice}: pinned in {job.lockfile.path.name}")
        if not screen.is_quiet or must_ask:
            title = f"{spec} at {job.connection.service}"
            view = plan_view(job.plan, title=title, free=free, prices_date=prices_date())
            (stderr() if on_stderr else stdout()).print(view)
    return not must_ask or click.confirm("Go ahead?", err=on_stderr)


def _build(
    jobs: Mapping[Path, Job], how: BuildOptions, screen: Screen, *, free: bool
) -> dict[Path, BuildResult]:
    """Build everything at once. Each spec's log hears of its own videos, the screen of all."""
    plans = {str(spec): job.plan for spec, job in jobs.items()}
    with ExitStack() as stack:
        show = stack.enter_context(
            screen.showing(plans, ceiling=how.concurrency or DEFAULT_CEILING, free=free)
        )
        folders = {job.lockfile.state for job in jobs.values()}
        logs = {folder: stack.enter_context(RunLog(folder)) for folder in folders}

        def of_one(spec: Path, event: Event) -> None:
            logs[jobs[spec].lockfile.state](event)
            show(event, str(spec))

        def of_all(event: Event) -> None:
            for log in logs.values():
                log(event)
            show(event, "")

        each = [partial(of_one, spec) for spec in jobs]
        tell = nobody_told if screen.is_quiet else say
        results = build_jobs(list(jobs.values()), how, each, of_all, screen.notice, say=tell)
        return dict(zip(jobs, results, strict=True))


def _ended(results: Mapping[Path, BuildResult], screen: Screen) -> list[int]:
    """Show what a build came to; gives the exit code of each spec, and of what stopped it early."""
    screen.ended({str(spec): result for spec, result in results.items()})
    codes = [DONE if result.is_complete else SOME_FAILED for result in results.values()]
    return codes + [code_of(result.stopped) for result in results.values() if result.stopped is not None]


@contextmanager
def _interruptible(*, local: bool) -> Iterator[None]:
    """SIGTERM ends a build as Ctrl-C does: it stops submitting, records, leaves, and says how to go on."""
    try:
        with terminable():
            yield
    except KeyboardInterrupt:
        running = "" if local else "; what is rendering goes on at the service"
        say(f"interrupted, nothing lost{running}. The same command goes on where this stopped.")
        raise
