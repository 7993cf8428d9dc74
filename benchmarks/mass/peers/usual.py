"""The usual pipeline: a text template of the whole YAML, a YAML loader, a JSON Schema, a line of JSON.

    python usual.py --template A.yaml.j2 --schema S --table T --output O --loader libyaml --validator python

Template and validator are prepared once. `libyaml` is PyYAML's loader in C, `ruamel` the careful choice: YAML
1.2, and a round trip keeps what was written. The validator is jsonschema, or jsonschema-rs, the fast one.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2


def dumps(text: str) -> str:
    """Quotes a text so that YAML reads it again; Jinja's own `tojson` is for HTML, and slower."""
    return json.dumps(text, ensure_ascii=False)


def loader(name: str) -> Callable[[str], Any]:
    if name == "libyaml":
        import yaml  # noqa: PLC0415 - only what is used is loaded

        return lambda text: yaml.load(text, yaml.CSafeLoader)
    from ruamel.yaml import YAML  # noqa: PLC0415

    return YAML().load


def validator(name: str, schema: Any) -> Callable[[Any], None]:
    """Raises for what the schema refuses."""
    if name == "python":
        import jsonschema  # noqa: PLC0415

        return jsonschema.Draft202012Validator(schema).validate
    import jsonschema_rs  # noqa: PLC0415

    return jsonschema_rs.Draft202012Validator(schema).validate


def main(options: argparse.Namespace) -> None:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.filters["tojson"] = dumps
    render = environment.from_string(options.template.read_text(encoding="utf-8")).render
    load = loader(options.loader)
    validate = validator(options.validator, json.loads(options.schema.read_text(encoding="utf-8")))
    with (
        options.table.open(encoding="utf-8-sig", newline="") as rows,
        options.output.open("w", encoding="utf-8") as lines,
    ):
        for row in csv.DictReader(rows):
            payload = load(render(row))
            validate(payload)
            line = {"key": row["customer_id"], "payload": payload}
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("template", "schema", "table", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--loader", choices=("libyaml", "ruamel"), required=True)
    parser.add_argument("--validator", choices=("python", "rust"), required=True)
    main(parser.parse_args())
