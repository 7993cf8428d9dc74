"""Saved plans on the command line: written by `plan -o`, taken in place of specs by `build`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from specfile.choice import Choice
from specfile.cli.messages import say
from specfile.cli.options import Inputs
from specfile.compiler.prices import prices_date
from specfile.connection import LOCAL, Connection
from specfile.errors import UsageError, WrongService
from specfile.jobs import Wanted, as_written
from specfile.runner import SavedOptions, SavedPlan, SavedSpec, is_plan_file, read_plan, write_plan
from specfile.runner.disk import disk_trouble, replace_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a build was asked for: specs, or the saved plan that names them, with all that it settles."""

    specs: tuple[Path, ...]
    inputs: Inputs
    choice: Choice
    local: bool
    name: str = ""
    plan: SavedPlan | None = None

    def settled(self, spec: Path, wanted: Wanted) -> Wanted:
        """A spec with what the plan says of it, where there is a plan.

        Raises:
            UsageError: the spec has another lock now than the plan was made from.
        """
        if self.plan is None:
            return wanted
        saved = self.plan.specs[self.specs.index(spec)]
        lock = as_written(wanted.loaded.lock_path(local=self.local))
        if lock != saved.lock:
            message = f"{self.name} was made from {saved.lock}, and the lock of {spec} is {lock}"
            raise UsageError(message, hint=_again(self.name, self.plan))
        return replace(wanted, settled=(self.name, saved))

    def require_service(self, connection: Connection) -> None:
        """Refuse a plan that was made for another service.

        Raises:
            WrongService: it was.
        """
        if self.plan is not None and connection.service != self.plan.service:
            message = f"{self.name} is for {self.plan.service}, and this build would use {connection.service}"
            raise WrongService(message, hint=f"set HEYGEN_API_BASE={self.plan.service}, or make a new plan")


def requested(given: tuple[Path, ...], inputs: Inputs, choice: Choice, *, local: bool) -> Request:
    """What a build is asked for, whether specs or one saved plan are given; a plan is known by its content.

    Raises:
        UsageError: the plan is damaged, doesn't stand alone, or what is given beside it contradicts it.
    """
    found = next((path for path in given if is_plan_file(path)), None)
    if found is None:
        return Request(specs=given, inputs=inputs, choice=choice, local=local)
    name = str(found)
    if len(given) > 1:
        raise UsageError(f"{name} is a saved plan, and one is built alone", hint=f"specfile build {name}")
    plan = read_plan(name, found.read_bytes())
    if choice != Choice():
        message = f"{name} has settled which videos are sent"
        hint = "leave out --only, --limit, --max-cost, --new and --again, or make a new plan with them"
        raise UsageError(message, hint=hint)
    if local and plan.service != LOCAL:
        raise UsageError(f"{name} is for {plan.service}, not for --local", hint=_again(name, plan))
    specs = tuple(Path(one.spec) for one in plan.specs)
    for spec in specs:
        if not spec.exists():
            message = f"{name} is a plan for {spec}, which isn't here"
            raise UsageError(message, hint="build it in the folder that it was made in")
    return Request(
        specs=specs,
        inputs=_inputs(name, plan, inputs),
        choice=Choice(max_cost_usd=plan.options.max_cost_usd),
        local=plan.service == LOCAL,
        name=name,
        plan=plan,
    )


def save_plan(path: Path, service: str, specs: Sequence[SavedSpec], inputs: Inputs, choice: Choice) -> None:
    """Write a plan to a file, and say how to go on.

    Raises:
        UsageError: the file is there and no plan, or can't be written.
    """
    if path.exists() and not is_plan_file(path):
        message = f"{path} is there and is no saved plan, so it is left as it is"
        raise UsageError(message, hint="give `-o` another name")
    options = SavedOptions(
        data=inputs.data,
        variables=tuple(sorted(inputs.variables)),
        sample=inputs.reading.most,
        keep_going=inputs.reading.keep_going,
        only=choice.only,
        again=choice.again,
        new_only=choice.new_only,
        limit=choice.limit,
        max_cost_usd=choice.max_cost_usd,
    )
    plan = SavedPlan(service=service, options=options, specs=tuple(specs), prices_date=prices_date())
    with disk_trouble(path):
        replace_file(path, [write_plan(plan)])
    say(f"saved: `specfile build {path}` does exactly this{_values(options.variables)}")


def _inputs(name: str, plan: SavedPlan, inputs: Inputs) -> Inputs:
    """The values and rows that the plan was made with; values aren't kept, so they have to be given again."""
    options = plan.options
    missing = [one for one in options.variables if one not in inputs.variables]
    if missing:
        message = f"{name} was made with values for {_named(missing)}, which it doesn't keep"
        raise UsageError(message, hint="give the same ones again with --var or --vars")
    if extra := sorted(inputs.variables.keys() - set(options.variables)):
        raise UsageError(f"{name} was made without values for {_named(extra)}", hint=_again(name, plan))
    if inputs.data is not None and inputs.data != options.data:
        raise UsageError(f"{name} was made without --data {inputs.data}", hint=_again(name, plan))
    reading = inputs.reading
    if options.keep_going:
        reading = replace(reading, keep_going=True, to_the_end=True)
    return replace(inputs, data=options.data, reading=replace(reading, most=options.sample))


def _values(variables: Sequence[str]) -> str:
    return f", given the same values for {_named(variables)}" if variables else ""


def _named(names: Iterable[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _again(name: str, plan: SavedPlan) -> str:
    specs = " ".join(one.spec for one in plan.specs)
    return f"make a new one: `specfile plan -o {name} {specs}`"
