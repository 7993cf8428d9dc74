"""Every request in `cases` becomes exactly the spec beside it, with exactly these words on stderr.

`<name>.yaml` is the spec, `<name>.txt` what is said; neither is there where there is none. To add a case, add
what was pasted, run `python -m tests.importing.pasted NAME`, and read what it wrote as if you had pasted it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import specfile
from specfile.diagnostics import has_errors
from specfile.diagnostics.codes import codes
from specfile.importing import import_request
from tests.importing.pasted import CASES, GIVEN, expected, imported

ONLY_IMPORTED = {
    "import-coerced",
    "import-ignored",
    "import-inferred",
    "import-lost",
    "import-placeholder",
    "import-rewritten",
    "import-several",
    "import-shape",
    "import-syntax",
    "import-unwrapped",
}
"""Codes that only an import gives."""


@pytest.mark.parametrize("case", GIVEN, ids=lambda path: path.stem)
def test_a_request_becomes_the_spec_beside_it(case: Path) -> None:
    ran = imported(case)
    assert (ran.out, ran.err) == expected(case)
    assert ran.code in ((0,) if ran.out else (1, 2))


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_spec_that_was_written_compiles_to_what_the_service_takes(case: Path) -> None:
    (given,) = (path for path in GIVEN if path.stem == case.stem)
    storyboard = specfile.load(case)
    assert not has_errors(storyboard.check())
    (video,) = storyboard.compile()
    normalised = import_request(given.read_text(encoding="utf-8"), given.name).normalised
    assert video.request.payload == normalised.payload
    assert video.request.api == normalised.api


def test_no_key_is_kept_anywhere() -> None:
    for given in GIVEN:
        ran = imported(given)
        assert "sk_V2" not in ran.out + ran.err


def test_every_code_of_an_import_is_shown_by_a_case() -> None:
    said = "".join(expected(given)[1] for given in GIVEN)
    shown = set(re.findall(r"^(?:error|warning|note)\[(import-[^\]]+)\]", said, re.MULTILINE))
    assert shown == ONLY_IMPORTED
    assert {code for code in codes() if code.startswith("import-")} == ONLY_IMPORTED


def test_every_message_has_a_hint() -> None:
    for given in GIVEN:
        err = expected(given)[1]
        assert len(re.findall(r"^(error|warning|note)", err, re.MULTILINE)) == err.count("hint: "), given.name
