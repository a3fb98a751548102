"""Why a player moved: an edit is never blamed for what time or data did, and the other way round."""

from segctl.plan.document import Impact
from tests.support.casino import START, Casino, change_of

RECENT = {"during": {"last": "30d"}, "all": [{"deposit_count": {"gte": 1}}, {"vip_level": {"gte": 0}}]}


def recent_depositors(casino: Casino) -> None:
    casino.segment("recent", RECENT)
    casino.apply()
    assert casino.members("recent") == {"anna", "bert", "cara", "emil", "hugo"}
    casino.later(days=2)


def test_a_window_that_expires_is_the_clock(casino: Casino) -> None:
    recent_depositors(casino)

    casino.refresh()

    assert casino.members("recent") == {"anna", "bert", "emil", "hugo"}
    assert casino.causes("recent") == {"clock": (0, 1)}
    assert casino.story("cara") == [("recent", "joined", "definition"), ("recent", "left", "clock")]


def test_a_new_event_is_data(casino: Casino) -> None:
    recent_depositors(casino)
    casino.deposit("dora", 10, days_ago=1)

    casino.refresh()

    assert casino.causes("recent") == {"clock": (0, 1), "data": (1, 0)}
    assert casino.since("recent")["dora"] == casino.now
    assert casino.since("recent")["anna"] == START


def test_an_event_that_arrives_late_is_data(casino: Casino) -> None:
    recent_depositors(casino)
    casino.deposit("dora", 10, days_ago=20)

    casino.refresh()

    assert casino.causes("recent") == {"clock": (0, 1), "data": (1, 0)}


def test_a_changed_profile_is_data(casino: Casino) -> None:
    recent_depositors(casino)
    casino.change("jack", vip_level=1)
    casino.change("anna", vip_level=None)

    casino.refresh()

    assert casino.causes("recent") == {"clock": (0, 1), "data": (0, 1)}


def test_a_date_that_grows_old_is_the_clock(casino: Casino) -> None:
    casino.segment("sleepers", {"last_login": {"older_than": "7d"}})
    casino.apply()
    casino.later(days=3)
    casino.change("cara", last_login_at=casino.now)

    casino.refresh()

    assert casino.causes("sleepers") == {"clock": (1, 0), "data": (0, 1)}
    assert casino.story("bert") == [("sleepers", "joined", "clock")]


def test_an_edit_is_not_blamed_for_what_time_and_data_did(casino: Casino) -> None:
    recent_depositors(casino)
    casino.deposit("dora", 10)
    casino.segment("recent", {**RECENT, "all": [{"deposit_count": {"gte": 1}}, {"vip_level": {"gte": 1}}]})

    plan = casino.apply()

    impact = change_of(plan, "recent").impact
    assert impact == Impact(before=5, after=3, joining=1, leaving=3, joining_by_time=1, leaving_by_time=1)
    assert casino.members("recent") == {"bert", "dora", "hugo"}
    assert casino.causes("recent") == {"definition": (0, 2), "data": (1, 0), "clock": (0, 1)}


def test_time_is_not_blamed_for_what_an_edit_did(casino: Casino) -> None:
    recent_depositors(casino)
    casino.segment("recent", {**RECENT, "during": {"last": "60d"}})

    plan = casino.apply()

    assert change_of(plan, "recent").impact == Impact(before=5, after=5, joining=0, leaving=0)
    assert casino.causes("recent") == {"definition": (5, 0)}  # still the first run's: nobody moved
    assert casino.since("recent")["cara"] == START


def test_an_edit_of_title_alone_leaves_time_to_the_refresh(casino: Casino) -> None:
    recent_depositors(casino)
    casino.segment("recent", RECENT, title="New")
    casino.apply()

    casino.refresh()

    assert casino.causes("recent") == {"clock": (0, 1)}


def test_a_segment_below_blames_the_one_above(casino: Casino) -> None:
    casino.segment("recent", RECENT)
    casino.segment("below", {"all": [{"in_segment": "recent"}, {"country": ["DE", "GB"]}]})
    casino.apply()
    casino.later(days=2)
    casino.change("emil", country="IT")

    casino.refresh()

    assert casino.causes("recent") == {"clock": (0, 1)}
    assert casino.causes("below") == {"dependency": (0, 1), "data": (0, 1)}
    assert ("below", "left", "dependency") in casino.story("cara")
    assert ("below", "left", "data") in casino.story("emil")


def test_an_edit_above_is_told_apart_from_time_above(casino: Casino) -> None:
    casino.segment("recent", RECENT)
    casino.segment("below", {"all": [{"in_segment": "recent"}, {"country": ["DE", "GB", "IT"]}]})
    casino.apply()
    casino.later(days=2)
    casino.segment("recent", {**RECENT, "all": [{"deposit_count": {"gte": 1}}, {"vip_level": {"gte": 1}}]})

    plan = casino.apply()

    (below,) = plan.secondary
    assert below.impact == Impact(before=5, after=2, joining=0, leaving=3, leaving_by_time=0)
    assert casino.causes("recent") == {"definition": (0, 2), "clock": (0, 1)}
    assert casino.causes("below") == {"dependency": (0, 3)}


def test_who_leaves_and_returns_is_in_since_the_return(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.later(days=1)
    casino.change("anna", country="GB")
    casino.refresh()
    casino.later(days=1)
    casino.change("anna", country="DE")
    casino.refresh()

    assert casino.since("germans")["anna"] == casino.now
    assert casino.since("germans")["bert"] == START
    assert casino.story("anna") == [
        ("germans", "joined", "definition"),
        ("germans", "left", "data"),
        ("germans", "joined", "data"),
    ]


def test_a_new_player_is_met_on_refresh(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.later(days=1)
    casino.sql("INSERT INTO players VALUES ('kate', 'DE', 1, NULL, NULL, ?)", casino.now)
    casino.sql("DELETE FROM players WHERE player_id = 'bert'")

    casino.refresh()

    assert casino.members("germans") == {"anna", "cara", "dora", "kate"}
    assert casino.causes("germans") == {"data": (1, 1)}


def test_nothing_moved_is_nothing_recorded(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.later(days=1)

    done = casino.refresh()

    assert (done.receipt.joined, done.receipt.left) == (0, 0)
    assert casino.causes("germans") == {"definition": (4, 0)}
