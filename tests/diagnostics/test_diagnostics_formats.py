"""Diagnostics as programs read them, whole outputs compared."""

import json
from textwrap import dedent
from xml.etree import ElementTree as ET

import pytest

from specfile.diagnostics import Cell, Diagnostic, Severity, Span
from specfile.diagnostics.as_json import write_json
from specfile.diagnostics.codes import page
from specfile.diagnostics.github import write_github
from specfile.diagnostics.junit import write_junit
from specfile.diagnostics.sarif import write_sarif

FULL = Diagnostic(
    code="out-of-range",
    message="`速度` is 2.4, 240%",
    span=Span.at("specs/welcome.yaml", 12, 12, 3),
    path="scenes[2].voice.speed",
    value="2.4",
    cell=Cell("customers.csv", 3, "speed", "ada"),
    hint="write a number from 0.5 to 1.5",
    related=((Span.at("brand.yaml", 2, 3, 5), "inherited from here"),),
)
BARE = Diagnostic(code="no-video", message="nothing to do", severity=Severity.NOTE)
TOLD = (
    "`速度` is 2.4, 240%\nat scenes[2].voice.speed\nvalue after templating: 2.4\n"
    "from row 3 of customers.csv (key ada), column speed\nhint: write a number from 0.5 to 1.5"
)


def test_json_holds_every_field_that_is_set() -> None:
    assert json.loads(write_json([FULL, BARE])) == {
        "version": 1,
        "diagnostics": [
            {
                "code": "out-of-range",
                "severity": "error",
                "message": "`速度` is 2.4, 240%",
                "span": {
                    "file": "specs/welcome.yaml",
                    "line": 12,
                    "column": 12,
                    "end_line": 12,
                    "end_column": 15,
                },
                "path": "scenes[2].voice.speed",
                "value": "2.4",
                "cell": {"source": "customers.csv", "row": 3, "column": "speed", "key": "ada"},
                "hint": "write a number from 0.5 to 1.5",
                "related": [
                    {
                        "span": {
                            "file": "brand.yaml",
                            "line": 2,
                            "column": 3,
                            "end_line": 2,
                            "end_column": 8,
                        },
                        "message": "inherited from here",
                    }
                ],
            },
            {"code": "no-video", "severity": "note", "message": "nothing to do"},
        ],
    }


def test_json_without_diagnostics_is_still_a_document() -> None:
    assert write_json([]) == '{\n  "version": 1,\n  "diagnostics": []\n}\n'


def region(line: int, start: int, end: int) -> dict[str, int]:
    return {"startLine": line, "startColumn": start, "endLine": line, "endColumn": end}


def test_sarif_has_a_rule_per_code_and_a_result_per_diagnostic() -> None:
    about = page("out-of-range")
    assert json.loads(write_sarif([FULL, BARE])) == {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "specfile",
                        "rules": [
                            {"id": "no-video"},
                            {
                                "id": "out-of-range",
                                "shortDescription": {"text": about.summary},
                                "fullDescription": {"text": about.meaning},
                                "help": {"text": about.text, "markdown": about.text},
                            },
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "out-of-range",
                        "ruleIndex": 1,
                        "level": "error",
                        "message": {"text": TOLD},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": "specs/welcome.yaml"},
                                    "region": region(12, 12, 15),
                                },
                                "logicalLocations": [{"fullyQualifiedName": "scenes[2].voice.speed"}],
                            }
                        ],
                        "relatedLocations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": "brand.yaml"},
                                    "region": region(2, 3, 8),
                                },
                                "id": 1,
                                "message": {"text": "inherited from here"},
                            }
                        ],
                    },
                    {
                        "ruleId": "no-video",
                        "ruleIndex": 0,
                        "level": "note",
                        "message": {"text": "nothing to do"},
                    },
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("specs\\a b.yaml", "specs/a%20b.yaml"),
        ("größe.yaml", "gr%C3%B6%C3%9Fe.yaml"),
        ("/tmp/a.yaml", "file:///tmp/a.yaml"),
        ("C:\\specs\\a.yaml", "file:///C:/specs/a.yaml"),
    ],
)
def test_sarif_names_files_by_uri(file: str, uri: str) -> None:
    run = json.loads(write_sarif([Diagnostic(code="c", message="m", span=Span.at(file, 1, 1))]))["runs"][0]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_sarif_stops_at_the_most_that_code_scanning_takes() -> None:
    run = json.loads(write_sarif([BARE] * 25_007))["runs"][0]
    assert len(run["results"]) == 25_000
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice == {"level": "warning", "message": {"text": "7 more diagnostics were left out"}}


def test_github_gets_a_command_per_diagnostic() -> None:
    several_lines = Diagnostic(
        code="odd", message="m", span=Span("a,b:c.yaml", 1, 2, 3, 4), severity=Severity.WARNING
    )
    told = TOLD.replace("%", "%25").replace("\n", "%0A")
    assert write_github([FULL, several_lines, BARE]) == (
        f"::error file=specs/welcome.yaml,line=12,col=12,endColumn=14,title=out-of-range::{told}\n"
        "::warning file=a%2Cb%3Ac.yaml,line=1,endLine=3,title=odd::m\n"
        "::notice title=no-video::nothing to do\n"
    )


def test_github_gets_nothing_for_nothing() -> None:
    assert write_github([]) == ""


def test_junit_has_a_suite_per_spec_and_a_case_per_diagnostic() -> None:
    hostile = Diagnostic(code="odd", message='<b> & "\x00\x1b', severity=Severity.ERROR)
    report = write_junit({"welcome.yaml": [FULL, BARE, hostile], "clean.yaml": []})
    expected = f"""\
        <?xml version="1.0" encoding="utf-8"?>
        <testsuites name="specfile check" tests="4" failures="2" errors="0">
          <testsuite name="welcome.yaml" tests="3" failures="2" errors="0">
            <testcase classname="welcome.yaml" name="out-of-range at specs/welcome.yaml:12:12">
              <failure type="out-of-range" message="`速度` is 2.4, 240%">{"{told}"}</failure>
            </testcase>
            <testcase classname="welcome.yaml" name="no-video">
              <system-out>nothing to do</system-out>
            </testcase>
            <testcase classname="welcome.yaml" name="odd">
              <failure type="odd" message="&lt;b&gt; &amp; &quot;␀␛">&lt;b&gt; &amp; "␀␛</failure>
            </testcase>
          </testsuite>
          <testsuite name="clean.yaml" tests="1" failures="0" errors="0">
            <testcase classname="clean.yaml" name="check" />
          </testsuite>
        </testsuites>
        """
    assert report == dedent(expected).replace("{told}", TOLD)
    assert ET.fromstring(report).tag == "testsuites"
