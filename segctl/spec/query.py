"""The query of a `sql` segment: parsed, not trusted. One SELECT that only reads, and says the same at any hour.

The engine refuses writes as well; what is refused here is refused with its reason, before anything runs.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from segctl.spec.page import shown

AS_OF = "as_of"
_DIALECTS = ("postgres", "duckdb")
# what neither of them can read may be for this one
_LAST = "spark"
Dialects = tuple[str, ...]
# Their answer depends on when, or how often, they are asked.
_FLEETING = frozenset(
    (
        *("now", "current_timestamp", "current_date", "current_time", "currenttimestamp", "currentdate"),
        *("currenttime", "localtime", "localtimestamp", "clock_timestamp", "statement_timestamp", "today"),
        *("transaction_timestamp", "timeofday", "get_current_timestamp", "get_current_time", "current_localtime"),
        *(
            "current_localtimestamp",
            "currentdatetime",
            "currenttimestampltz",
            "rand",
            "random",
            "randn",
            "setseed",
        ),
        *("uuid", "gen_random_uuid", "uuidv4", "uuidv7", "shuffle", "txid_current", "currval", "lastval"),
    )
)
# Functions of both engines that the parser does not know by itself, and that only compute.
_HARMLESS = frozenset(
    (
        *("age", "date_part", "epoch", "epoch_ms", "epoch_us", "make_date", "make_timestamp", "make_interval"),
        *("btrim", "initcap", "overlay", "position", "regexp_count", "regexp_like", "regexp_matches", "strpos"),
        *("list_contains", "list_has_any", "list_has_all", "array_position", "array_length", "cardinality", "len"),
        *(
            "json_extract_path",
            "json_extract_path_text",
            "jsonb_extract_path_text",
            "json_array_length",
            "width_bucket",
        ),
        *(
            "percent_rank",
            "cume_dist",
            "ntile",
            "bool_and",
            "bool_or",
            "every",
            "div",
            "mod",
            "gcd",
            "lcm",
            "isfinite",
        ),
        *(
            "nfc_normalize",
            "normalize",
            "md5",
            "sha256",
            "hash",
            "bit_length",
            "octet_length",
            "timezone",
            "justify_days",
        ),
    )
)


def refused(query: str, dialects: Dialects = _DIALECTS) -> tuple[str, str] | None:
    """Why a query may not run, and what to do instead; None if it may.

    Until it runs nobody knows on which engine it will: it is read in every dialect that can, and what one of the
    readings may not do is refused. An engine asks again, for its own dialect.
    """
    try:
        readings = _parsed(query, dialects)
    except ValueError as error:
        return str(error), "Write one SELECT that returns the ids of players."
    return next((told for statements in readings if (told := _refused(statements)) is not None), None)


def _refused(statements: list[Any]) -> tuple[str, str] | None:
    if len(statements) != 1:
        return f"There are {len(statements)} statements.", "Write one SELECT; several are joined by UNION or WITH."
    return _not_a_select(statements[0]) or _forbidden(statements[0])


def bound(query: str, marker: str, dialect: str = _DIALECTS[0]) -> str:
    """The query with `marker` in each place where `:as_of` stands, outside of texts and comments."""
    from sqlglot import tokenize  # noqa: PLC0415 - slow to import, and only sql segments need it

    made, done = [], 0
    tokens = tokenize(query, read=dialect)
    for colon, name in pairwise(tokens):
        if colon.text == ":" and name.text == AS_OF and name.start == colon.end + 1:
            made += [query[done : colon.start], marker]
            done = name.end + 1
    return "".join([*made, query[done:]]).rstrip().rstrip(";")


def tables_of(query: str, dialect: str) -> tuple[str, ...]:
    """The tables that a query names, without those that it makes itself by WITH. Raises: ValueError."""
    from sqlglot import exp  # noqa: PLC0415 - see above

    ((statement, *_), *_) = _parsed(query, (dialect,))
    own = {made.alias for made in statement.find_all(exp.CTE)}
    named = (".".join(part.name for part in table.parts) for table in statement.find_all(exp.Table))
    return tuple(dict.fromkeys(name for name in named if name not in own))


def _parsed(query: str, dialects: Dialects) -> list[list[Any]]:
    """The statements of a query, by each dialect that can read it. Raises: ValueError, with the place."""
    import sqlglot  # noqa: PLC0415 - slow to import, and only sql segments need it
    from sqlglot.errors import SqlglotError  # noqa: PLC0415

    said = ""
    readings = []
    for dialect in dialects:
        try:
            readings.append([one for one in sqlglot.parse(query, read=dialect) if one is not None])
        except SqlglotError as error:
            details = getattr(error, "errors", None) or [{}]
            place = f" on line {details[0]['line']} of the query" if details[0].get("line") else ""
            said = said or f"This is not SQL that segctl can read{place}."
    if readings:
        return readings
    if dialects != _DIALECTS:
        raise ValueError(said)
    try:
        return _parsed(query, (_LAST,))
    except ValueError:
        raise ValueError(said) from None


def _not_a_select(statement: Any) -> tuple[str, str] | None:
    from sqlglot import exp  # noqa: PLC0415

    if not isinstance(statement, exp.Query):
        what = type(statement).__name__.upper()
        return f"{what} is not a SELECT.", "A segment only reads: write one SELECT."
    for node in statement.walk():
        if isinstance(node, exp.DML | exp.DDL) and not isinstance(node, exp.Query):
            return f"{type(node).__name__.upper()} writes.", "A segment only reads: take it out."
        if isinstance(node, exp.TableSample):
            return "TABLESAMPLE takes other rows each time.", "For a random part of the players use a `bucket`."
        if isinstance(node, exp.Into | exp.Lock | exp.Command | exp.Copy | exp.QueryTransform):
            return f"{type(node).__name__.upper()} does more than read.", "A segment only reads: take it out."
    columns = len(statement.selects)
    if columns != 1:
        return f"The query returns {columns} columns.", "Select one column: the ids of the players."
    return None


def _forbidden(statement: Any) -> tuple[str, str] | None:
    from sqlglot import exp  # noqa: PLC0415

    for node in statement.walk():
        match node:
            case exp.Placeholder() if node.name != AS_OF:
                return _placeholder(node)
            case exp.Parameter():
                return _placeholder(node)
            case exp.Table():
                told = _table(node)
            case exp.Func():
                told = _function(node)
            case _:
                told = None
        if told is not None:
            return told
    return None


def _placeholder(node: Any) -> tuple[str, str]:
    return f"{shown(node.sql())} is bound to nothing.", "Only `:as_of`, the instant of the run, is bound."


def _table(node: Any) -> tuple[str, str] | None:
    from sqlglot import exp  # noqa: PLC0415

    schema = node.text("db").lower()
    if schema in ("information_schema", "pg_catalog") or node.name.lower().startswith(("pg_", "duckdb_")):
        return f"{shown(node.sql())} is the database's own.", "Select from tables of players and their events."
    if isinstance(node.this, exp.Literal) or "." in node.name or "/" in node.name:
        return f"{shown(node.name)} is a file and no table.", "Select from tables of the warehouse."
    return None


def _function(node: Any) -> tuple[str, str] | None:
    from sqlglot import exp  # noqa: PLC0415

    name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
    if name in _FLEETING or type(node).__name__.lower() in _FLEETING:
        return (
            f"`{name}` answers differently each time it is asked, so a run could not be repeated.",
            "Write `:as_of` for the instant of the run; for a random part of the players use a `bucket`.",
        )
    unknown = isinstance(node, exp.Anonymous | exp.AnonymousAggFunc) and name not in _HARMLESS
    if unknown or name == "secret":
        return f"segctl does not know that `{name}` only computes.", "Use functions of standard SQL."
    if name.startswith("read_") or isinstance(node, exp.ReadCSV | exp.ReadParquet):
        return f"`{name}` reads a file.", "Select from tables of the warehouse."
    return None
