"""Connections to a receiver: where they may go is decided when they are made, and each request has one deadline.

A name is resolved once for a connection, which goes to an address that was checked: a name whose answer changes
meanwhile (DNS rebinding) leads nowhere else. Nothing is sent through a proxy.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from segctl.deliver.addresses import why_refused

# A host and a port → its network addresses. Raises: OSError.
Resolve = Callable[[str, int], Sequence[str]]


class AddressRefused(Exception):  # noqa: N818 - an answer: a webhook may not go there
    """A host that has an address to which no webhook may go. Says which kind, and never which address."""


@dataclass(slots=True)
class Deadline:
    """Until when, by the monotonic clock, whatever is done now must be done."""

    at: float = 0.0

    def left(self, most: float | None) -> float:
        """Seconds that are left, at most `most`. Raises: httpcore.ReadTimeout."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("out of time")
        return left if most is None else min(left, most)


def resolved(host: str, port: int) -> Sequence[str]:
    """What the system says of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class Wires(httpcore.NetworkBackend):
    """Makes the connections of one line. `private` lets them go to private addresses."""

    def __init__(self, deadline: Deadline, resolve: Resolve, *, private: bool) -> None:
        self._deadline = deadline
        self._resolve = resolve
        self._private = private
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses(host, port):
            left = self._deadline.left(timeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            return _Timed(stream, self._deadline)
        raise failed or httpcore.ConnectError("no address")

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("name not found") from error
        refused = None if self._private else next(filter(None, map(why_refused, found)), None)
        if refused is not None:
            raise AddressRefused(refused)
        return found


class _Timed(httpcore.NetworkStream):
    """A stream on which nothing lasts beyond the deadline, however slowly it drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline
        self._unsent = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._unsent:  # head and body leave together, in one packet where they fit
            unsent, self._unsent = self._unsent, b""
            self._stream.write(unsent, self._deadline.left(timeout))
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._unsent += buffer

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
