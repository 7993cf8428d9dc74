"""`specfile quota`: what the account has left."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
import orjson

from specfile.cli import options
from specfile.cli.exits import DONE
from specfile.cli.messages import Notices
from specfile.cli.terminal import stdout
from specfile.connection import Connection, Embedded, cloud
from specfile.heygen import Quota
from specfile.report.offers import quota_view


@click.command("quota")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.local_option
@options.color_option
def command(*, form: str, local: bool) -> int:
    """Show what your account has left, pool by pool, and which of them videos are paid from.

    Asks the service each time.
    """
    if local:
        with tempfile.TemporaryDirectory(prefix="specfile-") as state:
            quota = _asked(Embedded(state=Path(state)))
    else:
        quota = _asked(cloud())
    if form == "json":
        click.echo(orjson.dumps(quota, option=orjson.OPT_INDENT_2).decode())
    else:
        stdout().print(quota_view(quota))
    return DONE


def _asked(connection: Connection) -> Quota:
    connection.require()
    with connection.open(Notices()) as connect:
        service = connect()
        try:
            return service.quota()
        finally:
            service.close()
