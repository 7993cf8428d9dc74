"""`preview`: the storyboard as a page, as a picture and as films, before anything is paid for."""

from __future__ import annotations

import base64
import errno
import io
import os
import re
import signal
import subprocess
import sys
import webbrowser
from importlib.util import find_spec
from pathlib import Path

import av
import pytest
from PIL import Image

from specfile.online.kept import KeptFiles
from specfile.preview.files import replacing
from tests.preview.films import watch
from tests.preview.reading_pages import Element, read_page
from tests.running import Run

ROOT = Path(__file__).parents[2]

HELLO = """\
specfile: 1
title: Hello
dimension: {width: 640, height: 360}
defaults: {avatar: Anna, voice: v-1, background: "#1a1a2e"}
scenes:
  - id: hello
    say: Hello and <b>welcome</b>.
  - silence: 1
    text: {text: The end, line_height: 1}
"""

PEOPLE = """\
specfile: 1
title: Hello {{ name }}
data: people.csv
key: "{{ name }}"
dimension: {width: 640, height: 360}
defaults: {avatar: Anna, voice: v-1, background: "#1a1a2e"}
scenes:
  - say: Hello {{ name }}.
  - say: See you soon.
    background: "#16425b"
"""

REMARK = """\
warning[markup-in-text]: `<b>` is no tag that the service knows; it is skipped or read aloud
  --> hello.yaml:7:10
   |
 7 |     say: Hello and <b>welcome</b>.
   |          ^^^^^^^^^^^^^^^^^^^^^^^^^
   = at scenes[0].voice.input_text (scene hello)
   hint: take the tags out; the only one that helps is `<break time="1s"/>`, in spoken text

1 warning
"""


@pytest.fixture(autouse=True)
def _in_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / ".cache"))
    Path("hello.yaml").write_text(HELLO, encoding="utf-8")
    Path("people.yaml").write_text(PEOPLE, encoding="utf-8")
    names = "\n".join(f"p{number}" for number in range(1, 15))
    Path("people.csv").write_text(f"name\n{names}\n", encoding="utf-8")


def page(path: str) -> Element:
    return read_page(Path(path).read_text(encoding="utf-8"))


def pictures(element: Element) -> list[Image.Image]:
    sources = (one.attributes["src"] for one in element.one("main").all("img") if "src" in one.attributes)
    return [
        Image.open(io.BytesIO(base64.b64decode(one.removeprefix("data:image/webp;base64,"), validate=True)))
        for one in sources
    ]


def files() -> list[str]:
    every = (str(one) for one in Path().rglob("*") if one.is_file())
    return sorted(one for one in every if not one.startswith((".cache", ".git")))


BEFORE = ["hello.yaml", "people.csv", "people.yaml"]


def test_the_page_lies_beside_the_videos_and_has_a_card_for_every_scene(run: Run) -> None:
    ran = run("preview", "hello.yaml")
    assert (ran.code, ran.out, ran.err) == (0, "", f"{REMARK}written to videos/hello.storyboard.html\n")
    assert files() == [*BEFORE, "videos/hello.storyboard.html"]
    made = page("videos/hello.storyboard.html")
    assert made.one("h1").text == "Hello"
    hello, end = made.all("li")
    assert hello.one("p", class_="script").text == "Hello and <b>welcome</b>."
    assert [one.all("p")[0].text for one in hello.all("div", class_="remark")] == [
        "warning <b> is no tag that the service knows; it is skipped or read aloud"
    ]
    assert end.all("div", class_="remark") == []
    assert [one.size for one in pictures(made)] == [(640, 360), (640, 360)]
    for one in pictures(made):
        one.load()
    assert re.findall("https?:", Path("videos/hello.storyboard.html").read_text(encoding="utf-8")) == []


def test_the_page_of_many_videos_has_the_first_twelve_and_each_frame_once(run: Run) -> None:
    ran = run("preview", "people.yaml", "-o", "people.html")
    assert ran.err == "the first 12 of 14 videos; --limit 0 takes all\nwritten to people.html\n"
    made = page("people.html")
    assert [one.text for one in made.all("option")] == [f"p{number}" for number in range(1, 13)]
    assert [one.attributes["data-key"] for one in made.all("section")] == [
        f"p{number}" for number in range(1, 13)
    ]
    # No captions: whatever is said, these two are all that is seen.
    assert [one.attributes["data-frame"] for one in made.one("main").all("img")] == ["f1", "f2"] * 12
    assert len(pictures(made)) == 2
    videos, length, _, _ = (one.one("dt").text for one in made.one("dl", class_="sums").all("div"))
    assert (videos, length) == ("Videos", "Total length")


