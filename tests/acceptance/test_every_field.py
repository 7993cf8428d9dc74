"""Every field of every request that storyboards lead to, on the wire: one build of a storyboard for each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from specfile.cli import group
from specfile.cli.exits import DONE, run_to_exit_code
from specfile.emulator import AT_ONCE, Emulator, EmulatorSettings
from specfile.runner import read_lock
from tests.acceptance.wire import listen
from tests.coverage.leaves import leaves, value_at
from tests.coverage.v2 import Sample, as_spec, samples
from tests.coverage.v3 import (
    OWN_PICTURE,
    UPLOADED,
    Written,
    other_test_of,
    v3_samples,
    webm_samples,
    why_not_written,
)

EXAMPLES = Path(__file__).parents[2] / "specs-examples"
V2, V3, WEBM = samples(), v3_samples(), webm_samples()

AT_A_TIME = 25
"""Storyboards in one project: each looks at the files that all others of it write."""

Bodies = Mapping[str, Any]
"""What was sent, by dialect and field."""


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Bodies:
    """A storyboard, a lock and a request for each field."""
    folder = tmp_path_factory.mktemp("fields")
    specs: dict[str, Mapping[str, Any]] = {f"v2 {one.leaf.name}": as_spec(one.spec) for one in V2}
    specs |= {f"{one.dialect} {one.leaf.name}": one.spec for one in (*V3, *WEBM)}
    with (
        pytest.MonkeyPatch.context() as patch,
        Emulator(EmulatorSettings(progress=AT_ONCE, speed=1000)) as emulator,
    ):
        patch.setenv("HEYGEN_API_BASE", emulator.url)
        patch.setenv("HEYGEN_UPLOAD_BASE", emulator.url)
        patch.setenv("HEYGEN_API_KEY", "test-key")
        wire = listen(patch)
        ids: dict[str, str] = {}
        for start in range(0, len(specs), AT_A_TIME):
            project = folder / str(start)
            (project / ".git").mkdir(parents=True)
            patch.chdir(project)
            ids |= built(dict(list(specs.items())[start : start + AT_A_TIME]), project)
    made = wire.created()
    return {name: made[video_id] for name, video_id in ids.items()}


def built(specs: Mapping[str, Any], project: Path) -> dict[str, str]:
    """The ids of the videos that storyboards became."""
    shutil.copy(EXAMPLES / "images" / "me.jpg", project / OWN_PICTURE)
    files = {name: project / f"{number}.yaml" for number, name in enumerate(specs)}
    for name, spec in specs.items():
        files[name].write_text(json.dumps(spec), encoding="utf-8")
    arguments = ["build", "--yes", "--quiet", *(file.name for file in files.values())]
    assert run_to_exit_code(group, arguments) == DONE
    return {name: video_id(file) for name, file in files.items()}


def video_id(spec: Path) -> str:
    [entry] = read_lock(spec.with_suffix(".lock")).lock.entries.values()
    assert entry.video_id is not None
    return entry.video_id


@pytest.mark.parametrize("sample", V2, ids=lambda one: one.leaf.name)
def test_v2(sample: Sample, sent: Bodies) -> None:
    assert value_at(sent[f"v2 {sample.leaf.name}"], sample.leaf.at) == sample.value


@pytest.mark.parametrize("written", V3, ids=lambda one: one.leaf.name)
def test_v3(written: Written, sent: Bodies) -> None:
    body = sent[f"v3 {written.leaf.name}"]
    assert body["type"] == written.leaf.name.split(".")[0]
    require(value_at(body, written.leaf.at), written.value)


@pytest.mark.parametrize("written", WEBM, ids=lambda one: one.leaf.name)
def test_webm(written: Written, sent: Bodies) -> None:
    require(value_at(sent[f"webm {written.leaf.name}"], written.leaf.at), written.value)


def require(value: Any, expected: Any) -> None:
    if expected is UPLOADED:
        assert isinstance(value, str)
        assert value
        assert not value.startswith("specfile-asset:")
    else:
        assert value == expected


def test_every_field_of_v3_is_written_or_there_is_a_reason() -> None:
    written = {one.leaf.name for one in V3}
    for leaf in leaves("v3"):
        ways = (leaf.name in written, why_not_written(leaf.name), other_test_of(leaf.name))
        assert sum(map(bool, ways)) == 1, leaf


def test_every_field_of_the_others_is_written() -> None:
    assert [one.leaf for one in V2] == leaves("v2")
    assert {one.leaf.name for one in WEBM} == {leaf.name for leaf in leaves("webm")}
