"""Writes Excel workbooks for tests, as few parts as a spreadsheet opens."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_STYLES = """<numFmts><numFmt numFmtId="164" formatCode='yyyy\\-mm\\-dd'/>
<numFmt numFmtId="165" formatCode='#,##0.00\\ "days"'/></numFmts>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="164"/>
<xf numFmtId="165"/></cellXfs>"""

DATE, MOMENT, TIME, OWN_DATE, DAYS = 1, 2, 3, 4, 5
"""Styles of cells."""


def write_workbook(
    path: Path,
    sheets: Mapping[str, str],
    *,
    shared: Sequence[str] = (),
    properties: str = "",
) -> Path:
    """A workbook whose sheets hold these rows, as XML."""
    relations = [("officeDocument", "xl/workbook.xml")]
    parts = {"_rels/.rels": _relations(relations)}
    inner = [("worksheet", f"worksheets/sheet{number}.xml") for number, _ in enumerate(sheets, start=1)]
    inner += [("styles", "styles.xml"), ("sharedStrings", "/xl/sharedStrings.xml")]
    listed = "".join(
        f'<sheet name="{name}" r:id="r{number}"/>' for number, name in enumerate(sheets, start=1)
    )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{properties}<sheets>{listed}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = _relations(inner)
    parts["xl/styles.xml"] = f'<styleSheet xmlns="{_MAIN}">{_STYLES}</styleSheet>'
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{"".join(shared)}</sst>'
    for number, rows in enumerate(sheets.values(), start=1):
        sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def row(number: int, *cells: str) -> str:
    """A row of a sheet."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def text(place: str, content: str) -> str:
    """A cell with text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{content}</t></is></c>'


def value(place: str, content: str, *, kind: str = "n", style: int = 0, formula: str = "") -> str:
    """A cell with a number, or what another kind of cell has for one."""
    asked = f"<f>{formula}</f>" if formula else ""
    return f'<c r="{place}" t="{kind}" s="{style}">{asked}<v>{content}</v></c>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'
