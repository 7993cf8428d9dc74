"""What a power cut leaves of a folder: a model of the disk below it, kept by watching what a program does.

A file's bytes are safe once it was synced, a name once its folder was: a new, moved or removed file is a
change of its folder. Everything else may or may not have reached the disk when the power goes.
"""

from __future__ import annotations

import builtins
import io
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Loss = Literal["nothing", "bytes", "all"]
"""What the power cut takes: nothing (a mere kill), unsynced bytes, or unsynced names as well."""

Watcher = Callable[[str, str], None]
"""Told of an instant: what is done, and whether that is `before` or `after`. It may not return."""


@dataclass
class Node:
    """What is safe of a file or folder."""

    safe: bytes = b""
    names: dict[str, Node] | None = None


@dataclass
class Disk:
    """The folder and what is safe of it."""

    root: Path
    watch: Watcher
    guard: threading.RLock = field(default_factory=threading.RLock)
    nodes: dict[int, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root_node = self._safe_as_it_is(self.root)

    def install(self) -> None:
        """Watch every way in which Python changes files, from now on and for good."""
        _Raw.disk = self
        for name in ("replace", "rename", "link"):
            self._wrap(name, "rename", two_paths=True)
        for name in ("unlink", "remove", "rmdir"):
            self._wrap(name, "unlink")
        self._wrap("truncate", "write")
        self._wrap_mkdir()
        self._wrap_os_open()
        self._wrap_fsync()
        self._wrap_open()

    def is_ours(self, path: Any) -> bool:
        """Whether a path lies in the folder."""
        return isinstance(path, str | os.PathLike) and Path(path).absolute().is_relative_to(self.root)

    @contextmanager
    def step(self, kind: str) -> Iterator[None]:
        """One thing done to the disk, with the instants before and after it."""
        with self.guard:
            self.watch(kind, "before")
            yield
            self.watch(kind, "after")

    def lose(self, loss: Loss) -> None:
        """Make the folder what a power cut leaves of it."""
        if loss == "nothing":
            return
        tree = _as_named(self.root_node) if loss == "all" else self._as_it_is(self.root)
        shutil.rmtree(self.root)
        _write_out(self.root, tree)

    def made(self, inode: int, *, folder: bool = False) -> None:
        """Note that something new is there; none of it is safe."""
        self.nodes[inode] = Node(names={} if folder else None)

    def _safe_as_it_is(self, path: Path) -> Node:
        if path.is_dir():
            names = {child.name: self._safe_as_it_is(child) for child in path.iterdir()}
            node = Node(names=names)
        else:
            node = Node(path.read_bytes())
        self.nodes[path.stat().st_ino] = node
        return node

    def _as_it_is(self, path: Path) -> Node:
        node = self.nodes[path.stat().st_ino]
        if not path.is_dir():
            return node
        return Node(names={child.name: self._as_it_is(child) for child in path.iterdir()})

    def _wrap(self, name: str, kind: str, *, two_paths: bool = False) -> None:
        original = getattr(os, name)

        def wrapped(path: Any, *args: Any, **more: Any) -> Any:
            if not self.is_ours(path) and not (two_paths and self.is_ours(args[0])):
                return original(path, *args, **more)
            with self.step(kind):
                return original(path, *args, **more)

        setattr(os, name, wrapped)

    def _wrap_mkdir(self) -> None:
        original = os.mkdir

        def mkdir(path: Any, *args: Any, **more: Any) -> None:
            if not self.is_ours(path) or Path(path).exists():
                original(path, *args, **more)
                return
            with self.step("create"):
                original(path, *args, **more)
                self.made(Path(path).stat().st_ino, folder=True)

        os.mkdir = mkdir

    def _wrap_os_open(self) -> None:
        original = os.open

        def opened(path: Any, flags: int, *args: Any, **more: Any) -> int:
            if not (flags & os.O_CREAT and self.is_ours(path)) or Path(path).exists():
                return original(path, flags, *args, **more)
            with self.step("create"):
                descriptor = original(path, flags, *args, **more)
                self.made(os.fstat(descriptor).st_ino)
            return descriptor

        os.open = opened

    def _wrap_fsync(self) -> None:
        original = os.fsync

        def fsync(descriptor: int) -> None:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if not self.is_ours(path):
                original(descriptor)
                return
            with self.step("fsync"):
                self._synced(descriptor, path)

        os.fsync = fsync  # type: ignore[assignment]

    def _synced(self, descriptor: int, path: Path) -> None:
        found = os.fstat(descriptor)
        node = self.nodes[found.st_ino]
        if stat.S_ISDIR(found.st_mode):
            node.names = {one.name: self.nodes[one.inode()] for one in os.scandir(path)}
        else:
            node.safe = Path(f"/proc/self/fd/{descriptor}").read_bytes()

    def _wrap_open(self) -> None:
        original = io.open

        def opened(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **more: Any) -> Any:
            if not self.is_ours(file) or not set(mode) & set("wax+"):
                return original(file, mode, buffering, *args, **more)
            return _opened(self, file, mode, buffering, *args, **more)

        io.open = builtins.open = opened


class _Raw(io.FileIO):
    """A file whose writes are instants."""

    disk: Disk

    def write(self, data: Any) -> int:
        with self.disk.guard:
            self.disk.watch("write", "before")
            half = len(data) // 2
            if half:
                # A write may be torn; whoever watches may end it here.
                super().write(memoryview(data)[:half])
                self.disk.watch("write", "half")
            written = super().write(memoryview(data)[half:])
            self.disk.watch("write", "after")
        return half + written

    def truncate(self, size: int | None = None) -> int:
        with self.disk.step("write"):
            return super().truncate(size)


def _opened(
    disk: Disk, file: Any, mode: str, buffering: int, encoding: str | None = None, *args: Any, **more: Any
) -> Any:
    raw_mode = mode.replace("b", "").replace("t", "")
    with disk.guard:
        if Path(file).exists():
            raw = _Raw(file, raw_mode)
        else:
            with disk.step("create"):
                raw = _Raw(file, raw_mode)
                disk.made(os.fstat(raw.fileno()).st_ino)
    if buffering == 0:
        return raw
    buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
    return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding, *args, **more)


def _as_named(node: Node) -> Node:
    if node.names is None:
        return node
    return Node(names={name: _as_named(child) for name, child in node.names.items()})


def _write_out(path: Path, node: Node) -> None:
    if node.names is None:
        path.write_bytes(node.safe)
        return
    path.mkdir()
    for name, child in node.names.items():
        _write_out(path / name, child)
