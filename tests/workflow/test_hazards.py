"""What a plan does that somebody must allow: each hazard, its numbers, how it is allowed, and what the log keeps."""

import json

import pytest

from segctl.files.shipped import schema
from segctl.plan.document import Hazard, Plan
from segctl.plan.hazards import WORDS, permission, word
from segctl.store import audit
from segctl.store.engine import open_state, reading
from segctl.view.hazards import hazard_text
from segctl.view.plan import plan_text
from tests.support.casino import CATALOG, Casino, refused
from tests.support.casino_facts import SETTINGS

GUARD = "guards: {marketing: {vip_level: {gte: 1}}}\n"
QUERY = "SELECT player_id FROM payments WHERE amount < 200"
LEVELS = {"vip_level": {"gte": 1}}


@pytest.fixture
def careful(casino: Casino) -> Casino:
    """The casino with limits, where nothing is allowed."""
    casino.allow = ()
    limited(casino, "limits: {max_change: 30%, min_members: 2, max_members: 8}")
    return casino


def limited(casino: Casino, *more: str) -> None:
    casino.write("segctl.yaml", "\n".join([SETTINGS, *more, ""]))


def told(plan: Plan) -> list[tuple[str, int, int]]:
    return [(word(one), one.before, one.after) for one in plan.hazards]


def only(plan: Plan) -> Hazard:
    assert len(plan.hazards) == 1, told(plan)
    return plan.hazards[0]


def test_a_change_of_too_many_members(careful: Casino) -> None:
    careful.segment("vip", LEVELS)
    careful.apply()
    careful.segment("vip", {"vip_level": {"gte": 3}})

    plan = careful.plan()

    assert told(plan) == [("max_change:vip", 7, 3)]
    assert hazard_text(only(plan)) == "vip: 57.2 % of members change; limit 30 %."


def test_a_change_up_to_the_limit(careful: Casino) -> None:
    limited(careful, "limits: {max_change: 28.6%}")
    careful.segment("vip", LEVELS)
    careful.apply()
    careful.segment("vip", {"all": [LEVELS, {"none": [{"vip_level": 2}]}]})
    assert careful.plan().hazards == ()

    limited(careful, "limits: {max_change: 28.5%}")
    assert hazard_text(only(careful.plan())) == "vip: 28.6 % of members change; limit 28.5 %."


def test_what_time_moves_is_no_hazard(careful: Casino) -> None:
    careful.segment("recent", {"last_login": {"within": "10d"}})
    careful.apply()
    careful.later(days=8)
    careful.segment("recent", {"last_login": {"within": "11d"}})

    plan = careful.plan()

    assert plan.changes[0].impact is not None
    assert plan.changes[0].impact.leaving_by_time > 0
    assert [one for one in told(plan) if one[0].startswith("max_change")] == []


def test_sizes(careful: Casino) -> None:
    careful.segment("few", {"vip_level": 4})
    careful.segment("many", {"email": {"is_set": True}})

    assert told(careful.plan()) == [("min_members:few", 0, 1), ("max_members:many", 0, 9)]


def test_a_segment_that_would_become_empty(careful: Casino) -> None:
    limited(careful)
    careful.segment("vip", LEVELS)
    careful.apply()
    careful.segment("vip", {"vip_level": {"gte": 9}})

    assert told(careful.plan()) == [("empty:vip", 7, 0)]


def test_a_protected_segment_stays_protected_when_its_file_is_gone(careful: Casino) -> None:
    careful.segment("vip", LEVELS, protected=True)
    careful.apply()
    careful.remove("vip")

    assert told(careful.plan()) == [("protected:vip", 7, 0)]
    with refused(careful, "SEG905", "vip", "--allow protected:vip"):
        careful.apply()

    careful.allow = ("protected:vip",)
    careful.apply()
    assert careful.plan().empty


def test_archiving_what_is_used_and_what_has_a_webhook(careful: Casino) -> None:
    hook = {"url": "https://hooks.example.com/1", "secret": "${HOOK}"}
    careful.segment("vip", LEVELS)
    careful.segment("germans", {"all": [{"country": "DE"}, {"in_segment": "vip"}]})
    careful.segment("told", {"country": "GB"}, webhook=hook)
    careful.apply()
    careful.remove("vip")
    careful.remove("told")
    careful.segment("germans", {"country": "DE"})

    found = {word(one): hazard_text(one) for one in careful.plan().hazards}

    assert found["used:vip"] == "vip: would be archived, and germans uses it; 7 → 0 members."
    assert found["used:told"] == "told: would be archived, and sends webhooks; 3 → 0 members."


def test_a_guard_that_is_changed_and_one_that_is_taken_away(careful: Casino) -> None:
    limited(careful, GUARD)
    careful.segment("everybody", {"any": [{"country": {"is_set": True}}, {"country": {"is_set": False}}]})
    careful.segment("free", {"country": "DE"}, purpose="analysis")
    careful.apply()

    limited(careful, GUARD.replace("1", "3"))
    assert told(careful.plan()) == [("guard:marketing", 7, 3)]
    assert hazard_text(only(careful.plan())) == "guard marketing: changes; 7 → 3 players pass, over 1 segment."

    limited(careful)
    assert told(careful.plan()) == [("guard:marketing", 7, 10)]


def test_a_new_guard_is_no_hazard(careful: Casino) -> None:
    limited(careful)
    careful.segment("germans", {"country": "DE"})
    careful.apply()
    limited(careful, GUARD)

    assert careful.plan().hazards == ()


def test_a_purpose_that_leaves_its_guard_behind(careful: Casino) -> None:
    limited(careful, GUARD)
    careful.segment("germans", {"country": "DE"})
    careful.apply()
    careful.segment("germans", {"country": "DE"}, purpose="service")

    plan = careful.plan()

    assert told(plan) == [("purpose:germans", 3, 4)]
    assert hazard_text(only(plan)) == "germans: guard marketing would not hold any more; 3 → 4 members."


