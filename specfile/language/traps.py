"""Places where YAML silently cuts or bends what a person meant, each with the corrected line."""

from __future__ import annotations

import json
import re

from ruamel.yaml.error import MarkedYAMLError

from specfile.diagnostics import Diagnostic, Severity, Span
from specfile.language.ignores import is_ignore
from specfile.language.nodes import Node, ScalarNode
from specfile.language.source import SourceFile

_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)")
_CALL = re.compile(r"\s*(?:\$ )?curl(?=\s|$)(?:.*\s-|(?!.*: ))")
_KEY_HEADER = re.compile(
    r"""(?:.*\s)?(?:-H|--header)[\s=$'"]*(?:x-api-key|authorization)\s*:|\s*(?:x-api-key|authorization):\s""",
    re.IGNORECASE,
)
_KEY_AND_REST = re.compile(r"^(?P<lead>\s*(?:- +)*)(?P<key>[^\s'\"#{\[:][^:]*?):[ \t]+(?P<rest>\S.*?)\s*$")
_LEAD = re.compile(r"\s*(?:- +)*(?:[^\s'\"#{\[:][^:{\[]*:[ \t]+)?")
_FLOW_COMMENT = re.compile(r"[\[{,:]\s+(?P<rest>(?P<value>#[^\s,}\]]+).*)$")
"""A value that begins with `#` within brackets, and what the comment takes with it."""

_SPOKEN = frozenset({"say", "text", "title", "input_text"})
"""Fields whose text people type as prose, where a remark behind it is easily meant as part of it."""


def conflict_marker(source: SourceFile) -> Diagnostic | None:
    """The first line that git left behind in an unfinished merge."""
    for number, line in enumerate(source.lines, start=1):
        if _CONFLICT.match(line) and not line.startswith("="):
            return Diagnostic(
                code="conflict-marker",
                message="an unfinished merge: git's conflict markers are still in the file",
                span=Span.at(source.name, number, 1, 7),
                hint="keep one side, delete the lines that begin with <<<<<<<, ======= and >>>>>>>",
            )
    return None


