"""`specfile schema`: the JSON Schemas, for editors and for other programs."""

from __future__ import annotations

import click

from specfile.resources import resource
from specfile.schemas import SCHEMA_NAMES, schema_text


@click.command("schema")
@click.argument("name", type=click.Choice(SCHEMA_NAMES), default="authoring")
@click.option("--path", "only_path", is_flag=True, help="Print where the schema's file is.")
def command(name: str, *, only_path: bool) -> None:
    """Print a JSON Schema: of storyboards (authoring), or of requests (the others).

    For completion and errors in an editor with a YAML language server, begin a storyboard with
    `# yaml-language-server: $schema=` and what `specfile schema --path` prints.
    """
    click.echo(
        str(resource("schemas", f"{name}.schema.json")) if only_path else schema_text(name).rstrip("\n")
    )
