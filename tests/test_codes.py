"""Every code has a page, a golden case, and on its page an example that gives it and a fix that doesn't."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import specfile
from specfile.catalogue import Catalogue
from specfile.compiler.check import _CODES
from specfile.diagnostics import SpecError
from specfile.diagnostics.codes import codes, page
from specfile.schemas.loading import request_schema
from tests.diagnostics.codes_in_sources import CodesInSources
from tests.golden.cases import BAD
from tests.golden.offered import CATALOGUE
from tests.golden.offered import CODES as OF_CATALOGUE
from tests.running import Run

ROOT = Path(__file__).parent.parent

ELSEWHERE = {
    "unused-value": ("tests/test_codes.py", "only a value from the command line gives it"),
    "schema": ("tests/test_codes.py", "every rule of today's schema has a code of its own"),
    "hidden-rows": ("tests/data/test_data_excel.py", "only a workbook gives it"),
    "formula-without-result": ("tests/data/test_data_excel.py", "only a workbook gives it"),
    "plan-resolution": ("tests/cli/test_cli_account.py", "only --account gives it"),
    "avatar-engine": ("tests/compiler/test_compiler_engines.py", "only a catalogue gives it"),
    "address-unreachable": ("tests/online/test_online_judging.py", "only asking the host gives it"),
    "address-is-page": ("tests/online/test_online_judging.py", "only asking the host gives it"),
    "address-of-another-kind": ("tests/online/test_online_judging.py", "only asking the host gives it"),
    "text-leaves-frame": ("tests/cli/test_cli_frame_remarks.py", "only drawing gives it"),
    "text-under-captions": ("tests/cli/test_cli_frame_remarks.py", "only drawing gives it"),
    "refused-by-service": ("tests/cli/test_cli_refusals.py", "only the service gives it"),
    "file-too-large": ("tests/compiler/test_compiler_contents.py", "it would take a file of 50 MB"),
    "file-cut-off": ("tests/compiler/test_compiler_contents.py", "half a picture would have to lie there"),
    "picture-too-large": ("tests/compiler/test_compiler_contents.py", "it would take a large picture"),
    "plan-length": ("tests/cli/test_cli_account.py", "only --account gives it"),
}
"""Codes that no golden case can show: the file that tests them, and why."""


@cache
def sources() -> CodesInSources:
    return CodesInSources(ROOT / "specfile")


@cache
def in_golden_cases() -> frozenset[str]:
    texts = [path.read_text(encoding="utf-8") for path in BAD.glob("*.txt")]
    found = [re.findall(r"^(?:error|warning|note)\[([^\]]+)\]", text, re.MULTILINE) for text in texts]
    return frozenset(code for one in found for code in one)


@cache
def in_import_cases() -> frozenset[str]:
    """Codes about a request that is imported, which no spec can show."""
    files = [path for path in (ROOT / "tests" / "importing").rglob("*") if path.suffix in (".py", ".txt")]
    texts = [path.read_text(encoding="utf-8") for path in files]
    return frozenset(code for text in texts for code in re.findall(r"""[\["'](import-[a-z-]+)[\]"']""", text))


def test_every_place_that_gives_a_code_is_understood() -> None:
    assert sources().problems == []


def test_every_code_of_the_sources_has_a_page() -> None:
    assert {code: places for code, places in sources().codes.items() if code not in codes()} == {}


def test_every_page_is_about_a_code_of_the_sources() -> None:
    assert [code for code in codes() if code not in sources().codes] == []


def test_every_code_of_a_golden_case_is_known() -> None:
    assert in_golden_cases() - set(codes()) == set()


def test_every_code_has_a_golden_case_or_a_reason_for_none() -> None:
    assert set(sources().codes) - in_golden_cases() - in_import_cases() - set(ELSEWHERE) == set()


@pytest.mark.parametrize("code", sorted(ELSEWHERE))
def test_a_code_without_a_golden_case_is_tested_where_it_says(code: str) -> None:
    assert code not in in_golden_cases()
    assert f'"{code}"' in (ROOT / ELSEWHERE[code][0]).read_text(encoding="utf-8")


@pytest.mark.parametrize("code", codes())
def test_a_page_has_a_title_a_short_summary_an_example_and_a_fix(code: str) -> None:
    about = page(code)
    headings = re.findall(r"^#+ .*$", without_blocks(about.text), re.MULTILINE)
    assert headings == [f"# {code}", "## Example", "## Fix"]
    assert about.summary.endswith(".")
    assert len(about.summary) <= 220
    assert 10 <= len(about.text.splitlines()) <= 40


@pytest.mark.parametrize("code", codes())
def test_an_example_gives_exactly_its_code_and_the_fix_gives_nothing(code: str, project: Path) -> None:
    example, fix = page(code).text.split("## Fix")
    table = next(blocks(example, "csv"), "")
    prepare(project)
    catalogue = CATALOGUE if code in OF_CATALOGUE else None
    for spec in whole_specs(example):
        assert checked(spec, table, catalogue) == {code}
    for spec in whole_specs(fix):
        assert checked(spec, next(blocks(fix, "csv"), table), catalogue) == set()
    if table and not any(whole_specs(fix)):  # then the table is what is corrected
        for spec in whole_specs(example):
            assert checked(spec, next(blocks(fix, "csv"))) == set()


def test_most_examples_are_whole_specs() -> None:
    whole = [code for code in codes() if any(whole_specs(page(code).text))]
    assert len(whole) > 0.75 * len(codes())


def test_a_value_that_nothing_takes_is_pointed_out(project: Path, run: Run) -> None:
    Path("a.yaml").write_text("specfile: 1\ndefaults: {avatar: A, voice: v}\nscenes: [{say: Hello}]\n")
    ran = run("check", "--var", "compny=Initech", "a.yaml")
    code = "unused-value"
    assert ran.err == (
        f"warning[{code}]: a value was given for `compny`, which `variables` doesn't declare\n"
        "   hint: declare it under `variables`\n\n1 warning\n"
    )


def test_no_rule_of_the_schema_is_left_to_the_code_for_the_rest() -> None:
    """`"schema"` is what a rule gets that a later definition brings along, until it has its own code."""
    structure = {"$ref", "$defs", "properties", "items", "oneOf", "additionalProperties", "discriminator"}
    about = {"title", "description", "default", "$schema", "$id", "if", "then"}
    assert set(keywords(request_schema("v2"))) - structure - about - set(_CODES) == set()


def keywords(schema: object) -> Iterator[str]:
    """The keywords of a JSON Schema, at every depth."""
    if not isinstance(schema, dict):
        return
    for name, value in schema.items():
        yield name
        if name in ("properties", "$defs"):
            for inner in value.values():
                yield from keywords(inner)
        elif name in ("items", "if", "then"):
            yield from keywords(value)
        elif name == "oneOf":
            for inner in value:
                yield from keywords(inner)


def blocks(text: str, language: str) -> Iterator[str]:
    """The fenced blocks of a language."""
    return iter(re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL))


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def whole_specs(text: str) -> Iterator[str]:
    """The blocks that could be saved as a spec as they are."""
    return (
        one
        for one in blocks(text, "yaml")
        if {"scenes:", "defaults:"} <= set(re.findall(r"^\w+:", one, re.MULTILINE))
    )


def prepare(project: Path) -> None:
    """The files that pages name: a picture, half of it, and an empty one."""
    (project / "images").mkdir()
    shutil.copy(ROOT / "specs-examples" / "images" / "dashboard.png", project / "images" / "office.png")
    (project / "images" / "empty.png").touch()
    whole = (project / "images" / "office.png").read_bytes()
    (project / "images" / "half.png").write_bytes(whole[: len(whole) // 2])


def checked(spec: str, table: str, catalogue: Catalogue | None = None) -> set[str]:
    """The codes that checking gives, with the table of the page beside the spec."""
    Path("people.csv").write_text(table, encoding="utf-8")
    Path("page.yaml").write_text(spec, encoding="utf-8")
    try:
        return {one.code for one in replace(specfile.load("page.yaml"), catalogue=catalogue).check()}
    except SpecError as error:
        return {one.code for one in error.diagnostics}
