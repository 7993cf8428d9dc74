"""`specfile check`: everything that can be known offline, and nothing sent."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click

from specfile.cli import options
from specfile.cli.checked import rows_told
from specfile.cli.exits import DONE, SOME_FAILED, SPEC_WRONG
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
@options.color_option
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
    checks = {str(spec): _check(spec, inputs, api, account, strict=strict, quiet=quiet) for spec in specs}
    found = {spec: check.found for spec, check in checks.items()}
    every = tuple(one for diagnostics in found.values() for one in diagnostics)
    if form != "text":
        click.echo(_written(form, found))
    elif every:
        show_diagnostics(every)
    elif not quiet:
        say("\n".join(f"{spec}: no problems found" for spec in found))
    for line in (line for check in checks.values() for line in check.told):
        say(line)
    return max((check.exit_code for check in checks.values()), key=(DONE, SOME_FAILED, SPEC_WRONG).index)


class _Check(NamedTuple):
    """What a spec came to: what was found, what is to be said of its rows, and the exit code."""

    found: tuple[Diagnostic, ...]
    told: tuple[str, ...] = ()
    exit_code: int = SPEC_WRONG


def _check(
    spec: Path, inputs: options.Inputs, api: Api | None, account: str | None, *, strict: bool, quiet: bool
) -> _Check:
    try:
        loaded = inputs.load(spec, api=api, account=account)
        stream = loaded.stream()
        for _ in stream:
            pass
        told = tuple(rows_told(inputs, loaded, stream.refused, is_sound=stream.is_sound, quiet=quiet))
    except SpecError as error:
        return _Check(strictly(error.diagnostics) if strict else error.diagnostics)
    found = strictly(stream.found) if strict else stream.found
    if inputs.reading.keep_going and stream.is_sound:
        return _Check(found, told, SOME_FAILED if stream.refused else DONE)
    return _Check(found, told, SPEC_WRONG if stream.refused or has_errors(found) else DONE)


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
