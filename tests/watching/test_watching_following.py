"""Edits of real files, and what is shown and said of them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from specfile.choice import Choice
from specfile.errors import SpecfileError, UsageError
from specfile.loaded import LoadedSpec
from specfile.preview.board.storyboard import Board
from specfile.watching.files import FileWatch
from specfile.watching.following import Follower
from specfile.watching.looking import Lookout

PATIENCE_S = 20
SPEC = """\
specfile: 1
defaults: {avatar: Anna, voice: 1bd001e7e50f421d891986aad5158bc8}
scenes:
  - say: Hello.
  - say: Goodbye.
"""
WITH_ROWS = SPEC.replace("defaults", 'data: people.csv\nkey: "{{ name }}"\ndefaults', 1).replace(
    "Hello", "Hello {{ name }}"
)


class Seen:
    """Takes down what is shown and said, in order."""

    def __init__(self) -> None:
        self.told: Queue[tuple[str, Any]] = Queue()
        self.boards: list[Board] = []

    def show(self, board: Board, news: str) -> None:
        self.boards.append(board)
        self.told.put(("show", news))

    def show_trouble(self, error: SpecfileError) -> None:
        self.told.put(("trouble", str(error)))

    def tell(self, text: str) -> None:
        self.told.put(("tell", text))

    def next(self) -> tuple[str, Any]:
        return self.told.get(timeout=PATIENCE_S)


Start = Callable[..., Seen]


@pytest.fixture
def start(project: Path) -> Iterator[Start]:
    """Follow `welcome.yaml` in the current folder."""
    stopped = threading.Event()
    threads: list[threading.Thread] = []
    watches: list[FileWatch] = []

    def run(**options: Any) -> Seen:
        seen, watch = Seen(), FileWatch(stopped)
        lookout = Lookout(
            spec=project / "welcome.yaml",
            **{
                "load": partial(LoadedSpec.read, "welcome.yaml"),
                "choice": Choice(),
                "most": None,
                "strict": False,
                **options,
            },
        )
        follower = Follower(lookout, watch, seen, tell=seen.tell, complain=lambda _error: None)
        follower.begin()
        thread = threading.Thread(target=follower.follow, args=[stopped.is_set])
        thread.start()
        threads.append(thread)
        watches.append(watch)
        return seen

    yield run
    stopped.set()
    for thread, watch in zip(threads, watches, strict=True):
        thread.join()
        with closing(watch):
            pass


def write(text: str, name: str = "welcome.yaml") -> None:
    """Save a file as many editors do, whole."""
    part = Path(name).with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(name)


def begun(start: Start, what: str = "2 scenes", **options: Any) -> Seen:
    seen = start(**options)
    assert is_summary(seen.next(), what)
    assert seen.next() == ("show", "")
    return seen


def is_summary(told: tuple[str, Any], what: str) -> bool:
    """What is said of a spec that is seen for the first time: lengths and costs are estimates of others."""
    return told[0] == "tell" and re.fullmatch(rf"welcome\.yaml: {what}, 0:0\d, \$0\.0\d", told[1]) is not None


def test_an_edit_is_shown_and_said(start: Start) -> None:
    write(SPEC)
    seen = begun(start)
    write(SPEC.replace("Goodbye.", "See you!"))
    news = "welcome.yaml changed: scene 2"
    assert [seen.next(), seen.next()] == [("show", news), ("tell", news)]
    assert [card.script[0].text for card in seen.boards[-1].reels[0].cards] == ["Hello.", "See you!"]


def test_what_shows_nothing_is_said_only(start: Start) -> None:
    write(SPEC)
    seen = begun(start)
    write(SPEC + "# a comment\n")
    assert seen.next() == ("tell", "welcome.yaml changed: nothing that shows")


def test_an_error_is_shown_until_it_is_mended(start: Start) -> None:
    write(SPEC)
    seen = begun(start)
    write(SPEC.replace("scenes:", "scemes:"))
    assert seen.next() == ("tell", "welcome.yaml changed:")
    kind, text = seen.next()
    assert (kind, "there are no scenes" in text) == ("trouble", True)
    write(SPEC.replace("Hello.", "Good day."))
    news = "welcome.yaml changed: scene 1; all is well again"
    assert [seen.next(), seen.next()] == [("show", news), ("tell", news)]


def test_going_back_to_what_was_right_shows_it_again(start: Start) -> None:
    write(SPEC)
    seen = begun(start)
    write("")
    assert [seen.next()[0], seen.next()[0]] == ["tell", "trouble"]
    write(SPEC)
    assert seen.next() == ("show", "welcome.yaml changed: all is well again")


def test_it_may_begin_with_an_error(start: Start) -> None:
    write(SPEC.replace("scenes:", "scemes:"))
    seen = start()
    assert seen.next()[0] == "trouble"
    write(SPEC)
    assert is_summary(seen.next(), "2 scenes")


def test_a_spec_that_is_not_there_is_refused(start: Start) -> None:
    with pytest.raises(SpecfileError, match=re.escape("welcome.yaml can't be read: there is no such file")):
        start()


def test_a_spec_may_go_and_come_back(start: Start) -> None:
    write(SPEC)
    seen = begun(start)
    Path("welcome.yaml").unlink()
    assert seen.next() == ("tell", "welcome.yaml changed:")
    assert seen.next()[0] == "trouble"
    write(SPEC)
    assert seen.next() == ("show", "welcome.yaml changed: all is well again")


def test_rows_are_followed_too(start: Start) -> None:
    write(WITH_ROWS)
    write("name\nAda\nBob\n", "people.csv")
    seen = begun(start, "2 videos, 2 scenes")
    write("name\nAda\nBob\nCleo\n", "people.csv")
    assert seen.next() == ("show", "people.csv changed: 1 new video")


def test_used_files_pictures_and_what_is_extended_are_followed(start: Start) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x00\x40\x00\x00\x00\x40\x08\x02\x00\x00\x00"
    Path("scenes").mkdir()
    Path("desk.png").write_bytes(png)
    write("specfile: 1\ndimension: 720p\n", "brand.yaml")
    write("scenes:\n  - say: Used.\n", "scenes/more.yaml")
    write(
        SPEC.replace("specfile: 1", "specfile: 1\nextends: brand.yaml")
        + "    background: desk.png\n  - use: scenes/more.yaml\n"
    )
    seen = begun(start, "3 scenes")
    write("scenes:\n  - say: Used anew.\n", "scenes/more.yaml")
    assert seen.next() == ("show", "scenes/more.yaml changed: scene 3")
    assert seen.next()[0] == "tell"
    Path("desk.png").write_bytes(png + b"more")
    assert seen.next() == ("show", "desk.png changed: scene 2")
    assert seen.next()[0] == "tell"
    write("specfile: 1\ndimension: square\n", "brand.yaml")
    assert seen.next() == ("show", "brand.yaml changed: scenes 1 to 3")


def test_macros_and_what_they_import_are_followed(start: Start) -> None:
    Path("templates/more").mkdir(parents=True)
    write("{% macro hail() %}Hail{% endmacro %}", "templates/more/hail.j2")
    macro = '{%% from "more/hail.j2" import hail %%}{%% macro greet() %%}%s{%% endmacro %%}'
    write(macro % "{{ hail() }}", "templates/words.j2")
    words = """'{% from "words.j2" import greet %}{{ greet() }}.'"""
    write(SPEC.replace("Hello.", words))
    seen = begun(start)
    write(macro % "Oh, {{ hail() }}", "templates/words.j2")
    news = "templates/words.j2 changed: scene 1"
    assert [seen.next(), seen.next()] == [("show", news), ("tell", news)]
    write("{% macro hail() %}hello{% endmacro %}", "templates/more/hail.j2")
    news = "templates/more/hail.j2 changed: scene 1"
    assert [seen.next(), seen.next()] == [("show", news), ("tell", news)]
    assert seen.boards[-1].reels[0].cards[0].script[0].text == "Oh, hello."


def test_an_error_in_a_used_file_is_mended_there(start: Start) -> None:
    write(SPEC + "  - use: more.yaml\n")
    write("scenes:\n  - say: Used.\n", "more.yaml")
    seen = begun(start, "3 scenes")
    write("scenes:\n  - say: [\n", "more.yaml")
    assert [seen.next()[0], seen.next()[0]] == ["tell", "trouble"]
    write("scenes:\n  - say: Mended.\n", "more.yaml")
    assert seen.next() == ("show", "more.yaml changed: scene 3; all is well again")


def test_a_missing_file_may_come_later(start: Start) -> None:
    write(SPEC + "  - use: scenes/more.yaml\n")
    seen = start()
    assert seen.next()[0] == "trouble"
    Path("scenes").mkdir()
    write("scenes:\n  - say: Here it is.\n", "scenes/more.yaml")
    assert is_summary(seen.next(), "3 scenes")


def test_an_error_that_stays_is_told_once(start: Start) -> None:
    looks: Queue[None] = Queue()

    def load() -> LoadedSpec:
        looks.put(None)
        return LoadedSpec.read("welcome.yaml")

    write(SPEC + "  - use: missing.yaml\n")
    seen = start(load=load)
    for _ in range(3):  # the second and third time because the missing file might be there by now
        looks.get(timeout=PATIENCE_S)
    write(SPEC)
    assert seen.next()[0] == "trouble"
    assert is_summary(seen.next(), "2 scenes")


def test_what_is_half_written_is_not_told(start: Start) -> None:
    write(SPEC)
    is_half = [False, True]  # the first look is at the whole

    def load() -> LoadedSpec:
        if not is_half or not is_half.pop(0):
            return LoadedSpec.read("welcome.yaml")
        write(SPEC.replace("Goodbye.", "See you!"))  # the rest comes while the first half is read
        raise UsageError("half a file")

    seen = begun(start, load=load)
    write(SPEC + "# half")
    assert seen.next() == ("show", "welcome.yaml changed: scene 2")


def test_a_file_may_go_away_in_the_middle_of_a_look(start: Start) -> None:
    goes_away = [FileNotFoundError(2, "No such file or directory", "people.csv")]

    def load() -> LoadedSpec:
        if goes_away:
            raise goes_away.pop()
        return LoadedSpec.read("welcome.yaml")

    write(SPEC)
    seen = start(load=load)
    assert seen.next() == ("trouble", "people.csv can't be read: No such file or directory")
    write(SPEC + "# again\n")
    assert is_summary(seen.next(), "2 scenes")


def test_a_key_that_is_gone_is_an_error_like_others(start: Start) -> None:
    write(WITH_ROWS)
    write("name\nAda\nBob\n", "people.csv")
    seen = begun(start, "2 scenes", choice=Choice(only=("Bob",)))
    write("name\nAda\n", "people.csv")
    assert seen.next() == ("tell", "people.csv changed:")
    assert seen.next() == ("trouble", "no video has a key that fits `Bob`")


def test_no_video_at_all_is_said(start: Start) -> None:
    write(WITH_ROWS)
    write("name\nAda\n", "people.csv")
    seen = begun(start)
    write("name\n", "people.csv")
    assert seen.next() == ("tell", "people.csv changed:")
    assert seen.next()[0] == "trouble"


def test_strictly_a_warning_is_an_error(start: Start) -> None:
    write(SPEC.replace("Goodbye.", "Goodbye.   # a remark?"))
    seen = start(strict=True)
    assert seen.next()[0] == "trouble"
