"""A forge on loopback: as much of GitHub's and GitLab's interface as comments need, over real sockets."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "ghs_sesame-0123456789"
_COMMENTS = re.compile(
    r"/repos/([^/]+/[^/]+)/issues/(\d+)/comments|/projects/([^/]+)/merge_requests/(\d+)/notes"
).fullmatch
_ONE = re.compile(
    r"/repos/[^/]+/[^/]+/issues/comments/(\d+)|/projects/[^/]+/merge_requests/\d+/notes/(\d+)"
).fullmatch
_OF_COMMIT = re.compile(
    r"/repos/[^/]+/[^/]+/commits/(\w+)/pulls|/projects/[^/]+/repository/commits/(\w+)/merge_requests"
).fullmatch


class Fake:
    """Its comments by id, each with project and number, and what it was asked."""

    def __init__(self) -> None:
        self.comments: dict[int, dict[str, Any]] = {}
        self.requests: list[str] = []
        self.heads: dict[str, int] = {}
        self.failures: list[int] = []
        self.api = ""

    def add(self, number: int, body: str, kind: str = "Bot") -> int:
        key = len(self.comments) + 1
        self.comments[key] = {
            "id": key,
            "body": body,
            "user": {"type": kind},
            "number": number,
            "html_url": f"https://forge.example/{key}",
        }
        return key

    def bodies(self, number: int) -> list[str]:
        return [one["body"] for one in self.comments.values() if one["number"] == number]


class _Server(ThreadingHTTPServer):
    fake: Fake


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        given = json.loads(self.rfile.read(length)) if length else {}
        parts, fake = urlsplit(self.path), self.server.fake
        fake.requests.append(f"{self.command} {unquote(parts.path)}")
        allowed = TOKEN in (self.headers.get("Authorization", "") + self.headers.get("PRIVATE-TOKEN", ""))
        if fake.failures:
            self._say(fake.failures.pop(0), {"message": "busy"})
        elif not allowed:
            self._say(401, {"message": "Bad credentials"})
        else:
            self._say(*_routed(fake, self.command, parts.path, parse_qs(parts.query), given))

    def do_POST(self) -> None:
        self.do_GET()

    def do_PATCH(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass

    def _say(self, status: int, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def forge() -> Iterator[Fake]:
    """A forge that answers until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.fake = Fake()
    server.fake.api = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _routed(
    fake: Fake, method: str, path: str, query: dict[str, list[str]], given: dict[str, Any]
) -> tuple[int, Any]:
    if found := _COMMENTS(path):
        number = int(found[2] or found[4])
        if method == "POST":
            return 201, fake.comments[fake.add(number, given["body"])]
        page, size = (int(query[key][0]) for key in ("page", "per_page"))
        mine = [one for one in fake.comments.values() if one["number"] == number]
        return 200, mine[(page - 1) * size : page * size]
    if (found := _ONE(path)) and method in ("PATCH", "PUT"):
        one = fake.comments[int(found[1] or found[2])]
        one["body"] = given["body"]
        return 200, one
    if found := _OF_COMMIT(path):
        commit = found[1] or found[2]
        pulls = [{"number": 3, "iid": 3, "state": "closed", "head": {"sha": commit}, "sha": commit}]
        if commit in fake.heads:
            number = fake.heads[commit]
            pulls.append(
                {"number": number, "iid": number, "state": "open", "head": {"sha": commit}, "sha": commit}
            )
        return 200, pulls
    return 404, {"message": "Not Found"}
