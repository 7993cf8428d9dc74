"""The storyboard as a Jsonnet function of a row. Nothing is validated.

    python jsonnet_rows.py FUNCTION TABLE OUTPUT ROWS_A_CALL

Each call of the Python binding reads Jsonnet's standard library and the file anew, some 30 ms: with one row a
call that is nearly all, with hundreds a call nearly nothing.
"""

from __future__ import annotations

import csv
import json
import sys
from itertools import islice
from pathlib import Path

import _jsonnet


def main(function: str, table: str, output: str, rows_a_call: str) -> None:
    source = f"local request = import {json.dumps(function)}; function(rows) [request(row) for row in rows]"
    with (
        Path(table).open(encoding="utf-8-sig", newline="") as file,
        Path(output).open("w", encoding="utf-8") as lines,
    ):
        reader = csv.DictReader(file)
        while rows := list(islice(reader, int(rows_a_call))):
            text = _jsonnet.evaluate_snippet("rows", source, tla_codes={"rows": json.dumps(rows)})
            for row, payload in zip(rows, json.loads(text), strict=True):
                line = {"key": row["customer_id"], "payload": payload}
                lines.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