def curl_command(source: SourceFile) -> Diagnostic | None:
    """A pasted command where a spec should be: its first line calls curl."""
    for number, line in enumerate(source.lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            return _curl(source, number) if _CALL.match(line) else None
    return None


def part_of_curl(source: SourceFile) -> Diagnostic | None:
    """The first line with the header of a request that carries a key, for a file that is no YAML."""
    for number, line in enumerate(source.lines, start=1):
        if _KEY_HEADER.match(line):
            return _curl(source, number)
    return None


def _curl(source: SourceFile, line: int) -> Diagnostic:
    text = source.line(line)
    return Diagnostic(
        code="curl-command",
        message="this is a curl command, not a storyboard",
        span=Span.at(source.name, line, len(text) - len(text.lstrip()) + 1, 4),
        hint=f"make a spec of it: specfile import {source.name}",
    )


def explain_syntax_error(source: SourceFile, error: MarkedYAMLError) -> Diagnostic:
    """Say what a YAML parser's error means for the person who typed the line."""
    unfinished = "end of stream" in (error.problem or "") or "stream end" in (error.problem or "")
    mark = (error.context_mark if unfinished else error.problem_mark) or error.problem_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = error.problem or "this is not YAML"
    if "'\\t'" in problem:
        return _tab(source, line, column)
    opened = error.context_mark.line + 1 if error.context_mark and "flow" in (error.context or "") else 0
    for row in (opened, _last_written(source, line) if unfinished else 0):
        if (cut := _FLOW_COMMENT.search(source.line(row))) is not None:
            return _never_closed(source, row, cut)
    corrected = _quoted_line(source.line(line))
    if "mapping values are not allowed" in problem and (sibling := _meant_beside(source, line)) is not None:
        return _too_deep(source, line, sibling)
    if corrected and "mapping values are not allowed" in problem:
        text_start = _rest_column(source.line(line))
        span = Span(source.name, line, text_start, line, len(source.line(line).rstrip()) + 1)
        return _trap(
            "colon-in-text", "a colon and a space inside the text make YAML read a mapping", span, corrected
        )
    if corrected and _starts_with_template(source.line(line)):
        span = Span.at(source.name, line, _rest_column(source.line(line)), 2)
        return _trap("unquoted-template", "a value that begins with `{{` needs quotes", span, corrected)
    if "{{" in source.line(line) and "expected ','" in problem:
        within = re.sub(r"([^\s,\[{:'\"]*\{\{.*?\}\}[^\s,\]}'\"]*)", r'"\1"', source.line(line))
        place = Span.at(source.name, line, source.line(line).index("{{") + 1, 2)
        return _trap("unquoted-template", "a template inside braces or brackets needs quotes", place, within)
    if corrected and ("cannot start any token" in problem or "undefined alias" in problem):
        character = source.line(line)[column - 1 : column]
        message = f"a value that begins with `{character}` needs quotes"
        return _trap("reserved-character", message, Span.at(source.name, line, column), corrected)
    if "expected a single document" in (error.context or ""):
        message = "a second document begins here; a spec is one document"
        return Diagnostic(
            code="yaml-syntax",
            message=message,
            span=Span.at(source.name, line, column, 3),
            hint="delete the `---` line, or put the rest in a file of its own",
        )
    context = f" {error.context}" if error.context else ""
    return Diagnostic(
        code="yaml-syntax",
        message=f"this is not valid YAML: {problem}{context}",
        span=Span.at(source.name, line, column),
        hint="check indentation, quotes and brackets on this line and the one above",
    )


def unquoted_template(source: SourceFile, span: Span) -> Diagnostic:
    """`say: {{ x }}`, which YAML reads as a mapping in a mapping."""
    line = source.line(span.line)
    start = span.column - 1
    key = _KEY_AND_REST.match(line)
    if key and key["key"].strip() == "if":
        bare = re.sub(r"\{\{-?\s*|\s*-?\}\}", "", key["rest"])
        message = "`if` takes a bare expression, without braces"
        return _trap("unquoted-template", message, span, f"{key['lead']}if: {bare}")
    within = line[:start] + re.sub(r"(\{\{.*?\}\})", r'"\1"', line[start:], count=1)
    corrected = _quoted_line(line) if _starts_with_template(line) else within
    return _trap("unquoted-template", "a value that begins with `{{` needs quotes", span, corrected)


def comment_behind(source: SourceFile, key: ScalarNode | None, value: Node) -> Diagnostic | None:
    """A `#` that YAML takes for a comment and the writer perhaps did not. `key` is None for a list's item.

    `background: #1a1a2e` is nothing at all, and `claim: We're the #1 choice` ends before the `#`: errors. A
    remark after a spoken text, `say: Hello   # friendly`, is only pointed out.
    """
    if not isinstance(value, ScalarNode) or not value.plain:
        return None
    line = source.line(value.span.end_line)
    comment = re.match(r"\s+(#.*)$", line[value.span.end_column - 1 :])
    if comment is None or is_ignore(comment[1]):
        return None
    column = value.span.end_column + comment.start(1)
    span = Span.at(source.name, value.span.end_line, column, len(comment[1].rstrip()))
    meant = len(comment[1]) > 1 and not comment[1][1].isspace()
    if meant and value.kind == "null" and not value.text:
        what = f"`{key.text}`" if key is not None else "this item"
        message = f"YAML takes `{comment[1].strip()}` for a comment, so {what} is empty"
        return _trap("cut-by-comment", message, span, _quoted_from(line, column))
    if value.kind != "text":
        return None
    if meant:
        message = f"YAML takes `{comment[1].strip()}` for a comment and cuts the text there"
        begins_here = value.span.line == value.span.end_line
        corrected = _quoted_from(line, value.span.column) if begins_here else None
        return _trap("cut-by-comment", message, span, corrected)
    if key is None or key.text not in _SPOKEN:
        return None
    return Diagnostic(
        code="remark-after-text",
        severity=Severity.WARNING,
        message="this remark is not part of the text; if it is meant to be, quote the whole value",
        span=span,
        hint="put remarks on a line of their own",
    )


def tagged(source: SourceFile, tag: object, text: str | None, span: Span) -> Diagnostic:
    """`if: !vip`: to YAML a tag, never an expression. `text` is None where a list or mapping has the tag."""
    line = source.line(span.line)
    message = f"YAML reads `{tag}` as a tag, which means nothing here"
    if text is None:
        return Diagnostic(code="yaml-tag", message=message, span=span, hint=f"delete `{tag}`")
    if str(tag) == "tag:yaml.org,2002:merge":
        return Diagnostic(
            code="yaml-tag",
            message="`<<` merges are no part of YAML 1.2",
            span=span,
            hint="put what scenes share under `defaults`, other values under `with`",
        )
    corrected: str | None
    key = _KEY_AND_REST.match(line)
    if key and key["key"].strip() == "if":
        expression = f"not {str(tag).lstrip('!')} {text}".strip()
        corrected = f"{key['lead']}if: {expression}"
    else:
        corrected = _quoted_line(line)
    return _trap("yaml-tag", message, span, corrected)


def _last_written(source: SourceFile, line: int) -> int:
    """The last line up to this one on which there is anything; 0 where there is none."""
    while line and not source.line(line).strip():
        line -= 1
    return line


def _never_closed(source: SourceFile, line: int, cut: re.Match[str]) -> Diagnostic:
    """`{background: #1a1a2e}`, where the comment takes the closing bracket with it."""
    text = source.line(line)
    span = Span.at(source.name, line, cut.start("rest") + 1, len(text.rstrip()) - cut.start("rest"))
    message = "YAML takes what begins with `#` for a comment, so the bracket is never closed"
    quoted = f'{text[: cut.start("rest")]}"{cut["value"]}"{text[cut.end("value") :]}'
    return _trap("cut-by-comment", message, span, quoted)


def _meant_beside(source: SourceFile, line: int) -> int | None:
    """The column of the key right above, where that has a value of its own and this line is indented more."""
    above, here = _KEY_AND_REST.match(source.line(line - 1)), _KEY_AND_REST.match(source.line(line))
    if above is None or here is None or above["rest"][0] in "|>\"'{[&*!":
        return None
    return len(above["lead"]) if len(here["lead"]) > len(above["lead"]) and "-" not in here["lead"] else None


def _too_deep(source: SourceFile, line: int, column: int) -> Diagnostic:
    text = source.line(line)
    start = len(text) - len(text.lstrip())
    return Diagnostic(
        code="too-deep",
        message="this line is indented as if it belonged to the value above",
        span=Span.at(source.name, line, start + 1, max(len(text.strip()), 1)),
        hint=f"begin it in column {column + 1}, right below the key above",
    )


def _tab(source: SourceFile, line: int, column: int) -> Diagnostic:
    if source.line(line)[: column - 1].strip():
        return Diagnostic(
            code="tab-in-value",
            message="a tab ends this value; only a value in quotes can hold one",
            span=Span.at(source.name, line, column),
            hint="replace the tab with a space, or put quotes around the value",
        )
    return Diagnostic(
        code="tab-indentation",
        message="a tab indents this line; YAML allows only spaces",
        span=Span.at(source.name, line, column),
        hint="replace the tab with spaces (most editors: convert indentation to spaces)",
    )


def _trap(code: str, message: str, span: Span, corrected: str | None) -> Diagnostic:
    hint = f"write: {corrected.strip()}" if corrected else "put quotes around the value"
    return Diagnostic(code=code, message=message, span=span, hint=hint)


def _quoted_line(line: str) -> str | None:
    """The same line with its value in quotes, or None where the line has no plain `key: value` form."""
    match = _KEY_AND_REST.match(line)
    if match is None or match["rest"][0] in "\"'|>":
        return None
    return f"{match['lead']}{match['key']}: {json.dumps(match['rest'], ensure_ascii=False)}"


def _quoted_from(line: str, column: int) -> str | None:
    """The same line with all from `column` on in quotes, or None where more than a key stands before it."""
    lead = line[: column - 1]
    if not lead.strip() or not _LEAD.fullmatch(lead):
        return None
    return lead + json.dumps(line[column - 1 :].rstrip(), ensure_ascii=False)


def _rest_column(line: str) -> int:
    match = _KEY_AND_REST.match(line)
    return match.start("rest") + 1 if match else 1


def _starts_with_template(line: str) -> bool:
    match = _KEY_AND_REST.match(line)
    return match is not None and match["rest"].startswith("{{")
