"""The package from outside: its public names, its start, its resources."""

from __future__ import annotations

import subprocess
import sys

import pytest

import specfile
from specfile.resources import resource


@pytest.mark.parametrize("name", specfile.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(specfile, name) is not None
    assert name in dir(specfile)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'specfile' has no attribute 'lode'"):
        _ = specfile.lode


@pytest.mark.parametrize(
    ("code", "unloaded"),
    [
        ("import specfile.cli", ["jinja2", "jsonschema", "requests", "rich", "ruamel", "specfile.runner"]),
        (
            "import specfile; specfile.load('specs-examples/quickstart.yaml').check()",
            ["jsonschema", "requests", "rich", "numpy", "PIL", "av", "starlette", "pydantic"],
        ),
    ],
)
def test_starting_loads_nothing_that_is_not_needed(code: str, unloaded: list[str]) -> None:
    program = f"{code}\nimport sys\nprint(*(name for name in {unloaded} if name in sys.modules))"
    root = resource("schemas").parent
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"


def test_a_missing_resource_names_itself() -> None:
    with pytest.raises(FileNotFoundError, match=r"specfile's own file schemas/none\.json is missing"):
        resource("schemas", "none.json")


@pytest.mark.parametrize(
    ("arguments", "needs"),
    [
        (["build", "--local", "specs-examples/quickstart.yaml"], ("--local", "preview,emulator")),
        (["emulator"], ("the emulator", "emulator")),
    ],
)
def test_a_part_that_is_not_installed_says_how_to_install_it(
    arguments: list[str], needs: tuple[str, str]
) -> None:
    """As with the bare `pip install specfile-video`."""
    missing = "import sys; sys.modules.update(dict.fromkeys(['av', 'starlette']))"
    program = f"{missing}\nfrom importlib import util\nfind = util.find_spec\n"
    program += "util.find_spec = lambda name: find(name) if sys.modules.get(name, 1) else None\n"
    program += f"from specfile.cli import main\nmain({arguments})"
    root = resource("schemas").parent
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    what, extra = needs
    message = f"error: {what} needs the optional '{extra}' part of specfile\n"
    hint = f"hint: pip install 'specfile-video[{extra}]'\n"
    assert (done.returncode, done.stderr) == (2, message + hint)
