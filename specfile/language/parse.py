"""From text to nodes. Everything that YAML itself gets wrong is found here, all at once where it can be."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLStreamError
from ruamel.yaml.reader import ReaderError

from specfile.diagnostics import Diagnostic, Span, SpecError, enough
from specfile.language import traps
from specfile.language.nodes import Entry, ListNode, MapNode, Node, ScalarKind, ScalarNode, number
from specfile.language.source import SourceFile

MAX_CHARACTERS = 512 * 1024
"""A storyboard is written by hand: twice what its longest film can speak. Reading more takes seconds."""

MAX_WRITTEN = 20_000
"""Values, keys included, that are written in a file; a film of fifty scenes has about a thousand."""

MAX_NODES = 200_000
"""Aliases are counted as often as they are used, so that a few lines can't stand for billions of nodes."""

MAX_DEPTH = 100
"""How deeply lists and mappings may be nested; no storyboard needs ten."""

_MAX_ERRORS = 1_000
"""After so many, the file is of another kind, and explaining each takes seconds."""

_STANDARD = "tag:yaml.org,2002:"
_KINDS: dict[str, ScalarKind] = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "null": "null",
    "str": "text",
    # Plain text here: no field of a storyboard takes a date, and YAML 1.2 knows no `=`.
    "timestamp": "text",
    "value": "text",
}


def parse(source: SourceFile) -> tuple[Node, tuple[Diagnostic, ...]]:
    """Parse one YAML 1.2 document; gives its root and the warnings.

    Raises:
        SpecError: it is empty, too large, not YAML, has a key twice, or holds one of the traps where YAML
            silently cuts or bends what was meant.
    """
    if len(source.text) > MAX_CHARACTERS:
        size = f"{MAX_CHARACTERS // 1024} KiB of text"
        raise SpecError([_too_large(source.name, source.start(), size)])
    marker = traps.conflict_marker(source)
    if marker is not None:
        raise SpecError([marker])
    command = traps.curl_command(source)
    if command is not None:
        raise SpecError([command])
    composed = _compose(source)
    if composed is None:
        raise SpecError([_empty(source)])
    converter = _Converter(source)
    node = converter.convert(composed)
    if node is None or converter.errors:
        raise SpecError([*converter.errors, *converter.warnings])
    return node, tuple(converter.warnings)


def _compose(source: SourceFile) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    yaml.composer.warn_double_anchors = False  # YAML lets an anchor move on
    try:
        return yaml.compose(source.text)
    except MarkedYAMLError as error:
        found = traps.part_of_curl(source) or traps.explain_syntax_error(source, error)
        raise SpecError([found]) from error
    except (ReaderError, YAMLStreamError) as error:
        raise SpecError([_unprintable(source, error)]) from error
    except RecursionError as error:
        raise SpecError([_too_deep(source.start())]) from error
    except _Beyond as error:
        place = Span.at(source.name, error.line + 1, error.column + 1)
        found = (
            _too_deep(place) if error.is_deep else _too_large(source.name, place, f"{MAX_WRITTEN:,} values")
        )
        raise SpecError([found]) from error


class _Beyond(Exception):
    """A file holds a value, at this place from 0, more or deeper than any storyboard does."""

    def __init__(self, line: int, column: int, *, is_deep: bool) -> None:
        super().__init__(line, column)
        self.line = line
        self.column = column
        self.is_deep = is_deep


class _Composer(Composer):
    """Stops at the first value too many or too deep, before all the others are read."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self._written = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node, counted."""
        self._written += 1
        is_deep = self.depth >= MAX_DEPTH
        if is_deep or self._written > MAX_WRITTEN:
            mark = self.parser.peek_event().start_mark
            raise _Beyond(mark.line, mark.column, is_deep=is_deep)
        return super().compose_node(parent, index)


