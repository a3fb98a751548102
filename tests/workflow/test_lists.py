"""Lists of players: inline or in a file beside, narrowed by rules, with ids that the warehouse does not know."""

from segctl.plan.document import Impact
from segctl.plan.seal import as_text
from tests.support.casino import Casino, change_of


def test_an_inline_list_keeps_ids_that_nobody_knows(casino: Casino) -> None:
    casino.segment("picks", type="players", players=["anna", "emil", "ghost", "007"])

    plan = casino.apply()

    assert change_of(plan, "picks").impact == Impact(before=0, after=4, joining=4, leaving=0)
    assert change_of(plan, "picks").unknown_players == 2
    assert casino.members("picks") == {"anna", "emil", "ghost", "007"}
    assert casino.plan().empty


def test_rules_narrow_a_list_and_its_strangers_wait(casino: Casino) -> None:
    casino.segment("picks", {"country": "DE"}, type="players", players=["anna", "emil", "ghost"])
    casino.apply()
    assert casino.members("picks") == {"anna"}
    casino.later(days=1)
    casino.sql("INSERT INTO players VALUES ('ghost', 'DE', 1, NULL, NULL, ?)", casino.now)
    casino.change("emil", country="DE")

    casino.refresh()

    assert casino.members("picks") == {"anna", "emil", "ghost"}
    assert casino.causes("picks") == {"data": (2, 0)}


def test_a_list_grows_and_shrinks_by_cause_list(casino: Casino) -> None:
    casino.segment("picks", type="players", players=["anna", "bert", "cara"])
    casino.apply()
    casino.later(days=1)
    casino.segment("picks", type="players", players=["emil", "cara"])

    plan = casino.apply()

    assert change_of(plan, "picks").keys == ("players",)
    assert change_of(plan, "picks").impact == Impact(before=3, after=2, joining=1, leaving=2)
    assert casino.causes("picks") == {"list": (1, 2)}
    assert casino.members("picks") == {"cara", "emil"}
    assert casino.since("picks")["emil"] == casino.now
    assert casino.story("anna") == [("picks", "joined", "definition"), ("picks", "left", "list")]


def test_who_left_the_list_does_not_come_back_on_refresh(casino: Casino) -> None:
    casino.segment("picks", {"vip_level": {"gte": 0}}, type="players", players=["anna", "bert"])
    casino.apply()
    casino.segment("picks", {"vip_level": {"gte": 0}}, type="players", players=["bert"])
    casino.apply()
    casino.later(days=1)
    casino.change("bert", vip_level=None)
    casino.refresh()
    assert casino.members("picks") == set()
    casino.later(days=1)
    casino.change("bert", vip_level=1)

    casino.refresh()

    assert casino.members("picks") == {"bert"}


def test_a_list_in_a_file_is_read_and_watched(casino: Casino) -> None:
    casino.write("segments/picks.csv", "player_id\nanna\nemil\n")
    casino.segment("picks", type="players", players_file="picks.csv")
    casino.apply()
    assert casino.members("picks") == {"anna", "emil"}
    casino.write("segments/picks.csv", "player_id\nemil\nghost\n")

    plan = casino.apply()

    assert change_of(plan, "picks").actions == ("update",)
    assert change_of(plan, "picks").unknown_players == 1
    assert casino.members("picks") == {"emil", "ghost"}
    assert casino.causes("picks") == {"list": (1, 1)}


def test_order_repeats_and_place_of_a_list_are_no_change(casino: Casino) -> None:
    casino.segment("picks", type="players", players=["anna", "emil"])
    casino.apply()
    casino.write("segments/lists/picks.txt", "emil\nanna\nemil\n")

    casino.segment("picks", type="players", players_file="lists/picks.txt")

    assert casino.plan().empty


def test_a_long_list_moves_only_what_changed(casino: Casino) -> None:
    ids = [f"p_{number:06}" for number in range(30_000)]
    casino.write("segments/picks.csv", "player_id\n" + "\n".join(ids))
    casino.segment("picks", type="players", players_file="picks.csv")
    casino.apply()
    casino.write("segments/picks.csv", "player_id\n" + "\n".join([*ids[1:], "p_new"]))

    plan = casino.apply()

    assert change_of(plan, "picks").impact == Impact(before=30_000, after=30_000, joining=1, leaving=1)
    assert casino.causes("picks") == {"list": (1, 1)}
    assert len(as_text(plan)) < 4_000


def test_list_and_rules_changed_together_is_a_changed_definition(casino: Casino) -> None:
    casino.segment("picks", type="players", players=["anna", "bert"])
    casino.apply()
    casino.segment("picks", {"country": "GB"}, type="players", players=["bert", "emil"])

    casino.apply()

    assert casino.causes("picks") == {"definition": (1, 2)}
