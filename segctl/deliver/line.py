"""A line to one receiver: sends one request after the other over a connection that stays open, and says what came.

Redirects are not followed, bodies of answers are neither kept nor told.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

import certifi
import httpcore

from segctl.deliver.answer import Answer, answered, unreachable
from segctl.deliver.target import Target
from segctl.deliver.wire import AddressRefused, Deadline, Resolve, Wires, resolved
from segctl.version import VERSION

# of an answer's body, which is only read so that the connection can be used again
_MOST_BYTES: Final = 65_536
_BODY_SECONDS: Final = 2.0
_CUT: Final = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
_NOT_TRUSTED: Final[dict[int, str]] = {
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate is self-signed",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a connection, and a whole request with its answer, may take."""

    connect_seconds: float = 5.0
    total_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted: the id of the message or of the batch, and the body."""

    id: str
    body: str


class Line:
    """Opens when it is first used; closed by who made it."""

    def __init__(
        self,
        target: Target,
        now: Callable[[], datetime],
        *,
        patience: Patience | None = None,
        resolve: Resolve = resolved,
        trust: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self._target = target
        self._now = now
        self._patience = patience or Patience()
        self._deadline = Deadline()
        self._used = False
        self._trust = (trust or _trust)() if target.scheme == "https" else None
        self._wires = Wires(self._deadline, resolve, private=target.private)
        self._open: httpcore.HTTPConnection | None = None
        self._url = httpcore.URL(
            scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
        )

    def close(self) -> None:
        if self._open is not None:
            self._open.close()

    def post(self, request: Request) -> Answer:
        """Sends a request and waits for its answer. Never raises because of the receiver."""
        try:
            return self._post(request, again=self._used)
        except AddressRefused as refused:
            return unreachable(f"its host has a {refused} address, and is not in `private_hosts`")
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            return unreachable(_not_connected(error))
        except httpcore.TimeoutException:
            return unreachable(f"no answer within {self._patience.total_seconds:g} s")
        except (httpcore.ProtocolError, httpcore.NetworkError, ssl.SSLError):
            return unreachable("the connection broke before an answer")

    def _post(self, request: Request, *, again: bool) -> Answer:
        self._deadline.at = time.monotonic() + self._patience.total_seconds
        try:
            return self._answer(request)
        except _CUT:
            # the other side may close at any moment a connection that was kept open: once more, on a new one
            if not again:
                raise
        return self._post(request, again=False)

    def _connection(self) -> httpcore.HTTPConnection:
        """The one that is open; a new one if there is none, or the other side has closed it."""
        if self._open is None or self._open.is_closed() or self._open.has_expired():
            self.close()
            self._open = httpcore.HTTPConnection(
                self._url.origin, ssl_context=self._trust, network_backend=self._wires
            )
        return self._open

    def _answer(self, request: Request) -> Answer:
        now, body = self._now(), request.body.encode()
        timeouts = {"connect": self._patience.connect_seconds}
        headers = _headers(self._target, request, now)
        with self._connection().stream(
            "POST",
            self._url,
            headers=headers,
            content=body,
            extensions={"timeout": timeouts},
        ) as response:
            self._used = True
            self._deadline.at = min(self._deadline.at, time.monotonic() + _BODY_SECONDS)
            with suppress(httpcore.TimeoutException, httpcore.ProtocolError, httpcore.NetworkError):
                _read(response)
            after = next((value for name, value in response.headers if name.lower() == b"retry-after"), b"")
            return answered(response.status, after.decode("latin-1"), now)


def _headers(target: Target, request: Request, now: datetime) -> Mapping[str | bytes, str | bytes]:
    """Of Standard Webhooks: id, instant and a signature of both and the body, one for each secret."""
    headers: dict[str | bytes, str | bytes] = {
        "content-type": "application/json",
        "user-agent": f"segctl/{VERSION}",
        "accept": "*/*",
        "webhook-id": request.id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if target.signers:
        signatures = (signer.sign(request.id, now, request.body) for signer in target.signers)
        headers["webhook-signature"] = " ".join(signatures)
    return headers


def _read(response: httpcore.Response) -> None:
    size = 0
    for part in response.iter_stream():
        size += len(part)
        if size > _MOST_BYTES:
            return


@cache
def _trust() -> ssl.SSLContext:
    """The authorities of certifi, and those of the system (SSL_CERT_FILE)."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context


def _not_connected(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        match cause:
            case ssl.SSLCertVerificationError():
                return _NOT_TRUSTED.get(cause.verify_code, "its certificate is not trusted")
            case ssl.SSLError():
                return "it does not speak TLS as it should"
            case ConnectionRefusedError():
                return "the connection is refused"
            case _:
                cause = cause.__cause__
    if isinstance(error, httpcore.ConnectTimeout):
        return "no connection in time"
    return "its name is not found" if "name not found" in str(error) else "no connection"
