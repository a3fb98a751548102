"""An editor's side of a conversation with yaml-language-server, over its standard input and output (LSP, JSON-RPC)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CURSOR = "¦"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the editor underlines, and why."""

    text: str
    message: str


@dataclass(slots=True)
class Editor:
    """A running server, told which schema holds for which files of `root`."""

    server: Path
    root: Path
    schemas: Mapping[str, Any]
    _process: subprocess.Popen[bytes] = field(init=False)
    _number: int = field(default=0, init=False)
    _marks: dict[str, list[Any]] = field(default_factory=dict, init=False)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["node", str(self.server), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.root
        )
        folder = {"uri": self.root.as_uri(), "name": "project"}
        self._ask(
            "initialize", processId=None, rootUri=folder["uri"], workspaceFolders=[folder], capabilities=_CAPABLE
        )
        self._tell("initialized")
        self._tell("workspace/didChangeConfiguration", settings=self._settings())
        while self._take().get("method") != "workspace/configuration":
            pass  # it knows no schema before it has asked for its settings
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        with self._process:
            self._process.wait()

    def complete(self, text: str, name: str = "segments/x.yaml") -> dict[str, Any]:
        """What is offered at the cursor, by its label: the item as the server sent it."""
        uri, place = self._opened(name, text)
        answer = self._ask("textDocument/completion", textDocument={"uri": uri}, position=place)
        return {item["label"]: item for item in answer["items"]}

    def hover(self, text: str, name: str = "segments/x.yaml") -> str:
        """What is shown when the pointer rests at the cursor."""
        uri, place = self._opened(name, text)
        answer = self._ask("textDocument/hover", textDocument={"uri": uri}, position=place)
        return "" if answer is None else str(answer["contents"]["value"])

    def marks(self, text: str, name: str = "segments/x.yaml") -> list[Mark]:
        """What is marked as wrong."""
        uri, _ = self._opened(name, text)
        while uri not in self._marks:
            self._take()
        lines = text.replace(CURSOR, "").splitlines()
        return [Mark(_marked(lines, one["range"]), one["message"]) for one in self._marks[uri]]

    def _opened(self, name: str, text: str) -> tuple[str, dict[str, int]]:
        """A document of its own for each question, as an unsaved one is."""
        before = text.partition(CURSOR)[0]
        self._number += 1
        stem, _, suffix = name.partition(".")
        uri = (self.root / f"{stem}-{self._number}.{suffix}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text.replace(CURSOR, "")}
        self._tell("textDocument/didOpen", textDocument=document)
        return uri, {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}

    def _settings(self) -> dict[str, Any]:
        return {
            "yaml": {
                "schemas": dict(self.schemas),
                "validate": True,
                "hover": True,
                "completion": True,
                "schemaStore": {"enable": False},
            }
        }

    def _tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        while True:
            said = self._take()
            if said.get("id") == number and "method" not in said:
                assert "error" not in said, said["error"]
                return said["result"]

    def _take(self) -> Any:
        """The next message. Questions of the server are answered, diagnostics are kept."""
        said = self._receive()
        if "method" in said and "id" in said:
            items = said["params"].get("items", [])
            settings = self._settings()
            self._send(
                {"id": said["id"], "result": [settings.get(item.get("section"), None) for item in items] or None}
            )
        elif said.get("method") == "textDocument/publishDiagnostics":
            self._marks[said["params"]["uri"]] = said["params"]["diagnostics"]
        return said

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self) -> Any:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, rest = line.partition(b":")
            length = int(rest) if name.lower() == b"content-length" else length
        assert length, "the language server has ended"
        return json.loads(self._process.stdout.read(length))


_CAPABLE: Mapping[str, Any] = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
    },
}


def _marked(lines: list[str], span: Mapping[str, Mapping[str, int]]) -> str:
    start, end = span["start"], span["end"]
    line = lines[start["line"]]
    return line[start["character"] : end["character"] if end["line"] == start["line"] else len(line)]
