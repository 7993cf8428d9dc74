"""Options that several commands share, each declared once, and the values they settle to."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, TypedDict, TypeVar, get_args

import click

from specfile.bad_rows import require_writable
from specfile.choice import Choice
from specfile.cli.counting import counter
from specfile.cli.messages import without_color
from specfile.compiler.rules import plan_names
from specfile.diagnostics import SpecError
from specfile.errors import UsageError
from specfile.film import Api, Json
from specfile.loaded import LoadedSpec
from specfile.offers.kept import kept_catalogue
from specfile.stream import ALL_ROWS, Reading

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Chosen(TypedDict):
    """What --only says, as `Choice` takes it."""

    only: tuple[str, ...]
    keys: frozenset[str]


def specs_argument(command: _Command) -> _Command:
    """The specs a command works on."""
    kind = click.Path(path_type=Path)
    return click.argument("specs", nargs=-1, required=True, metavar="SPEC…", type=kind)(command)


def specs_or_plan_argument(command: _Command) -> _Command:
    """The specs a command works on, or a saved plan for some."""
    kind = click.Path(path_type=Path)
    return click.argument("specs", nargs=-1, required=True, metavar="SPEC…|PLAN", type=kind)(command)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is given to specs from outside.

    Attributes:
        variables: values that win over the data.
        data: a table to use in place of the specs' own.
        reading: how much of the data to look at, and whether to leave out rows that are wrong.
        bad_rows: where to write these.
        pairs: the variables that --var gives.
        vars_file: the file that --vars names.
    """

    variables: Mapping[str, Json]
    data: str | None
    reading: Reading = ALL_ROWS
    bad_rows: Path | None = None
    pairs: tuple[str, ...] = ()
    vars_file: Path | None = None

    def anew(self) -> Self:
        """The same with what the file of --vars says by now.

        Raises:
            UsageError: that is no mapping of names to values any more.
        """
        return replace(self, variables=variables(self.pairs, self.vars_file))

    def load(
        self, spec: Path, *, api: Api | None = None, account: str | None = None, name: str | None = None
    ) -> LoadedSpec:
        """Read a spec. Raises what `LoadedSpec.read` raises, and `UsageError` for a saved plan.

        `name` is what messages call it; its path unless told otherwise.
        """
        _refuse_plan(spec)
        loaded = LoadedSpec.read(
            spec,
            variables=self.variables,
            data=self.data,
            api=api,
            account=account,
            reading=self.reading,
            name=name,
        )
        return replace(loaded, tick=counter(), catalogue=kept_catalogue())


def _refuse_plan(path: Path) -> None:
    """Refuse a saved plan where a spec is expected: it is JSON, and would be read as an odd spec."""
    try:
        with path.open("rb") as file:
            may_be = file.read(64).lstrip().startswith(b"{")
    except OSError:
        return  # whoever reads it as a spec says what is wrong
    if may_be:
        from specfile.runner import is_plan_file  # noqa: PLC0415 - `check` starts faster without it

        if is_plan_file(path):
            raise UsageError(
                f"{path} is a saved plan, no spec", hint=f"`specfile build {path}` carries it out"
            )


def input_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Values from outside the spec, handed on as one `inputs`."""

    @functools.wraps(command)
    def with_inputs(
        *, pairs: tuple[str, ...], vars_file: Path | None, data: str | None, **others: Any
    ) -> Any:
        values = variables(pairs, vars_file)
        return command(inputs=Inputs(values, data, pairs=pairs, vars_file=vars_file), **others)

    for option in reversed(_INPUTS):
        with_inputs = option(with_inputs)
    return with_inputs


_INPUTS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--var", "pairs", multiple=True, metavar="NAME=VALUE", help="Give a variable a value. Wins over data."
    ),
    click.option(
        "--vars",
        "vars_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Values from a YAML or JSON file.",
    ),
    click.option(
        "--data",
        metavar="FILE|-",
        help="Rows from another file than the spec's, from an address, or from stdin.",
    ),
)


def rows_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which rows are looked at, and what becomes of those that are wrong: part of `inputs`."""

    @functools.wraps(command)
    def with_rows(
        *,
        inputs: Inputs,
        sample: int | None,
        keep_going: bool,
        bad_rows: Path | None,
        specs: tuple[Path, ...],
        strict: bool,
        **others: Any,
    ) -> Any:
        if bad_rows is not None:
            require_writable(bad_rows)
            if len(specs) > 1:
                message = "--bad-rows takes the rows of one spec"
                raise UsageError(message, hint="run the command once for each spec")
        reading = Reading(
            most=sample,
            keep_going=keep_going,
            to_the_end=keep_going or bad_rows is not None,
            strict=strict,
        )
        inputs = replace(inputs, reading=reading, bad_rows=bad_rows)
        return command(inputs=inputs, specs=specs, strict=strict, **others)

    for option in reversed(_ROWS):
        with_rows = option(with_rows)
    return with_rows


