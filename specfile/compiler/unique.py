"""What two videos of one spec must not share: key, file, and a callback_id of the user's own."""

from __future__ import annotations

from specfile.compiler.scope import Scope
from specfile.compiler.templates import Templates
from specfile.diagnostics import Diagnostic, Span
from specfile.film import Video
from specfile.language import Spec
from specfile.language.nodes import ScalarNode

_CODES = {
    "key": "duplicate-key-in-data",
    "output.file": "duplicate-file",
    "callback_id": "duplicate-callback-id",
}


class Uniqueness:
    """Remembers what every video of a spec has claimed."""

    def __init__(self, spec: Spec, templates: Templates) -> None:
        self._templates = templates
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
        claims = {
            "key": video.key,
            # Two names that differ in case are one file on many systems.
            "output.file": str(video.output).casefold(),
            "callback_id": video.metadata.get("callback_id"),
        }
        for name, value in claims.items():
            if value is not None and (name, value) in self._claimed:
                return (self._clash(name, value, scope),)
        for name, value in claims.items():
            if value is not None:
                self._claimed[name, value] = scope.row.number
        return ()

    def _clash(self, name: str, value: str, scope: Scope) -> Diagnostic:
        first, second = self._claimed[name, value], scope.row.number
        rows = f"rows {first} and {second}" if first != second else f"two videos of row {first}"
        where = f"{rows} of {scope.row.source}" if scope.row.source else "two videos"
        what = f'the key "{scope.key}"' if name == "key" else f"the same `{name}`"
        node = self._written[name]
        return Diagnostic(
            code=_CODES[name],
            message=f"{where} share {what}",
            span=self._place(node),
            path=name,
            cell=scope.cell(self._templates.template(node.text).reads) if node is not None else None,
            hint=f"make `{name}` of what tells the rows apart",
        )

    def _place(self, node: ScalarNode | None) -> Span:
        return node.span if node is not None else self._start
