"""What people see who write a storyboard in an editor, asked of the server behind most of them."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from specfile.language.blocks import BLOCK_KEYS, OUTPUT_KEYS, SCENE_FIELDS, SPEC_KEYS
from specfile.language.library import built_in_scenes
from tests.editor.installed import server_command
from tests.editor.language_server import LanguageServer, Message, running

ROOT = Path(__file__).parent.parent.parent
MODELINE = "# yaml-language-server: $schema=storyboard.schema.json\n"
COUNTER = itertools.count()

CHARACTER = {"type", "avatar_id", "talking_photo_id", "scale", "offset", "prompt"}
SNIPPETS = {
    "scene: words", "scene: words on a picture", "scene: silence", "scenes: one per item", "scenes: only if"
}  # fmt: skip


@dataclass(frozen=True)
class Editor:
    """One editor: files are opened in `folder`, each new."""

    server: LanguageServer
    folder: Path

    def open(self, text: str) -> str:
        return self.server.open(self.folder / f"{next(COUNTER)}.yaml", text)

    def offers(self, text: str) -> dict[str, Message]:
        """What is offered at the mark ¦, by name."""
        line, column, whole = at_mark(MODELINE + text)
        return {item["label"]: item for item in self.server.completions(self.open(whole), line, column)}

    def tells(self, text: str) -> str:
        """What is told with the pointer at the mark ¦."""
        line, column, whole = at_mark(MODELINE + text)
        return self.server.hover(self.open(whole), line, column)

    def shows(self, text: str) -> list[str]:
        """The errors, each as the text that is underlined and the message."""
        lines = text.split("\n")
        found = []
        for one in self.server.diagnostics(self.open(text)):
            start, end = one["range"]["start"], one["range"]["end"]
            assert start["line"] == end["line"], one
            found.append(f"{lines[start['line']][start['character'] : end['character']]}: {one['message']}")
        return sorted(found)


@pytest.fixture
def editor(server: LanguageServer, new_project: Path) -> Editor:
    return Editor(server, new_project)


def at_mark(text: str) -> tuple[int, int, str]:
    """The line and column of the mark ¦, and the text without it."""
    before, _, after = text.partition("¦")
    return before.count("\n"), len(before) - before.rfind("\n") - 1, before + after


# --- what is offered ----------------------------------------------------------------------------------


def test_an_empty_file_is_offered_the_keys_of_a_spec_and_a_whole_one(editor: Editor) -> None:
    offers = editor.offers("¦")
    assert offers.keys() == {*SPEC_KEYS, "new storyboard"}
    assert offers["specfile"]["insertText"] == "specfile: 1"


def test_keys_that_are_there_are_not_offered_again(editor: Editor) -> None:
    assert editor.offers("specfile: 1\ntitle: Hi\n¦").keys() == {*SPEC_KEYS} - {"specfile", "title"}


def test_a_new_scene_is_offered_its_keys_and_whole_scenes_once_each(editor: Editor) -> None:
    line, column, text = at_mark(f"{MODELINE}scenes:\n  - ¦")
    names = [item["label"] for item in editor.server.completions(editor.open(text), line, column)]
    assert sorted(names) == sorted({*SCENE_FIELDS, *BLOCK_KEYS} | SNIPPETS)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("scenes:\n  - say: Hi\n    ¦", {*SCENE_FIELDS, *BLOCK_KEYS} - {"say"}),
        ("scenes:\n  - scenes:\n      - say: Hi\n    ¦", {"id", *BLOCK_KEYS} - {"scenes", "use"}),
        ("scenes:\n  - use: outro.yaml\n    ¦", {"id", *BLOCK_KEYS} - {"scenes", "use"}),
        ("scenes:\n  - voice:\n      type: silence\n      ¦", {"duration"}),
        ("defaults:\n  voice:\n    type: audio\n    ¦", {"audio_url", "audio_asset_id"}),
        ("scenes:\n  - background:\n      type: color\n      ¦", {"value"}),
        ("output:\n  ¦", {*OUTPUT_KEYS}),
        ("dimension:\n  ¦", {"width", "height"}),
    ],
)
def test_keys_fit_what_is_written_already(editor: Editor, text: str, offered: set[str]) -> None:
    assert editor.offers(text).keys() == offered


def test_a_character_without_a_type_is_offered_the_fields_of_all_and_with_one_its_own(editor: Editor) -> None:
    assert editor.offers("defaults:\n  character:\n    ¦").keys() > CHARACTER
    avatar = editor.offers("defaults:\n  character:\n    type: avatar\n    ¦").keys()
    assert avatar & CHARACTER == {"avatar_id", "scale", "offset"}


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("api: ¦", {"v2", "v3", "null"}),
        ("dimension: ¦", {"720p", "1080p", "square", "vertical", "null"}),
        ("output:\n  format: ¦", {"mp4", "webm", "null"}),
        ("variables:\n  n:\n    type: ¦", {"string", "integer", "number", "boolean", "array", "object"}),
        ("scenes:\n  - voice:\n      type: ¦", {"text", "audio", "silence", "null"}),
        ("scenes:\n  - character:\n      avatar_style: ¦", {"normal", "circle", "closeUp", "null"}),
        ("scenes:\n  - use: ¦", {*built_in_scenes(), "scenes/outro.yaml", "null"}),
    ],
)
def test_values_are_offered(editor: Editor, text: str, offered: set[str]) -> None:
    assert editor.offers(text).keys() == offered


def test_a_scene_that_comes_with_specfile_is_offered_its_own_parameters(editor: Editor) -> None:
    offers = editor.offers("scenes:\n  - use: specfile:title-card\n    with:\n      ¦")
    assert offers.keys() > {"title", "subtitle", "background"}
    assert offers["title"]["documentation"] == "The large words."
    assert offers["seconds"]["insertText"] == "seconds: ${1:2}"


# --- what is told -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ke¦y: x", "What tells one video from another: unique, stable, of your choosing."),
        ("ext¦ends: brand.yaml", "A file to start from, such as brand.yaml: what this one says itself wins."),
        ("f¦or: x in y", "Repeats this block: `name in expression`, without braces."),
        ("scenes:\n  - i¦f: x", "An expression, without braces. Where it is false this block is left out"),
        ("scenes:\n  - sa¦y: Hi", "The words to speak. Stands for `voice: {type: text, input_text: …}`."),
        ("scenes:\n  - voi¦ce: v-1", "An id alone stands for `{voice_id: …}`."),
        ("scenes:\n  - voice: {dura¦tion: 2}", "Length of the silence in seconds, from 1 to 100."),
        ("scenes:\n  - {character: {offset: {¦x: 1}}}", "How far to move sideways; 0 is the centre."),
        ("dimen¦sion: 720p", "* `720p`: 1280 × 720\n* `1080p`: 1920 × 1080\n"),
        ("scenes:\n  - voice: {ty¦pe: silence}", "* `silence`: Silence."),
        ("output: {format: we¦bm}", "* `webm`: With a see-through background.\n* `mp4`: Plays everywhere."),
        ("scenes:\n  - u¦se: specfile:quote", "* `specfile:quote`: A quotation on the screen"),
    ],
)
def test_a_pointer_on_a_word_tells_what_it_means(editor: Editor, text: str, told: str) -> None:
    assert told in editor.tells(text)


# --- what is wrong ------------------------------------------------------------------------------------

WRONG = f"""{MODELINE}specfile: 1
titel: Hello
fps: fast
caption: yes
output: {{format: mov}}
scenes:
  - sey: Hi
  - voice: {{type: silence, voice_id: v-1}}
  - voice: {{speed: 2.4}}
  - character: {{avatar_style: round}}
  - silence: [1]
  - background: "#12345"
  - for: x of y
    say: Hi
