"""`specfile plan`: what a build would do, why, how long it runs and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import click
import orjson

from specfile.choice import Choice
from specfile.cli import options
from specfile.cli.checked import checked
from specfile.cli.exits import DONE, PENDING, SOME_FAILED
from specfile.cli.messages import Notices, say
from specfile.cli.saved_plans import save_plan
from specfile.cli.terminal import stdout
from specfile.compiler.prices import prices_date
from specfile.heygen import Account
from specfile.jobs import allowance_of, plan_of, saved_spec
from specfile.loaded import LoadedSpec
from specfile.owned import connection_of
from specfile.report.plan import plan_json, plan_view
from specfile.report.words import balance
from specfile.runner import Plan


@click.command("plan")
@options.specs_argument
@options.input_options
@options.rows_options
@options.choice_options
@options.local_option
@options.account_option
@options.strict_option
@options.quiet_option
@options.color_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "-o",
    "saved",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the plan; `build FILE` does exactly that.",
)
@click.option("--online", is_flag=True, help="Ask the service what the account has left to pay it with.")
@click.option("--check", is_flag=True, help="Exit 6 where a create, change or resume is pending.")
def command(
    *,
    specs: tuple[Path, ...],
    inputs: options.Inputs,
    choice: Choice,
    local: bool,
    account: str | None,
    strict: bool,
    quiet: bool,
    form: str,
    saved: Path | None,
    online: bool,
    check: bool,
) -> int:
    """Show what a build would do, and save it on request. Nothing is sent, and nothing asked but --online."""
    plans: dict[Path, Plan] = {}
    videos_of = checked(specs, inputs, local=local, account=account, strict=strict, quiet=quiet, is_plan=True)
    allowance = allowance_of(choice)
    for spec, (loaded, videos) in videos_of.items():
        plans[spec] = plan_of(loaded, choice, local=local, videos=videos, allowance=allowance)
    needed_usd = sum(plan.cost_usd for plan in plans.values())
    if form == "json":
        remaining_usd = _remaining_usd(videos_of, local=local) if online else None
        for spec, (loaded, _) in videos_of.items():
            _print_json(spec, loaded, plans[spec], remaining_usd, local=local)
    elif not quiet:
        for spec, (loaded, _) in videos_of.items():
            _show(spec, loaded, plans[spec], local=local)
    if form == "text" and online:
        _tell_balance(_remaining_usd(videos_of, local=local), needed_usd, quiet=quiet)
    if saved is not None:
        [service] = {connection_of(loaded, local=local).service for loaded, _ in videos_of.values()}
        of_each = [saved_spec(spec, videos_of[spec][0], plan, local=local) for spec, plan in plans.items()]
        save_plan(saved, service, of_each, inputs, choice)
    if check and any(plan.is_pending for plan in plans.values()):
        return PENDING
    return SOME_FAILED if any(loaded.is_partial for loaded, _ in videos_of.values()) else DONE


def _show(spec: Path, loaded: LoadedSpec, plan: Plan, *, local: bool) -> None:
    service = connection_of(loaded, local=local).service
    stdout().print(plan_view(plan, title=f"{spec} at {service}", free=local, prices_date=prices_date()))


def _print_json(
    spec: Path, loaded: LoadedSpec, plan: Plan, remaining_usd: float | None, *, local: bool
) -> None:
    service = connection_of(loaded, local=local).service
    content = plan_json(
        plan,
        spec=str(spec),
        lock=str(loaded.lock_path(local=local)),
        service=service,
        prices_date=prices_date(),
        remaining_usd=remaining_usd,
    )
    click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())


def _remaining_usd(specs: Mapping[Path, tuple[LoadedSpec, object]], *, local: bool) -> float | None:
    """What the account can still spend; None where the service doesn't say.

    Raises:
        ServiceRefused: there is no key, or it is no good.
        ServiceUnreachable: there was no usable answer.
    """
    loaded, _ = next(iter(specs.values()))
    connection = connection_of(loaded, local=local)
    connection.require()
    with connection.open(Notices()) as connect, closing(connect()) as service:
        account = service.account()
        if account == Account():
            service.quota()  # which takes no silence for an answer
        return account.remaining_usd


def _tell_balance(remaining_usd: float | None, needed_usd: float, *, quiet: bool) -> None:
    """Say what is left; where it is enough, a quiet plan needn't."""
    if remaining_usd is None:
        say("the service doesn't say what the account has left; `specfile quota` shows its pools")
    elif needed_usd > remaining_usd or not quiet:
        say(balance(remaining_usd, needed_usd))
