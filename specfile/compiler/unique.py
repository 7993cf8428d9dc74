"""What two videos of one spec must not share: key, file, and a callback_id of the user's own."""

from __future__ import annotations

import unicodedata

from specfile.compiler.scope import Scope
from specfile.compiler.templating.templates import Templates
from specfile.diagnostics import Cell, Diagnostic, Span
from specfile.film import Video
from specfile.language import Spec
from specfile.language.nodes import ScalarNode

_CODES = {
    "key": "duplicate-key-in-data",
    "output.file": "duplicate-file",
    "callback_id": "duplicate-callback-id",
}


def claims(key: str | None, output: str, callback_id: str | None) -> tuple[str, ...]:
    """What a video must not share with another of its spec, each as one text.

    `key` may be left out where videos that share one share their file, too.
    """
    found = ["f" + _one_file(output)]
    if key is not None:
        found.append("k" + key)
    if callback_id is not None:
        found.append("c" + callback_id)
    return tuple(found)


def _one_file(path: str) -> str:
    """Two names that differ in case, or in how accents are stored, are one file on many systems."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


class Uniqueness:
    """Remembers what every video of a spec has claimed, and says what two of them share."""

    def __init__(self, spec: Spec, templates: Templates) -> None:
        self._templates = templates
        self._has_file = spec.output.file is not None
        callback = spec.settings.get("callback_id")
        self._written: dict[str, ScalarNode | None] = {
            "key": spec.key,
            "output.file": spec.output.file or spec.key,
            "callback_id": callback.value if callback and isinstance(callback.value, ScalarNode) else None,
        }
        self._start = spec.source.start()
        self._claimed: dict[tuple[str, str], int] = {}

    def clashes(self, video: Video, scope: Scope) -> tuple[Diagnostic, ...]:
        """The first thing that this video has in common with an earlier one, if there is any."""
        claimed = {
            "key": video.key,
            "output.file": _one_file(str(video.output)),
            "callback_id": video.metadata.get("callback_id"),
        }
        for name, value in claimed.items():
            if value is not None and (name, value) in self._claimed:
                return (self._clash(name, value, video, scope),)
        for name, value in claimed.items():
            if value is not None:
                self._claimed[name, value] = scope.row.number
        return ()

    def _clash(self, name: str, value: str, video: Video, scope: Scope) -> Diagnostic:
        first, second = self._claimed[name, value], scope.row.number
        rows = f"rows {first} and {second}" if first != second else f"two videos of row {first}"
        where = f"{rows} of {scope.row.source}" if scope.row.source else "two videos"
        what = {
            "key": f'the key "{scope.key}"',
            "output.file": f"the file {video.output.name}, as names that differ in case only are one",
            "callback_id": f'the callback_id "{value}"',
        }[name]
        node = self._written[name]
        return Diagnostic(
            code=_CODES[name],
            message=f"{where} share {what}",
            span=self._place(node),
            path=name,
            cell=self._cell(node, scope) if node is not None else None,
            hint=f"make `{self._named(name)}` of what tells the rows apart",
        )

    def _cell(self, node: ScalarNode, scope: Scope) -> Cell | None:
        """The cell that ought to tell the rows apart: the last one named, as in `{{ shop }}/{{ nr }}`."""
        template = self._templates.template(node.text)
        cells = [scope.cell(scope.origins({chain.root})) for chain in template.chains]
        named = [cell for cell in cells if cell is not None and cell.column is not None]
        return named[-1] if named else scope.cell(scope.origins(template.reads))

    def _named(self, name: str) -> str:
        """The key of the spec that decides: a file is named by `key` unless `output.file` is there."""
        return "key" if name == "output.file" and not self._has_file else name

    def _place(self, node: ScalarNode | None) -> Span:
        return node.span if node is not None else self._start
