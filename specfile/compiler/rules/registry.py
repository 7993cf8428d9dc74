"""The registry. A rule looks at a request that the schema has found valid, and gives its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from specfile.compiler.rules import voices
from specfile.compiler.rules.finding import Finding
from specfile.film import Json


@dataclass(frozen=True, slots=True)
class Rule:
    """A code and the function that looks for it. `source` is where the service says so."""

    code: str
    check: Callable[[Mapping[str, Json]], Iterator[Finding]]
    source: str


RULES: tuple[Rule, ...] = (
    Rule("default-voice", voices.default_voice, "GET /v2/avatar/{id}/details, default_voice_id"),
    Rule("caption-without-text", voices.caption_without_text, "POST /v2/video/generate, caption"),
)
