"""The library that is shipped: its catalog answers on the demo warehouse, and its segments are safe to use."""

import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from segctl.demo.warehouse import write_warehouse
from segctl.model.catalog import ByMoney, Catalog
from segctl.model.rule import Compare, Group, Test
from segctl.model.segment import Segment
from segctl.model.time import Between, Duration, Rolling, Window
from segctl.model.tried import Tally
from segctl.workflow.lint import Wanted, lint
from segctl.workflow.load import load
from segctl.workflow.testing import covered, stage_of, tally_of
from tests.support.casino import Casino
from tests.support.project import Opened, members, opened

ROOT = Path(__file__).parent.parent
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
PLAYERS = 20_000
GROUPS = {
    *("Account", "Personal information", "Money", "Deposits", "Withdrawals", "Play", "Bets", "Sports", "Bonus"),
    *("Value", "Safer gambling", "Consent", "CRM", "Scores"),
}
# Asks who was in `vip` in earlier runs, and in a first run there are none.
EMPTY_AT_FIRST = {"vip-left"}
# Marketing must not reach them: what the warehouse itself says, without segctl.
OUT_OF_REACH = {
    "self-excluded": "self_excluded",
    "under age": "date_of_birth > DATE '2008-11-01'",
    "of unknown age": "date_of_birth IS NULL",
    "in a time out": "time_out_until > TIMESTAMPTZ '2026-11-01 00:00:00+00'",
    "with a closed account": "account_status IN ('suspended', 'closed')",
}
LIBRARY = opened(ROOT)


def catalog() -> Catalog:
    assert LIBRARY.project.catalog is not None
    return LIBRARY.project.catalog


def segment(name: str) -> Segment:
    return LIBRARY.project.segments[name]


MARKETING = sorted(name for name, each in LIBRARY.project.segments.items() if each.purpose == "marketing")


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Casino:
    """A copy of the library that was applied over a demo warehouse, as `segctl demo` does."""
    root: Path = tmp_path_factory.mktemp("library")
    shutil.copytree(ROOT / "segments", root / "segments")
    shutil.copy(ROOT / "segctl.yaml", root)
    (root / ".segctl").mkdir()
    casino = Casino(root, AS_OF)
    write_warehouse(warehouse_of(casino), players=PLAYERS, seed=1, as_of=AS_OF)
    casino.apply()
    return casino


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small casino, for the catalog's fields."""
    path: Path = tmp_path_factory.mktemp("demo") / "demo.duckdb"
    write_warehouse(path, players=2_000, seed=1, as_of=AS_OF)
    return path


@pytest.fixture(scope="module")
def found(applied: Casino) -> dict[str, frozenset[str]]:
    return {name: frozenset(applied.members(name)) for name in LIBRARY.project.segments}


