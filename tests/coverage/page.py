"""The page that says of every field how far it goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.coverage.evidence import Evidence
from tests.coverage.leaves import leaves
from tests.coverage.v3 import NOT_WRITTEN, other_test_of, why_not_written

PAGE: Final = Path(__file__).parents[2] / "docs" / "coverage.md"
TEST: Final = "tests/acceptance/test_every_field.py"

_TITLES: Final = {
    "v2": "POST /v2/video/generate",
    "webm": "POST /v1/video.webm",
    "v3": "POST /v3/videos",
}

_HEAD: Final = """\
# What becomes of every field

Written by `python -m tests.coverage.write` from what it finds; a test compares. For every field of every
request that storyboards lead to there is a storyboard in which that field has a value of its own. The columns
say what came of it:

- **schema**: a rule of the [request schema](../schemas) takes it, and the whole body
- **compiled**: it is in the request that `specfile compile` prints, in its place and with its value
- **emulated**: the emulator reads it there; what it doesn't know it would refuse or pass over
- **preview**: two films, with and without it, differ; the others are for the service alone. `–`: there is
  nothing to be seen or heard
- **test**: which one shows that it goes over the wire, in `{test}`

The member of a union is named behind the field that holds it, as in `character.avatar.scale`.
"""


def page_of(found: Iterable[Evidence]) -> str:
    """The page as Markdown."""
    found = list(found)
    lines = [_HEAD.format(test=TEST)]
    for dialect, title in _TITLES.items():
        rows = [one for one in found if one.dialect == dialect]
        lines += ["", f"## {title}", "", *_counted(rows), "", *_table(rows)]
    lines += ["", *_not_written()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def id_of_test(one: Evidence) -> str:
    """The test that shows that a field goes over the wire."""
    return f"test_{one.dialect}[{one.name}]"


def _counted(rows: list[Evidence]) -> Iterator[str]:
    shown = sum(one.rendered is True for one in rows)
    yield (
        f"{len(rows)} fields: {sum(one.compiled for one in rows)} compiled, "
        f"{sum(one.emulated for one in rows)} emulated, {shown} in the preview."
    )


def _table(rows: list[Evidence]) -> Iterator[str]:
    yield "| field | schema | compiled | emulated | preview | test |"
    yield "|---|---|---|---|---|---|"
    for one in rows:
        cells = (one.schema, one.compiled, one.emulated, one.rendered)
        yield f"| `{one.name}` | {' | '.join(map(_word, cells))} | `{id_of_test(one)}` |"


def _word(value: bool | None) -> str:
    return "–" if value is None else "yes" if value else "no"


def _not_written() -> Iterator[str]:
    """The fields of v3 that no storyboard leads to, by the reason."""
    names = [leaf.name for leaf in leaves("v3")]
    yield "## Fields of v3 that are not written"
    yield ""
    yield "A storyboard is written in the words of v2; what v2 has no word for is left to v3's defaults."
    yield ""
    yield "| field | where | why |"
    yield "|---|---|---|"
    for pattern, why in NOT_WRITTEN.items():
        these = [name for name in names if re.search(pattern, name) and why_not_written(name) == why]
        ends = dict.fromkeys(_end(name, pattern) for name in these)
        kinds = dict.fromkeys(name.split(".")[0] for name in these)
        yield f"| {', '.join(f'`{one}`' for one in ends)} | {', '.join(kinds)} | {why} |"
    for name in names:
        if (test := other_test_of(name)) is not None:
            yield f"| `{name}` | where the catalogue names no other engine | written then: `{test}` |"


def _end(name: str, pattern: str) -> str:
    """A field's name from where a pattern meets it."""
    met = re.search(pattern, name)
    return name[met.start() :] if met is not None else name
