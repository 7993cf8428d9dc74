"""A spec as written: which keys are there, each of the right kind, each mistake at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from specfile.diagnostics import Diagnostic, SpecError
from specfile.language import Spec, load_spec, project_root

SCENES = "scenes: [{say: Hi}]\n"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return tmp_path / "welcome.yaml"


def load(path: Path, text: str) -> Spec:
    path.write_text(text, encoding="utf-8")
    return load_spec(path, "welcome.yaml")[0]


def problems(path: Path, content: str | bytes) -> tuple[Diagnostic, ...]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SpecError) as raised:
        load_spec(path, "welcome.yaml")
    return raised.value.diagnostics


def test_blocks_know_their_path(spec: Path) -> None:
    loaded = load(
        spec, "specfile: 1\nscenes:\n- say: a\n- if: x\n  scenes:\n  - for: n in names\n    say: b\n"
    )
    group = loaded.block.blocks[1]
    assert [block.path for block in loaded.block.blocks] == ["scenes[0]", "scenes[1]"]
    assert [(inner.path, inner.loop and inner.loop.path) for inner in group.blocks] == [
        ("scenes[1].scenes[0]", "scenes[1].scenes[0].for")
    ]


def test_loop_may_name_several_values(spec: Path) -> None:
    loop = load(spec, f'specfile: 1\nfor: " a ,b in pairs.items() "\nkey: x\n{SCENES}').block.loop
    assert loop is not None
    assert (loop.names, loop.expression) == (("a", "b"), "pairs.items()")


@pytest.mark.parametrize(
    "key", ["with", "for", "if", "defaults", "variables", "data", "key", "output", "api"]
)
def test_null_is_as_good_as_leaving_a_key_out(spec: Path, key: str) -> None:
    loaded = load(spec, f"specfile: 1\n{key}:\n{SCENES}")
    assert (loaded.block.constants, loaded.block.loop, loaded.data, loaded.key) == ((), None, None, None)


def test_data_may_be_a_path_or_say_how_it_is_read(spec: Path) -> None:
    short = load(spec, f"specfile: 1\ndata: a.csv\nkey: k\n{SCENES}").data
    assert short is not None
    assert (short.source.text, dict(short.options)) == ("a.csv", {})
    options = "from: a.csv, sheet: S, encoding: cp1252, delimiter: ;, format: csv, query: select 1"
    long = load(spec, f"specfile: 1\ndata: {{{options}}}\nkey: k\n{SCENES}").data
    assert long is not None
    assert long.source.text == "a.csv"
    assert {name: node.text for name, node in long.options.items()} == {
        "sheet": "S",
        "encoding": "cp1252",
        "delimiter": ";",
        "format": "csv",
        "query": "select 1",
    }


@pytest.mark.parametrize(
    ("data", "code", "message", "hint"),
    [
        (
            "{}",
            "missing-key",
            "`data` doesn't say which file the rows come from",
            "add `from: customers.csv`",
        ),
        (
            "{file: a.csv}",
            "missing-key",
            "`data` doesn't say which file the rows come from",
            "add `from: customers.csv`",
        ),
        ("{fron: a.csv}", "unknown-key", "`data` has no `fron`", "did you mean `from`?"),
        ("{from: [a]}", "wrong-type", "`from` is a list; it takes one value", "write `from: …` on one line"),
        ("[a]", "wrong-type", "`data` is a list; it takes one value", "write `data: …` on one line"),
        (
            "{from: a.csv, query: select a, b from data}",
            "unknown-key",
            "this is no key of `data`, but the rest of the query",
            'put the query in quotes: `query: "select a, b from data"`',
        ),
    ],
)
def test_data_that_says_nothing_usable_is_refused(
    spec: Path, data: str, code: str, message: str, hint: str
) -> None:
    found = problems(spec, f"specfile: 1\ndata: {data}\nkey: k\n{SCENES}")
    assert (code, message, hint) in [(one.code, one.message, one.hint) for one in found]


@pytest.mark.parametrize("key", ["with", "defaults", "variables", "output"])
@pytest.mark.parametrize("value", ["3", "[a]", "text"])
def test_mapping_is_asked_for_where_one_belongs(spec: Path, key: str, value: str) -> None:
    (one,) = problems(spec, f"specfile: 1\n{key}: {value}\n{SCENES}")
    kind = {"3": "a number", "[a]": "a list", "text": "text"}[value]
    assert (one.code, one.message, one.path) == (
        "wrong-type",
        f"`{key}` must be a mapping, and this is {kind}",
        key,
    )


@pytest.mark.parametrize("key", ["for", "if", "key", "api"])
@pytest.mark.parametrize("value", ["{a: 1}", "[a]"])
def test_one_value_is_asked_for_where_one_belongs(spec: Path, key: str, value: str) -> None:
    found = problems(spec, f"specfile: 1\nkey: x\n{key}: {value}\n{SCENES}".replace("key: x\nkey", "key"))
    assert ("wrong-type", key) in [(one.code, one.path) for one in found]


@pytest.mark.parametrize("value", ["", "null", "3", "text", "{a: 1}"])
def test_scenes_are_a_list(spec: Path, value: str) -> None:
    (one,) = problems(spec, f"specfile: 1\nscenes: {value}\n")
    assert (one.code, one.hint) == ("wrong-type", "begin each scene with `- `")


def test_every_mistake_is_reported_at_once(spec: Path) -> None:
    found = problems(spec, "specfile: 2\ntitel: x\nscenes:\n- saay: Hi\n- text\n- scenes: []\n")
    assert [one.code for one in found] == [
        "unknown-version", "unknown-key", "unknown-key", "wrong-type", "no-scenes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("titel", "did you mean `title`?"),
        ("Scenes", "did you mean `scenes`?"),
        ("dimensions", "did you mean `dimension`?"),
        ("video_inputs", "put the same list under `scenes`"),
        ("aspect_ratio", "the service ignores it; write `dimension: 1080p`, `vertical`, `square` or WxH"),
    ],
)
def test_unknown_key_says_what_was_meant(spec: Path, typed: str, hint: str) -> None:
    (one,) = problems(spec, f"specfile: 1\n{typed}: x\n{SCENES}")
    assert (one.code, one.hint) == ("unknown-key", hint)


@pytest.mark.parametrize("place", ["variables: {%s: {}}", "with: {%s: 1}", "for: '%s in x'\nkey: k"])
@pytest.mark.parametrize("name", ["loop", "key", "row"])
def test_reserved_names_are_refused_wherever_names_are_made(spec: Path, place: str, name: str) -> None:
    (one,) = problems(spec, f"specfile: 1\n{place % name}\n{SCENES}")
    assert (one.code, one.hint) == ("reserved-name", "choose another name")


@pytest.mark.parametrize(("name", "hint"), [("first-name", "write `first_name`"), ("a b", "write `a_b`")])
def test_name_that_no_template_can_spell_is_refused(spec: Path, name: str, hint: str) -> None:
    (one,) = problems(spec, f"specfile: 1\nwith: {{{name}: 1}}\n{SCENES}")
    assert (one.code, one.hint) == ("bad-name", hint)


@pytest.mark.parametrize("several", ["data: x.csv", "for: x in [1, 2]"])
@pytest.mark.parametrize("key", ["", "key:\n"])
def test_several_videos_need_a_key(spec: Path, several: str, key: str) -> None:
    assert [one.code for one in problems(spec, f"specfile: 1\n{several}\n{key}{SCENES}")] == ["no-key"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"spcfile: 1\n{SCENES}", "welcome.yaml:1:1"),
        (f"specfile: 1\ndata: x.csv\nkye: k\n{SCENES}", "welcome.yaml:3:1"),
    ],
)
def test_a_mistyped_key_is_all_that_is_said_of_the_one_it_stands_for(
    spec: Path, text: str, place: str
) -> None:
    (one,) = problems(spec, text)
    assert (one.code, str(one.span)) == ("unknown-key", place)


def test_an_empty_key_is_pointed_at_where_one_is_needed(spec: Path) -> None:
    (one,) = problems(spec, f"specfile: 1\ndata: x.csv\nkey:\n{SCENES}")
    assert (one.code, str(one.span)) == ("no-key", "welcome.yaml:3:1")


@pytest.mark.parametrize("outer", ["defaults: {voiice: V}\n", "scenes: [{defaults: {voiice: V}, say: Hi}]\n"])
def test_key_that_defaults_do_not_have_is_named(spec: Path, outer: str) -> None:
    (one,) = problems(spec, f"specfile: 1\n{outer}{SCENES if 'scenes' not in outer else ''}")
    assert (one.message, one.hint) == ("`defaults` has no `voiice`", "did you mean `voice`?")


def test_file_that_is_missing_a_folder_or_too_large(spec: Path, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as missing:
        load_spec(tmp_path / "none.yaml")
    with pytest.raises(SpecError) as folder:
        load_spec(tmp_path)
    found = [missing.value.diagnostics[0].code, folder.value.diagnostics[0].code]
    found += [one.code for one in problems(spec, b"#" * (16 * 2**20 + 1))]
    assert found == ["file-missing", "file-unreadable", "file-unreadable"]


def test_bytes_that_are_no_utf8_are_placed(spec: Path) -> None:
    (one,) = problems(spec, "title: é".encode() + b"\xe9\n")
    assert (one.message, str(one.span)) == (
        "welcome.yaml is not UTF-8 text: byte 0xe9 can't be read",
        "welcome.yaml:1:9",
    )


def test_root_is_the_nearest_git_folder_or_the_specs_own(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert project_root(inner / "s.yaml") == inner.resolve()
    (tmp_path / ".git").mkdir()
    assert project_root(inner / "s.yaml") == tmp_path.resolve()


def test_folder_is_absolute_while_messages_keep_the_users_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = load(Path("welcome.yaml"), f"specfile: 1\n{SCENES}")
    assert (loaded.folder, loaded.source.name) == (tmp_path, "welcome.yaml")
