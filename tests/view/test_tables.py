"""Tables: what is cut, what is left out, and in which order."""

from __future__ import annotations

from datetime import date

import pytest

from segctl.base.errors import Refused
from segctl.view.table import Column, Table
from segctl.view.tables import table_csv, table_json, table_sorted, table_text
from segctl.view.width import cells

COLUMNS = (
    Column("name", "name", stays=True, least=10),
    Column("title", "title", least=8, optional=True),
    Column("players", "players"),
    Column("day", "day"),
)
LONG = "a-name-that-is-quite-long"
TABLE = Table(
    COLUMNS,
    (
        (LONG, "A title that is longer still", 1_234_567, date(2026, 1, 1)),
        ("b", "", None, date(2026, 1, 2)),
        ("Änne", "x", 7, None),
    ),
)


def column(table, at):
    return [row[at] for row in table.rows]


@pytest.mark.parametrize("width", range(45, 90))
def test_a_table_fits(width: int) -> None:
    assert max(map(cells, table_text(TABLE, width=width).splitlines())) <= width


def test_numbers_and_dates_are_never_cut() -> None:
    for width in (10, 30, 50):
        text = table_text(TABLE, width=width)

        assert "1,234,567" in text
        assert "2026-01-01" in text


def test_the_staying_column_is_cut_last() -> None:
    assert LONG in table_text(TABLE, width=70)
    assert "A titl" in table_text(TABLE, width=45)
    assert LONG[:9] in table_text(TABLE, width=45)


def test_an_optional_column_goes_when_there_is_no_room() -> None:
    assert "TITLE" in table_text(TABLE, width=45)
    assert "TITLE" not in table_text(TABLE, width=40)


def test_a_wide_table_is_whole() -> None:
    assert "…" not in table_text(TABLE, width=None)


def test_no_rows_say_so() -> None:
    assert table_text(Table(COLUMNS, (), "No segments.")) == "No segments.\n"
    assert table_csv(Table(COLUMNS, ())) == "name,title,players,day\r\n"
    assert table_json(Table(COLUMNS, ())) == "[]\n"


def test_sorting_ignores_case_and_puts_what_is_missing_last() -> None:
    assert column(table_sorted(TABLE, "name"), 0) == [LONG, "b", "Änne"]
    assert column(table_sorted(TABLE, "-name"), 0) == ["Änne", "b", LONG]
    assert column(table_sorted(TABLE, "players"), 2) == [7, 1_234_567, None]
    assert column(table_sorted(TABLE, "-players"), 2) == [1_234_567, 7, None]


def test_equal_rows_keep_their_order() -> None:
    table = Table(COLUMNS, tuple((name, "same", 1, None) for name in "cab"))

    for key in ("title", "-title", "players", "-players"):
        assert column(table_sorted(table, key), 0) == ["c", "a", "b"]


def test_an_unknown_column_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused) as refused:
        table_sorted(TABLE, "size")

    assert refused.value.message == "There is no column `size`."
    assert "name, title, players, day" in refused.value.help[0]