def test_a_rename_that_is_not_stated(careful: Casino) -> None:
    careful.segment("vip", LEVELS, title="VIP")
    careful.apply()
    careful.remove("vip")
    careful.segment("vip-gold", LEVELS, title="Gold")

    plan = careful.plan()

    assert told(plan) == [("rename:vip-gold", 7, 7)]
    assert hazard_text(only(plan)).endswith("To rename, write `renamed_from: vip` into segments/vip-gold.yaml:2.")
    careful.segment("vip-gold", LEVELS, title="Gold", renamed_from="vip")
    assert careful.plan().hazards == ()


def test_a_query_that_is_new_or_changed(careful: Casino) -> None:
    careful.segment("small", type="sql", query=QUERY)
    assert told(careful.plan()) == [("sql:small", 0, 3)]

    limited(careful, "allow: [sql]")
    careful.apply()
    limited(careful)
    careful.segment("small", type="sql", query=QUERY, title="Small")
    assert careful.plan().hazards == ()
    careful.segment("small", type="sql", query=QUERY.replace("200", "20"))
    assert told(careful.plan()) == [("sql:small", 3, 1)]


def test_a_field_in_use_that_means_something_else(careful: Casino) -> None:
    limited(careful)
    careful.segment("vip", LEVELS)
    careful.segment("germans", {"country": "DE"})
    careful.apply()
    changed = CATALOG.replace("vip_level: {column: vip_level", "vip_level: {column: 'vip_level'")
    careful.write("segments/catalog.yaml", changed + "  deposit_max: {of: payments, max: amount}\n")
    assert careful.plan().hazards == ()

    careful.sql("ALTER TABLE players ADD COLUMN level INTEGER")
    careful.write("segments/catalog.yaml", CATALOG.replace("column: vip_level", "column: level"))
    plan = careful.plan()

    assert [word(one) for one in plan.hazards] == ["catalog:small", "empty:vip"]
    said = hazard_text(plan.hazards[0])
    assert said == "catalog small: the meaning of 1 field in use changes (vip_level); 1 segment or guard reads it."


def test_nothing_is_written_while_a_hazard_is_not_allowed(careful: Casino) -> None:
    careful.segment("few", {"vip_level": 4})
    assert careful.plan().hazards

    with refused(careful, "SEG902", "few", "1 member", "at least 2", "--allow min_members:few"):
        careful.apply()


@pytest.mark.parametrize("allowed", ["min_members:few", "min_members", "SEG902", "seg902:few", "min-members:few"])
def test_what_is_allowed_is_applied_and_recorded(careful: Casino, allowed: str) -> None:
    careful.segment("few", {"vip_level": 4})
    kept = permission(allowed)
    assert kept is not None
    careful.allow = (kept,)

    careful.apply()

    with reading(open_state(careful.context().state)) as connection:
        run = audit.of_run(connection, 1, "apply")
    assert run is not None
    assert run.detail["allowed"] == [{"hazard": "min_members:few", "before": 0, "after": 1, "by": "--allow"}]


@pytest.mark.parametrize("allowed", ["min_members:other", "max_change:few", "protected"])
def test_another_permission_does_not_help(careful: Casino, allowed: str) -> None:
    careful.segment("few", {"vip_level": 4})
    careful.allow = (allowed,)
    assert careful.plan().hazards

    with refused(careful, "SEG902"):
        careful.apply()


@pytest.mark.parametrize("text", ["", "all", "max_change:", "SEG900", ":vip", "maxchange"])
def test_there_is_no_permission_for_what_is_no_hazard(text: str) -> None:
    assert permission(text) is None


def test_a_saved_plan_keeps_what_was_allowed(careful: Casino) -> None:
    careful.segment("few", {"vip_level": 4})
    bare = careful.plan()
    careful.allow = ("min_members:few",)
    plan = careful.plan()
    careful.allow = ()

    assert plan.intent != bare.intent, "people approve what is allowed"
    with refused(careful, "SEG902"):
        careful.apply_saved(bare)
    careful.apply_saved(plan)
    assert careful.members("few") == {"ines"}


def test_a_saved_plan_is_held_against_the_numbers_of_now(careful: Casino) -> None:
    careful.segment("few", {"vip_level": {"gte": 3}})
    plan = careful.plan()
    assert plan.hazards == ()
    careful.later(days=1)
    for player in ("dora", "gwen"):
        careful.change(player, vip_level=0)

    with refused(careful, "SEG902", "1 member", "at least 2"):
        careful.apply_saved(plan)


def test_hazards_stand_in_the_plan_with_the_command_that_allows_them(careful: Casino) -> None:
    careful.segment("few", {"vip_level": 4})
    line = "  ! SEG902 few: 0 → 1 member; at least 2 are asked for.  --allow min_members:few"
    assert line in plan_text(careful.plan()).splitlines()

    limited(careful, "limits: {min_members: 2}", "allow: [min_members]")
    assert f"{line.partition('  --')[0]}  allowed by segctl.yaml" in plan_text(careful.plan()).splitlines()


def test_every_hazard_has_a_word_and_a_sentence() -> None:
    for code in WORDS.values():
        one = Hazard(code, "segment.vip", 1204, 1310, 15.1, 10, ("other",))
        assert word(one).endswith(":vip")
        assert "vip" in hazard_text(one)
    assert len(set(WORDS.values())) == len(WORDS)


def test_the_words_of_the_settings_are_those_of_the_hazards() -> None:
    allowed = json.loads(schema("settings"))["properties"]["allow"]["items"]["enum"]

    assert allowed == list(WORDS)
