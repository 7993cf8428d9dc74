"""Previews as a program asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import specfile
from specfile.choice import Choice
from specfile.errors import MissingExtra, UsageError
from tests.git import git
from tests.preview.films import watch
from tests.preview.reading_pages import read_page

SPEC = """\
specfile: 1
data: people.csv
key: "{{ name }}"
variables: {greeting: {type: string, default: Hello}, loud: {type: boolean, default: false}}
dimension: {width: 320, height: 180}
defaults: {avatar: Anna, voice: v-1, background: "#1a1a2e"}
scenes:
  - say: "{{ greeting }} {{ name }}{{ '!' if loud else '.' }}"
"""


@pytest.fixture
def storyboard(project: Path, monkeypatch: pytest.MonkeyPatch) -> specfile.Storyboard:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.parent / "cache"))
    Path("hello.yaml").write_text(SPEC, encoding="utf-8")
    Path("people.csv").write_text("name\nAda\nBob\n", encoding="utf-8")
    return specfile.load("hello.yaml", variables={"loud": True})


def keys(path: Path) -> list[str]:
    page = read_page(path.read_text(encoding="utf-8"))
    return [one.attributes["data-key"] for one in page.all("section")]


def test_a_page_goes_beside_the_videos_or_where_it_is_told(storyboard: specfile.Storyboard) -> None:
    assert storyboard.preview() == Path("videos/hello/hello.storyboard.html").resolve()
    assert keys(Path("videos/hello/hello.storyboard.html")) == ["Ada", "Bob"]
    assert storyboard.preview("new/a.html", limit=1) == Path("new/a.html")
    assert keys(Path("new/a.html")) == ["Ada"]
    assert keys(storyboard.preview("b.html", choice=Choice(only=("B*",)))) == ["Bob"]


def test_a_name_that_ends_in_png_is_a_picture(storyboard: specfile.Storyboard) -> None:
    with Image.open(storyboard.preview("a.png")) as picture:
        assert picture.format == "PNG"


def test_what_changed_is_told_with_the_same_values_on_both_sides(
    storyboard: specfile.Storyboard, project: Path
) -> None:
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "As it was")
    Path("hello.yaml").write_text(SPEC.replace("default: Hello", "default: Good day"), encoding="utf-8")
    now = specfile.load("hello.yaml", variables={"loud": True})
    path = now.preview(against="HEAD", choice=Choice(only=("Ada",)))
    assert path == Path("videos/hello/hello.comparison.html").resolve()
    page = read_page(path.read_text(encoding="utf-8"))
    before, after = page.one("section").all("p", class_="script")
    assert (before.text.replace(" ", ""), after.text.replace(" ", "")) == ("HelloAda!", "GooddayAda!")


def test_films_are_rendered_with_what_stands_in_for_something(storyboard: specfile.Storyboard) -> None:
    Path("hello.yaml").write_text(SPEC.replace("avatar: Anna", "photo: ph-1"), encoding="utf-8")
    films = specfile.load("hello.yaml").render("films", limit=1)
    assert [(one.key, one.path) for one in films] == [("Ada", Path("films/Ada.mp4"))]
    assert films[0].notes == ("scene 1: talking photo ph-1 isn't at hand; a drawn figure stands in",)
    assert watch(films[0].path).pictures[0].shape == (180, 320, 3)


def test_what_can_not_be_is_raised(storyboard: specfile.Storyboard, monkeypatch: pytest.MonkeyPatch) -> None:
    for call, message in (
        (lambda: storyboard.preview("a.pdf"), "a.pdf is no name for a preview"),
        (
            lambda: storyboard.preview("a.png", against="HEAD"),
            "what changed is shown in a page, and a picture is asked for",
        ),
        (
            lambda: storyboard.render("videos/hello"),
            "videos/hello/Ada.mp4 is where `build` puts a film that is paid for",
        ),
        (lambda: storyboard.preview(choice=Choice(only=("Z*",))), "no video has a key that fits `Z*`"),
    ):
        with pytest.raises(UsageError) as raised:
            call()
        assert str(raised.value) == message
    Path("people.csv").write_text("name\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^hello\.yaml makes no video to show$"):
        storyboard.preview()
    monkeypatch.setattr("specfile.previewing.find_spec", lambda _: None)
    with pytest.raises(MissingExtra):
        storyboard.preview()


def test_a_spec_that_is_wrong_raises_what_is_wrong(storyboard: specfile.Storyboard) -> None:
    Path("hello.yaml").write_text(SPEC.replace('"#1a1a2e"', '"#nocolour"'), encoding="utf-8")
    with pytest.raises(specfile.SpecError):
        specfile.load("hello.yaml").preview()
    assert not Path("videos").exists()
