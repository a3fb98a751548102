"""What is peculiar to a state on PostgreSQL: its transactions, its lock, its settings, and its refusals."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from segctl.base.errors import Refused
from segctl.store import state
from segctl.store.define import Definition, create
from segctl.store.definitions import deployed
from segctl.store.engine import open_state, reading, writing
from segctl.store.postgres import application_name
from segctl.store.refusal import OutcomeUnknown
from segctl.store.said import said_by_postgres
from segctl.store.state import ensure, head, upgrade
from segctl.store.tables import STATE
from tests.support.postgres import database
from tests.support.postgres import url as address_with

VIP = Definition("segment", "vip", "{}")
PASSWORD = "hunter2-canary"
HOLDS_THE_LOCK = """
with writing(engine, lock_timeout_seconds=5, doing="apply by Zoë <z@example.com>") as connection:
    state.advance(connection)
    print("locked", flush=True)
    sys.stdin.readline()
print("committed", flush=True)
"""


@pytest.fixture
def url(postgres):
    return postgres


def session(engine):
    with reading(engine) as connection:
        return connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()


def test_both_servers_are_served(each_server, now, origin):
    with database(each_server) as address:
        engine = open_state(address)
        upgrade(engine, now)
        with writing(engine, lock_timeout_seconds=1) as connection:
            state.advance(connection)
            create(connection, origin, [VIP])

        assert ensure(engine, now).serial == 1
        with reading(engine) as connection:
            assert list(deployed(connection)) == ["segment.vip"]


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_schemes_that_are_understood(url, now, scheme):
    assert upgrade(open_state(url.replace("postgresql", scheme, 1)), now) == 0


def test_who_holds_the_lock_is_told(engine, child):
    other = child(HOLDS_THE_LOCK)
    assert other.said() == "locked"

    with pytest.raises(Refused) as refused, writing(engine, lock_timeout_seconds=0.2):
        pass

    assert "is being written by `segctl apply by Zoe <z@example.com>` since 20" in refused.value.message
    assert "of role postgres)" in refused.value.message
    assert "--lock-timeout" in refused.value.help[0]
    assert "pg_terminate_backend(" in refused.value.help[1]
    other.go_on()
    assert other.said() == "committed"


def test_who_waits_is_not_taken_for_who_holds(engine, child):
    first = child(HOLDS_THE_LOCK)
    assert first.said() == "locked"
    second = child("""
print("waiting", flush=True)
with writing(engine, lock_timeout_seconds=60, doing="refresh by Bob") as connection:
    print("written", flush=True)
""")
    assert second.said() == "waiting"
    for _ in range(3):
        with pytest.raises(Refused, match="segctl apply by Zoe"), writing(engine, lock_timeout_seconds=0.1):
            pass
    first.go_on()

    assert second.said() == "written"


@pytest.mark.usefixtures("engine")
def test_a_role_that_may_not_see_since_when_is_told_who(url, child):
    with psycopg.connect(url, autocommit=True) as connection:
        role = f"{connection.info.dbname}_w"
        connection.execute(f"CREATE ROLE {role} LOGIN")
        connection.execute(f"GRANT USAGE ON SCHEMA segctl TO {role}")
        connection.execute(f"GRANT SELECT, UPDATE ON segctl.state TO {role}")
    other = child(HOLDS_THE_LOCK)
    assert other.said() == "locked"

    with (
        pytest.raises(Refused, match=r"by `segctl apply by Zoe <z@example.com>` \(session \d+ of role postgres\)"),
        writing(open_state(address_with(url, user=role)), lock_timeout_seconds=0),
    ):
        pass

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_makers_lock_is_told_as_well(url, child):
    maker = child("""
with writing(engine, lock_timeout_seconds=5, doing="db upgrade", maker=True) as connection:
    print("locked", flush=True)
    sys.stdin.readline()
""")
    assert maker.said() == "locked"

    with (
        pytest.raises(Refused, match="`segctl db upgrade` since"),
        writing(open_state(url), lock_timeout_seconds=0.1, maker=True),
    ):
        pass


def test_a_reader_does_not_wait_for_a_writer_nor_the_writer_for_it(engine, origin):
    with reading(engine) as reader:
        before = head(reader)
        with writing(engine, lock_timeout_seconds=0) as writer:
            state.advance(writer)
            create(writer, origin, [VIP])
            with reading(engine) as second:
                assert head(second).serial == 0

        assert head(reader) == before


@pytest.mark.usefixtures("engine")
def test_what_is_read_after_the_lock_is_what_was_committed_before_it(child):
    first = child(HOLDS_THE_LOCK)
    assert first.said() == "locked"
    second = child("""
print("waiting", flush=True)
with writing(engine, lock_timeout_seconds=60) as connection:
    print(state.head(connection).serial, flush=True)