"""


def test_mistakes_are_shown_where_they_are(editor: Editor) -> None:
    assert editor.shows(WRONG) == [
        '"#12345": Write a colour as "#RRGGBB", or an https address, asset:ID or a local file.',
        "2.4: Value is above the maximum of 1.5.",
        "[1]: Incorrect type. Expected one of number, string, null.",
        "fast: Write a number without quotes, or a template in double braces.",
        'mov: Value is not accepted. Valid values: "mp4", "webm", null.',
        "round: Write circle, closeUp, normal, or a template in double braces.",
        "sey: Property sey is not allowed.",
        "titel: Property titel is not allowed.",
        "voice_id: Property voice_id is not allowed.",
        "x of y: Write `name in list`, without braces, such as: feature in features",
        "yes: Write true or false without quotes, or a template in double braces.",
    ]


def storyboards() -> dict[str, str]:
    """Everything in the repository that is a storyboard, or a file that one uses or extends."""
    files = [path for folder in ("specs-examples", "templates") for path in (ROOT / folder).rglob("*.yaml")]
    found = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)):
            if re.search("^(specfile|scenes):", block, re.MULTILINE):
                found[f"{page.name}[{number}]"] = block
    return found


def test_no_storyboard_in_the_repository_is_called_wrong(editor: Editor) -> None:
    texts = {name: MODELINE + without_modeline(text) for name, text in storyboards().items()}
    opened = {name: editor.open(text) for name, text in texts.items()}
    wrong = {name: editor.server.diagnostics(uri) for name, uri in opened.items()}
    assert {"README.md[0]", "specs-examples/quickstart.yaml", "templates/scenes/quote.yaml"} <= wrong.keys()
    assert {name: found for name, found in wrong.items() if found} == {}


def without_modeline(text: str) -> str:
    return re.sub(r"# yaml-language-server: .*\n", "", text)


# --- what `specfile init` sets up ---------------------------------------------------------------------


def test_the_first_line_for_jetbrains_works_too(editor: Editor) -> None:
    text = "# $schema: ./storyboard.schema.json\nspecfile: 1\ntitel: Hello\n"
    assert editor.shows(text) == ["titel: Property titel is not allowed."]


def test_a_new_project_works_by_the_first_line_of_its_storyboard(editor: Editor) -> None:
    written = (editor.folder / "welcome.yaml").read_text(encoding="utf-8")
    assert editor.shows(written) == []
    assert editor.shows(written.replace("title:", "titel:")) == ["titel: Property titel is not allowed."]


def test_a_new_project_works_by_its_settings_for_vs_code(new_project: Path) -> None:
    settings = json.loads((new_project / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    schemas = {"schemas": settings["yaml.schemas"]}
    with running(server_command(), new_project, schemas) as server:
        editor = Editor(server, new_project)
        assert editor.shows("specfile: 1\nscenes: [{sey: Hi}]\n") == ["sey: Property sey is not allowed."]
        hidden = server.open(new_project / ".github" / "workflows" / "x.yaml", "on: push\n")
        assert server.diagnostics(hidden) == []
