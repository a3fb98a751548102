"""What a worker answers on a port: /healthz and /metrics, to GET and HEAD alone, from a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from segctl.base.errors import Refused

# who opens a connection and says nothing is let go
_PATIENCE_SECONDS = 10.0
NOWHERE = "none"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: a status of HTTP, what the text is, and the text."""

    status: int
    kind: str
    text: str


Pages = Mapping[str, Callable[[], Answer]]


@contextmanager
def listening(where: str, pages: Pages) -> Iterator[str]:
    """Answers with `pages` until the block ends. The address that it listens at, `none` for nowhere.

    Port 0 is one that is free. Raises: Refused, when the address cannot be used.
    """
    if where == NOWHERE:
        yield NOWHERE
        return
    with _server(where, pages) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        host, port = server.server_address[:2]
        try:
            yield f"{host if isinstance(host, str) else host.decode()}:{port}"
        finally:
            server.shutdown()
            thread.join()


def _server(where: str, pages: Pages) -> ThreadingHTTPServer:
    host, _, port = where.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise Refused(f"{where} is no address to listen at.", "Write it like --listen 127.0.0.1:9464, or none.")
    try:
        server = ThreadingHTTPServer((host, int(port)), _handler(pages))
    except OSError as error:
        raise Refused(
            f"The address {where} cannot be listened at: {error.strerror}.", "Choose another one with --listen."
        ) from error
    server.daemon_threads = True
    return server


def _handler(pages: Pages) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE_SECONDS
        server_version = "segctl"
        sys_version = ""

        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            page = pages.get(self.path.partition("?")[0])
            answer = Answer(404, "text/plain; charset=utf-8", "Not found\n") if page is None else page()
            content = answer.text.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Says nothing: the log is the worker's."""

    return Handler
