"""Compares starting specfile with importing what it is built on, as whole cold processes.

python -m benchmarks.startup [--repeat 15]
"""

from __future__ import annotations

import argparse
import sys
from functools import partial

from benchmarks.processes import Command, measure

PAIRS = (
    ("specfile --version", ["-m", "specfile", "--version"], "import click", 3.0),
    (
        "specfile check quickstart.yaml",
        ["-m", "specfile", "check", "--quiet", "specs-examples/quickstart.yaml"],
        "import click, ruamel.yaml, jsonschema, jinja2",
        1.8,
    ),
)


def python(*arguments: str) -> Command:
    return [sys.executable, *arguments]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=15)
    repeat = parser.parse_args().repeat
    print("| command | against | wall s | against, wall s | ratio | bar |")
    print("|---|---|---|---|---|---|")
    for name, arguments, imports, bar in PAIRS:
        times = measure(
            {
                "ours": partial(python, *arguments),
                "peer": partial(python, "-c", imports),
            },
            repeat,
        )
        ours, peer = times["ours"].wall, times["peer"].wall
        print(f"| `{name}` | `{imports}` | {ours:.3f} | {peer:.3f} | {ours / peer:.2f} | ≤ {bar} |")


if __name__ == "__main__":
    main()