def test_limit_and_only_choose_the_videos(run: Run) -> None:
    run("preview", "people.yaml", "-o", "a.html", "--limit", "2", "--quiet")
    assert [one.text for one in page("a.html").all("option")] == ["p1", "p2"]
    run("preview", "people.yaml", "-o", "b.html", "--limit", "0")
    assert len(page("b.html").all("option")) == 14
    run("preview", "people.yaml", "-o", "c.html", "--only", "p1[34]")
    assert [one.text for one in page("c.html").all("option")] == ["p13", "p14"]
    assert page("c.html").one("dl", class_="sums").one("dd", class_="soft").text.startswith("prices of 20")


def test_a_pattern_that_fits_no_key_is_told(run: Run) -> None:
    ran = run("preview", "people.yaml", "--only", "p99")
    assert (ran.code, ran.err) == (
        2,
        "error: no video has a key that fits `p99`\nhint: did you mean `p9`?\n",
    )
    assert files() == BEFORE


def test_a_spec_with_errors_is_told_as_check_tells_it_and_nothing_is_written(run: Run) -> None:
    Path("hello.yaml").write_text(HELLO.replace("silence: 1", "silence: 9999"), encoding="utf-8")
    checked = run("check", "hello.yaml")
    assert checked.code == 1
    ran = run("preview", "hello.yaml", "people.yaml")
    assert (ran.code, ran.out, ran.err) == (1, "", checked.err)
    assert files() == BEFORE


def test_a_warning_is_an_error_where_it_is_asked_for(run: Run) -> None:
    assert run("preview", "hello.yaml", "--strict").code == 1
    assert files() == BEFORE


def test_several_specs_have_a_page_each(run: Run) -> None:
    assert run("preview", "hello.yaml", "people.yaml", "--limit", "1").code == 0
    assert files() == [
        *BEFORE,
        "videos/hello.storyboard.html",
        "videos/people/people.storyboard.html",
    ]


