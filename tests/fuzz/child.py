"""The process in which inputs are tried: told which on stdin, tells on stdout what came of each.

Run by `watching`. It may hang, run out of memory or be killed; nobody but its parent minds.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import specfile
from specfile.diagnostics import Diagnostic, SpecError
from specfile.diagnostics.text import write_text
from specfile.errors import SpecfileError, UsageError
from specfile.importing import import_request
from tests.fuzz.case import SPEC, Case
from tests.fuzz.kinds import case


def tried(one: Case, folder: Path) -> str:
    """What came of an input: `sound`, or `refused` with reasons. Raises whatever else it ends with."""
    found = _imported(one.request, folder) if one.request is not None else _checked(folder)
    for diagnostic in found:
        if not (diagnostic.code and diagnostic.message and diagnostic.hint):
            message = f"a diagnostic says too little: {diagnostic}"
            raise AssertionError(message)
    return "refused" if any(one.severity == "error" for one in found) else "sound"


def laid_out(one: Case, folder: Path) -> None:
    """Write the files of an input, and make its folder a project."""
    (folder / ".git").mkdir()
    for name, content in one.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _checked(folder: Path) -> Sequence[Diagnostic]:
    try:
        found = specfile.load(folder / SPEC).check()
    except SpecError as error:
        found = error.diagnostics
    except UsageError:
        return ()
    write_text(found, source=_text)
    return found


def _imported(text: str, folder: Path) -> Sequence[Diagnostic]:
    """Import a request and check the spec that came of it."""
    shown: dict[str, str] = {}
    try:
        imported = import_request(text, "request.json", shown.__setitem__)
    except SpecError as error:
        write_text(error.diagnostics, source=shown.get)
        return error.diagnostics
    except SpecfileError:
        return ()
    write_text(imported.diagnostics, source=shown.get)
    (folder / SPEC).write_text(imported.spec, encoding="utf-8")
    return (*imported.diagnostics, *_checked(folder))


def _text(name: str) -> str | None:
    try:
        return Path(name).read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return None


def _try(kind: str, seed: str) -> dict[str, object]:
    one = case(kind, seed)
    with tempfile.TemporaryDirectory() as name:
        laid_out(one, Path(name).resolve())
        print(json.dumps({"begun": True}), flush=True)
        wall, work = time.perf_counter(), time.process_time()
        try:
            outcome = tried(one, Path(name).resolve())
        except BaseException:  # noqa: BLE001 - whatever it is, it is what this looks for
            outcome = traceback.format_exc(limit=-6)
        return {
            "outcome": outcome,
            "seconds": time.perf_counter() - wall,
            "work": time.process_time() - work,
            "memory": _peak(),
        }


def _peak() -> int:
    """Bytes that this process has held at most.

    `ru_maxrss` would not do: a process begins with that of the one that started it, here a whole test run.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def _main() -> None:
    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _try("rows", "warm")  # imports everything once, so that no input is blamed for it
    _try("import", "warm")
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        kind, seed = json.loads(line)
        print(json.dumps(_try(kind, seed)), flush=True)


if __name__ == "__main__":
    _main()
