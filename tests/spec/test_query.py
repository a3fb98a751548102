"""Queries of sql segments: what may run, and why the rest may not."""

import pytest

from segctl.spec.query import bound, refused


@pytest.mark.parametrize(
    "query",
    [
        "SELECT player_id FROM players",
        "SELECT player_id FROM payments WHERE occurred_at > :as_of - INTERVAL 7 DAY GROUP BY player_id HAVING count(*) > 3",
        "WITH big AS (SELECT player_id, sum(amount) AS s FROM payments GROUP BY 1) SELECT player_id FROM big WHERE s > 5",
        "SELECT player_id FROM a UNION SELECT player_id FROM b",
        "SELECT player_id FROM players WHERE note = ':as_of; now()' -- now()",
        "SELECT p.player_id FROM main.players p JOIN bets b USING (player_id) WHERE lower(p.country) = 'de';",
        "SELECT player_id FROM players QUALIFY row_number() OVER (ORDER BY player_id) < 10",
        "SELECT player_id FROM players WHERE registered_at::date < '2020-01-01' AND date_part('year', registered_at) = 2019",
    ],
)
def test_one_select_that_only_reads_may_run(query: str) -> None:
    assert refused(query) is None


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT player_id FROM players; DELETE FROM players", "2 statements"),
        ("DELETE FROM players", "DELETE is not a SELECT"),
        ("WITH gone AS (DELETE FROM players RETURNING player_id) SELECT player_id FROM gone", "DELETE writes"),
        ("SELECT player_id INTO other FROM players", "INTO"),
        ("SELECT player_id FROM players FOR UPDATE", "LOCK"),
        ("COPY players TO 'x.csv'", "not a SELECT"),
        ("ATTACH 'x.db'", "not a SELECT"),
        ("PRAGMA database_list", "not a SELECT"),
        ("SELECT player_id, country FROM players", "2 columns"),
        ("SELECT player_id FROM players WHERE seen > now()", "current_timestamp"),
        ("SELECT player_id FROM players WHERE day = current_date", "current_date"),
        ("SELECT player_id FROM players WHERE random() < 0.5", "rand"),
        ("SELECT player_id FROM players ORDER BY gen_random_uuid()", "uuid"),
        ("SELECT pg_sleep(10)", "pg_sleep"),
        ("SELECT nextval('s')", "nextval"),
        ("SELECT pg_read_file('/etc/passwd')", "pg_read_file"),
        ("SELECT content FROM read_text('/etc/passwd')", "read_text"),
        ("SELECT x FROM read_csv('/etc/passwd')", "read_csv"),
        ("SELECT x FROM '/etc/passwd'", "a file"),
        ('SELECT x FROM "other.parquet"', "a file"),
        ("SELECT rolname FROM pg_catalog.pg_roles", "the database's own"),
        ("SELECT table_name FROM information_schema.tables", "the database's own"),
        ("SELECT player_id FROM players WHERE x = :other", "bound to nothing"),
        ("SELECT player_id FROM players WHERE x = $1", "bound to nothing"),
        ("SELECT player_id FROM", "line 1"),
        ("not sql at all (", "can read"),
        ("", "0 statements"),
    ],
)
def test_everything_else_is_refused_with_the_reason(query: str, reason: str) -> None:
    told = refused(query)

    assert told is not None
    assert reason in told[0]
    assert told[1]


def test_only_the_instant_outside_of_texts_is_bound() -> None:
    query = "SELECT ':as_of' AS a FROM t -- :as_of\nWHERE x::date < :as_of AND y > :as_of;"

    assert bound(query, "$as_of") == "SELECT ':as_of' AS a FROM t -- :as_of\nWHERE x::date < $as_of AND y > $as_of"
