"""A pasted curl command gives its body and nothing else."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specfile.errors import UsageError
from specfile.importing.curl import find_command

URL = "https://api.heygen.com/v2/video/generate"
BODIES = [
    ("curl -d '{\"a\": 1}' " + URL, '{"a": 1}'),
    ('curl -d "{\\"a\\": 1}" ' + URL, '{"a": 1}'),
    ("curl -d'{}' " + URL, "{}"),
    ("curl --json {} " + URL, "{}"),
    ("curl --data={} " + URL, "{}"),
    ("curl.exe --data-binary '{}' " + URL, "{}"),
    ("  $ curl -X POST -d '{}' " + URL, "{}"),
    ("KEY=x curl -d '{}' " + URL, "{}"),
    ("ID=$(curl -s -d '{}' " + URL + " | jq -r .data.video_id)", "{}"),
    ("curl " + URL + " \\\r\n  -d '{}'\r\n", "{}"),
    ('curl "' + URL + '" ^\r\n -d "{\\"a\\": 1}"\r\n', '{"a": 1}'),
    ("curl $'-d' $'{\"a\": \"\\u00e9\\'\\n\"}' " + URL, '{"a": "é\'\n"}'),
    ("curl -d '{\"a\": \"it'\\''s\"}' " + URL, '{"a": "it\'s"}'),
    ("curl https://example.com/first\ncurl -d '{}' " + URL, "{}"),
    ("curl " + URL + " -d @- <<'END'\n{\n}\nEND\n", "{\n}"),
]


@pytest.mark.parametrize(("command", "body"), BODIES)
def test_the_body_is_read_as_a_shell_would(command: str, body: str) -> None:
    found = find_command(command)
    assert found is not None
    assert (found.text, found.endpoint) == (body, "/v2/video/generate")


@pytest.mark.parametrize(
    "text", ['{"say": "use curl -d x"}', "curling -d x", "say curl", '{"a": "\\ncurl -d"}']
)
def test_a_word_in_a_text_is_no_command(text: str) -> None:
    assert find_command(text) is None


def test_a_body_that_stands_as_it_is_keeps_its_place() -> None:
    text = f"curl {URL} -d '{{}}'"
    found = find_command(text)
    assert found is not None
    assert found.start is not None
    assert text[found.start :] == "{}'"


@pytest.mark.skipif(sys.platform == "win32", reason="asks a shell")
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20))
def test_any_text_comes_out_as_a_shell_has_it(text: str) -> None:
    body = json.dumps({"a": text}, ensure_ascii=False)
    command = f"curl -X POST {URL} -H 'x: y' --data-raw {shlex.quote(body)}"
    echoed = subprocess.run(
        ["sh", "-c", 'curl() { printf %s "$7"; }\n' + command], capture_output=True, check=True
    ).stdout
    found = find_command(command)
    assert found is not None
    assert found.text.encode() == echoed


REFUSED = [
    ("curl " + URL, "this curl command has no body"),
    ("curl -d @body.json " + URL, "this curl command reads its body from the file body.json"),
    ("curl -d @- " + URL, "this curl command reads its body from another place"),
    ("curl -F a=b " + URL, "this curl command sends a form (-F); the service takes JSON"),
    ("curl -d a -d b " + URL, "this curl command has 2 bodies"),
    ("curl \\\n -d 'open " + URL, "a quote that begins in line 2 is never closed"),
]


@pytest.mark.parametrize(("command", "message"), REFUSED)
def test_a_command_without_a_body_of_its_own_is_refused(command: str, message: str) -> None:
    with pytest.raises(UsageError) as refusal:
        find_command(command)
    assert str(refusal.value) == message
    assert refusal.value.hint
