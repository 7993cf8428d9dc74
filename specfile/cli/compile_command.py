"""`specfile compile`: one request a line."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click
import orjson

from specfile.cli import options
from specfile.cli.checked import checked
from specfile.film import Api, Asset, Json, Request
from specfile.loaded import Choice


@click.command("compile")
@options.specs_argument
@options.input_options
@options.only_option
@options.api_option
@options.account_option
@options.strict_option
@click.option(
    "-o", "--output", type=click.File("wb", lazy=True), default="-", help="Write to a file, not to stdout."
)
@click.option("--payload", is_flag=True, help="Only the body of each request.")
def command(
    *,
    specs: tuple[Path, ...],
    pairs: tuple[str, ...],
    vars_file: Path | None,
    data: str | None,
    patterns: tuple[str, ...],
    api: Api | None,
    account: str | None,
    strict: bool,
    output: BinaryIO,
    payload: bool,
) -> None:
    """Print the requests that specs stand for, as JSON Lines. Nothing is sent."""
    values = options.variables(pairs, vars_file)
    choice = Choice(**options.chosen(patterns))
    for spec in specs:
        _, videos = checked([spec], values, data, api=api, account=account, strict=strict)[spec]
        for video in choice.among(videos):
            content = video.request.payload if payload else _line(video.request)
            output.write(orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE))


def _line(request: Request) -> dict[str, Json]:
    return {
        "key": request.key,
        "digest": request.digest,
        "api": request.api,
        "endpoint": request.endpoint,
        "payload": request.payload,
        "assets": [_asset(asset) for asset in request.assets],
    }


def _asset(asset: Asset) -> dict[str, Json]:
    return {
        "asset": asset.placeholder,
        "kind": asset.kind,
        "path": str(asset.path),
        "media_type": asset.media_type,
    }
