"""A key that stands in a file is shown in no report."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.diagnostics import Diagnostic
from specfile.diagnostics.secrets import masked
from tests.running import Run

SPECS = {
    "command": "curl --request POST \\\n  --header 'X-Api-Key: SECRET' \\\n  --data '{}'\n",
    "one line": "curl -H 'Authorization: Bearer SECRET' https://api.heygen.com\n",
    "part of a command": "--header 'X-Api-Key: SECRET' \\\n  --data '{\"a\": 1}'\n",
    "key": "specfile: 1\nX-Api-Key: SECRET # specfile\nscenes:\n  - say: Hello\n",
    "text": "specfile: 1\nscenes:\n  - say: Authorization: Bearer SECRET\n",
}


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
@pytest.mark.parametrize("spec", SPECS)
def test_no_format_shows_a_key(spec: str, form: str, project: Path, run: Run) -> None:
    Path("s.yaml").write_text(SPECS[spec], encoding="utf-8")
    ran = run("check", "--format", form, "s.yaml")
    assert ran.code == 1
    assert "s.yaml" in ran.out + ran.err
    assert "SECRET" not in ran.out + ran.err


@pytest.mark.parametrize("spec", ["command", "one line", "part of a command"])
def test_a_curl_command_is_one_error_that_says_how_to_import_it(spec: str, project: Path, run: Run) -> None:
    Path("s.yaml").write_text(SPECS[spec], encoding="utf-8")
    told = run("check", "s.yaml").err
    assert told.startswith("error[curl-command]: this is a curl command, not a storyboard\n")
    assert told.endswith("   hint: make a spec of it: specfile import s.yaml\n\n1 error\n")


def test_the_rest_of_the_line_is_masked_and_other_lines_stay() -> None:
    assert masked('a\n"X-Api-Key": "k" b\nc') == 'a\n"X-Api-Key": …\nc'
    assert masked("put your key in the X-Api-Key header") == "put your key in the X-Api-Key header"


def test_a_diagnostic_holds_no_key() -> None:
    line = "authorization: Bearer k"
    one = Diagnostic(code="odd", message=line, value=line, hint=line)
    assert {one.message, one.value, one.hint} == {"authorization: …"}