_ROWS: tuple[Callable[[Any], Any], ...] = (
    click.option("--sample", type=click.IntRange(1), metavar="N", help="Only the first N rows of the data."),
    click.option(
        "--keep-going", is_flag=True, help="Leave out rows that are wrong, and go on with the others."
    ),
    click.option(
        "--bad-rows",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write the rows that are wrong to this CSV file, with the reasons.",
    ),
)

local_option = click.option(
    "--local", is_flag=True, help="Use the built-in emulator: no account, no cost, files under local/."
)
api_option = click.option(
    "--api", type=click.Choice(get_args(Api)), help="Compile to this API, whatever the spec names."
)
account_option = click.option(
    "--account",
    type=click.Choice(plan_names()),
    help="Hold videos against the limits of this plan of an account.",
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Only what went wrong.")
verbose_option = click.option("--verbose", "-v", is_flag=True, help="A line for everything that happens.")
color_option = click.option(
    "--no-color",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=lambda _context, _option, value: without_color() if value else None,
    help="No colour; the same as NO_COLOR=1 in the environment.",
)
strict_option = click.option("--strict", is_flag=True, help="Warnings count as errors.")
lock_timeout_option = click.option(
    "--lock-timeout",
    type=click.FloatRange(0),
    default=0,
    metavar="SECONDS",
    help="Wait for another build of the same lock.",
)
only_option = click.option(
    "--only",
    "patterns",
    multiple=True,
    metavar="GLOB",
    help="Only videos whose key fits. Repeatable; @FILE reads keys.",
)

_CHOICES: tuple[Callable[[Any], Any], ...] = (
    only_option,
    click.option("--limit", type=click.IntRange(0), metavar="N", help="Submit at most so many."),
    click.option("--max-cost", type=click.FloatRange(0), metavar="USD", help="Submit only what fits."),
    click.option("--new", "new_only", is_flag=True, help="Leave changed videos alone."),
    click.option(
        "--again", is_flag=True, help="Send failed videos once more; with --only, finished ones too."
    ),
    click.option("--verify", is_flag=True, help="Compare the bytes of downloaded files, not only sizes."),
)


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which videos are meant and up to what limits, handed on as one `choice`."""

    @functools.wraps(command)
    def with_choice(
        *,
        patterns: tuple[str, ...],
        limit: int | None,
        max_cost: float | None,
        new_only: bool,
        again: bool,
        verify: bool,
        **others: Any,
    ) -> Any:
        choice = Choice(
            **chosen(patterns),
            again=("always" if patterns else "failed") if again else "never",
            new_only=new_only,
            limit=limit,
            max_cost_usd=max_cost,
            verify=verify,
        )
        return command(choice=choice, **others)

    for option in reversed(_CHOICES):
        with_choice = option(with_choice)
    return with_choice


def variables(pairs: Iterable[str], vars_file: Path | None) -> dict[str, Json]:
    """The values of --vars and --var, the latter winning.

    Raises:
        UsageError: a pair has no `=`, or the file is no mapping of names to values.
    """
    values = _read_vars(vars_file) if vars_file is not None else {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            message = f"--var {pair} is not NAME=VALUE"
            raise UsageError(message, hint=f"for example --var {name or 'name'}=Ada")
        values[name] = value
    return values


def chosen(patterns: Iterable[str]) -> Chosen:
    """The patterns of --only, and the keys that are the lines of each `@FILE`.

    Raises:
        UsageError: such a file can't be read.
    """
    only: list[str] = []
    keys: set[str] = set()
    for pattern in patterns:
        if not pattern.startswith("@"):
            only.append(pattern)
            continue
        try:
            lines = Path(pattern[1:]).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or error
            message = f"--only {pattern} can't be read: {reason}"
            raise UsageError(message) from error
        keys.update(line.strip() for line in lines if line.strip())
    return {"only": tuple(only), "keys": frozenset(keys)}


def _read_vars(path: Path) -> dict[str, Json]:
    from specfile.language import read_source  # noqa: PLC0415 - only --vars needs a YAML parser this early
    from specfile.language.nodes import MapNode, plain  # noqa: PLC0415
    from specfile.language.parse import parse  # noqa: PLC0415

    try:
        node, _ = parse(read_source(path))
    except SpecError as error:
        message = f"--vars {path} can't be used: {error}"
        raise UsageError(message) from error
    if not isinstance(node, MapNode):
        message = f"--vars {path} holds no names with values"
        raise UsageError(message, hint="write lines such as `name: Ada`")
    values: dict[str, Json] = plain(node)
    return values
