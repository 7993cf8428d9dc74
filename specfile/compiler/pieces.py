"""`split: true`: a scene whose text is too long becomes the fewest scenes that it fits into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from specfile.compiler.values import Field, Value
from specfile.schemas import request_schema


def pieces(scene: Value) -> Iterator[Value]:
    """The scenes that say in turn what `scene` says; just itself where that is short enough, or nothing."""
    fields = scene.fields or {}
    voice = fields.get("voice")
    spoken = (voice.value.fields or {}).get("input_text") if voice is not None else None
    text = spoken.value.text if spoken is not None else None
    if voice is None or spoken is None or text is None or len(text) <= _longest():
        yield scene
        return
    from specfile.sentences import split_text  # noqa: PLC0415 - needed by long texts only

    for piece in split_text(text, _longest(), _locale(voice)):
        said = Field(spoken.key, replace(spoken.value, content=piece))
        speaker = replace(voice.value, content={**(voice.value.fields or {}), "input_text": said})
        yield replace(scene, content={**fields, "voice": Field(voice.key, speaker)})


def _locale(voice: Field) -> str | None:
    locale = (voice.value.fields or {}).get("locale")
    return locale.value.text if locale is not None else None


@cache
def _longest() -> int:
    """How many characters the service takes as one scene's text."""
    spoken = request_schema("v2")["$defs"]["scene.voice.text"]["properties"]["input_text"]
    return int(spoken["maxLength"])
