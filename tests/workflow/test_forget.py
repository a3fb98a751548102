"""A player is forgotten: nothing of them stays, nobody else moves, and what kept them out keeps them out."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from segctl.store.engine import open_state, reading
from segctl.store.verify import verify
from segctl.view.erasure import Removed, certificate_data
from segctl.workflow.attrition import attrition
from segctl.workflow.explain import explained
from segctl.workflow.player import segments_of
from tests.support.casino import ON_BOTH, Casino, change_of, refused
from tests.support.decoded import balance, decoded


def names(casino: Casino, player: str) -> list[str]:
    """The tables that name a player, decoded."""
    return sorted(name for name, rows in decoded(casino).items() if player in json.dumps(rows))


def raw(casino: Casino) -> str:
    """The state's file, and what lies beside it; nothing where it is no file."""
    return b"".join(one.read_bytes() for one in casino.state.parent.glob("state.db*")).decode("latin-1")


def intact(casino: Casino) -> bool:
    with reading(open_state(casino.context().state)) as connection:
        return verify(connection) == []


@pytest.fixture
def played(casino: Casino) -> Casino:
    """Segments of all kinds, with bert in every one, and a week of moves."""
    casino.segment("germans", {"country": "DE"}, include=[{"players": ["bert", "emil"], "reason": "host"}])
    casino.segment(
        "vips", {"vip_level": {"gte": 1}}, exclude=[{"players": ["bert", "hugo"], "reason": "complaint"}]
    )
    hook = {"url": "https://example.com/hook"}
    casino.segment("picks", type="players", players=["anna", "bert", "ghost"], webhook=hook)
    casino.segment("snapshot", {"vip_level": {"gte": 1}}, type="static")
    casino.segment(
        "payers", type="triggered", enter={"event": "payments", "where": {"kind": "deposit"}}, **{"for": "60d"}
    )
    casino.segment("one", {"email": "bert@example.com"})
    casino.apply()
    for level in (0, 2):
        casino.later(days=1)
        casino.change("cara", vip_level=level)
        casino.deposit("bert", 10)
        casino.refresh()
    return casino


@ON_BOTH
def test_nothing_of_a_forgotten_player_stays_in_the_state(played: Casino) -> None:
    assert names(played, "bert") == ["change", "ledger", "membership", "outbox", "player_chunk", "private"]
    since = played.since("payers")

    done = played.forget("bert")

    assert names(played, '"bert"') == []
    assert '"bert"' not in raw(played)
    assert done.removed == Removed(segments=5, lists=2, history=5, values=2)
    assert done.swept == ("swept" if played.postgres is None else "vacuum")
    assert played.members("picks") == {"anna", "ghost"}
    assert played.since("payers") == {player: at for player, at in since.items() if player != "bert"}
    assert intact(played)


@ON_BOTH
def test_counts_add_up_and_history_says_erasure(played: Casino) -> None:
    played.later(hours=1)
    played.forget("bert")

    found = decoded(played)
    for row in found["membership"]:
        assert len(set(balance(found, row["object_id"]))) == 1, row
    assert played.causes("picks") == {"erasure": (0, 1)}
    assert played.causes("vips") != {"erasure": (0, 1)}, "they were not in"


@ON_BOTH
def test_the_audit_log_says_who_by_a_keyed_digest_and_by_nothing_else(played: Casino) -> None:
    done = played.forget("bert", reason="CS-4411")

    entry = decoded(played)["audit"][-1]
    assert (entry["action"], entry["hash"], entry["seq"]) == ("forget", done.hash, done.seq)
    assert json.loads(entry["detail"])["player"] == done.player
    assert json.loads(entry["detail"])["reason"] == "CS-4411"
    assert "bert" not in json.dumps(certificate_data(done))


def test_a_plan_does_not_move_before_and_after_the_lines_are_removed(played: Casino) -> None:
    played.sql("DELETE FROM players WHERE player_id = 'bert'")
    done = played.forget("bert")
    assert done.remaining.files == (
        ("segments/germans.yaml", 6),
        ("segments/picks.yaml", 6),
        ("segments/vips.yaml", 6),
    )
    assert played.plan().empty

    played.segment("germans", {"country": "DE"}, include=[{"players": ["emil"], "reason": "host"}])
    played.segment("picks", type="players", players=["anna", "ghost"])
    plan = played.apply()

    assert [one.name for one in plan.changes] == ["germans", "picks"]
    for name in ("germans", "picks"):
        impact = change_of(plan, name).impact
        assert impact is not None
        assert (impact.joining, impact.leaving) == (0, 0)
    assert played.plan().empty
    assert names(played, '"bert"') == []


