"""What a poured video is called, and where its file goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from specfile.compiler.files import Files
from specfile.compiler.mass.sources import Miss
from specfile.compiler.output import LOCAL, Output, is_usable

Text = int | str
"""The slot of a text, or a text that is the same for all rows."""


def text_of(value: Text, texts: Sequence[str]) -> str:
    """The text, those of the slots being `texts`."""
    return texts[value] if isinstance(value, int) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a video is called and where it goes.

    Attributes:
        key: its slot, or what is the same for all rows.
        file: the same of the name of the file, without its ending.
        folder: where the file goes; it lies in the project.
        ending: that of the file, with its dot.
        odd: tells whether a file of such a name has to be looked at closely, being a link or in a folder.
        by_file: whether two videos of one key would also share a file.
        callback: the slot of the callback_id, or what it is for all rows, if there is one.
    """

    key: Text
    file: Text
    folder: Path
    ending: str
    odd: Callable[[str], bool]
    by_file: bool
    callback: Text | None

    def named(self, texts: Sequence[str]) -> tuple[str, str]:
        """The key, and the name of the file.

        Raises:
            Miss: one of them can't be had.
        """
        key, name = text_of(self.key, texts), text_of(self.file, texts)
        if not (is_usable(key) and (name is key or is_usable(name))):
            raise Miss
        if self.odd(name):
            raise Miss  # it may lead elsewhere, or lie where --local keeps its files
        return key, name


def odd_names(output: Output, files: Files) -> Callable[[str], bool]:
    """Tells names of files that may lead out of the project, or lie where `--local` keeps its files."""
    folder, ending, links = output.folder, output.ending, files.links(output.folder)

    def is_odd(name: str) -> bool:
        if "/" in name:
            return name.startswith(f"{LOCAL}/") or not files.holds(folder / f"{name}{ending}")
        return f"{name}{ending}" in links if links else False

    return is_odd
