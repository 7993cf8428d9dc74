"""What the service's schema refuses, told in the words of a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from specfile.compiler.rules import RULES, Subject
from specfile.diagnostics import Severity
from specfile.diagnostics.suggest import did_you_mean
from specfile.diagnostics.wording import requirement, show
from specfile.film import Json
from specfile.importing.draft import Draft
from specfile.importing.invented import outdated
from specfile.importing.notes import Note
from specfile.importing.paths import Path, last_name
from specfile.schemas import Violation, is_valid, violations

_CODES: Final[Mapping[str, str]] = {
    "type": "wrong-type",
    "enum": "not-allowed",
    "const": "not-allowed",
    "minimum": "out-of-range",
    "maximum": "out-of-range",
    "exclusiveMinimum": "out-of-range",
    "exclusiveMaximum": "out-of-range",
    "multipleOf": "not-even",
    "pattern": "bad-colour",
    "minLength": "empty-text",
    "maxLength": "text-too-long",
    "minItems": "no-scenes",
    "maxItems": "too-many-scenes",
    "required": "missing-key",
    "exactly-one-of": "exactly-one-of",
    "discriminator": "missing-type",
}

_OLDER: Final = "older-value"
"""The code of values that older pages list and the service still takes: told, and kept."""

_MISSING: Final[Mapping[str, str]] = {
    "video_inputs": 'add "video_inputs": […] with a scene',
    "voice": 'add "voice": {"type": "text", "voice_id": "…", "input_text": "…"}',
    "line_height": 'add "line_height": 1',
    "width": '"dimension" needs both "width" and "height"',
    "height": '"dimension" needs both "width" and "height"',
}


def refusals(body: Mapping[str, Json], draft: Draft) -> Iterator[Note]:
    """Every rule of the service that a body breaks, as an error; what was refused before isn't said again.

    `body` is in the words of the v2 API. Rules that the schema can't say are held against valid bodies only.
    """
    refused = [note.target for note in draft.notes if note.severity is Severity.ERROR and note.target]
    if any(note.severity is Severity.ERROR for note in draft.notes) or not is_valid("v2", body):
        broken = violations("v2", body)
        yield from (_refusal(one, draft) for one in broken if not _said(one, refused))
        return
    subject = Subject(body, api=draft.api, format=draft.format)
    for rule in RULES:
        is_told = rule.severity is Severity.ERROR or rule.code == _OLDER
        for finding in rule.check(subject) if is_told else ():
            yield Note(
                code=rule.code,
                message=finding.message,
                hint=finding.hint,
                path=draft.came_from(finding.path),
                target=finding.path,
                remark=finding.message if rule.code == _OLDER else None,
                severity=rule.severity,
            )


def _said(violation: Violation, refused: Iterable[Path]) -> bool:
    """Whether a violation only follows from a value that was refused, and so is missing."""
    path = violation.path
    if violation.keyword == "required":
        path = (*path, str(violation.expected))
    around = violation.keyword in ("exactly-one-of", "discriminator")
    return any(path[: len(one)] == one or (around and one[: len(path)] == path) for one in refused)


def _refusal(violation: Violation, draft: Draft) -> Note:
    path = violation.path
    if violation.keyword == "maxItems":
        path = (*path, int(violation.expected))
    return Note(
        code=_CODES.get(violation.keyword, "schema"),
        message=_message(violation),
        hint=_hint(violation),
        path=draft.came_from(path),
        target=path,
        severity=Severity.ERROR,
    )


def _message(violation: Violation) -> str:
    name = f"`{last_name(violation.path)}`"
    match violation.keyword:
        case "required":
            return f"`{violation.expected}` is missing"
        case "exactly-one-of":
            return _one_of(violation)
        case "maxLength":
            count = len(violation.value)
            return f"{name} has {count:,} characters; the service takes at most {violation.expected:,}"
        case "minLength":
            return f"{name} is empty"
        case "maxItems":
            return f"there are {len(violation.value)} scenes; the service takes at most {violation.expected}"
        case "minItems":
            return f"{name} is empty; a video has 1 to 50 scenes"
    low, high = violation.schema.get("minimum"), violation.schema.get("maximum")
    if violation.keyword in ("minimum", "maximum") and low is not None and high is not None:
        return f"{name} is {show(violation.value)}; it must be from {low} to {high}"
    return (
        f"{name} is {show(violation.value)}; it must be {requirement(violation.keyword, violation.expected)}"
    )


def _one_of(violation: Violation) -> str:
    names = [f"`{name}`" for name in violation.expected]
    if any(name in violation.value for name in violation.expected):
        return f"{' and '.join(names)} are both given; the service takes exactly one"
    return f"{' or '.join(names)} is missing; the service takes exactly one"


def _hint(violation: Violation) -> str:
    older = outdated(last_name(violation.path), violation.value)
    if older is not None and violation.keyword in ("enum", "minimum", "maximum"):
        return older
    match violation.keyword:
        case "required":
            name = str(violation.expected)
            return _MISSING.get(name, f'add "{name}": "…"')
        case "exactly-one-of":
            given = any(name in violation.value for name in violation.expected)
            return "delete one of the two" if given else f'add "{violation.expected[0]}": "https://…"'
        case "enum" if isinstance(violation.value, str):
            return did_you_mean(violation.value, map(str, violation.expected))
        case "pattern":
            return 'write a colour such as "#1a1a2e"'
        case "multipleOf":
            return f"write {violation.value - 1} or {violation.value + 1}"
        case "maxLength":
            return "say it in two scenes, or cut it"
        case "minLength":
            return "write something, or delete the field"
        case "maxItems":
            return "make two videos of it, or join scenes"
        case "minItems":
            return "add a scene"
    return (violation.description or "correct the value").rstrip(".")
