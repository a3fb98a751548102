"""One line to receivers that are slow, dead, huge, redirecting, lying; and to hosts that lead somewhere private."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from segctl.deliver.answer import Answer
from segctl.deliver.line import Line, Patience, Request
from segctl.deliver.target import Target
from segctl.deliver.wire import Resolve, resolved
from tests.support.receiver import OK, Got, Receiver, receiver, status, with_bytes

QUICK = Patience(0.5, 0.5)
NEVER = threading.Event()
ONE = Request("msg_1", '{"action": "Added"}')


def now() -> datetime:
    return datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)


@contextmanager
def line(
    to: Receiver, *, host: str = "127.0.0.1", private: bool = True, resolve: Resolve = resolved
) -> Iterator[Line]:
    made = Line(Target("http", host, to.port, "/hook", (), private), now, patience=QUICK, resolve=resolve)
    try:
        yield made
    finally:
        made.close()


def said(answer: Callable[[Got, socket.socket], bool]) -> Answer:
    """What is made of a receiver that does this."""
    with receiver(answer) as to, line(to) as made:
        return made.post(ONE)


def hang(_got: Got, connection: socket.socket) -> bool:
    connection.recv(1)
    return False


def drip(_got: Got, connection: socket.socket) -> bool:
    """Always a byte more, before any wait for one is over."""
    for byte in OK[:-1] * 1_000:
        connection.sendall(bytes([byte]))
        NEVER.wait(0.02)
    return False


def reset(_got: Got, connection: socket.socket) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    return False


ENDLESS_HEAD = b"HTTP/1.1 200 OK\r\n" + b"".join(b"x-%d: %s\r\n" % (at, b"x" * 1_000) for at in range(500))
HUGE = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n" + b"x" * 200_000
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"


@pytest.mark.parametrize(
    ("answer", "verdict", "outcome"),
    [
        (status(200), "delivered", "answered 200"),
        (with_bytes(b"HTTP/1.1 204 No Content\r\n\r\n"), "delivered", "answered 204"),
        (status(200, "Connection: close"), "delivered", "answered 200"),
        (with_bytes(OK, then_close=True), "delivered", "answered 200"),
        (with_bytes(b"HTTP/1.0 200 OK\r\n\r\nall", then_close=True), "delivered", "answered 200"),
        (with_bytes(CUT, then_close=True), "delivered", "answered 200"),
        (with_bytes(HUGE), "delivered", "answered 200"),
        (with_bytes(b"HTTP/1.1 100 Continue\r\n\r\n" + OK), "delivered", "answered 200"),
        (status(301, "Location: http://169.254.169.254/"), "closed", "redirects are not followed"),
        (status(410), "gone", "gone"),
        (status(429, "Retry-After: 60"), "closed", "too many requests"),
        (status(500), "broken", "answered 500"),
        (hang, "closed", "no answer within 0.5 s"),
        (drip, "closed", "no answer within 0.5 s"),
        (reset, "closed", "the connection broke before an answer"),
        (with_bytes(b"", then_close=True), "closed", "the connection broke before an answer"),
        (
            with_bytes(b"SSH-2.0-OpenSSH_9.9\r\n", then_close=True),
            "closed",
            "the connection broke before an answer",
        ),
        (with_bytes(ENDLESS_HEAD), "closed", "the connection broke before an answer"),
        (with_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"), "closed", "broke"),
    ],
)
def test_what_is_made_of_an_answer(
    answer: Callable[[Got, socket.socket], bool], verdict: str, outcome: str
) -> None:
    began = time.monotonic()

    found = said(answer)

    assert found.verdict == verdict, found
    assert outcome in found.outcome
    assert time.monotonic() - began < 5


def test_what_a_receiver_asks_for_is_kept() -> None:
    assert said(status(503, "Retry-After: 60")).retry_after == timedelta(minutes=1)


def test_nothing_that_a_receiver_says_is_repeated() -> None:
    found = said(with_bytes(b"HTTP/1.1 500 canary-reason\r\ncanary: canary\r\nContent-Length: 6\r\n\r\ncanary"))

    assert found.verdict == "broken"
    assert "canary" not in repr(found)


def test_a_connection_is_used_again() -> None:
    with receiver() as to, line(to) as made:
        verdicts = {made.post(Request(f"msg_{number}", "{}")).verdict for number in range(20)}

        assert verdicts == {"delivered"}
        assert to.connections == 1


def test_a_connection_that_the_other_side_closed_is_no_failure() -> None:
    with receiver(with_bytes(OK, then_close=True)) as to, line(to) as made:
        verdicts = [made.post(Request(f"msg_{number}", "{}")).verdict for number in range(20)]

        assert set(verdicts) == {"delivered"}
        assert len({one.id for one in to.got}) == 20


def test_nobody_listens() -> None:
    with receiver() as to:
        pass
    with line(to) as made:
        found = made.post(ONE)

    assert (found.verdict, found.outcome) == ("closed", "the connection is refused")


def test_a_name_that_is_not_there() -> None:
    def nowhere(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    with receiver() as to, line(to, host="nowhere.invalid", resolve=nowhere) as made:
        assert made.post(ONE).outcome == "its name is not found"


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::a00:1"]
)
def test_a_name_that_leads_to_a_private_address_is_not_called(address: str) -> None:
    with receiver() as to:
        for found in ([address], ["8.8.8.8", address]):
            with line(to, host="rebind.example", private=False, resolve=lambda *_, them=found: them) as made:
                answer = made.post(ONE)

                assert answer.verdict == "closed"
                assert "private_hosts" in answer.outcome
                assert address not in answer.outcome
        assert to.connections == 0


def test_a_name_is_asked_once_and_what_was_checked_is_what_is_called() -> None:
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        """A name that leads to the receiver at first, and elsewhere from then on."""
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.1"]

    with receiver() as to, line(to, host="hooks.test", resolve=rebinding) as made:
        found = [made.post(Request(f"msg_{number}", "{}")).verdict for number in range(3)]

        assert found == ["delivered"] * 3
        assert asked == ["hooks.test"]
        assert {one.headers["host"] for one in to.got} == {f"hooks.test:{to.port}"}


def test_each_connection_asks_anew_and_is_checked_anew() -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"]])
    with receiver(status(200, "Connection: close")) as to:
        with line(to, host="hooks.test", resolve=lambda *_: next(answers)) as made:
            assert [made.post(ONE).verdict for _ in range(2)] == ["delivered"] * 2
        with line(to, host="hooks.test", private=False, resolve=lambda *_: next(answers)) as made:
            assert "loopback" in made.post(ONE).outcome
        assert to.connections == 2


def test_the_next_address_is_called_if_the_first_does_not_answer() -> None:
    with receiver() as to, line(to, host="two.test", resolve=lambda *_: ["127.0.0.2", "127.0.0.1"]) as made:
        assert made.post(ONE).verdict == "delivered"


# TLS


def certificate(folder: Path, *, name: str = "hooks.test", days: int = 1) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate that it made itself and that stands in `folder` too."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = datetime.now(UTC) - timedelta(days=2)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=2 + days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("192.0.2.7"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes((folder / "ca.pem").read_bytes() + secret)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "server.pem")
    return context


def over_tls(
    folder: Path, *, host: str = "hooks.test", trusted: bool = True, **how: object
) -> tuple[Answer, list[Got]]:
    served = certificate(folder, **how)  # type: ignore[arg-type]

    def trust() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(folder / "ca.pem"))

    with receiver(wrap=lambda raw: served.wrap_socket(raw, server_side=True)) as to:
        made = Line(
            Target("https", host, to.port, "/hook", (), private=True),
            now,
            patience=Patience(2.0, 2.0),
            resolve=lambda *_: ["127.0.0.1"],
            trust=trust if trusted else None,
        )
        answer = made.post(ONE)
        made.close()
        return answer, to.got


def test_tls_is_spoken_to_the_name_and_not_to_the_address(tmp_path: Path) -> None:
    answer, got = over_tls(tmp_path)

    assert answer.verdict == "delivered", answer
    assert [one.id for one in got] == ["msg_1"]


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ({"trusted": False}, "its certificate is self-signed"),
        ({"name": "other.test"}, "its certificate is for another host"),
        ({"days": -1}, "its certificate has expired"),
    ],
)
def test_a_receiver_that_cannot_prove_who_it_is_is_told_nothing(
    how: dict[str, object], outcome: str, tmp_path: Path
) -> None:
    answer, got = over_tls(tmp_path, **how)  # type: ignore[arg-type]

    assert (answer.verdict, answer.outcome) == ("closed", outcome)
    assert got == []


def test_a_receiver_that_speaks_no_tls() -> None:
    with receiver() as to:
        made = Line(Target("https", "127.0.0.1", to.port, "/", (), private=True), now, patience=QUICK)
        answer = made.post(ONE)
        made.close()

    assert answer.verdict == "closed"
    assert answer.outcome in ("it does not speak TLS as it should", "no connection in time", "no connection")