@ON_BOTH
def test_lines_that_stay_bring_nobody_back(played: Casino) -> None:
    played.sql("DELETE FROM players WHERE player_id = 'bert'")
    played.forget("bert")
    played.later(days=1)
    played.segment(
        "germans", {"country": ["DE", "IT"]}, include=[{"players": ["bert", "emil"], "reason": "host"}], title="G"
    )
    played.segment("picks", type="players", players=["anna", "bert", "ghost"], title="Picks")
    text = (played.root / "segments/catalog.yaml").read_text()
    played.write("segments/catalog.yaml", text.replace("title: Country", "title: Country of residence"))

    played.apply()
    played.later(days=1)
    played.refresh()

    assert played.members("germans") == {"anna", "cara", "dora", "emil", "hugo", "ines"}
    assert played.members("picks") == {"anna", "ghost"}
    assert names(played, '"bert"') == []
    assert played.plan().empty


def test_an_edited_list_that_names_them_lists_a_new_player(played: Casino) -> None:
    played.sql("DELETE FROM players WHERE player_id = 'bert'")
    played.forget("bert")
    played.later(days=1)

    played.segment("picks", type="players", players=["anna", "bert", "emil", "ghost"])
    played.apply()

    assert played.members("picks") == {"anna", "bert", "emil", "ghost"}
    assert played.story("bert") == [("picks", "joined", "list")]


@ON_BOTH
def test_an_excluded_player_who_comes_back_stays_out(played: Casino) -> None:
    before = played.members("vips")
    done = played.forget("bert")
    assert done.remaining.warehouse is True
    assert done.exclusions == 1
    played.later(days=1)
    played.refresh()

    assert played.members("vips") == before
    assert "bert" in played.members("germans"), "elsewhere they are a player like any other"
    assert ("germans", "joined", "data") in played.story("bert")
    assert "bert" not in played.members("picks"), "the list has lost them"
    found = explained(played.context(), played.loaded(), "vips", "bert")
    assert not found.inside
    assert "before they were forgotten" in str(found.reasons)
    steps = attrition(played.context(), played.loaded(), "vips").funnel.steps
    assert [(one.word, one.left) for one in steps if one.word in ("exclude", "result")] == [
        ("exclude", len(before)),
        ("result", len(before)),
    ]

    played.segment("vips", {"vip_level": {"gte": 1}}, exclude=[{"players": ["hugo"], "reason": "complaint"}])
    played.later(days=1)
    played.apply()
    played.later(days=1)
    played.change("bert", vip_level=4)
    played.refresh()

    assert played.members("vips") == before
    assert "bert" in played.members("germans")


@ON_BOTH
def test_who_comes_back_is_forgotten_again(played: Casino) -> None:
    first = played.forget("bert")
    played.later(days=1)
    played.refresh()
    played.later(days=1)

    second = played.forget("bert")

    assert (second.player, second.again) == (first.player, False)
    assert second.serial > first.serial
    assert names(played, '"bert"') == []
    played.later(days=1)
    played.refresh()
    assert "bert" in played.members("germans")
    assert "bert" not in played.members("vips")
    assert intact(played)


