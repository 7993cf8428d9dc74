"""`preview --against`: what changed since a revision of a real repository."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from specfile.former import FormerFiles
from specfile.repository import Repository
from tests.git import git
from tests.preview.reading_pages import Element, read_page
from tests.running import Run

SPEC = """\
specfile: 1
title: Hello {{ name }}
data: people.csv
key: "{{ name }}"
dimension: {width: 320, height: 180}
defaults: {avatar: Anna, voice: v-1, background: "#1a1a2e"}
scenes:
  - id: hello
    say: Hello {{ name }}, and welcome.
  - say: This is our house.
    background: images/house.png
  - use: scenes/bye.yaml
"""

BYE = """\
scenes:
  - say: See you soon.
"""

NEW_PAGE = "written to videos/hello/hello.comparison.html\n"


@pytest.fixture(autouse=True)
def repository(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.parent / "cache"))
    for folder in ("images", "scenes"):
        Path(folder).mkdir()
    Path("hello.yaml").write_text(SPEC, encoding="utf-8")
    Path("scenes/bye.yaml").write_text(BYE, encoding="utf-8")
    Path("people.csv").write_text("name\nAda\nBob\n", encoding="utf-8")
    Image.new("RGB", (320, 180), "#aa0000").save("images/house.png")
    git(project, "init", "--quiet")
    return project


def commit(message: str = "As it was") -> None:
    git(Path(), "add", "--all", ".")
    git(Path(), "commit", "--quiet", "--message", message)


def edit(name: str, *replacements: tuple[str, str]) -> None:
    text = Path(name).read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    Path(name).write_text(text, encoding="utf-8")


def page(path: str = "videos/hello/hello.comparison.html") -> Element:
    return read_page(Path(path).read_text(encoding="utf-8"))


def changes(made: Element) -> dict[str, list[str]]:
    """By key of a video, the heading of each scene that changed."""
    return {
        section.attributes["data-key"]: [one.one("h3").text for one in section.all("li", class_="change")]
        for section in made.all("section")
    }


def said(err: str) -> str:
    """Without the id and day of the commit, and without the sums."""
    lines = [line for line in err.splitlines(keepends=True) if not line.startswith(("  length ", "  cost "))]
    return "".join(line.partition(" (")[0] + "\n" if line.startswith("since ") else line for line in lines)


def test_words_pictures_and_keys_that_changed_are_told(run: Run) -> None:
    commit()
    edit("hello.yaml", ("and welcome.", "welcome!"))
    edit("scenes/bye.yaml", ("soon", "tomorrow"))
    Image.new("RGB", (320, 180), "#00aa00").save("images/house.png")
    Path("people.csv").write_text("name\nBob\nCy\n", encoding="utf-8")
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    assert (ran.code, ran.out) == (0, "")
    assert said(ran.err) == (
        "since HEAD\n  1 video changed, 1 video added, 1 video removed\n  3 scenes changed\n" + NEW_PAGE
    )
    made = page()
    assert changes(made) == {
        "Bob": ["hello words changed", "Scene 2 picture changed", "Scene 3 words changed"],
        "Cy": ["hello added", "Scene 2 added", "Scene 3 added"],
        "Ada": ["hello removed", "Scene 2 removed", "Scene 3 removed"],
    }
    hello, house, _ = made.all("section")[0].all("li", class_="change")
    assert [one.text for one in hello.all("p", class_="script")[0].all("del")] == ["and", "."]
    assert [one.text for one in hello.all("p", class_="script")[1].all("ins")] == ["!"]
    before, after = (
        house.one("div", class_=side).one("img").attributes["data-frame"] for side in ("before", "after")
    )
    assert before != after


def test_nothing_changed_is_said(run: Run) -> None:
    commit()
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    assert (ran.code, said(ran.err)) == (0, "since HEAD\n  2 videos, all as they were\n" + NEW_PAGE)
    assert page().one("p", class_="nothing").text == "Nothing that is seen or heard has changed since HEAD."
    assert [one.one("summary").text for one in page().all("details")] == ["2 videos unchanged"]


def test_length_and_cost_are_told_before_and_after(run: Run) -> None:
    commit()
    edit("scenes/bye.yaml", ("scenes:", "scenes:\n  - silence: 30"))
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    lines = ran.err.splitlines()
    assert lines[1:3] == ["  2 videos changed", "  2 scenes added"]
    assert lines[3].startswith("  length 0:")
    assert " → 1:" in lines[3]
    assert lines[4].startswith("  cost $0.")
    videos, length, cost = page().one("dl", class_="sums").all("dd")
    assert (videos.text, length.text.count("→"), cost.text.count("→")) == ("2", 1, 1)


def test_a_branch_a_tag_and_an_id_are_revisions(run: Run) -> None:
    commit()
    git(Path(), "tag", "v1")
    first = git(Path(), "rev-parse", "HEAD").strip()
    edit("hello.yaml", ("and welcome.", "welcome!"))
    commit("Shorter: by a word")
    for revision in ("v1", first, first[:9], "HEAD~1", "main^", "HEAD^{/As it}:hello.yaml"):
        assert "  2 videos changed\n" in run("preview", "hello.yaml", "--against", revision).err
    for revision in ("main", "main@{0}", "HEAD^{/Shorter: by}"):
        assert "  2 videos, all as they were\n" in run("preview", "hello.yaml", "--against", revision).err


@pytest.mark.parametrize(
    "revision", ["--upload-pack=touch owned", "--output=owned", "-h", "", "a\nb", "nowhere", ":hello.yaml"]
)
def test_what_is_no_revision_is_refused_and_never_an_option(run: Run, revision: str) -> None:
    commit()
    ran = run("preview", "hello.yaml", f"--against={revision}")
    hint = "a build server often fetches one commit only" if revision == "nowhere" else "a tag or an id"
    assert ran.code == 2
    assert ran.err.startswith(
        f"error: git knows no revision `{revision.partition(':')[0]}`\nhint: name a branch, "
    )
    assert ran.err.endswith(f"{hint}\n")
    assert not Path("owned").exists()


def test_a_branch_of_a_remote_that_was_not_fetched_says_how(run: Run) -> None:
    commit()
    git(Path(), "remote", "add", "origin", "https://host.invalid/a.git")
    ran = run("preview", "hello.yaml", "--against", "origin/main")
    assert (ran.code, ran.err) == (
        2,
        (
            "error: git knows no revision `origin/main`\n"
            "hint: `git fetch origin main` may bring it; a build server often fetches one commit only\n"
        ),
    )


def test_where_there_is_no_repository_that_is_said(run: Run, project: Path) -> None:
    shutil.rmtree(".git")
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    assert (ran.code, ran.err) == (
        2,
        (
            f"error: {project} lies in no git repository, so there is nothing to compare with\n"
            "hint: leave out --against, or run it in a checkout\n"
        ),
    )


def test_where_there_is_no_git_that_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    assert (ran.code, ran.err) == (
        2,
        (
            "error: comparing with an earlier revision needs git, which isn't installed\n"
            "hint: install it from https://git-scm.com, or your system's packages\n"
        ),
    )


def test_a_spec_that_is_new_is_all_new(run: Run) -> None:
    commit()
    Path("new.yaml").write_text(SPEC, encoding="utf-8")
    ran = run("preview", "new.yaml", "--against", "HEAD", "-o", "new.html")
    assert (ran.code, said(ran.err)) == (
        0,
        (
            "new.yaml is new since HEAD, and all that is in it\n"
            "since HEAD\n  2 videos added\nwritten to new.html\n"
        ),
    )


def test_a_renamed_spec_is_found_by_git_or_behind_a_colon(run: Run) -> None:
    commit()
    Path("shows").mkdir()
    git(Path(), "mv", "hello.yaml", "shows/welcome.yaml")
    git(Path(), "mv", "people.csv", "scenes", "images", "shows")
    edit("shows/welcome.yaml", ("and welcome", "welcome"))
    for revision in ("HEAD", "HEAD:hello.yaml"):
        ran = run("preview", "shows/welcome.yaml", "--against", revision, "-o", "a.html")
        assert (ran.code, said(ran.err)) == (
            0,
            (
                "shows/welcome.yaml was hello.yaml at HEAD\n"
                "since HEAD\n  2 videos changed\n  2 scenes changed\nwritten to a.html\n"
            ),
        )
    ran = run("preview", "shows/welcome.yaml", "--against", "HEAD:other.yaml")
    assert (ran.code, ran.err) == (
        2,
        (
            "error: there was no file other.yaml at HEAD\n"
            "hint: behind the colon stands a path below the repository's top folder\n"
        ),
    )


def test_files_that_are_gone_today_are_there_as_they_were(run: Run) -> None:
    Path("templates").mkdir()
    Path("templates/greet.j2").write_text("{% macro greet(name) %}Dear {{ name }}{% endmacro %}")
    edit(
        "hello.yaml",
        ("say: Hello {{ name }}", "say: \"{% from 'greet.j2' import greet %}{{ greet(name) }}\"\n#"),
    )
    commit()
    shutil.rmtree("templates")
    shutil.rmtree("images")
    shutil.rmtree("scenes")
    edit("hello.yaml", ("    background: images/house.png\n", ""), ("  - use: scenes/bye.yaml\n", ""))
    edit("hello.yaml", ("\"{% from 'greet.j2' import greet %}{{ greet(name) }}\"", "Dear friend"))
    ran = run("preview", "hello.yaml", "--against", "HEAD", "--only", "Ada")
    assert (ran.code, said(ran.err).splitlines()[1:3]) == (
        0,
        ["  1 video changed", "  2 scenes changed, 1 removed"],
    )


def test_a_spec_in_a_subfolder_is_compared_from_anywhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a/b").mkdir(parents=True)
    for name in ("hello.yaml", "people.csv", "scenes", "images"):
        shutil.move(name, "a/b")
    commit()
    edit("a/b/hello.yaml", ("and welcome", "welcome"))
    monkeypatch.chdir("a")
    ran = run("preview", "b/hello.yaml", "--against", "HEAD")
    assert (ran.code, said(ran.err)) == (
        0,
        (
            "since HEAD\n  2 videos changed\n  2 scenes changed\n"
            "written to b/videos/hello/hello.comparison.html\n"
        ),
    )


def test_a_spec_that_was_wrong_is_told_with_its_lines_as_they_were(run: Run) -> None:
    edit("hello.yaml", ("  - id: hello\n", "  - id: hello\n    background: '#nocolour'\n"))
    commit()
    edit("hello.yaml", ("    background: '#nocolour'\n", "    # it was wrong\n"))
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert lines[0] == "hello.yaml was wrong at HEAD, by today's rules:"
    assert lines[2].startswith("error[bad-colour]: ")
    assert lines[3] == "  --> hello.yaml:9:17"
    assert lines[5] == " 9 |     background: '#nocolour'"
    assert lines[-1] == (
        "hint: compare with a revision at which it was right, or look at it without --against"
    )
    assert not Path("videos").exists()


def test_data_that_git_does_not_keep_is_that_of_today_and_that_is_said(run: Run) -> None:
    Path(".gitignore").write_text("people.csv\n", encoding="utf-8")
    commit()
    Path("people.csv").write_text("name\nEve\n", encoding="utf-8")
    edit("hello.yaml", ("and welcome", "welcome"))
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    assert (ran.code, said(ran.err)) == (
        0,
        (
            "people.csv is taken as of today, in both, as git doesn't keep it\n"
            "since HEAD\n  1 video changed\n  1 scene changed\n" + NEW_PAGE
        ),
    )
    assert "people.csv is taken as of today" in page().one("header").text


def test_data_given_on_the_command_line_counts_for_both(run: Run, tmp_path: Path) -> None:
    commit()
    other = tmp_path / "other.csv"
    other.write_text("name\nZoe\n", encoding="utf-8")
    ran = run("preview", "hello.yaml", "--against", "HEAD", "--data", "other.csv")
    assert (ran.code, said(ran.err)) == (
        0,
        f"rows of other.csv are those of today, in both\nsince HEAD\n  1 video, all as it was\n{NEW_PAGE}",
    )


def test_a_file_of_git_lfs_is_found_or_told_how_to_fetch(run: Run) -> None:
    content = Path("images/house.png").read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {len(content)}\n"
    Path("images/house.png").write_text(pointer, encoding="utf-8")
    commit()
    Image.new("RGB", (320, 180), "#00aa00").save("images/house.png")
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    assert ran.code == 1
    assert "images/house.png is only a pointer of Git LFS" in ran.err
    assert ran.err.endswith(
        "hint: `git lfs fetch origin HEAD` brings the files that Git LFS keeps elsewhere\n"
    )
    kept = Path(".git/lfs/objects", sha256[:2], sha256[2:4])
    kept.mkdir(parents=True)
    (kept / sha256).write_bytes(content)
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    assert (ran.code, said(ran.err).splitlines()[2]) == (0, "  2 scenes changed")
    assert changes(page())["Ada"] == ["Scene 2 picture changed"]


def test_a_link_that_leads_out_is_never_written_through(
    run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    Path("images/house.png").unlink()
    Path("images").rmdir()
    Path("images").symlink_to(outside)
    Image.new("RGB", (320, 180), "#aa0000").save(outside / "house.png")
    commit()
    Path("images").unlink()
    edit("hello.yaml", ("    background: images/house.png\n", ""))
    ran = run("preview", "hello.yaml", "--against", "HEAD")
    assert ran.code == 1
    assert "error[outside-project]: images/house.png lies outside the project" in ran.err
    assert [one.name for one in outside.iterdir()] == ["house.png"]


def commit_with_link(name: str, target: Path) -> str:
    """A commit like the last one that has a link too, perhaps of the same name as a folder; gives its id."""
    Path("target").write_text(str(target), encoding="utf-8")
    link = git(Path(), "hash-object", "-w", "target").strip()
    Path("target").unlink()
    listed = f"120000 blob {link}\t{name}\n{git(Path(), 'ls-tree', 'HEAD')}"
    tree = subprocess.run(["git", "mktree"], input=listed.encode(), capture_output=True, check=True).stdout
    return git(Path(), "commit-tree", tree.decode().strip(), "-m", "Bad").strip()


def test_a_tree_that_has_a_link_and_a_folder_of_one_name_writes_nothing_outside(
    run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    commit()
    outside = tmp_path_factory.mktemp("outside")
    bad = commit_with_link("images", outside)
    assert run("preview", "hello.yaml", "--against", bad).code in (0, 1)
    assert list(outside.iterdir()) == []


def test_no_file_is_written_through_a_link_that_was_put_there_before(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    commit()
    outside, folder = tmp_path_factory.mktemp("outside"), tmp_path_factory.mktemp("former").resolve()
    repository = Repository.around(Path())
    files = FormerFiles(repository, repository.commit(commit_with_link("images", outside)), folder)
    files.take(["images"])
    Path("images/today.png").write_bytes(b"today")
    files.take(["images/today.png"])
    files.take_all()
    assert (folder / "images").readlink() == outside
    assert list(outside.iterdir()) == []
    assert files.as_today == []


def test_limit_and_only_choose_among_what_changed(run: Run) -> None:
    commit()
    Path("people.csv").write_text("name\nAda\nBob\nCy\nDi\nEve\n", encoding="utf-8")
    ran = run("preview", "hello.yaml", "--against", "HEAD", "--limit", "2")
    assert "  3 videos added, 2 videos unchanged\n" in ran.err
    assert "the first 2 of 3 videos; --limit 0 takes all\n" in ran.err
    assert list(changes(page())) == ["Cy", "Di"]
    assert page().one("p", class_="rest").text == "the first 2 of 3; --limit and --only show others"
    Path("people.csv").write_text("name\nBob\n", encoding="utf-8")
    assert run("preview", "hello.yaml", "--against", "HEAD", "--only", "A*").code == 0
    assert list(changes(page())) == ["Ada"]


def test_a_comparison_is_a_page_and_nothing_else(run: Run) -> None:
    commit()
    ran = run("preview", "hello.yaml", "--against", "HEAD", "--png", "a.png")
    assert (ran.code, ran.err) == (
        2,
        "error: --against shows what changed in a page, and none is asked for\nhint: add -o FILE\n",
    )
    assert run("preview", "hello.yaml", "--against", "HEAD", "-o", "a.html", "--png", "a.png").code == 0
    assert page("a.html").one("title").text == "hello.yaml since HEAD · storyboard"
    assert Path("a.png").exists()


def test_the_repository_is_left_as_it_is(run: Run) -> None:
    commit()
    edit("hello.yaml", ("and welcome", "welcome"))
    before = git(Path(), "status", "--porcelain"), (Path(".git/index")).read_bytes()
    assert run("preview", "hello.yaml", "--against", "HEAD", "-o", "../a.html", "--quiet").err == ""
    assert (git(Path(), "status", "--porcelain"), Path(".git/index").read_bytes()) == before


def test_a_clone_that_left_out_files_says_so_and_fetches_nothing(
    run: Run, project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit()
    edit("hello.yaml", ("and welcome", "welcome"))
    commit("Shorter")
    git(Path(), "config", "uploadpack.allowFilter", "true")
    folder = tmp_path_factory.mktemp("clones")
    git(folder, "clone", "--quiet", "--filter=blob:none", project.as_uri(), "part")
    monkeypatch.chdir(folder / "part")
    ran = run("preview", "hello.yaml", "--against", "HEAD^")
    assert (ran.code, ran.err) == (
        2,
        (
            "error: git doesn't have all files of that revision here: this is a clone that left out some\n"
            "hint: `git fetch --refetch` without a filter gets the rest\n"
        ),
    )


def test_no_command_that_a_repository_names_is_run(run: Run) -> None:
    commit()
    Path("spy").write_text("#!/bin/sh\ntouch spied\ncat\n", encoding="utf-8")
    Path("spy").chmod(0o755)
    Path(".gitattributes").write_text("* filter=spy diff=spy\n", encoding="utf-8")
    commit("With filters")
    for name in (
        "core.fsmonitor",
        "filter.spy.smudge",
        "filter.spy.clean",
        "diff.spy.textconv",
        "gpg.program",
    ):
        git(Path(), "config", name, f"{Path.cwd()}/spy")
    git(Path(), "config", "log.showSignature", "true")
    Path("moved.yaml").write_text(SPEC.replace("and welcome", "welcome"), encoding="utf-8")
    Path("spied").unlink(missing_ok=True)
    for spec in ("hello.yaml", "moved.yaml"):
        assert run("preview", spec, "--against", "HEAD", "-o", "a.html").code == 0
    assert not Path("spied").exists()


def test_hooks_of_git_do_not_mislead(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commit()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", "index.tmp")
    assert run("preview", "hello.yaml", "--against", "HEAD").code == 0
