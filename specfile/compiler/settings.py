"""Top-level fields: what the API takes beside the scenes, and where files go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from specfile.compiler.evaluate import Evaluator, Failed
from specfile.compiler.scope import Scope
from specfile.compiler.values import Field, Value, known_as, place_of
from specfile.language import Spec
from specfile.language.nodes import ScalarNode
from specfile.schemas import Shape

_DIMENSIONS: Final[Mapping[str, tuple[int, int]]] = {
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "square": (1080, 1080),
    "vertical": (1080, 1920),
}


def api_settings(spec: Spec, evaluator: Evaluator, shape: Shape, scope: Scope) -> dict[str, Field]:
    """The top-level API fields, evaluated; one that has no value is left out and was reported."""
    fields: dict[str, Field] = {}
    for name, entry in spec.settings.items():
        try:
            if name == "dimension" and isinstance(entry.value, ScalarNode):
                value = _dimension(entry.value, evaluator, shape.fields[name], scope)
            else:
                value = evaluator.value(entry.value, shape.fields[name], scope, name)
        except Failed:
            continue
        if value.content is not None:
            fields[name] = Field(entry.key.span, value)
    return fields


def _dimension(node: ScalarNode, evaluator: Evaluator, shape: Shape, scope: Scope) -> Value:
    """`720p`, `1080p`, `square`, `vertical` or `WxH`, or a template that yields one of them or the object."""
    value = evaluator.part(node, shape, scope, "dimension")
    text = value.text
    if text is None:
        return value
    size = _DIMENSIONS.get(text.lower())
    if size is None and (match := re.fullmatch(r"(\d{1,6})\s*[x×]\s*(\d{1,6})", text, re.IGNORECASE)):
        size = (int(match[1]), int(match[2]))
    if size is None:
        message = f"`dimension` is {text!r}, which names no size".replace("'", '"')
        hint = "write 720p, 1080p, square, vertical, or a size such as 1280x720"
        raise evaluator.report("not-allowed", message, place_of(value), scope, path="dimension", hint=hint)
    size_of = known_as({"width": size[0], "height": size[1]}, value.node, value.reads)
    return replace(size_of, used=value.used)
