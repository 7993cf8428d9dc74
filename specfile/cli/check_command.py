"""`specfile check`: everything that can be known offline, and nothing sent."""

from __future__ import annotations

from pathlib import Path

import click

from specfile.bad_rows import write_bad_rows
from specfile.cli import options
from specfile.cli.exits import DONE, SPEC_WRONG
from specfile.cli.messages import say, show_diagnostics
from specfile.diagnostics import Diagnostic, SpecError, has_errors
from specfile.diagnostics.as_json import write_json
from specfile.diagnostics.github import write_github
from specfile.diagnostics.junit import write_junit
from specfile.diagnostics.sarif import write_sarif
from specfile.diagnostics.strict import strictly
from specfile.film import Api


@click.command("check")
@options.specs_argument
@options.input_options
@options.rows_options
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
    inputs: options.Inputs,
    form: str,
    api: Api | None,
    account: str | None,
    strict: bool,
    quiet: bool,
) -> int:
    """Check specs and their data. Nothing is sent, nothing is written.

    With --api v3, everything that the v3 API can't say is named, with the nearest that it can.
    """
    found = {str(spec): _check(spec, inputs, api, account, strict=strict) for spec in specs}
    every = tuple(one for diagnostics in found.values() for one in diagnostics)
    if form != "text":
        click.echo(_written(form, found))
    elif every:
        show_diagnostics(every)
    elif not quiet:
        say("\n".join(f"{spec}: no problems found" for spec in found))
    return SPEC_WRONG if has_errors(every) else DONE


def _check(
    spec: Path, inputs: options.Inputs, api: Api | None, account: str | None, *, strict: bool
) -> tuple[Diagnostic, ...]:
    try:
        loaded = inputs.load(spec, api=api, account=account)
        stream = loaded.stream()
        for _ in stream:
            pass
        found = stream.found
        if inputs.bad_rows is not None:
            write_bad_rows(inputs.bad_rows, loaded, stream.refused)
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