def ids(warehouse: Path, query: str) -> set[str]:
    """What a query says of the warehouse, without segctl."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        return {player for (player,) in connection.sql(query).fetchall()}


def warehouse_of(casino: Casino) -> Path:
    return casino.root / ".segctl/demo.duckdb"


@pytest.fixture(scope="module")
def played() -> Tally:
    """The segment tests of the library, run on the oracle and on DuckDB."""
    loaded = load(ROOT, tests=True)
    return tally_of(stage_of(loaded), loaded.project.tests, loaded.project.tests.segments)


# What the back offices of operators select players by.
CRITERIA = """
username platform_id registration_date account_status currency last_login last_activity_date brand region locale
allows_email allows_sms allows_phone
age date_of_birth first_name last_name gender email phone_number postal_code city country nationality language
real_money_balance bonus_money_balance total_balance pending_withdrawal_count pending_withdrawal_amount
total_deposit_count total_deposit_amount first_deposit_amount second_deposit_amount third_deposit_amount
first_deposit_date second_deposit_date third_deposit_date last_deposit_amount last_deposit_date
total_withdrawal_count total_withdrawal_amount last_withdrawal_amount last_withdrawal_date
activity_days gross_gaming_revenue session_count session_minutes casino_player sports_player
casino_bet_amount casino_bet_count sports_bet_amount sports_bet_count
sports_turnover favourite_team favourite_providers
bonus_issued_count bonus_used_count bonus_used_amount bonus_expires
vip_level retention_level
self_excluded time_out_until loss_limit_daily limit_hits
consent_email consent_sms consent_push consent_profiling consent_email_changed_at consent_sms_changed_at
consent_push_changed_at consent_profiling_changed_at
crm_delivered_count crm_opened_count crm_clicked_count crm_unsubscribed crm_complained
churn_score deposit_intent_score offer_sensitivity_score
"""


def problems(project: Opened) -> list[str]:
    return [f"{mistake.code} {mistake.span}: {mistake.detail}" for mistake in project.diagnostics]


def test_everything_is_valid() -> None:
    assert problems(LIBRARY) == []
    assert LIBRARY.settings is not None


def test_lint_finds_nothing() -> None:
    assert lint(load(ROOT), AS_OF, Wanted()).diagnostics == ()


def test_a_library_has_segments_of_every_type() -> None:
    assert {each.type for each in LIBRARY.project.segments.values()} == {
        *("dynamic", "static", "players", "triggered", "sql")
    }


def test_a_library_has_what_casinos_ask_for_first() -> None:
    first = {"new-players", "active-depositors", "high-value", "vip", "bonus-users", "at-risk", "dormant"}

    assert first <= LIBRARY.project.segments.keys()


def test_each_segment_has_its_test_beside_it(played: Tally) -> None:
    tests = {one.test.segment: ROOT / one.test.file for one in played.tried}

    assert tests.keys() == LIBRARY.project.segments.keys()
    assert [
        file for file in tests.values() if not file.with_name(file.name.replace(".test.", ".")).is_file()
    ] == []
    assert {file.name.partition(".")[0] for file in tests.values()} == tests.keys()


def test_all_segment_tests_pass_on_the_oracle_and_on_duckdb(played: Tally) -> None:
    assert [one.test.file for one in played.tried if not one.passed] == []
    assert played.untested == ()


def test_each_condition_is_held_by_a_segment_test(played: Tally) -> None:
    assert {one.segment: one.percent for one in covered(played) if one.percent < 100} == {}


@pytest.mark.parametrize("path", sorted((ROOT / "segments").rglob("*.yaml")), ids=lambda path: path.stem)
def test_editors_find_the_schema(path: Path) -> None:
    comment = path.read_text(encoding="utf-8").splitlines()[0]
    _, _, schema = comment.partition("$schema=")

    assert (path.parent / schema).resolve().is_relative_to(ROOT / "schemas")
    assert (path.parent / schema).is_file()


@pytest.mark.parametrize("name", sorted(LIBRARY.project.segments))
def test_segments_say_what_they_are_for(name: str) -> None:
    each = segment(name)

    assert each.title
    assert each.description.endswith(".")
    assert each.tags
    assert each.owner


def test_every_criterion_is_a_field() -> None:
    assert [name for name in CRITERIA.split() if catalog().field(name) is None] == []
    assert {name for name, one in catalog().metrics.items() if isinstance(one.how, ByMoney)} == {
        f"{product}_bet_{what}" for product in ("casino", "sports") for what in ("amount", "count")
    }
    assert catalog().metrics["sports_turnover"].dimensions == ("market", "team", "tournament")


@pytest.mark.parametrize("name", [*catalog().attributes, *catalog().metrics, *catalog().scores])
def test_fields_say_what_they_mean(name: str) -> None:
    field = catalog().field(name)
    assert field is not None
    about = field.about

    assert about.title[0].isupper()
    assert about.group in GROUPS
    assert about.description.endswith(".")
    assert (about.unit == "EUR") is (field.type == "money")
    assert (about.unit != "") is (field.type in ("money", "number", "integer"))


def test_segments_are_neither_empty_nor_everybody(found: dict[str, frozenset[str]]) -> None:
    counts = {name: len(players) for name, players in found.items() if name not in EMPTY_AT_FIRST}

    assert {name: count for name, count in counts.items() if not 5 <= count <= PLAYERS / 2} == {}


def test_the_first_run_finds_new_vips_and_nobody_who_left_them(found: dict[str, frozenset[str]]) -> None:
    assert found["vip-left"] == frozenset()
    assert found["vip-new"] == found["vip"]


def test_the_groups_of_a_split_share_no_player_and_leave_none_out(
    found: dict[str, frozenset[str]], applied: Casino
) -> None:
    reachable = """
        SELECT players.player_id FROM players JOIN player_consents AS consent USING (player_id)
        WHERE consent.email AND allows_email"""
    both = found["dormant"] & ids(warehouse_of(applied), reachable)
    a, b = found["win-back-test-a"], found["win-back-test-b"]

    assert a & b == frozenset()
    assert a | b == both
    assert 0.45 < len(a) / len(both) < 0.55


def test_safety_is_not_marketing() -> None:
    safety = {path.name.partition(".")[0] for path in (ROOT / "segments/safety").glob("*.yaml")}

    assert {name for name in LIBRARY.project.segments if "safer-gambling" in segment(name).tags} == safety
    assert {segment(name).purpose for name in safety} == {"analysis"}


def test_marketing_leaves_them_alone(found: dict[str, frozenset[str]], applied: Casino) -> None:
    for who, condition in OUT_OF_REACH.items():
        them = ids(warehouse_of(applied), f"SELECT player_id FROM players WHERE {condition}")

        assert them, who
        assert {name: found[name] & them for name in MARKETING if found[name] & them} == {}, who


def test_lists_name_players_of_the_demo(demo: Path) -> None:
    players = ids(demo, "SELECT player_id FROM players")
    lists = [each.players.ids for each in LIBRARY.project.segments.values() if each.players is not None]

    assert lists
    assert [unknown for named in lists for unknown in named if unknown not in players] == []


def test_every_field_has_an_answer_for_some_players(demo: Path) -> None:
    asked = {name.replace("_", "-"): Segment(name, "dynamic", rule) for name, rule in somebody_has().items()}

    answers = members(catalog(), asked, demo, AS_OF, "Europe/Malta")

    assert [name for name, players in answers.items() if not players] == []


def during(window: Window, demo: Path) -> dict[str, frozenset[str]]:
    """Who has a value of each metric within a window."""
    asked = {
        name.replace("_", "-"): Segment(name, "dynamic", Group("all", (rule,), during=window))
        for name, rule in somebody_has().items()
        if rule.field in catalog().metrics
    }
    return members(catalog(), asked, demo, AS_OF, "Europe/Malta")


def test_a_score_is_the_latest_one_and_not_too_old(demo: Path) -> None:
    likely = {"likely": Segment("likely", "dynamic", Compare("churn_score", (Test("gte", Decimal("0.7")),)))}
    fresh = """
        SELECT player_id FROM scores WHERE model = 'churn' GROUP BY player_id
        HAVING max(scored_at) > TIMESTAMPTZ '2026-11-01 00:00:00+00' - INTERVAL 7 DAY
        AND arg_max(score, scored_at) >= 0.7"""

    found = members(catalog(), likely, demo, AS_OF, "Europe/Malta")

    assert found["likely"] == ids(demo, fresh) != set()


def test_every_metric_answers_during_a_window(demo: Path) -> None:
    lifetime = during(Between(date(2000, 1, 1), None), demo)
    recent = during(Rolling(Duration(seconds=90 * 86_400)), demo)
    nothing = during(Between(None, date(2000, 1, 1)), demo)

    everyone = {name.replace("_", "-"): rule for name, rule in somebody_has().items()}
    asked = {name: Segment(name, "dynamic", everyone[name]) for name in lifetime}
    assert lifetime == members(catalog(), asked, demo, AS_OF, "Europe/Malta")
    assert [name for name, players in recent.items() if not players] == []
    assert [name for name, players in nothing.items() if players] == []


_SEEN = {
    "boolean": Test("eq", True),
    "date": Test("is_set", True),
    "datetime": Test("is_set", True),
    "string": Test("is_set", True),
}


def somebody_has() -> dict[str, Compare]:
    """A condition on each field, and on each variant of money, that is true where there is anything to see."""
    rules: dict[str, Compare] = {}
    for name, attribute in catalog().attributes.items():
        test = Test("is_empty", False) if attribute.type == "list" else Test("is_set", True)
        rules[name] = Compare(name, (test,))
    for name, metric in catalog().metrics.items():
        test = _SEEN.get(metric.type, Test("gt", 0))
        rules[name] = Compare(name, (test,))
        if isinstance(metric.how, ByMoney):
            rules[f"{name}_real"] = Compare(name, (test,), money="real")
            rules[f"{name}_bonus"] = Compare(name, (test,), money="bonus")
    for name in catalog().scores:
        rules[name] = Compare(name, (Test("is_set", True),))
    return rules
