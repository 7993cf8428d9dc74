"""Finds every code that the sources can give a diagnostic, by following what is handed on as `code`.

It begins at `Diagnostic(code=…)`. A text there is a code. A parameter leads to the calls of its function, an
attribute `.code` to what is built with one (`FileProblem`, `Rule`), a name to what is assigned to it, a call
to what the function returns. What can't be followed is a problem of its own, so that no form is missed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_PARAMETER = "code"
_OTHER_CODES = ("heygen", "runner", "emulator", "report", "preview")
"""Rooms where `code` is the service's, or a process's, and no diagnostic is carried."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class _Place:
    """An expression within its file, and the functions around it, innermost first."""

    path: Path
    tree: ast.Module
    around: tuple[Function, ...]
    expression: ast.expr

    def of(self, expression: ast.expr) -> _Place:
        return _Place(self.path, self.tree, self.around, expression)


@dataclass(frozen=True)
class _Sink:
    """Something to call with a code: where its parameter stands, and the file it is known in (or all)."""

    name: str
    parameter: str
    position: int | None
    only_in: Path | None


@dataclass
class CodesInSources:
    """What was found below `root`: codes with the places that give them, and places not understood."""

    root: Path
    codes: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._trees = {
            path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(self.root.rglob("*.py"))
        }
        self._calls = [call for path in self._trees for call in self._calls_in(path)]
        self._done: set[_Sink] = set()
        self._seen: set[int] = set()
        self._waiting = [_Sink("Diagnostic", _PARAMETER, None, None), *self._carriers()]
        while self._waiting:
            sink = self._waiting.pop()
            if sink not in self._done:
                self._done.add(sink)
                self._follow_calls_of(sink)

    def _calls_in(self, path: Path) -> Iterator[_Place]:
        def visit(node: ast.AST, around: tuple[Function, ...]) -> Iterator[_Place]:
            if isinstance(node, ast.Call):
                yield _Place(path, self._trees[path], around, node)
            inner = (node, *around) if isinstance(node, Function) else around
            for child in ast.iter_child_nodes(node):
                yield from visit(child, inner)

        return visit(self._trees[path], ())

    def _carriers(self) -> Iterator[_Sink]:
        """Classes that keep a code which a diagnostic is made of later, and copies with another code."""
        yield _Sink("replace", _PARAMETER, None, None)
        for path, tree in self._trees.items():
            classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
            for one in classes if self._carries_diagnostics(path) else ():
                names = _parameters_of(one)
                if _PARAMETER in names and one.name not in ("Diagnostic", "Page"):
                    yield _Sink(one.name, _PARAMETER, names.index(_PARAMETER), None)

    def _carries_diagnostics(self, path: Path) -> bool:
        return path.relative_to(self.root).parts[0] not in _OTHER_CODES

    def _follow_calls_of(self, sink: _Sink) -> None:
        for place in self._calls:
            call = place.expression
            assert isinstance(call, ast.Call)
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
            everywhere = sink.only_in is None and self._carries_diagnostics(place.path)
            if name == sink.name and (name == "Diagnostic" or everywhere or sink.only_in == place.path):
                given = _argument(call, sink)
                if given is not None:
                    self._resolve(place.of(given))
                elif sink.name == "Diagnostic" or any(one.arg is None for one in call.keywords):
                    self._problem(place)

    def _resolve(self, place: _Place) -> None:
        """Note the codes that an expression may be."""
        if id(place.expression) in self._seen:
            return
        self._seen.add(id(place.expression))
        match place.expression:
            case ast.Constant(value=str(code)):
                where = f"{place.path.relative_to(self.root)}:{place.expression.lineno}"
                self.codes.setdefault(code, []).append(where)
            case ast.IfExp(body=one, orelse=other):
                self._resolve(place.of(one))
                self._resolve(place.of(other))
            case ast.Name(id=name):
                self._resolve_name(name, place)
            case ast.Subscript(value=ast.Name(id=name)):
                self._resolve_mapping(name, place)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[_, default]):
                self._resolve_mapping(name, place)
                self._resolve(place.of(default))
            case ast.Call(func=ast.Name(id=name)):
                self._resolve_returns(name, place)
            case ast.Attribute(attr="code"):
                pass  # what carries a code is followed where it is built
            case _:
                self._problem(place)

    def _resolve_name(self, name: str, place: _Place) -> None:
        for function in place.around:
            arguments = [*function.args.posonlyargs, *function.args.args]
            names = [one.arg for one in arguments]
            if name in names or name in [one.arg for one in function.args.kwonlyargs]:
                bound = names[1:] if names[:1] in (["self"], ["cls"]) else names
                position = bound.index(name) if name in bound else None
                private = function.name.startswith("_") and not function.name.startswith("__")
                self._waiting.append(_Sink(function.name, name, position, place.path if private else None))
                self._resolve_default(name, function, place)
                return
            if values := list(_assigned(name, function)):
                for value in values:
                    self._resolve(place.of(value))
                return
        values = list(_assigned(name, place.tree))
        for value in values:
            self._resolve(place.of(value))
        if not values:
            self._problem(place)

    def _resolve_default(self, name: str, function: Function, place: _Place) -> None:
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [
            *zip(reversed(positional), reversed(arguments.defaults), strict=False),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        for argument, default in pairs:
            if argument.arg == name and default is not None:
                self._resolve(place.of(default))

    def _resolve_mapping(self, name: str, place: _Place) -> None:
        found = [value for scope in (*place.around, place.tree) for value in _assigned(name, scope)]
        for value in found:
            if isinstance(value, ast.Dict):
                for one in value.values:
                    self._resolve(place.of(one))
            else:
                self._problem(place)
        if not found:
            self._problem(place)

    def _resolve_returns(self, name: str, place: _Place) -> None:
        functions = [
            node for node in ast.walk(place.tree) if isinstance(node, Function) and node.name == name
        ]
        for function in functions:
            inner = _Place(place.path, place.tree, (function,), place.expression)
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    self._resolve(inner.of(node.value))
        if not functions:
            self._problem(place)

    def _problem(self, place: _Place) -> None:
        where = f"{place.path.relative_to(self.root)}:{place.expression.lineno}"
        self.problems.append(f"{where}: {ast.unparse(place.expression)}")


def _parameters_of(one: ast.ClassDef) -> list[str]:
    """What a class is built with: the parameters of its `__init__`, else its fields."""
    for node in one.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            return [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)][1:]
    fields = [node.target for node in one.body if isinstance(node, ast.AnnAssign)]
    return [target.id for target in fields if isinstance(target, ast.Name)]


def _argument(call: ast.Call, sink: _Sink) -> ast.expr | None:
    named = next((one.value for one in call.keywords if one.arg == sink.parameter), None)
    if named is not None or sink.position is None or sink.position >= len(call.args):
        return named
    return call.args[sink.position]


def _assigned(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    """What is assigned to a name in a function, or at the top of a file."""
    nodes = scope.body if isinstance(scope, ast.Module) else ast.walk(scope)
    for node in nodes:
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                    yield from (v for t, v in pairs if isinstance(t, ast.Name) and t.id == name)
