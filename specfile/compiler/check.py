"""The service's rules, held against a request before anything is sent.

Validity is decided by a compiled validator; only what is invalid is explained, by the reference validator,
rule by rule, at the line that wrote the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from specfile.compiler.belongs import where_it_belongs
from specfile.compiler.lower import Loss
from specfile.compiler.origin import Origin
from specfile.compiler.rules import RULES, AccountPlan, Finding, Rule, Subject
from specfile.compiler.values import Place
from specfile.diagnostics import Diagnostic, Severity, Span
from specfile.diagnostics.suggest import did_you_mean, nearest
from specfile.diagnostics.wording import requirement, show
from specfile.film import Api, Json, VideoFormat
from specfile.schemas import Dialect, Violation, is_valid, violations

if TYPE_CHECKING:
    from specfile.catalogue import Catalogue

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
    "unknown-key": "unknown-key",
    "exactly-one-of": "exactly-one-of",
    "discriminator": "missing-type",
}

_OF_THE_WHOLE: Final = frozenset({"no-scenes", "too-many-scenes"})
"""What is wrong with a video as its row made it, in no one cell."""

_MISSING_HINTS: Final[Mapping[str, str]] = {
    "voice": "add `say:`, `audio:` or `silence:` to the scene",
    "voice_id": "add `voice: ID` to the scene, or to `defaults` for all scenes",
    "input_text": "add `say: …` to the scene",
    "line_height": "add `line_height: 1`",
    "height": "`dimension` needs both `width` and `height`",
    "width": "`dimension` needs both `width` and `height`",
}


@dataclass(frozen=True, slots=True)
class About:
    """What rules need to know of a video besides its request.

    `api` is the dialect that it will be sent in, `account` the plan whose limits hold. `seconds` estimates
    its length, and is called for a valid request only. `voiceless` maps avatars for which the service named
    no default voice to what is wrong. `catalogue` is what the account is offered, where that is known.
    """

    api: Api
    format: VideoFormat
    account: AccountPlan | None
    seconds: Callable[[], float]
    voiceless: Mapping[str, str] = field(default_factory=dict)
    catalogue: Catalogue | None = None


def check_request(
    api: Api,
    payload: Mapping[str, Json],
    origin: Origin,
    about: About,
) -> Iterator[Diagnostic]:
    """Everything that is wrong with a request, at the places that its values came from.

    Scenes that are valid are held against the rules even where others are not.
    """
    broken = () if is_valid(api, payload) else violations(api, payload)
    for violation in _causes(broken):
        yield _explain(violation, origin)
    scenes = _sound_scenes(payload, broken)
    if not scenes:
        return
    if broken:
        payload = {**payload, "video_inputs": [payload["video_inputs"][index] for index in scenes]}
    length = about.seconds() if not broken else None
    subject = Subject(
        payload, about.api, about.format, about.account, length, about.voiceless, about.catalogue
    )
    for rule in RULES:
        if (broken and rule.whole) or (rule.catalogue and about.catalogue is None):
            continue
        for finding in rule.check(subject):
            yield _found(rule, finding.moved(scenes), origin)


def check_rest(
    api: Api, payload: Mapping[str, Json], numbers: Sequence[int], origin: Origin
) -> Iterator[Diagnostic]:
    """What is wrong with the rest of a request of which a part could not be made, as was reported.

    `numbers` are the places of its scenes among all those of the video.
    """
    for violation in _causes(() if is_valid(api, payload) else violations(api, payload)):
        match violation.path:
            case ("video_inputs", int() as index, *inner):
                yield _explain(replace(violation, path=("video_inputs", numbers[index], *inner)), origin)
            case (str() as name, *_) if name != "video_inputs":
                yield _explain(violation, origin)


def check_losses(dialect: Dialect, losses: Iterable[Loss], origin: Origin) -> Iterator[Diagnostic]:
    """What a dialect can't say of a film that is right by the service's rules."""
    code = "not-in-v3" if dialect == "v3" else "not-in-webm"
    for loss in losses:
        place = origin.at(loss.path)
        yield _diagnostic(
            code, loss.message, place, origin, path=loss.path, hint=loss.hint, severity=loss.severity
        )


def _sound_scenes(payload: Mapping[str, Json], broken: Sequence[Violation]) -> Sequence[int]:
    """The scenes that no violation is in; none where something outside the scenes is wrong too."""
    if any(violation.path[:1] != ("video_inputs",) or len(violation.path) < 2 for violation in broken):
        return ()
    bad = {violation.path[1] for violation in broken}
    return [index for index in range(len(payload["video_inputs"])) if index not in bad]


def _causes(found: Sequence[Violation]) -> Sequence[Violation]:
    """Without what is missing only because its key is mistyped."""
    mistyped = {
        (*one.path[:-1], nearest(_last_name(one.path), one.expected))
        for one in found
        if one.keyword == "unknown-key"
    }
    return [one for one in found if not any((*one.path, name) in mistyped for name in _lacks(one))]


def _lacks(violation: Violation) -> Sequence[str]:
    """The keys that a mapping lacks, or of which it lacks one."""
    match violation.keyword:
        case "required":
            return [violation.expected]
        case "exactly-one-of":
            return violation.expected  # type: ignore[no-any-return]
        case "discriminator" if isinstance(violation.value, dict):
            return ["type"]
    return []


def _explain(violation: Violation, origin: Origin) -> Diagnostic:
    return _diagnostic(
        _code(violation),
        _message(violation),
        _place(violation, origin),
        origin,
        path=violation.path,
        value=violation.value,
        hint=_hint(violation),
    )


def _place(violation: Violation, origin: Origin) -> Place:
    path = _shown_path(violation)
    lacks = _lacks(violation)
    if lacks:
        return origin.lacking(path, lacks)
    if violation.keyword in ("unknown-key", "minItems"):
        return origin.key_at(path)
    if violation.keyword == "pattern":
        return origin.at(path, lambda text: re.search(violation.expected, text) is None)
    return origin.at(path)


def _code(violation: Violation) -> str:
    if violation.keyword == "discriminator" and not isinstance(violation.value, dict):
        return "not-allowed"  # there is a `type`, but none that there is
    return _CODES.get(violation.keyword, "schema")


def _shown_path(violation: Violation) -> tuple[str | int, ...]:
    """Where to point: of too many scenes, at the first one too many."""
    if violation.keyword == "maxItems":
        return (*violation.path, int(violation.expected))
    return violation.path


def _message(violation: Violation) -> str:
    name = f"`{_last_name(violation.path)}`"
    match violation.keyword:
        case "unknown-key":
            return f"there is no {name} here"
        case "required":
            return f"`{violation.expected}` is missing"
        case "exactly-one-of":
            return _one_of_message(violation)
        case "discriminator" if not isinstance(violation.value, dict):
            return f"{name} is {show(violation.value)}; it must be {requirement('enum', violation.expected)}"
        case "discriminator":
            kinds = ", ".join(f"`{one}`" for one in violation.expected)
            return (
                f"nothing tells the kind of this {_last_name(violation.path)}: its `type` is one of {kinds}"
            )
        case "maxLength":
            length = len(violation.value)
            return f"{name} has {length:,} characters; the service takes at most {violation.expected:,}"
        case "minLength":
            return f"{name} is empty"
        case "maxItems":
            count = len(violation.value)
            return f"this video has {count} scenes; the service takes at most {violation.expected}"
        case "minItems":
            return "no scene is left; a video has 1 to 50"
    return f"{name} is {show(violation.value)}; it must be {_asked(violation)}"


def _asked(violation: Violation) -> str:
    """What is asked of a value; a range is named whole, whichever end is crossed."""
    low, high = violation.schema.get("minimum"), violation.schema.get("maximum")
    if violation.keyword in ("minimum", "maximum") and low is not None and high is not None:
        return f"from {low} to {high}"
    return requirement(violation.keyword, violation.expected)


def _one_of_message(violation: Violation) -> str:
    names = [f"`{name}`" for name in violation.expected]
    given = [name for name in violation.expected if name in violation.value]
    if given:
        return f"{' and '.join(names)} are both given; the service takes exactly one"
    return f"{' or '.join(names)} is missing; the service takes exactly one"


def _hint(violation: Violation) -> str | None:
    match violation.keyword:
        case "unknown-key":
            nearby = did_you_mean(_last_name(violation.path), violation.expected)
            return where_it_belongs(violation.path) or nearby
        case "required":
            return _MISSING_HINTS.get(violation.expected, f"add `{violation.expected}: …`")
        case "enum" if isinstance(violation.value, str):
            return did_you_mean(violation.value, map(str, violation.expected))
        case "pattern":
            return _colour_hint(violation.value)
        case "multipleOf":
            return f"write {violation.value - 1} or {violation.value + 1}"
        case "maxLength":
            return "add `split: true` to the scene, or say it in two"
        case "minItems":
            return "look at the `if` and `for` of the scenes; leave a whole video out by an `if` at the top"
        case "maxItems":
            return "make two videos of it, or join scenes"
        case "exactly-one-of":
            first, given = violation.expected[0], set(violation.expected) & set(violation.value)
            return "keep one of the two" if given else f"add `{first}: …`"
        case "discriminator" if not isinstance(violation.value, dict):
            return did_you_mean(str(violation.value), violation.expected)
        case "discriminator":
            return f"write `type: {violation.expected[0]}`"
    return violation.description.rstrip(".") if violation.description else None


def _colour_hint(value: str) -> str:
    digits = value.removeprefix("#")
    if len(digits) == 3 and all(digit in "0123456789abcdefABCDEF" for digit in digits):
        return 'write "#' + "".join(digit * 2 for digit in digits) + '"'
    return 'write a colour such as "#1a1a2e"'


def _found(rule: Rule, finding: Finding, origin: Origin) -> Diagnostic:
    return _diagnostic(
        rule.code,
        finding.message,
        origin.at(finding.path) if finding.piece is None else origin.holding(finding.path, finding.piece),
        origin,
        path=finding.path,
        hint=finding.hint,
        severity=rule.severity,
        related=[(origin.at(path).span, word) for path, word in finding.related],
    )


def _diagnostic(
    code: str,
    message: str,
    place: Place,
    origin: Origin,
    *,
    path: tuple[str | int, ...],
    value: Json = None,
    hint: str | None = None,
    severity: Severity = Severity.ERROR,
    related: Sequence[tuple[Span, str]] = (),
) -> Diagnostic:
    """A diagnostic about a place. The value is shown where a template made it: the source doesn't show it."""
    templated = bool(place.reads) and not isinstance(value, dict | list)
    return Diagnostic(
        code=code,
        message=message,
        span=place.span,
        path=spec_path(path),
        scene=origin.scene_at(path),
        value=show(value) if templated and value is not None else None,
        cell=origin.cell(place) if place.reads or code in _OF_THE_WHOLE else None,
        hint=hint,
        severity=severity,
        related=(*related, *origin.related(path, place)),
    )


def spec_path(path: tuple[str | int, ...]) -> str:
    """A request's path in the spec's own terms: `scenes[2].voice.speed`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{'scenes' if step == 'video_inputs' else step}"
    return text.lstrip(".")


def _last_name(path: tuple[str | int, ...]) -> str:
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "spec")