def test_an_exclusion_ends_with_its_last_day(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"}, exclude=[{"players": ["bert"], "until": "2025-03-03"}])
    casino.apply()
    casino.forget("bert")
    casino.later(days=1)
    casino.refresh()
    assert "bert" not in casino.members("germans")

    casino.later(days=2)
    casino.refresh()

    assert "bert" in casino.members("germans")


@ON_BOTH
def test_a_list_that_others_exclude_by_keeps_out_who_comes_back(casino: Casino) -> None:
    casino.segment("banned", type="players", players=["bert", "hugo"], purpose="analysis")
    casino.segment("germans", {"country": "DE"}, exclude=[{"segments": ["banned"]}])
    casino.segment("low", {"all": [{"vip_level": {"lte": 2}}, {"none": [{"in_segment": "banned"}]}]})
    casino.segment("fans", type="players", players=["bert"])
    casino.apply()
    germans, low = casino.members("germans"), casino.members("low")

    casino.forget("bert")
    for days in (1, 2):
        casino.later(days=days)
        casino.refresh()

        assert (casino.members("germans"), casino.members("low")) == (germans, low)
        assert casino.members("banned") == {"bert", "hugo"}
        assert casino.members("fans") == set()
    assert not explained(casino.context(), casino.loaded(), "low", "bert").inside
    casino.segment("banned", type="players", players=["hugo", "emil"], purpose="analysis")
    casino.apply()
    assert casino.members("germans") == germans
    assert casino.members("low") == low - {"emil"}


def test_a_guard_that_asks_for_a_list_keeps_out_who_comes_back(casino: Casino) -> None:
    settings = (casino.root / "segctl.yaml").read_text()
    casino.write("segctl.yaml", settings + "guards:\n  marketing:\n    none:\n      - in_segment: banned\n")
    casino.segment("banned", type="players", players=["bert"], purpose="analysis")
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    assert "bert" not in casino.members("germans")

    casino.forget("bert")
    casino.later(days=1)
    casino.refresh()

    assert "bert" not in casino.members("germans")


def test_a_player_who_stands_in_a_list_alone_is_forgotten(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"}, exclude=[{"players": ["nobody-1"], "until": "2024-01-01"}])
    casino.apply()
    assert names(casino, "nobody-1") == ["private"]

    done = casino.forget("nobody-1")

    assert done.removed == Removed(segments=0, lists=0, history=0, values=1)
    assert names(casino, "nobody-1") == []
    assert casino.plan().empty
    casino.later(days=1)
    casino.refresh()
    assert casino.members("germans") == {"anna", "bert", "cara", "dora"}


@ON_BOTH
def test_an_id_that_is_a_personal_value_leaves_the_rules(casino: Casino) -> None:
    casino.sql("UPDATE players SET player_id = email WHERE player_id = 'anna'")
    casino.segment("one", {"email": "anna@example.com"})
    casino.segment("some", {"email": {"in": ["anna@example.com", "bert@example.com"]}})
    casino.segment("alone", {"email": {"not_in": ["anna@example.com"]}})
    casino.apply()
    assert len(casino.members("one")) == 1

    casino.forget("anna@example.com")
    casino.later(days=1)
    casino.refresh()

    assert casino.members("one") == set()
    assert casino.members("some") == {"bert"}
    assert casino.plan().empty
    casino.segment("one", {"email": "anna@example.com"}, title="One")
    text = (casino.root / "segments/catalog.yaml").read_text()
    casino.write(
        "segments/catalog.yaml", text.replace("type: string, pii: true", "type: string, pii: true, group: X")
    )
    casino.apply()
    assert casino.members("one") == set()


def test_nobody_is_forgotten_whom_nothing_names(played: Casino) -> None:
    with refused(played, "No player `zoe`", "segctl members"):
        played.forget("zoe")
    with refused(played, "not empty", "segctl forget"):
        played.forget(" ")


def test_a_reason_may_not_name_the_player(played: Casino) -> None:
    with refused(played, "The reason names the player", "--reason"):
        played.forget("bert", reason="asked by bert")


@ON_BOTH
def test_doing_it_again_writes_the_same_certificate(played: Casino) -> None:
    first = certificate_data(played.forget("bert", reason="CS-1"))
    played.later(days=1)
    before = played.stored()

    again = played.forget("bert")

    assert again.again
    assert certificate_data(again) == first
    assert played.stored() == before


def test_a_definition_that_names_them_in_words_is_told(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"}, exclude=[{"players": ["bert"], "reason": "complaint of bert"}])
    casino.apply()
    casino.write("plans/old.json", '{"title": "complaint of bert"}\n')

    done = casino.forget("bert")

    assert done.remaining.definitions == ("segment.germans version 1",)
    assert done.remaining.plans == (("plans/old.json", 1),)


def test_files_are_told_by_line_whatever_they_are(casino: Casino) -> None:
    casino.write("segments/lists/picks.csv", 'player_id\nanna\n"bert"\nbertha\n')
    casino.write("segments/notes.txt", "bert, who asked\n")
    casino.segment("picks", type="players", players_file="lists/picks.csv")
    casino.write(
        "segments/comment.yaml",
        "# not bert-2, but bert\nkind: Segment\nname: c\ntype: dynamic\nrules: {country: DE}\n",
    )
    casino.apply()

    done = casino.forget("bert")

    assert done.remaining.files == (
        ("segments/comment.yaml", 1),
        ("segments/lists/picks.csv", 3),
        ("segments/notes.txt", 1),
    )


def test_a_number_in_a_rule_is_no_player(casino: Casino) -> None:
    casino.sql("UPDATE players SET player_id = '4' WHERE player_id = 'ines'")
    casino.segment("vips", {"all": [{"vip_level": {"gte": 14}}, {"vip_level": {"lte": 1004}}]})
    casino.segment("picks", type="players", players=["4"])
    casino.apply()

    assert casino.forget("4").remaining.files == (("segments/picks.yaml", 5),)


def test_a_warehouse_that_is_not_there_is_told(played: Casino) -> None:
    Path(played.root / "warehouse.duckdb").unlink()

    assert played.forget("bert").remaining.warehouse is None


def test_the_story_of_others_is_as_if_nothing_had_happened(played: Casino) -> None:
    def seen() -> dict[str, Any]:
        everyone = ("anna", "cara", "dora", "emil", "hugo", "ines", "jack", "ghost")
        return {who: (played.story(who), segments_of(played.context(), who)) for who in everyone}

    before = seen()

    played.forget("bert")

    assert seen() == before


def test_the_bytes_were_there_before(played: Casino) -> None:
    assert '"bert"' in raw(played), "else their absence would show nothing"


@ON_BOTH
def test_an_exclusion_outlives_archiving_and_renaming(casino: Casino) -> None:
    exclude = [{"players": ["bert"], "reason": "complaint"}]
    casino.segment("germans", {"country": "DE"}, exclude=exclude)
    casino.segment("vips", {"vip_level": {"gte": 1}}, exclude=exclude)
    casino.apply()
    casino.remove("germans")
    casino.apply()
    casino.forget("bert")
    casino.later(days=1)

    casino.remove("vips")
    casino.segment("gold", {"vip_level": {"gte": 1}}, renamed_from="vips")
    casino.segment("germans", {"country": "DE"}, exclude=exclude)
    casino.apply()

    assert "bert" not in casino.members("gold")
    assert casino.members("germans") == {"anna", "cara", "dora"}
    casino.later(days=1)
    casino.segment("vips", {"vip_level": {"gte": 1}})
    casino.apply()
    assert "bert" in casino.members("vips"), "another segment, by the old name"
    casino.refresh()
    assert "bert" not in casino.members("gold") | casino.members("germans")


def test_a_definition_that_cannot_be_read_any_more_keeps_nobody_from_being_forgotten(casino: Casino) -> None:
    casino.segment("low", {"all": [{"vip_level": {"lte": 2}}, {"rule": "not-banned"}]})
    casino.segment("banned", type="players", players=["bert"], purpose="analysis")
    casino.write(
        "segments/rule.yaml",
        "kind: Rule\nname: not-banned\nrules: {none: [{in_segment: banned}, {country: XX}]}\n",
    )
    casino.apply()
    with sqlite3.connect(casino.state) as state:
        state.execute("DROP TRIGGER version_no_update")
        state.execute("UPDATE version SET body = replace(body, 'vip_level', 'no_such_field')")

    assert casino.forget("bert").exclusions == 1


def test_a_state_in_use_is_swept_another_time(played: Casino) -> None:
    with closing(sqlite3.connect(played.state, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM private").fetchall()

        done = played.forget("bert")

    assert done.swept == "unswept"
    assert any("run this command again" in one for one in certificate_data(done)["remaining"]["by_hand"])
    assert names(played, '"bert"') == []

    again = played.forget("bert")

    assert (again.again, again.swept) == (True, "swept")
    assert '"bert"' not in raw(played)
