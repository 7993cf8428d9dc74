"""Names without a value: what is suggested, and what never is."""

from __future__ import annotations

import pytest

from tests.compiler.compiling import Folder

HEAD = """\
variables: {plan: {type: string, default: pro}, price: {type: string, default: x}}
defaults: {avatar: A, voice: V}
scenes:
"""
DECLARE = "declare it under `variables` with a default, add a column `{0}`, or give --var {0}=…"


@pytest.mark.parametrize(
    ("scene", "hint"),
    [
        ("{say: x, if: plan == vip}", 'write `"vip"`, in quotes, if text is meant'),
        ("{say: x, if: plan in vip}", 'write `"vip"`, in quotes, if text is meant'),
        (
            "{say: x, if: plan == pric}",
            'did you mean `price`? Or write `"pric"`, in quotes, if text is meant',
        ),
        ('{say: x, if: vip == "pro"}', DECLARE.format("vip")),
        ("{say: '{{ x }}', for: 'x in [en, de]'}", 'write `"en"`, in quotes, if text is meant'),
        ("{say: '{{ 5 | currency(EUR) }}'}", 'write `"EUR"`, in quotes, if text is meant'),
        ("{say: '{{ rows }}'}", DECLARE.format("rows")),
        ("{say: '{{ keys }}'}", DECLARE.format("keys")),
        ("{say: '{{ loop.index }}'}", "`loop` exists only inside a `for`"),
    ],
)
def test_hint_of_a_name_without_a_value(folder: Folder, scene: str, hint: str) -> None:
    assert folder.problem(f"{HEAD}  - {scene}\n").hint == hint


@pytest.mark.parametrize("name", ["1st_name", "st_name"])
def test_a_column_that_no_template_can_name_is_to_be_renamed(folder: Folder, name: str) -> None:
    folder.write("people.csv", "id,1st_name\n1,Ada\n")
    found = folder.problems(
        "data: people.csv\nkey: '{{ id }}'\ndefaults: {avatar: A, voice: V}\n"
        f"scenes: [{{say: 'Hi {{{{ {name} }}}}'}}]\n"
    )
    assert found[0].hint == (
        "rename the column `1st_name`: a template can name letters, digits and _, a letter first"
    )
