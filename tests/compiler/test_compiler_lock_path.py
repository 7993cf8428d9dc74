"""`output.lock` is one file for the whole build."""

from __future__ import annotations

import pytest

from tests.compiler.compiling import Folder

REST = 'data: p.csv\nkey: "{{ id }}"\ndefaults: {avatar: A, voice: V}\nscenes: [{say: T}]\n'
REST += "variables: {city: {default: Bern}, team: {default: red}}\n"


@pytest.fixture(autouse=True)
def _people(folder: Folder) -> None:
    folder.write("p.csv", "id,city\n1,Rome\n")


@pytest.mark.parametrize("name", ["row", "id", "city"])
def test_lock_named_after_a_row_is_refused(folder: Folder, name: str) -> None:
    problem = folder.problem(f'output: {{lock: "locks/{{{{ {name} }}}}.lock"}}\n' + REST)
    message = f"`output.lock` is one for the whole build, and `{name}` is another in each row"
    assert (problem.code, problem.message) == ("bad-output", message)
    assert problem.hint == "use only variables that are the same for the whole build"


@pytest.mark.parametrize("path", ["..", "sub/..", ".", ""])
def test_folder_is_no_lock(folder: Folder, path: str) -> None:
    problem = folder.problem(f'output: {{lock: "{path}"}}\n' + REST)
    assert (problem.code, problem.message) == (
        "bad-output",
        f'`output.lock` is "{path}", which is no file name',
    )


def test_lock_may_be_named_after_what_all_videos_share(folder: Folder) -> None:
    text = 'output: {lock: "locks/{{ team }}-{{ city }}.lock"}\n' + REST
    assert len(folder.videos(text, {"city": "Oslo"})) == 1
