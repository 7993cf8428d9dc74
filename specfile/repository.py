"""A git repository, asked what its files were at a revision. Nothing is changed in it, nothing is fetched.

Git is run as a program. It is only asked what needs no filter, hook or setting of the repository, since any
of those may be a command, and only by the id of a commit, so that no name that a user gives can be an option.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NamedTuple

from specfile.errors import UsageError

LINK: Final = "120000"
"""The mode of a symbolic link, whose content is where it leads."""

_FILES: Final = frozenset({"100644", "100755", LINK})
_ELSEWHERE: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git's own hooks set; the repository that is meant here is the spec's."""

_NO_COMMANDS: Final = ("-c", "core.fsmonitor=false", "-c", "log.showSignature=false")
"""Settings of a repository that name commands which reading it might run."""

_SHALLOW: Final = "a build server often fetches one commit only"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, and the name it was asked for by. `about` is its short id, day and first line."""

    name: str
    id: str
    about: str


class Entry(NamedTuple):
    """A file of a tree: its mode, and the id of its content."""

    mode: str
    content: str


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that `root` is the top folder of."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository that a folder lies in.

        Raises:
            UsageError: there is none, or git can't be run.
        """
        if shutil.which("git") is None:
            message = "comparing with an earlier revision needs git, which isn't installed"
            raise UsageError(message, hint="install it from https://git-scm.com, or your system's packages")
        ran = _git(folder, "rev-parse", "--show-toplevel")
        if ran.returncode:
            words = _first_line(ran.stderr)
            if "not a git repository" in words:
                message = f"{folder} lies in no git repository, so there is nothing to compare with"
                raise UsageError(message, hint="leave out --against, or run it in a checkout")
            message = f"git can't read the repository of {folder}: {words}"
            raise UsageError(message)
        return cls(Path(os.fsdecode(ran.stdout.removesuffix(b"\n"))).resolve())

    def commit(self, name: str) -> Commit:
        """The commit that a branch, a tag, an id, or anything else that git takes for one names.

        Raises:
            UsageError: it names none.
        """
        # Git has no names that begin with a dash; what looks like an option is never handed on.
        is_name = bool(name) and not name.startswith("-") and name.isprintable()
        ran = _git(self.root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") if is_name else None
        if ran is None or ran.returncode:
            message = f"git knows no revision `{name}`"
            raise UsageError(
                message, hint=self._perhaps(name) if is_name else "name a branch, a tag or an id"
            )
        found = ran.stdout.decode().strip()
        about = self._ask("show", "--no-patch", "--no-show-signature", "--format=%h, %cs, %s", found)
        return Commit(name, found, os.fsdecode(about).strip())

    def tree(self, commit: Commit) -> Mapping[str, Entry]:
        """Every file that the commit has, by its path below the root."""
        listed = self._ask("ls-tree", "-r", "-z", "--full-tree", commit.id)
        lines = (line.partition(b"\t") for line in listed.split(b"\0") if line)
        entries = ((os.fsdecode(path), about.decode().split()) for about, _, path in lines)
        return {path: Entry(mode, content) for path, (mode, _, content) in entries if mode in _FILES}

    def tracked(self) -> frozenset[str]:
        """The paths of the files that git has today, as far as it was told of them."""
        return frozenset(os.fsdecode(path) for path in self._ask("ls-files", "-z").split(b"\0") if path)

    def former_name(self, commit: Commit, path: str) -> str | None:
        """What a file was called at a commit that has it under another name; None where git can't tell."""
        changes = self._ask(
            "diff-index", "--cached", "-M", "--diff-filter=R", "--name-status", "-z", commit.id
        )
        names = [os.fsdecode(one) for one in changes.split(b"\0")]
        renamed = dict(zip(names[2::3], names[1::3], strict=False))
        return renamed.get(path)

    def contents(self, ids: Sequence[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The contents by their ids, in order, each in pieces; one has to be read before the next.

        Raises:
            UsageError: a content isn't here, as in a clone that left out some.
        """
        with tempfile.TemporaryFile() as asked:
            asked.write("".join(f"{one}\n" for one in ids).encode())
            asked.seek(0)
            with subprocess.Popen(  # noqa: S603 - no argument is anybody's but ours
                ["git", *_NO_COMMANDS, "cat-file", "--batch"],  # noqa: S607 - the git that the user has
                cwd=self.root,
                env=_environment(),
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as process:
                assert process.stdout is not None, "it was asked for"  # noqa: S101
                for one in ids:
                    yield one, _pieces(process.stdout, _length(process.stdout))
                    process.stdout.read(1)  # the line break behind each

    def large_file(self, sha256: str) -> Path | None:
        """Where Git LFS keeps a file of this content; None where it doesn't have it here."""
        folder = Path(os.fsdecode(self._ask("rev-parse", "--git-common-dir").removesuffix(b"\n")))
        path = self.root / folder / "lfs" / "objects" / sha256[:2] / sha256[2:4] / sha256
        return path if path.is_file() else None

    def _perhaps(self, name: str) -> str:
        remote, _, branch = name.partition("/")
        if branch and remote in os.fsdecode(self._ask("remote")).split():
            return f"`git fetch {remote} {branch}` may bring it; {_SHALLOW}"
        return f"name a branch, a tag or an id that `git log` shows; {_SHALLOW}"

    def _ask(self, *arguments: str) -> bytes:
        ran = _git(self.root, *arguments)
        if ran.returncode:
            message = f"git can't read the repository {self.root}: {_first_line(ran.stderr)}"
            raise UsageError(message)
        return ran.stdout


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - no argument is an option but those written here
        ["git", *_NO_COMMANDS, *arguments],  # noqa: S607 - the git that the user has
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def _environment() -> dict[str, str]:
    """Our own environment, in which git fetches nothing, speaks English, and looks where we are."""
    kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return {
        **kept,
        "LC_ALL": "C",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_OPTIONAL_LOCKS": "0",
    }


def _length(out: IO[bytes]) -> int:
    header = out.readline().split()
    if len(header) != 3:
        message = "git doesn't have all files of that revision here: this is a clone that left out some"
        raise UsageError(message, hint="`git fetch --refetch` without a filter gets the rest")
    return int(header[2])


def _pieces(out: IO[bytes], length: int) -> Iterator[bytes]:
    while length > 0:
        piece = out.read(min(length, _CHUNK))
        if not piece:
            return
        length -= len(piece)
        yield piece


def _first_line(said: bytes) -> str:
    lines = re.sub(r"(?m)^(fatal|error): ", "", said.decode(errors="replace")).strip().splitlines()
    return lines[0] if lines else "it doesn't say why"