""")
    assert second.said() == "waiting"
    first.go_on()

    assert second.said() == "1"


def test_settings_of_a_writer_and_a_reader(engine):
    names = (
        "search_path",
        "application_name",
        "transaction_isolation",
        "transaction_read_only",
        "synchronous_commit",
    )
    with reading(engine) as connection:
        reader = [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]
    with writing(engine, lock_timeout_seconds=1, doing="refresh by Ann") as connection:
        writer = [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]
        silent = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar_one()

    assert reader == ["pg_catalog, pg_temp", "segctl", "repeatable read", "on", "on"]
    assert writer == ["pg_catalog, pg_temp", "segctl refresh by Ann", "read committed", "off", "on"]
    assert silent == "2min"


def test_a_role_whose_commits_are_not_durable_gets_durable_ones(url, engine):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET synchronous_commit = off")
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET default_transaction_read_only = on")
    with writing(engine, lock_timeout_seconds=1) as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
        assert state.advance(connection) == 1


def test_tables_of_other_schemas_stand_in_nobodys_way(url, engine):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE public.state (LIKE segctl.state)")
        connection.execute("CREATE FUNCTION public.now() RETURNS text LANGUAGE sql AS 'SELECT 1::text'")
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET search_path = public, pg_catalog")
    with writing(engine, lock_timeout_seconds=1) as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE state (LIKE segctl.state)")

        assert state.advance(connection) == 1


@pytest.mark.parametrize(
    ("doing", "shown"),
    [
        ("apply by Ann", "segctl apply by Ann"),
        ("apply by José Ångström", "segctl apply by Jose Angstrom"),
        ("apply by 美咲", "segctl apply by "),
        ("apply by a\x1b[31m\n", "segctl apply by a[31m"),
        ("x" * 100, "segctl " + "x" * 56),
    ],
)
def test_names_that_the_server_shows(doing, shown):
    assert application_name(doing) == shown


def test_a_writer_that_is_ended_leaves_nothing(engine, url, origin):
    def ended():
        with writing(engine, lock_timeout_seconds=1) as connection:
            create(connection, origin, [VIP])
            end(url, connection)
            state.advance(connection)

    with pytest.raises(Refused, match="was cut off") as refused:
        ended()

    assert not isinstance(refused.value, OutcomeUnknown)
    assert "Run the same command again" in refused.value.help[0]
    with reading(engine) as connection:
        assert deployed(connection) == {}


def test_a_commit_without_an_answer_is_said_to_be_unknown(engine, url, origin):
    def ended():
        with writing(engine, lock_timeout_seconds=1) as connection:
            create(connection, origin, [VIP])
            end(url, connection)

    with pytest.raises(OutcomeUnknown, match="either all of this run is written or nothing") as unknown:
        ended()

    assert "Run the same command again" in unknown.value.help[0]


def end(url, connection):
    """Ends the session of a connection, as an administrator does."""
    pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_silent_writer_loses_its_lock(engine, child):
    silent = child("""
with writing(engine, lock_timeout_seconds=5) as connection:
    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '50ms'")
    print("locked", flush=True)
    sys.stdin.readline()