def test_open_shows_the_page_in_the_browser(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    run("preview", "hello.yaml", "--open")
    assert opened == [Path("videos/hello.storyboard.html").resolve().as_uri()]


def test_png_is_one_picture_of_all_scenes(run: Run) -> None:
    ran = run("preview", "hello.yaml", "--png", "hello.png")
    assert (ran.code, ran.err) == (0, f"{REMARK}written to hello.png\n")
    assert files() == sorted([*BEFORE, "hello.png"])
    with Image.open("hello.png") as picture:
        picture.load()
        assert (picture.format, picture.width) == ("PNG", 1056)


def test_mp4_renders_the_films_that_local_would(run: Run) -> None:
    ran = run("preview", "people.yaml", "--limit", "2", "--mp4")
    assert (ran.code, ran.err) == (
        0,
        (
            "the first 2 of 14 videos; --limit 0 takes all\n"
            "rendering p1 (1 of 2) …\nwritten to videos/people/preview/p1.mp4\n"
            "rendering p2 (2 of 2) …\nwritten to videos/people/preview/p2.mp4\n"
        ),
    )
    assert files() == [*BEFORE, "videos/people/preview/p1.mp4", "videos/people/preview/p2.mp4"]
    film = watch(Path("videos/people/preview/p1.mp4"))
    assert film.pictures[0].shape == (360, 640, 3)
    assert 1.0 < film.times[-1] < 4.0
    assert abs(film.sound).max() > 0.1


def test_a_film_has_its_captions_in_it_and_beside_it(run: Run) -> None:
    Path("hello.yaml").write_text(HELLO.replace("title: Hello", "caption: true"), encoding="utf-8")
    assert run("preview", "hello.yaml", "--mp4", "out.mp4").code == 0
    assert files() == sorted([*BEFORE, "out.ass", "out.mp4"])
    assert ",Hello and" in Path("out.ass").read_text(encoding="utf-8")


def test_a_transparent_film_is_a_webm(run: Run) -> None:
    spec = (ROOT / "specs-examples" / "transparent.yaml").read_text(encoding="utf-8")
    Path("hello.yaml").write_text(spec.replace("720p", "{width: 320, height: 180}"), encoding="utf-8")
    assert run("preview", "hello.yaml", "--mp4", "films", "-o", "hello.html").code == 0
    with av.open("films/hello.webm") as container:
        assert container.streams.video[0].metadata["alpha_mode"] == "1"
    [frame] = pictures(page("hello.html"))
    assert frame.convert("RGBA").getpixel((2, 2))[3] == 0  # type: ignore[index]


def test_what_is_at_an_address_is_shown_once_it_was_fetched(run: Run) -> None:
    address = "https://host.invalid/wall.png?signature=abc"
    text = HELLO.replace('"#1a1a2e"', f'{{type: image, url: "{address}"}}').replace("<b>welcome</b>", "bye")
    Path("hello.yaml").write_text(text, encoding="utf-8")
    ran = run("preview", "hello.yaml", "-o", "a.html")
    assert (ran.code, ran.err.splitlines()[-2:]) == (
        0,
        ["written to a.html", "placeholders stand in for what is at an address; --online fetches it"],
    )
    ran = run("preview", "hello.yaml", "-o", "a.html", "--mp4", "films", "--online", "--quiet")
    assert ran.err.splitlines()[-1] == (
        "https://host.invalid/wall.png: nothing was found there: there is no host host.invalid; "
        "a placeholder stands in"
    )
    place = KeptFiles.of_user().place(address)
    Image.new("RGB", (640, 360), "#ff0000").save(place, "PNG")
    ran = run("preview", "hello.yaml", "-o", "b.html", "--mp4", "films")
    assert ran.err.splitlines()[-1] == "written to films/hello.mp4"
    for one in pictures(page("b.html")):
        red, green, _ = one.convert("RGB").getpixel((2, 2))  # type: ignore[misc]
        assert (red > 240, green < 15) == (True, True)
    film = watch(Path("films/hello.mp4"))
    assert film.pictures[0][2, 2, 0] > 240
    assert film.pictures[0][2, 2, 1] < 15


def test_what_would_write_over_something_else_is_refused(run: Run) -> None:
    said = {
        ("hello.yaml", "-o", "people.yaml"): "error: -o people.yaml doesn't end in .html\n"
        "hint: for example -o people.html\n",
        ("hello.yaml", "--png", "a.jpg"): "error: --png a.jpg doesn't end in .png\n"
        "hint: for example --png a.png\n",
        ("hello.yaml", "--mp4", "people.yaml"): "error: --mp4 people.yaml doesn't end in .mp4 or .webm\n"
        "hint: for example --mp4 people.mp4\n",
        ("hello.yaml", "--mp4", "a.webm"): "error: the film of hello is a .mp4 file, and a.webm is none\n"
        "hint: name it a.mp4\n",
        ("hello.yaml", "--mp4", "videos"): "error: videos/hello.mp4 is where `build` puts a film that is "
        "paid for\nhint: name another file or folder behind --mp4\n",
        ("hello.yaml", "-o", "no/a.html"): "error: -o no/a.html can't be written: there is no folder no\n",
        ("hello.yaml", "people.yaml", "-o", "a.html"): "error: -o a.html is one file, and there are 2 specs\n"
        "hint: run the command once for each spec\n",
        (
            "hello.yaml",
            "people.yaml",
            "--mp4",
            "films",
        ): "error: --mp4 films is one place, and films of 2 specs may "
        "have the same name\nhint: leave out the place, or run the command once for each spec\n",
        ("people.yaml", "--mp4", "a.mp4"): "error: --mp4 a.mp4 is one file, and there are 12 videos\n"
        "hint: name a folder, or choose one video with --only KEY\n",
        ("hello.yaml", "--png", "a.png", "--open"): "error: --open opens a page, and none is asked for\n"
        "hint: add -o FILE\n",
    }
    for arguments, message in said.items():
        ran = run("preview", *arguments)
        assert (ran.code, ran.err.removeprefix(REMARK)) == (2, message)
    assert files() == BEFORE


def test_the_place_of_another_video_of_the_spec_is_refused_too(run: Run) -> None:
    Path("people.csv").write_text("name\na\npreview/a\n", encoding="utf-8")
    ran = run("preview", "people.yaml", "--only", "a", "--mp4")
    assert (ran.code, ran.err.splitlines()[0]) == (
        2,
        "error: videos/people/preview/a.mp4 is where `build` puts a film that is paid for",
    )


def test_a_spec_that_makes_no_video_says_so(run: Run) -> None:
    Path("people.csv").write_text("name\n", encoding="utf-8")
    ran = run("preview", "people.yaml")
    assert ran.code == 0
    assert ran.err.endswith("people.yaml: no video to show\n")
    assert files() == BEFORE


def test_rows_that_are_wrong_can_be_left_out(run: Run) -> None:
    Path("people.csv").write_text('name\nAda\n"a:b"\n', encoding="utf-8")
    assert run("preview", "people.yaml", "-o", "a.html").code == 1
    assert run("preview", "people.yaml", "-o", "a.html", "--keep-going").code == 3
    assert [one.attributes["data-key"] for one in page("a.html").all("section")] == ["Ada"]


def test_a_missing_part_is_told_before_anything_is_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "specfile.previewing.find_spec", lambda name: None if name == "PIL" else find_spec(name)
    )
    ran = run("preview", "hello.yaml")
    assert (ran.code, ran.err) == (
        2,
        (
            "error: the preview needs the optional 'preview' part of specfile\n"
            "hint: pip install 'specfile-video[preview]'\n"
        ),
    )
    assert files() == BEFORE


