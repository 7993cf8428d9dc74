"""Speaks with yaml-language-server, the program behind YAML in most editors, as an editor does.

The protocol is the Language Server Protocol 3.17: JSON-RPC messages over the server's own stdin and stdout,
each after a header that gives its length in bytes.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Message = dict[str, Any]

_PATIENCE_S = 60.0
"""How long an answer may take before the server counts as stuck."""

_SETTINGS = {"schemaStore": {"enable": False}, "validate": True, "hover": True, "completion": True}
"""What an editor tells the server; without the store of schemas it needs no network."""


class LanguageServer:
    """A server that has been started. It is told about files and asked about places in them."""

    def __init__(self, process: subprocess.Popen[bytes], settings: Message) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._input, self._output = process, process.stdin, process.stdout
        self._settings = _SETTINGS | settings
        self._asked = 0
        self._published: dict[str, list[Message]] = {}

    def initialize(self, folder: Path) -> None:
        """Begin, as an editor that has `folder` open and can show hovers in Markdown."""
        text = {
            "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
            "hover": {"contentFormat": ["markdown"]},
        }
        capabilities = {"workspace": {"configuration": True}, "textDocument": text}
        root = {"rootUri": folder.as_uri(), "workspaceFolders": [{"uri": folder.as_uri(), "name": "project"}]}
        self._ask("initialize", {"processId": None, "capabilities": capabilities, **root})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": {"yaml": self._settings}})

    def open(self, path: Path, text: str) -> str:
        """Open a file that holds `text`, on disk or not, and give its address."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return path.as_uri()

    def diagnostics(self, uri: str) -> list[Message]:
        """What the server shows as wrong in a file that is open."""
        self._listen_until(lambda _: uri in self._published)
        return self._published[uri]

    def completions(self, uri: str, line: int, character: int) -> list[Message]:
        """What is offered at a place; lines and characters count from 0."""
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        found = self._ask("textDocument/completion", place)
        items: list[Message] = found["items"] if isinstance(found, dict) else found or []
        return items

    def hover(self, uri: str, line: int, character: int) -> str:
        """What is told about a place, as Markdown; empty where nothing is."""
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        found = self._ask("textDocument/hover", place)
        return str(found["contents"]["value"]) if found else ""

    def shut_down(self) -> None:
        """End, in the order that the protocol asks for."""
        self._ask("shutdown", None)
        self._tell("exit", None)

    def _ask(self, method: str, parameters: Any) -> Any:
        self._asked += 1
        number = self._asked
        self._send({"id": number, "method": method, "params": parameters})
        answer = self._listen_until(lambda message: "method" not in message and message["id"] == number)
        assert "error" not in answer, answer
        return answer["result"]

    def _tell(self, method: str, parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._input.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._input.flush()

    def _listen_until(self, wanted: Callable[[Message], bool]) -> Message:
        message: Message = {}
        while not wanted(message or {"method": None}):
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics":
                self._published[message["params"]["uri"]] = message["params"]["diagnostics"]
            elif "method" in message and "id" in message:
                self._send({"id": message["id"], "result": self._answer(message)})
        return message

    def _receive(self) -> Message:
        with _impatient(self._process):
            length = 0
            while line := self._output.readline().strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            body = self._output.read(length)
        assert body, "the language server ended or did not answer"
        message: Message = json.loads(body)
        return message

    def _answer(self, request: Message) -> Any:
        """What an editor answers to the server: its settings, and nothing to any other question."""
        if request["method"] != "workspace/configuration":
            return None
        sections = [item["section"] for item in request["params"]["items"]]
        return [self._settings if section == "yaml" else None for section in sections]


@contextmanager
def _impatient(process: subprocess.Popen[bytes]) -> Iterator[None]:
    timer = threading.Timer(_PATIENCE_S, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def running(command: list[str], folder: Path, settings: Message | None = None) -> Iterator[LanguageServer]:
    """Start the server for an editor that has `folder` open, and end it afterwards.

    `settings` are the editor's own, without the `yaml.` before their names.
    """
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        server = LanguageServer(process, settings or {})
        try:
            server.initialize(folder)
            yield server
            server.shut_down()
        finally:
            process.terminate()