class _Converter:
    """Turns composed nodes into ours, collecting what is wrong on the way."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.errors: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
        self._open: set[int] = set()
        self._count = 0

    def convert(self, node: Any) -> Node | None:
        """The node, or None where it is wrong in a way that was reported."""
        self._count += 1
        if self._count > MAX_NODES:
            raise SpecError([self._aliases(node)])
        if len(self.errors) >= _MAX_ERRORS:
            raise SpecError([*self.errors, enough(_MAX_ERRORS)])
        if id(node) in self._open:
            self._refuse_aliases(node)
            return None
        if len(self._open) >= MAX_DEPTH:
            raise SpecError([_too_deep(self._start(node))])
        self._open.add(id(node))
        try:
            return self._convert(node)
        finally:
            self._open.discard(id(node))

    def _convert(self, node: Any) -> Node | None:
        if node.id == "scalar":
            return self._scalar(node)
        if str(node.tag) not in (f"{_STANDARD}seq", f"{_STANDARD}map"):
            self.errors.append(traps.tagged(self.source, node.tag, None, self._start(node)))
            return None
        if node.id == "sequence":
            return self._list(node)
        if self._is_unquoted_template(node):
            return None
        return self._mapping(node)

    def _scalar(self, node: Any) -> ScalarNode | None:
        span = self._span(node)
        kind = _KINDS.get(str(node.tag).removeprefix(_STANDARD))
        if kind is None:
            self.errors.append(traps.tagged(self.source, node.tag, node.value, span))
            return None
        text = _joined_halves(node.value)
        if text is None:
            self.errors.append(_half_character(span))
            return None
        return ScalarNode(text, _kind(kind, text), plain=node.style is None, span=span)

    def _list(self, node: Any) -> ListNode:
        items = tuple(item for one in node.value if (item := self.convert(one)) is not None)
        for item in items:
            self._note(traps.comment_behind(self.source, None, item))
        return ListNode(items, self._span(node))

    def _mapping(self, node: Any) -> MapNode:
        entries: list[Entry] = []
        seen: dict[str, ScalarNode] = {}
        for key_node, value_node in node.value:
            key = self.convert(key_node)
            value = _beside_key(key, self.convert(value_node))
            if not isinstance(key, ScalarNode):
                if key is not None:
                    self.errors.append(_key_not_text(key.span))
                continue
            if key.text in seen:
                self.errors.append(_duplicate_key(key, seen[key.text]))
            seen.setdefault(key.text, key)
            if value is not None:
                entries.append(Entry(key, value))
                self._note(traps.comment_behind(self.source, key, value))
        return MapNode(tuple(entries), self._span(node))

    def _is_unquoted_template(self, node: Any) -> bool:
        """`{{ x }}` without quotes is, to YAML, a mapping whose key is a mapping."""
        if not (node.flow_style and node.value and node.value[0][0].id == "mapping"):
            return False
        self.errors.append(traps.unquoted_template(self.source, self._span(node)))
        return True

    def _note(self, diagnostic: Diagnostic | None) -> None:
        if diagnostic is not None:
            (self.errors if diagnostic.severity == "error" else self.warnings).append(diagnostic)

    def _refuse_aliases(self, node: Any) -> None:
        if not any(error.code == "yaml-aliases" for error in self.errors):
            self.errors.append(self._aliases(node))

    def _aliases(self, node: Any) -> Diagnostic:
        if id(node) in self._open:
            message = "an alias (`*name`) inside the value that it stands for has no end"
        else:
            message = f"with its aliases (`*name`) this file stands for more than {MAX_NODES:,} values"
        hint = "write the values out, or share them under `defaults` or `with`"
        return Diagnostic(code="yaml-aliases", message=message, span=self._start(node), hint=hint)

    def _span(self, node: Any) -> Span:
        start, end = node.start_mark, node.end_mark
        return Span(self.source.name, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _start(self, node: Any) -> Span:
        return Span.at(self.source.name, node.start_mark.line + 1, node.start_mark.column + 1)


def _kind(kind: ScalarKind, text: str) -> ScalarKind:
    """What a scalar is by YAML 1.2; older forms that the parser knows too (`1_000`, `.inf`) are text."""
    match kind:
        case "int" | "float":
            return kind if number(text) is not None else "text"
        case "bool":
            return kind if text.lower() in ("true", "false") else "text"
        case "null":
            return kind if text.lower() in ("", "~", "null") else "text"
    return kind


def _joined_halves(text: str) -> str | None:
    r"""The text with what JSON writes as two escapes, `\ud83d\ude00`, made one character. None for a half."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None


def _beside_key(key: Node | None, value: Node | None) -> Node | None:
    """Place an empty value right behind its key; the parser places it where the next token happens to be."""
    if isinstance(key, ScalarNode) and isinstance(value, ScalarNode) and value.plain and not value.text:
        place = Span.at(key.span.file, key.span.end_line, key.span.end_column)
        return ScalarNode("", "null", plain=True, span=place)
    return value


def _empty(source: SourceFile) -> Diagnostic:
    return Diagnostic(
        code="empty-file",
        message=f"{source.name} is empty",
        span=source.start(),
        hint="a spec begins with `specfile: 1` and has `scenes`; `specfile init` writes one to start from",
    )


def _unprintable(source: SourceFile, error: Exception) -> Diagnostic:
    position = getattr(error, "position", 0)
    before = source.text[:position] if isinstance(position, int) else ""
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Diagnostic(
        code="yaml-syntax",
        message="a control character stands here; YAML text can't hold it",
        span=Span.at(source.name, line, column),
        hint="delete the invisible character",
    )


def _key_not_text(span: Span) -> Diagnostic:
    hint = "write one word before the colon; put a template in quotes"
    return Diagnostic(code="yaml-syntax", message="a key must be text", span=span, hint=hint)


def _half_character(span: Span) -> Diagnostic:
    message = "this text holds half of a character, which can't be written in UTF-8"
    hint = "write the character itself in place of the escape"
    return Diagnostic(code="yaml-syntax", message=message, span=span, hint=hint)


def _too_deep(span: Span) -> Diagnostic:
    message = "the file is nested too deeply to be a storyboard"
    hint = "look for brackets or `- ` that repeat themselves"
    return Diagnostic(code="yaml-syntax", message=message, span=span, hint=hint)


def _too_large(name: str, span: Span, size: str) -> Diagnostic:
    return Diagnostic(
        code="file-unreadable",
        message=f"{name} has more than {size}; that is no storyboard",
        span=span,
        hint="is this the file you meant? What differs from video to video goes into `data`",
    )


def _duplicate_key(key: ScalarNode, first: ScalarNode) -> Diagnostic:
    return Diagnostic(
        code="duplicate-key",
        message=f"`{key.text}` is written twice in the same mapping",
        span=key.span,
        related=((first.span, "it is first written here"),),
        hint="keep one of the two",
    )