""")
    assert silent.said() == "locked"

    with writing(engine, lock_timeout_seconds=30) as connection:
        assert state.advance(connection) == 1


def test_a_state_whose_row_is_gone_is_not_written(engine):
    with writing(engine, lock_timeout_seconds=1) as connection:
        connection.execute(STATE.delete())

    with pytest.raises(Refused, match="own row is gone"), writing(engine, lock_timeout_seconds=1):
        pass


def test_a_statement_that_takes_too_long_is_refused(engine):
    with pytest.raises(Refused, match="took longer"), writing(engine, lock_timeout_seconds=1) as connection:
        connection.exec_driver_sql("SELECT set_config('statement_timeout', '20ms', true); SELECT pg_sleep(20)")


def test_values_stay_out_of_errors_and_of_what_caused_them(engine):
    with (
        pytest.raises(Exception, match="null value") as raised,
        writing(engine, lock_timeout_seconds=1) as connection,
    ):
        connection.execute(text("INSERT INTO segctl.private VALUES (:id, NULL)"), {"id": PASSWORD})

    told = f"{raised.value!s} {raised.value!r} {raised.value.__cause__!s} {raised.value.__cause__!r}"
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("changed", "said", "way_out"),
    [
        ({"dbname": "nowhere"}, "no such database", "createdb"),
        ({"user": "nobody_here"}, "knows no such role", "CREATE ROLE"),
        ({"host": "/nowhere"}, "cannot be reached", "server runs"),
        ({"host": "127.0.0.1", "port": "1"}, "cannot be reached", "server runs"),
        ({"host": "nowhere.invalid"}, "a host whose name nobody knows", "`state`"),
        ({"sslmode": "sideways"}, "do not agree on SSL", "sslmode"),
    ],
)
def test_a_server_that_lets_nobody_in_is_refused(url, changed, said, way_out):
    address = address_with(url, **{"password": PASSWORD, **changed})

    with pytest.raises(Refused, match=said) as refused, reading(open_state(address)):
        pass

    assert way_out in refused.value.help[0]
    assert PASSWORD not in f"{refused.value.message} {refused.value.help}"


def test_an_option_that_is_none_is_refused(url):
    with (
        pytest.raises(Refused, match="has an option that is none"),
        reading(open_state(f"{url}&PASSWORT={PASSWORD}")),
    ):
        pass


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('FATAL: password authentication failed for user "crm"', "does not accept this user and password"),
        ('FATAL: no pg_hba.conf entry for host "10.0.0.1", user "crm"', "lets nobody in from here"),
        ("FATAL: sorry, too many clients already", "has no connection left"),
        ("FATAL: remaining connection slots are reserved for roles with SUPERUSER", "has no connection left"),
        ("FATAL: the database system is starting up", "the server is starting"),
        ("FATAL: the database system is shutting down", "the server is stopping"),
        ("FATAL: the database system is in recovery mode", "the server is recovering"),
        ('FATAL: role "crm" is not permitted to log in', "does not let this role log in"),
        ('FATAL: permission denied for database "crm"', "does not let this role connect"),
        ("FATAL: что-то на другом языке", "cannot be reached"),
    ],
)
def test_a_server_that_says_no_is_refused_in_our_words(words, said):
    with (
        Answering(_error(words)) as port,
        pytest.raises(Refused, match=said) as refused,
        reading(open_state(f"postgresql://crm:{PASSWORD}@127.0.0.1:{port}/crm?sslmode=disable")),
    ):
        pass

    assert refused.value.help
    assert PASSWORD not in refused.value.message


def test_a_password_that_is_wanted_and_not_given_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    wanted = _message(b"R", struct.pack("!i", 3))

    with (
        Answering(wanted) as port,
        pytest.raises(Refused, match="wants a password, and none was given") as refused,
        reading(open_state(f"postgresql://crm@127.0.0.1:{port}/crm?sslmode=disable")),
    ):
        pass

    assert "PGPASSWORD" in refused.value.help[0]


def test_an_old_server_is_refused():
    version = b"server_version\x0013.9\x00"
    ready = _message(b"R", struct.pack("!i", 0)) + _message(b"S", version)
    ready += _message(b"S", b"client_encoding\x00UTF8\x00") + _message(b"Z", b"I")

    with (
        Answering(ready) as port,
        pytest.raises(Refused, match="PostgreSQL 13; segctl needs 14 or newer"),
        reading(open_state(f"postgresql://crm@127.0.0.1:{port}/crm?sslmode=disable")),
    ):
        pass


def test_without_the_driver_the_extra_is_named(url, monkeypatch):
    monkeypatch.setattr("segctl.store.postgres.find_spec", lambda _name: None)

    with pytest.raises(Refused) as refused:
        open_state(url)

    assert "pip install 'segctl[postgres]'" in refused.value.help[0]


@pytest.mark.parametrize(
    "words",
    [
        "consuming input failed: SSL connection has been closed unexpectedly",
        "consuming input failed: SSL SYSCALL error: EOF detected",
        "the connection is lost",
        "consuming input failed: server closed the connection unexpectedly",
        "terminating connection due to administrator command",
    ],
)
def test_a_session_that_ended_is_told_from_one_that_never_began(words):
    assert said_by_postgres(psycopg.OperationalError(words))[0].startswith("was cut off")


def test_a_failure_that_was_kept_quiet_is_not_committed(engine, origin):
    def quiet():
        with writing(engine, lock_timeout_seconds=1) as connection:
            create(connection, origin, [VIP])
            with contextlib.suppress(DBAPIError):
                connection.exec_driver_sql("SELECT 1 / 0")

    with pytest.raises(RuntimeError, match="was not let through"):
        quiet()

    with reading(engine) as connection:
        assert deployed(connection) == {}


@pytest.mark.parametrize("seconds", [1e9, float("inf")])
def test_any_patience_is_understood(engine, seconds):
    with writing(engine, lock_timeout_seconds=seconds) as connection:
        assert state.advance(connection) == 1


def test_a_changed_serial_is_not_overwritten(engine):
    with writing(engine, lock_timeout_seconds=1) as connection:
        connection.execute(update(STATE).values(serial=7))

    with pytest.raises(Refused, match="at 7"), writing(engine, lock_timeout_seconds=1) as connection:
        state.advance(connection, expected=0)


class Answering:
    """A port that answers whoever starts a session with the same bytes (PostgreSQL's protocol, version 3)."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> int:
        self.thread.start()
        return self.listener.getsockname()[1]

    def __exit__(self, *_raised: object) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with closing(connection):
                connection.recv(4096)
                connection.sendall(self.answer)
                connection.settimeout(1)
                try:
                    connection.recv(4096)
                except OSError:
                    continue


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def _error(words: str) -> bytes:
    severity, _, said = words.partition(": ")
    fields = (b"S" + severity.encode(), b"V" + severity.encode(), b"C28000", b"M" + said.encode())
    return _message(b"E", b"".join(one + b"\0" for one in fields) + b"\0")
