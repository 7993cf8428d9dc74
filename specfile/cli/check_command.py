"""`specfile check`: everything that can be known offline, and nothing sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from specfile.cli import options
from specfile.cli.checked import rows_told
from specfile.cli.exits import DONE, NO_KEY, SOME_FAILED, SPEC_WRONG
from specfile.cli.messages import Notices, say, show_diagnostics
from specfile.diagnostics import Diagnostic, SpecError, has_errors, in_order
from specfile.diagnostics.as_json import write_json
from specfile.diagnostics.github import write_github
from specfile.diagnostics.junit import write_junit
from specfile.diagnostics.sarif import write_sarif
from specfile.diagnostics.strict import strictly
from specfile.film import Api
from specfile.report.words import count

if TYPE_CHECKING:
    from specfile.compiler.migration import Migration
    from specfile.loaded import LoadedSpec


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
@click.option(
    "--online", is_flag=True, help="Ask the service for ids, and look at the files behind addresses."
)
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
    online: bool,
    quiet: bool,
) -> int:
    """Check specs and their data. Nothing is sent, nothing is written.

    Ids are held against what `specfile avatars` and `voices` last read; with --online the service is asked
    for each, and the file behind every address is looked at. With --api v3, everything in a spec for v2 that
    the v3 API can't say is named, with the nearest that it can, and at the end is counted what can move there
    as it is.
    """
    checks = {
        str(spec): _check(spec, inputs, api, account, strict=strict, online=online, quiet=quiet)
        for spec in specs
    }
    found = {spec: check.found for spec, check in checks.items()}
    every = tuple(one for diagnostics in found.values() for one in diagnostics)
    moves = {spec: check.migration for spec, check in checks.items() if check.is_move}
    if form != "text":
        click.echo(_written(form, found, moves))
    elif every:
        show_diagnostics(every)
    elif not quiet:
        say("\n".join(f"{spec}: no problems found" for spec in found))
    if moves and form == "text" and not quiet:
        from specfile.report.migration import migration_lines  # noqa: PLC0415 - most checks are no move

        say("\n".join(migration_lines(moves)))
    for line in (line for check in checks.values() for line in check.told):
        say(line)
    return max(
        (check.exit_code for check in checks.values()), key=(DONE, SOME_FAILED, SPEC_WRONG, NO_KEY).index
    )


class _Check(NamedTuple):
    """What a spec came to: what was found, what is to be said of its rows, and the exit code.

    `is_move` tells whether it is a spec for v2 that was held against v3; `migration` is what that comes to,
    None for one that is wrong by v2 already.
    """

    found: tuple[Diagnostic, ...]
    told: tuple[str, ...] = ()
    exit_code: int = SPEC_WRONG
    is_move: bool = False
    migration: Migration | None = None


def _check(
    spec: Path,
    inputs: options.Inputs,
    api: Api | None,
    account: str | None,
    *,
    strict: bool,
    online: bool,
    quiet: bool,
) -> _Check:
    keyless = 0
    try:
        loaded = inputs.load(spec, api=api, account=account)
        if online:
            loaded, keyless = _asked(loaded, quiet=quiet)
        stream = loaded.stream()
        for _ in stream:
            pass
        told = tuple(rows_told(inputs, loaded, stream.refused, is_sound=stream.is_sound, quiet=quiet))
        found = tuple(stream.found)
        behind: tuple[Diagnostic, ...] = ()
        if online and stream.is_sound:
            behind, left = _looked_at(loaded)
            found, told = in_order((*found, *behind)), (*told, *left)
    except SpecError as error:
        return _Check(strictly(error.diagnostics) if strict else error.diagnostics)
    found = strictly(found) if strict else found
    is_move = api == "v3" and (loaded.spec.api is None or loaded.spec.api.text == "v2")
    migration = _migration(loaded) if is_move else None
    # Rows are left out for what is wrong in them; for what is behind an address, none is.
    is_wrong = has_errors(strictly(behind) if strict else behind)
    if inputs.reading.keep_going and stream.is_sound and not is_wrong:
        exit_code = SOME_FAILED if stream.refused else DONE
    else:
        exit_code = SPEC_WRONG if stream.refused or has_errors(found) else DONE
    if keyless:
        told, exit_code = (*told, _not_asked(loaded, keyless)), NO_KEY
    return _Check(found, told, exit_code, is_move, migration)


def _migration(loaded: LoadedSpec) -> Migration | None:
    """What moving every video of a spec to v3 comes to; None where it is wrong by v2 already."""
    from specfile.compiler.lower import engines_of  # noqa: PLC0415 - most checks are no move
    from specfile.compiler.migration import Survey  # noqa: PLC0415 - see above

    survey = Survey(engines_of(loaded.catalogue))
    stream = loaded.in_dialect("v2").stream()
    for made in stream:
        survey.add(made.video())
    return survey.result() if stream.is_sound else None


def _asked(loaded: LoadedSpec, *, quiet: bool) -> tuple[LoadedSpec, int]:
    """The spec with what the service says of the ids that its videos name, as far as they can be made.

    Also gives how many ids could not be asked for, as there is no key.
    """
    from specfile.offers.asking import checked_online, named_in, nobody_told  # noqa: PLC0415 - needs the client

    named = named_in(made.video() for made in replace(loaded, catalogue=None).stream())
    answered = checked_online(named, loaded.catalogue, Notices(), nobody_told if quiet else say)
    return replace(loaded, catalogue=answered.catalogue), answered.keyless


def _not_asked(loaded: LoadedSpec, ids: int) -> str:
    were = "was" if ids == 1 else "were"
    why = f"{were} not asked for, as there is no API key (HEYGEN_API_KEY)"
    return f"{loaded.spec.source.name}: {count(ids, 'id')} {why}"


def _looked_at(loaded: LoadedSpec) -> tuple[tuple[Diagnostic, ...], tuple[str, ...]]:
    """What is found of the files behind a spec's addresses, and what is to be said of those not looked at."""
    from specfile.addresses_online import check_addresses  # noqa: PLC0415 - needs the network

    check = check_addresses(loaded)
    return check.found, (check.told,) if check.told is not None else ()


def _written(
    form: str, found: dict[str, tuple[Diagnostic, ...]], moves: Mapping[str, Migration | None]
) -> str:
    every = tuple(one for diagnostics in found.values() for one in diagnostics)
    match form:
        case "json":
            return write_json(every, _told_of(moves))
        case "sarif":
            return write_sarif(every)
        case "github":
            return write_github(every)
    return write_junit(found)


def _told_of(moves: Mapping[str, Migration | None]) -> Mapping[str, object] | None:
    if not moves:
        return None
    from specfile.report.migration import migration_json  # noqa: PLC0415 - most checks are no move

    return {"migration": {spec: migration_json(one) for spec, one in moves.items()}}
