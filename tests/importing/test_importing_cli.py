"""`specfile import`: where it reads, where it writes, and what it never shows."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from specfile.importing import normalise
from tests.running import Ran, Run

BODY = {
    "video_inputs": [
        {
            "character": {"type": "avatar", "avatar_id": "Daisy-inskirt-20220818"},
            "voice": {"type": "text", "voice_id": "v-1", "input_text": "Hello"},
        }
    ]
}
SPEC = """specfile: 1

scenes:
  - say: Hello
    voice: v-1
    avatar: Daisy-inskirt-20220818
"""
KEY = "sk_V2_hgu_secret0123456789"


def pasted(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_file_becomes_a_spec_on_stdout(project: Path, run: Run) -> None:
    Path("body.json").write_text(json.dumps(BODY))
    assert run("import", "body.json") == Ran(0, SPEC, "")


def test_stdin_is_read_where_no_file_is_named(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pasted(monkeypatch, json.dumps(BODY).encode())
    assert run("import") == Ran(0, SPEC, "")
    pasted(monkeypatch, b"\xef\xbb\xbf" + json.dumps(BODY).encode())
    assert run("import", "-") == Ran(0, SPEC, "")


def test_a_mistake_on_stdin_is_shown_with_its_line(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pasted(monkeypatch, b'{"video_inputs": []}')
    assert run("import") == Ran(
        1,
        "",
        "error[no-scenes]: `video_inputs` is empty; a video has 1 to 50 scenes\n"
        "  --> <stdin>:1:18\n"
        "   |\n"
        ' 1 | {"video_inputs": []}\n'
        "   |                  ^^\n"
        "   = at video_inputs\n"
        "   hint: add a scene\n"
        "\n"
        "1 error\n",
    )


def test_output_goes_to_a_new_file_that_checks_clean(project: Path, run: Run) -> None:
    Path("body.json").write_text(json.dumps(BODY))
    assert run("import", "body.json", "-o", "a.yaml") == Ran(
        0, "", "wrote a.yaml\n\nNext: specfile check a.yaml\n"
    )
    assert Path("a.yaml").read_text() == SPEC
    assert run("check", "a.yaml").code == 0
    assert json.loads(run("compile", "--payload", "a.yaml").out) == normalise(BODY).payload


def test_an_existing_file_is_left_alone(project: Path, run: Run) -> None:
    Path("body.json").write_text(json.dumps(BODY))
    Path("a.yaml").write_text("mine")
    assert run("import", "body.json", "-o", "a.yaml") == Ran(
        2,
        "",
        "error: a.yaml exists already; nothing was written\nhint: choose another name behind -o\n",
    )
    assert Path("a.yaml").read_text() == "mine"


def test_nothing_is_written_where_something_is_wrong(project: Path, run: Run) -> None:
    Path("body.json").write_text(json.dumps({"video_inputs": []}))
    assert run("import", "body.json", "-o", "a.yaml").code == 1
    assert not Path("a.yaml").exists()


def test_a_folder_that_is_not_there_is_named(project: Path, run: Run) -> None:
    Path("body.json").write_text(json.dumps(BODY))
    ran = run("import", "body.json", "-o", "nowhere/a.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: nowhere/a.yaml can't be written: ")


def test_a_missing_file_is_named(project: Path, run: Run) -> None:
    ran = run("import", "body.json")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error[file-missing]: body.json can't be read")


def test_other_encodings_are_named(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    content = json.dumps(BODY).encode("utf-16")
    Path("body.json").write_bytes(content)
    assert run("import", "body.json").err.startswith("error[not-utf8]: body.json is not UTF-8 text")
    pasted(monkeypatch, content)
    assert run("import") == Ran(
        2, "", "error: what stands on stdin is not UTF-8 text\nhint: save it as UTF-8\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"curl https://api.heygen.com/v2/video/generate -H 'X-Api-Key: {KEY}' -d '{{\"video_inputs\":7}}'",
        f"curl https://api.heygen.com/v2/video/generate -H \"X-Api-Key: {KEY}\" -d '{json.dumps(BODY)}'",
        f"curl https://api.heygen.com/v2/video/generate -H 'X-Api-Key: {KEY}' -d '{{\"a\": it'\\''s}}'",
        f"curl https://api.heygen.com/v2/video/generate -d '{{}}' -H 'X-Api-Key: {KEY}",
        f"curl 'https://api.heygen.com/v2/video/generate?api_key={KEY}' -u {KEY}:x -d '[]'",
        json.dumps({"headers": {"X-Api-Key": KEY}, "body": {"video_inputs": 7}}),
        json.dumps({"headers": {"Authorization": f"Bearer {KEY}"}, "body": {"video_inputs": 7}}),
        json.dumps({"api_key": KEY, "video_inputs": 7, "token": KEY, "heygenApiKey": KEY}),
        json.dumps(json.dumps({"api_key": KEY, "video_inputs": 7})),
        json.dumps({"api_key": KEY, **BODY}),
        str({"api_key": KEY, "video_inputs": 7, "x": None}),
        f'{{"api_key": "{KEY}", "video_inputs": 7,,}}',
        f"HEYGEN_API_KEY={KEY}\nnonsense",
        f'{{"api_key": "{KEY}", "api_key": "{KEY}"}}',
    ],
)
def test_a_key_is_shown_nowhere(text: str, project: Path, run: Run) -> None:
    Path("pasted.txt").write_text(text)
    ran = run("import", "pasted.txt")
    assert ran.err or ran.out
    assert KEY not in ran.out + ran.err
    assert KEY[-10:] not in ran.out + ran.err


def test_the_page_shows_what_an_import_writes(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(json|yaml)\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    pasted(monkeypatch, blocks["json"].encode())
    assert run("import").out == blocks["yaml"]
