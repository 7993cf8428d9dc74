"""Files of faults: what they say, and how a mistake in one is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from specfile.emulator import Fault, Faults, Strangers, parse_faults, read_faults
from specfile.emulator.faults import CALLS, MEANS
from specfile.errors import UsageError
from tests.running import Run

WHOLE = """\
seed: 7
clock: -120
list_lag: 20
strangers:
  - {count: 300, age: 60, title: Welcome}
  - {per_video: 2, same_title: true, unreadable: true}
faults:
  - {call: generate, nth: [1, 3], do: refuse, status: 429, retry_after: 2.5}
  - call: v3.status
    rate: 0.1
    do: stall
    seconds: 30
  - {call: download, first: 1, do: cut, at: 0.25, length: none, title: "Welcome*"}
  - {call: generate, every: 5, times: 2, do: reset, effect: late, late: 60}
  - {call: status, do: edit, set: {data.video_url: null, data.error: {code: 5, tags: [a]}}}
"""


def test_a_whole_file() -> None:
    assert parse_faults(WHOLE) == Faults(
        seed=7,
        clock=-120,
        list_lag=20,
        strangers=(
            Strangers(count=300, age=60, title="Welcome"),
            Strangers(per_video=2, same_title=True, unreadable=True),
        ),
        faults=(
            Fault(call="generate", nth=(1, 3), do="refuse", status=429, retry_after=2.5),
            Fault(call="v3.status", rate=0.1, do="stall", seconds=30),
            Fault(call="download", first=1, do="cut", at=0.25, length="none", title="Welcome*"),
            Fault(call="generate", every=5, times=2, do="reset", effect="late", late=60),
            Fault(
                call="status",
                do="edit",
                set={"data.video_url": None, "data.error": {"code": 5, "tags": ["a"]}},
            ),
        ),
    )


def test_the_page_shows_a_file_that_can_be_used_and_names_everything() -> None:
    page = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(seed.*?)```", page, re.DOTALL)
    assert example is not None
    assert len(parse_faults(example[1]).faults) == 5
    assert [name for name in (*CALLS, *MEANS) if f"`{name}`" not in page] == []


def test_an_empty_file_is_no_faults() -> None:
    assert parse_faults("# nothing yet\n") == Faults()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param(
            "- call: list",
            "f:1:1: a file of faults is a mapping",
            "begin with `faults:`, then `- {call: generate, nth: 2, do: reset, effect: done}`",
            id="no mapping",
        ),
        pytest.param(
            "faults: [\n",
            "f:2:1: expected the node content, but found '<stream end>'",
            "correct the YAML; indent with spaces, two for each level",
            id="no YAML",
        ),
        pytest.param("fault: []", "f:1:1: there is no field `fault`", "did you mean `faults`?", id="top"),
        pytest.param(
            "seed: 1\nfaults: {call: list}",
            "f:2:1: `faults` must be a list of mappings",
            "for example `faults:`, then `- {call: generate, nth: 2, do: reset, effect: done}`",
            id="no list",
        ),
        pytest.param(
            "clock: fast",
            "f:1:1: `clock` must be seconds, ahead or behind, not 'fast'",
            "for example `clock: -120`",
            id="no number",
        ),
        pytest.param(
            "faults:\n  - {call: generate}",
            "f:2:5: the fault has no `do`",
            "for example {call: generate, nth: 2, do: reset, effect: done}",
            id="nothing to do",
        ),
        pytest.param(
            "faults:\n  - {do: reset, call: generates}",
            "f:2:17: there is no call `generates`",
            "did you mean `generate`?",
            id="unknown call",
        ),
        pytest.param(
            "faults:\n  - {call: v2.download, do: reset}",
            "f:2:6: `download` belongs to no API of its own",
            "write `call: download`",
            id="no such API",
        ),
        pytest.param(
            "faults:\n  - call: list\n    do: rest",
            "f:3:5: there is no fault `rest`",
            "did you mean `reset`?",
            id="unknown fault",
        ),
        pytest.param(
            "faults:\n  - call: list\n    do: reset\n    nht: 2",
            "f:4:5: there is no field `nht`",
            "did you mean `nth`?",
            id="unknown field",
        ),
        pytest.param(
            "faults:\n  - call: list\n    do: reset\n    nth:",
            "f:4:5: `nth` has no value",
            "write one behind the colon, or leave the line out",
            id="no value",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: reset, nth: [1, 0]}",
            "f:2:29: `nth` must be a whole number from 1, or a list of them, not (1, 0)",
            "for example `nth: [1, 3]`",
            id="counted from 1",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: reset, rate: 20}",
            "f:2:29: `rate` must be a number from 0 to 1, not 20",
            "for example `rate: 0.5`",
            id="no share",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: reset, first: 1, every: 2}",
            "f:2:39: `first` and `every` both say when it strikes",
            "keep one of them, or write two faults",
            id="twice when",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: reset, after: 5, until: 5}",
            "f:2:39: it ends before it begins",
            "`until` must be above `after`, which is 5",
            id="never",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: refuse}",
            "f:2:18: `do: refuse` needs `status`",
            "for example `status: 503`",
            id="no status",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: refuse, status: 200}",
            "f:2:30: `status` must be an HTTP status from 400 to 599, not 200",
            "for example `status: 503`",
            id="no refusal",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: reset, seconds: 3}",
            "f:2:29: `seconds` says nothing about `do: reset`",
            "it takes `effect`, `late`; leave it out",
            id="field of another fault",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: cut}",
            "f:2:18: `cut` is about files",
            "use it with `call: download`, not `list`",
            id="no file",
        ),
        pytest.param(
            "faults:\n  - {call: download, do: tear}",
            "f:2:22: `tear` is about JSON",
            "for a file use `do: cut` or `do: change`",
            id="no JSON",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: edit}",
            "f:2:18: `do: edit` needs `set` or `headers`",
            "for example `set: {data.video_url: null}`",
            id="no edit",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: edit, set: {}}",
            "f:2:28: `set` must be paths in the answer with their values, not {}",
            "for example `set: {data.video_url: null}`",
            id="empty edit",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: edit, headers: {Age: 5}}",
            "f:2:28: `headers` must be headers with a text each, or null to leave one out, not {'Age': 5}",
            'for example `headers: {Sunset: "Sat, 31 Oct 2026 00:00:00 GMT"}`',
            id="no header",
        ),
        pytest.param(
            "faults:\n  - {call: download, do: edit, set: {a: 1}}",
            "f:2:22: `edit` is about JSON",
            "for a file use `do: cut` or `do: change`",
            id="edited file",
        ),
        pytest.param(
            "faults:\n  - {call: list, do: forge}",
            "f:2:18: `forge` is about webhooks",
            "use it with `call: deliver`, not `list`",
            id="no message",
        ),
        pytest.param(
            "faults:\n  - {call: deliver, do: reset}",
            "f:2:21: `reset` can't befall a message",
            "what can: `forge`, `lose`, `repeat`, `stall`",
            id="no call",
        ),
        pytest.param(
            "faults:\n  - {call: deliver, do: stall, seconds: 1, effect: done}",
            "f:2:44: a message has no `effect`",
            "leave it out",
            id="no effect",
        ),
        pytest.param(
            "faults:\n  - {call: generate, do: reset, effect: late}",
            "f:2:33: `effect: late` and `late: SECONDS` go together",
            "for example `effect: late` with `late: 60`",
            id="how late",
        ),
        pytest.param(
            "strangers:\n  - {title: Hello}",
            "f:2:5: these strangers have no videos",
            "say how many: `count: 5` or `per_video: 1`",
            id="no strangers",
        ),
        pytest.param(
            "strangers:\n  - {count: 2, same_title: true}",
            "f:2:16: `same_title` is the title of the video they appear with",
            "use it with `per_video`, and without `title`",
            id="whose title",
        ),
    ],
)
def test_a_mistake_is_told_where_it_is(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse_faults(text, name="f")
    assert (str(refusal.value), refusal.value.hint) == (message, hint)


def test_a_key_written_twice_is_told_in_one_line() -> None:
    with pytest.raises(UsageError) as refusal:
        parse_faults("seed: 1\nseed: 2", name="f")
    assert str(refusal.value) == 'f:2:1: found duplicate key "seed" with value "2" (original value: "1")'


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"call": "lists", "do": "reset"}, "there is no call `lists`"),
        (
            {"call": "list", "do": "reset", "nth": 0},
            "`nth` must be a whole number from 1, or a list of them, not 0",
        ),
    ],
)
def test_faults_in_python_are_held_to_the_same(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refusal:
        Fault(**fields)
    assert str(refusal.value) == message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        read_faults(tmp_path / "none.yaml")
    assert str(refusal.value) == (
        f"the faults in {tmp_path}/none.yaml can't be read:"
        f" [Errno 2] No such file or directory: '{tmp_path}/none.yaml'"
    )


def test_the_command_tells_where_its_file_is_wrong(run: Run, project: Path) -> None:
    (project / "faults.yaml").write_text("faults:\n  - {call: lost, do: reset}\n", encoding="utf-8")
    ran = run("emulator", "--faults", "faults.yaml")
    assert (ran.code, ran.err) == (
        2,
        "error: faults.yaml:2:6: there is no call `lost`\nhint: did you mean `list`?\n",
    )
