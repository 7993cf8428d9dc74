"""`specfile plan`: what a build would do, why, how long it runs and what it costs."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from specfile.choice import Choice
from specfile.cli import options
from specfile.cli.checked import checked
from specfile.cli.exits import DONE, PENDING, SOME_FAILED
from specfile.cli.saved_plans import save_plan
from specfile.cli.terminal import stdout
from specfile.compiler.prices import prices_date
from specfile.jobs import allowance_of, plan_of, saved_spec
from specfile.loaded import LoadedSpec
from specfile.owned import connection_of
from specfile.report.plan import plan_json, plan_view
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
    check: bool,
) -> int:
    """Show what a build would do, and save it on request. Nothing is sent."""
    plans: dict[Path, Plan] = {}
    videos_of = checked(specs, inputs, local=local, account=account, strict=strict, quiet=quiet, is_plan=True)
    allowance = allowance_of(choice)
    for spec, (loaded, videos) in videos_of.items():
        plans[spec] = plan_of(loaded, choice, local=local, videos=videos, allowance=allowance)
        if form == "json" or not quiet:
            _show(spec, loaded, plans[spec], form, local=local)
    if saved is not None:
        [service] = {connection_of(loaded, local=local).service for loaded, _ in videos_of.values()}
        of_each = [saved_spec(spec, videos_of[spec][0], plan, local=local) for spec, plan in plans.items()]
        save_plan(saved, service, of_each, inputs, choice)
    if check and any(plan.is_pending for plan in plans.values()):
        return PENDING
    return SOME_FAILED if any(loaded.is_partial for loaded, _ in videos_of.values()) else DONE


def _show(spec: Path, loaded: LoadedSpec, plan: Plan, form: str, *, local: bool) -> None:
    service = connection_of(loaded, local=local).service
    if form == "json":
        lock = loaded.lock_path(local=local)
        content = plan_json(plan, spec=str(spec), lock=str(lock), service=service, prices_date=prices_date())
        click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())
    else:
        stdout().print(plan_view(plan, title=f"{spec} at {service}", free=local, prices_date=prices_date()))
