"""`specfile check`: everything that can be known offline, and nothing sent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from specfile.cli import options
from specfile.cli.exits import DONE, SPEC_WRONG
from specfile.cli.messages import say, show_diagnostics
from specfile.diagnostics import Diagnostic, SpecError, has_errors
from specfile.diagnostics.as_json import write_json
from specfile.diagnostics.github import write_github
from specfile.diagnostics.junit import write_junit
from specfile.diagnostics.sarif import write_sarif
from specfile.diagnostics.strict import strictly
from specfile.film import Api, Json
from specfile.loaded import LoadedSpec


@click.command("check")
@options.specs_argument
@options.input_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github", "junit"]),
    default="text",
    help="text is for people and goes to stderr; the others go to stdout.",
)
@options.api_option
@options.account_option
@options.strict_option
@click.option("--quiet", "-q", is_flag=True, help="Say nothing where nothing is wrong.")
def command(
    *,
    specs: tuple[Path, ...],
    pairs: tuple[str, ...],
    vars_file: Path | None,
    data: str | None,
    form: str,
    api: Api | None,
    account: str | None,
    strict: bool,
    quiet: bool,
) -> int:
    """Check specs and their data. Nothing is sent, nothing is written.

    With --api v3, everything that the v3 API can't say is named, with the nearest that it can.
    """
    values = options.variables(pairs, vars_file)
    found = {str(spec): _check(spec, values, data, api, account, strict=strict) for spec in specs}
    every = tuple(one for diagnostics in found.values() for one in diagnostics)
    if form != "text":
        click.echo(_written(form, found))
    elif every:
        show_diagnostics(every)
    elif not quiet:
        say("\n".join(f"{spec}: no problems found" for spec in found))
    return SPEC_WRONG if has_errors(every) else DONE


def _check(
    spec: Path,
    values: Mapping[str, Json],
    data: str | None,
    api: Api | None,
    account: str | None,
    *,
    strict: bool,
) -> tuple[Diagnostic, ...]:
    try:
        found = LoadedSpec.read(spec, variables=values, data=data, api=api, account=account).check()
    except SpecError as error:
        found = error.diagnostics
    return strictly(found) if strict else found


def _written(form: str, found: dict[str, tuple[Diagnostic, ...]]) -> str:
    every = tuple(one for diagnostics in found.values() for one in diagnostics)
    match form:
        case "json":
            return write_json(every)
        case "sarif":
            return write_sarif(every)
        case "github":
            return write_github(every)
    return write_junit(found)
