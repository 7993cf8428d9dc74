"""Who takes part: each a command that turns the table of a stage into JSON Lines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Final

from benchmarks.mass.stage import PEERS, Stage
from benchmarks.processes import Command

CALIBRATION_PASSES: Final = 10
"""So many times the bare limit's work make the gain of a second process stand out from starting it."""

_TOGETHER: Final = """
import json, subprocess, sys
processes = [subprocess.Popen(command) for command in json.loads(sys.argv[1])]
sys.exit(any([process.wait() for process in processes]))
"""


@dataclass(frozen=True, slots=True)
class Contender:
    """Someone who takes part. A slow one gets one row in `divisor`, and is compared per row.

    `output` names the file of its lines, None where those are not to be compared.
    """

    command: Callable[[Stage], Command]
    output: str | None
    divisor: int = 1
    missing: Callable[[], str | None] = lambda: None


def ours(stage: Stage, jobs: int | None = None) -> Command:
    output = stage.output("ours-jobs" if jobs else "ours")
    command = [sys.executable, "-m", "specfile", "compile", str(stage.spec), "-o", str(output)]
    return [*command, "--jobs", str(jobs)] if jobs else command


def usual(stage: Stage, loader: str, validator: str) -> Command:
    options = {
        "template": PEERS / f"{stage.storyboard}.yaml.j2",
        "schema": stage.schema,
        "table": stage.table,
        "output": stage.output(f"{loader}-{validator}"),
        "loader": loader,
        "validator": validator,
    }
    written = (f"--{name}={value}" for name, value in options.items())
    return [sys.executable, str(PEERS / "usual.py"), *written]


def jsonnet(stage: Stage, rows_a_call: int) -> Command:
    function = PEERS / f"{stage.storyboard}.jsonnet"
    script = [sys.executable, str(PEERS / "jsonnet_rows.py"), str(function)]
    return [*script, str(stage.table), str(stage.output(f"jsonnet-{rows_a_call}")), str(rows_a_call)]


def bare(stage: Stage, *, name: str = "bare", passes: int = 1) -> Command:
    template = PEERS / f"{stage.storyboard}.bare.j2"
    script = [sys.executable, str(PEERS / "bare.py"), stage.storyboard, str(template)]
    return [*script, str(stage.table), str(stage.output(name)), str(passes)]


def together(*commands: Command) -> Command:
    """All commands at once, as one that ends when the last of them has."""
    return [sys.executable, "-c", _TOGETHER, json.dumps([list(one) for one in commands])]


def _shared(stage: Stage) -> Command:
    half = CALIBRATION_PASSES // 2
    return together(*(bare(stage, name=f"half-{number}", passes=half) for number in (1, 2)))


def no_jobs() -> str | None:
    """Why `--jobs` can't be asked for, or None."""
    shown = subprocess.run(
        [sys.executable, "-m", "specfile", "compile", "--help"], capture_output=True, text=True, check=True
    )
    return None if "--jobs" in shown.stdout else "this `specfile compile` knows no --jobs"


def _not_installed(package: str) -> str | None:
    return None if find_spec(package) else f"`{package}` isn't installed: pip install -e '.[bench]'"


_no_yaml = partial(_not_installed, "yaml")
_no_jsonnet = partial(_not_installed, "_jsonnet")

CONTENDERS: Final[Mapping[str, Contender]] = {
    "specfile": Contender(ours, "ours"),
    "specfile --jobs 2": Contender(partial(ours, jobs=2), "ours-jobs", missing=no_jobs),
    "usual": Contender(
        partial(usual, loader="libyaml", validator="python"), "libyaml-python", missing=_no_yaml
    ),
    "usual, jsonschema-rs": Contender(
        partial(usual, loader="libyaml", validator="rust"), "libyaml-rust", missing=_no_yaml
    ),
    "careful": Contender(partial(usual, loader="ruamel", validator="python"), "ruamel-python", divisor=20),
    "jsonnet": Contender(partial(jsonnet, rows_a_call=1), "jsonnet-1", divisor=40, missing=_no_jsonnet),
    "jsonnet, 500 rows a call": Contender(
        partial(jsonnet, rows_a_call=500), "jsonnet-500", divisor=4, missing=_no_jsonnet
    ),
    "bare": Contender(bare, "bare"),
    "bare, 10 passes": Contender(partial(bare, name="passes", passes=CALIBRATION_PASSES), None),
    "bare, 10 passes in two processes": Contender(_shared, None),
}


def available() -> tuple[dict[str, Contender], list[str]]:
    """Who can take part here, and why the others can't."""
    reasons = {name: contender.missing() for name, contender in CONTENDERS.items()}
    present = {name: one for name, one in CONTENDERS.items() if reasons[name] is None}
    return present, [f"{name} is left out: {reason}" for name, reason in reasons.items() if reason]