def test_the_same_spec_gives_the_same_page(run: Run) -> None:
    run("preview", "hello.yaml", "-o", "a.html")
    run("preview", "hello.yaml", "-o", "b.html")
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (("--mp4", "taken"), "taken/hello.mp4"),
        (("--mp4", "taken/films"), "taken/films/hello.mp4"),
        ((), "videos/hello.storyboard.html"),
    ],
)
def test_a_file_where_a_folder_should_be_is_told(run: Run, arguments: tuple[str, ...], place: str) -> None:
    file = place.partition("/")[0]
    Path(file).touch()
    ran = run("preview", "hello.yaml", "-q", *arguments)
    assert ran.code == 2
    assert ran.err.endswith(
        f"error: {place} can't be written: {file} is a file, not a folder\n"
        "hint: move that file away, or name another place\n"
    )


def test_a_full_disk_is_told_with_the_file_that_was_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_path: Path, _text: str, **_options: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", write)
    ran = run("preview", "hello.yaml", "-q", "-o", "a.html")
    assert ran.code == 2
    assert ran.err.endswith(
        "error: a.html can't be read or written: No space left on device\n"
        "hint: nothing is lost; make room or fix the permissions, then run it again\n"
    )
    assert files() == BEFORE


def test_a_full_disk_is_told_with_the_film_that_was_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(_payload: object, folder: Path, **_options: object) -> None:
        # As PyAV tells it: its errors keep the name they were made with.
        with replacing(folder / "video.mp4") as part:
            raise av.error.OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(part))

    monkeypatch.setattr("specfile.previewing.render_video", render)
    ran = run("preview", "hello.yaml", "-q", "--mp4", "films")
    assert ran.code == 2
    assert "error: films/hello.mp4 can't be read or written: No space left on device\n" in ran.err
    assert list(Path("films").iterdir()) == []


def test_sigterm_ends_it_as_ctrl_c_does_and_leaves_nothing_half_done(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[Path] = []

    def stop(*_arguments: object, **_options: object) -> None:
        there.extend(Path("films").iterdir())
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("specfile.previewing.render_video", stop)
    assert run("preview", "hello.yaml", "-q", "--mp4", "films").code == 143
    assert len(there) == 1
    assert list(Path("films").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "stream", "code"),
    [
        (("preview", "hello.yaml", "-o", "a.html"), "stderr", 0),
        (("preview", "none.yaml"), "stderr", 1),
        (("preview", "hello.yaml", "--against", "none"), "stderr", 2),
        (("compile", "hello.yaml"), "stdout", 0),
    ],
)
def test_a_reader_that_has_left_changes_nothing(arguments: tuple[str, ...], stream: str, code: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-m", "specfile", *arguments],
        stdout=writer if stream == "stdout" else subprocess.PIPE,
        stderr=writer if stream == "stderr" else subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert ended.returncode == code
    assert b"Traceback" not in (ended.stderr or b"")
    assert Path("a.html").exists() == ("-o" in arguments)


def test_what_stands_in_for_something_in_a_picture_is_told(run: Run) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(picture, "PNG")
    Path("cut.png").write_bytes(picture.getvalue()[:60])
    spec = HELLO.replace("silence: 1", "silence: 1\n    background: cut.png")
    Path("cut.yaml").write_text(spec, encoding="utf-8")
    ran = run("preview", "cut.yaml", "--png", "a.png")
    assert ran.err.endswith(
        "written to a.png\n  scene 2: cut.png holds no picture that can be read; a placeholder stands in\n"
    )
    assert "written" not in run("preview", "cut.yaml", "-q", "--png", "a.png").err
