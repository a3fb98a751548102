"""What stands beside rules: includes and excludes with their days, limits, events that let in and out, the history."""

from datetime import timedelta

from tests.support.casino import START, Casino, change_of

DEPOSIT = {"event": "payments", "where": {"kind": "deposit"}}


def test_an_include_ends_after_its_last_day(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"}, include=[{"players": ["emil"], "until": "2025-03-02"}])
    casino.apply()
    casino.later(days=1)
    casino.refresh()
    assert "emil" in casino.members("germans")
    casino.later(hours=12)

    casino.refresh()

    assert casino.members("germans") == {"anna", "bert", "cara", "dora"}


def test_who_is_excluded_is_out_even_if_included(casino: Casino) -> None:
    casino.segment("vips", {"vip_level": {"gte": 3}}, purpose="analysis")
    casino.segment(
        "chosen",
        {"country": "DE"},
        include=[{"segments": ["vips"]}],
        exclude=[{"players": ["gwen", "anna"], "reason": "complaint"}],
    )

    plan = casino.apply()

    assert casino.members("chosen") == {"bert", "cara", "dora", "ines"}
    assert "gwen" not in str(change_of(plan, "chosen").after)


def test_an_edited_include_is_the_list(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"}, include=[{"players": ["emil"]}])
    casino.apply()
    casino.segment("germans", {"country": "DE"}, include=[{"players": ["finn"]}])

    casino.apply()

    assert casino.members("germans") == {"anna", "bert", "cara", "dora", "finn"}
    assert casino.causes("germans") == {"list": (1, 1)}


def test_excluding_from_a_snapshot_takes_no_new_one(casino: Casino) -> None:
    casino.segment("once", {"country": "DE"}, type="static")
    casino.apply()
    casino.later(days=1)
    casino.change("emil", country="DE")
    casino.segment("once", {"country": "DE"}, type="static", exclude=[{"players": ["anna"]}])

    plan = casino.apply()

    assert change_of(plan, "once").actions == ("update",)
    assert casino.members("once") == {"bert", "cara", "dora"}


def test_a_limit_is_ranked_again_at_each_refresh(casino: Casino) -> None:
    casino.segment("top", {"country": {"is_set": True}}, limit={"top": 2, "by": "deposit_amount"})
    casino.apply()
    assert casino.members("top") == {"gwen", "bert"}
    casino.later(days=1)
    casino.deposit("dora", 9_000)

    casino.refresh()

    assert casino.members("top") == {"gwen", "dora"}
    assert casino.causes("top") == {"data": (1, 1)}


def test_a_limit_breaks_ties_by_player_id_and_puts_missing_last(casino: Casino) -> None:
    casino.segment("quiet", {"country": {"is_set": True}}, limit={"top": 4, "by": "vip_level", "order": "asc"})
    casino.segment("percent", {"country": {"is_set": True}}, limit={"percent": 34, "by": "vip_level"})
    casino.segment("nearly-all", {"vip_level": {"is_set": False}}, limit={"top": 1, "by": "last_login"})
    casino.apply()

    assert casino.members("quiet") == {"anna", "emil", "bert", "finn"}
    assert casino.members("percent") == {"ines", "dora", "gwen"}
    assert casino.members("nearly-all") == {"jack"}


def test_a_trigger_lets_in_and_out(casino: Casino) -> None:
    withdrawal = {"event": "payments", "where": {"kind": "withdrawal"}}
    casino.segment("active", type="triggered", enter=DEPOSIT, exit=withdrawal, **{"for": "7d"})
    casino.apply()
    assert casino.members("active") == {"anna", "bert", "emil"}
    casino.later(days=2)
    casino.sql("INSERT INTO payments VALUES (100, 'emil', ?, ?, 'withdrawal', 5)", casino.now, casino.now)
    casino.deposit("dora", 10)

    casino.refresh()

    assert casino.members("active") == {"anna", "dora"}
    assert casino.causes("active") == {"data": (1, 1), "clock": (0, 1)}


def test_since_of_a_trigger_is_the_event_and_of_others_the_joining(casino: Casino) -> None:
    casino.segment("active", type="triggered", enter=DEPOSIT)
    casino.segment("germans", {"country": "DE"})
    casino.segment("entered-lately", {"in_segment": {"segment": "active", "since": {"within": "5d"}}})
    casino.segment("german-for-long", {"in_segment": {"segment": "germans", "since": {"older_than": "2d"}}})
    casino.apply()
    assert casino.members("entered-lately") == {"anna", "emil"}
    assert casino.members("german-for-long") == set()
    casino.later(days=1)
    casino.change("emil", country="DE")
    casino.refresh()
    casino.later(days=1)

    casino.refresh()

    assert casino.since("active")["anna"] == START - timedelta(days=2)
    assert casino.since("germans")["anna"] == START
    assert casino.members("german-for-long") == {"anna", "bert", "cara", "dora"}
    assert casino.causes("german-for-long") == {"clock": (4, 0)}


def test_was_in_segment_asks_the_history(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.segment("lately", {"was_in_segment": {"segment": "germans", "during": {"last": "3d"}}})
    casino.segment("before", {"was_in_segment": {"segment": "germans", "during": {"to": "2025-03-02"}}})
    casino.apply()
    casino.later(days=1)
    casino.change("anna", country="IT")
    casino.change("emil", country="DE")
    casino.refresh()
    assert casino.members("lately") == {"anna", "bert", "cara", "dora", "emil"}
    assert casino.members("before") == {"anna", "bert", "cara", "dora"}
    casino.now = START + timedelta(days=4, hours=1)

    casino.refresh()

    assert casino.members("lately") == {"bert", "cara", "dora", "emil"}
    assert casino.members("before") == {"anna", "bert", "cara", "dora"}
