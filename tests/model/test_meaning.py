"""language.md, section 4, line by line: what a rule means for one player. Times have their own file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from segctl.model.comparison import lowered
from segctl.model.evaluate import Memberships
from segctl.model.rule import Compare, Group, InSegment, Test
from segctl.model.time import Clock, Rolling
from tests.model.casino import MALTA, MICRO, NOON, T, days, euros, is_, local, player, stands, true, utc, value

HUGE = 2**63 - 1


class TestTwoValued:
    @pytest.mark.parametrize(
        ("field", "operator"),
        [
            ("country", {"eq": "DE"}), ("country", {"in": ("DE", "")}), ("country", {"contains": ""}),
            ("country", {"starts_with": ""}), ("country", {"ends_with": ""}), ("country", {"matches": ""}),
            ("visits", {"eq": 0}), ("visits", {"gte": 0}), ("visits", {"lte": 0}), ("visits", {"between": (-9, 9)}),
            ("balance", {"lt": 1}), ("score", {"gt": -1}), ("vip", {"eq": True}), ("vip", {"eq": False}),
            ("born", {"before": date.max}), ("seen", {"older_than": days(0)}), ("seen", {"after": date.min}),
            ("tags", {"contains": "a"}), ("tags", {"contains_any": ("a",)}), ("tags", {"contains_all": ("a",)}),
            ("age", {"gte": -200}), ("last_stake", {"lte": 0}), ("mean_stake", {"eq": 0}), ("per_bet", {"eq": 0}),
        ],
    )  # fmt: skip
    def test_positive_operators_fail_on_missing(self, field, operator):
        [(op, wanted)] = operator.items()
        condition = Compare(field, (Test(op, wanted),))

        assert not true(condition, player())
        assert true(Group("none", (condition,)), player())

    @pytest.mark.parametrize("field", ["country", "visits", "balance", "score", "vip", "born", "seen", "age"])
    def test_is_set_asks_for_a_value(self, field):
        assert stands(field, None, is_set=False)
        assert not stands(field, None, is_set=True)

    def test_ne_and_not_in_are_complements(self):
        assert stands("country", None, ne="DE")
        assert stands("country", None, not_in=("DE", "AT"))
        assert stands("country", "FR", ne="DE", not_in=("DE", "AT"))
        assert not stands("country", "DE", ne="DE")
        assert not stands("country", "DE", not_in=("DE", "AT"))
        assert stands("visits", None, ne=0)
        assert not stands("score", 0.5, ne=euros("0.5"))

    def test_a_missing_and_an_empty_list_are_empty(self):
        for empty in (None, ()):
            assert stands("tags", empty, is_empty=True)
            assert not stands("tags", empty, is_empty=False)
        assert stands("tags", ("a",), is_empty=False)

    def test_empty_text_is_a_value(self):
        assert stands("country", "", is_set=True, eq="", contains="", matches="^$")

    def test_not_a_number_is_missing(self):
        assert stands("score", float("nan"), is_set=False, ne=1)
        assert not stands("score", float("nan"), gte=0)
        assert value("best_odds", player({"odds": float("nan")}, {"odds": 1.5})) == 1.5

    def test_several_operators_are_and_ed(self):
        assert stands("visits", 5, gte=5, lt=6)
        assert not stands("visits", 6, gte=5, lt=6)


class TestGroups:
    YES, NO = Compare("country", (Test("is_set", False),)), Compare("country", (Test("is_set", True),))

    @pytest.mark.parametrize(
        ("word", "answers"),
        [("all", (True, False, False)), ("any", (True, True, False)), ("none", (False, False, True))],
    )
    def test_words(self, word, answers):
        groups = [(self.YES, self.YES), (self.YES, self.NO), (self.NO, self.NO)]

        assert tuple(true(Group(word, parts), player()) for parts in groups) == answers

    def test_in_segment_asks_for_any(self):
        rule = InSegment(("vip", "new"))

        assert true(rule, player(), memberships=Memberships({"new"}.__contains__))
        assert not true(rule, player(), memberships=Memberships({"old"}.__contains__))
        assert not true(rule, player())

    def test_an_inner_during_replaces_the_outer_also_under_none(self):
        who = player({"at_time": T - timedelta(days=20)})
        some = Compare("bet_count", (Test("gte", 1),))
        inner = Group("none", (Group("all", (some,), Rolling(days(30))),))

        assert not true(Group("all", (some,), Rolling(days(10))), who)
        assert not true(Group("all", (inner,), Rolling(days(10))), who)
        assert true(Group("all", (Group("none", (some,)),), Rolling(days(10))), who)

    def test_during_leaves_attributes_alone(self):
        seen = Compare("seen", (Test("older_than", days(30)),))

        assert true(Group("all", (seen,), Rolling(days(1))), player(seen=T - timedelta(days=40)))


class TestNoEvents:
    @pytest.mark.parametrize("metric", ["bet_count", "stakes", "losses", "points", "teams", "active_days", "bet"])
    def test_sums_and_counts_are_zero(self, metric):
        assert value(metric, player()) == 0
        assert true(Compare(metric, (Test("lte", 3),)), player())

    @pytest.mark.parametrize(
        "metric",
        [
            "first_bet",
            "last_bet",
            "second_bet",
            "last_stake",
            "mean_stake",
            "least_stake",
            "most_stake",
            "per_bet",
            "after_win",
        ],
    )
    def test_the_rest_is_missing(self, metric):
        assert value(metric, player()) is None

    def test_exists_is_false_and_never_missing(self):
        assert true(is_("played", False), player())
        assert true(is_("played", True), player({}))

    def test_a_missing_value_sums_to_zero(self):
        assert value("stakes", player({"stake": None})) == 0
        assert value("mean_stake", player({"stake": None})) is None


class TestMeasures:
    WHO = player(
        {"stake": euros("1.10"), "team": "A", "points": 3, "id": 9},
        {"stake": euros("2.20"), "team": "B", "points": None, "id": 7},
        {"stake": None, "team": None, "points": -5, "id": 8},
        {"stake": euros("99"), "team": "C", "points": 50, "at_time": T + MICRO},
    )

    def test_values(self):
        assert value("bet_count", self.WHO) == 3
        assert value("stakes", self.WHO) == euros("3.30")
        assert value("points", self.WHO) == -2
        assert value("teams", self.WHO) == 2
        assert value("mean_stake", self.WHO) == 3.3 / 2.0
        assert (value("least_stake", self.WHO), value("most_stake", self.WHO)) == (euros("1.1"), euros("2.2"))
        assert value("per_bet", self.WHO) == 3.3 / 3.0

    def test_ties_in_time_are_broken_by_id(self):
        assert value("first_stake", self.WHO) == euros("2.20")
        assert value("second_stake", self.WHO) is None
        assert value("last_stake", self.WHO) == euros("1.10")
        assert value("last_team", self.WHO) == "A"

    def test_text_ids_order_as_text(self):
        who = player({"id": "10", "stake": euros("1")}, {"id": "9", "stake": euros("2")})

        assert value("first_stake", who) == 1

    def test_first_and_last_mean_within_the_window(self):
        who = player(*({"at_time": T - timedelta(days=ago)} for ago in (40, 20, 10)))

        assert value("first_bet", who, window=Rolling(days(30))) == T - timedelta(days=20)
        assert value("second_bet", who, window=Rolling(days(15))) is None
        assert value("last_bet", who, window=Rolling(days(10), before=days(15))) == T - timedelta(days=20)

    def test_count_days_counts_local_days(self):
        late = local(MALTA, 2026, 5, 1, 23, 59)
        who = player({"at_time": late}, {"at_time": late + timedelta(minutes=2)}, {"at_time": late})

        assert value("active_days", who) == 2

    def test_an_event_without_a_time_never_counts(self):
        assert value("bet_count", player({"at_time": None})) == 0

    def test_nothing_after_now_counts(self):
        who = player({"at_time": T + MICRO})

        assert value("bet_count", who) == 0
        assert value("bet_count", who, Clock(T + MICRO, MALTA)) == 1

    def test_where_is_two_valued(self):
        who = player({"kind": None}, {"kind": "sports"}, {"kind": "casino"})

        assert value("sports_count", who) == 1
        assert value("not_sports_count", who) == value("other_count", who) == 2

    def test_dimensions_narrow_and_missing_matches_none(self):
        who = player({"team": "A", "kind": "x"}, {"team": "B", "kind": "y"}, {"team": None, "kind": "x"})

        assert value("bet_count", who, dimensions=(("team", ("A", "B")),)) == 2
        assert value("bet_count", who, dimensions=(("team", ("A", "B")), ("kind", ("x",)))) == 1

    def test_money_chooses_the_variant(self):
        who = player({"stake": euros("5"), "stake_real": euros("3"), "stake_bonus": euros("2")})

        assert [value("bet", who, money=money) for money in ("real", "bonus", "both", None)] == [3, 2, 5, 5]

    def test_a_difference_misses_where_a_side_does(self):
        who = player({"stake": euros("5"), "win": euros("7.5")}, {"stake": euros("5")}, {"win": euros("5")})

        assert value("losses", who) == euros("-2.5")

    def test_a_ratio_over_zero_is_missing(self):
        assert value("per_bet", player({"stake": None})) == 0
        assert value("per_bet", player()) is None


class TestExactness:
    def test_money_is_exact(self):
        tenths = player(*({"stake": euros("0.1")} for _ in range(3)))

        assert true(is_("stakes", euros("0.3")), tenths)
        assert not stands("balance", euros("0.3001"), eq=euros("0.3"))

    def test_numbers_are_binary_floating_point(self):
        assert stands("score", 0.1 + 0.2, gt=euros("0.3"))
        assert stands("score", 0.3, eq=euros("0.3"), between=(euros("0.3"), 1))
        assert stands("score", float(2**53), eq=2**53 + 1)

    def test_integers_are_exact_at_any_size(self):
        assert stands("visits", HUGE, gt=HUGE - 1, eq=HUGE, ne=HUGE - 1)

    def test_between_includes_both_ends(self):
        assert [stands("visits", visits, between=(2, 4)) for visits in (1, 2, 4, 5)] == [False, True, True, False]


class TestText:
    def test_compares_by_code_point(self):
        assert not stands("country", "e\u0301", eq="\u00e9")
        assert not stands("country", "DE ", eq="DE")

    def test_contains_takes_its_text_literally(self):
        assert stands("country", "100%_a.", contains="%_", starts_with="100%", ends_with=".")
        assert not stands("country", "100 aa", contains="%")

    @pytest.mark.parametrize(
        ("stored", "written"),
        [("ÉCOLE", "école"), ("İ", "i"), ("ΔΣΔ", "δσδ"), ("\u01c5", "\u01c6"), ("\u212a", "k")],
    )
    def test_ignore_case_lowers_both_sides(self, stored, written):
        assert stands("country", stored, eq=written, ignore_case=True)
        assert stands("country", written, eq=stored, ignore_case=True)
        assert not stands("country", stored, eq=written)

    def test_ignore_case_folds_nothing_more(self):
        assert not stands("country", "ß", eq="SS", ignore_case=True)
        assert not stands("country", "δς", eq="ΔΣ", ignore_case=True)
        assert lowered("İΔΣ") == "iδσ"  # noqa: RUF001

    def test_ignore_case_reaches_every_text_operator(self):
        everything = {
            "in": ("x", "STRASSE"),
            "contains": "TRA",
            "starts_with": "STR",
            "ends_with": "SSE",
            "matches": "^S.R",
        }

        assert stands("country", "Strasse", **everything, ignore_case=True)
        assert not stands("country", "Strasse", ne="STRASSE", ignore_case=True)
        assert not stands("country", "Strasse", not_in=("STRASSE",), ignore_case=True)

    def test_matches_searches_anywhere_and_dollar_is_the_end(self):
        assert stands("country", "abc", matches="b")
        assert not stands("country", "abc\n", matches="c$")
        assert not stands("country", "a\nb", matches="^b")
        assert stands("country", "aé😀b", matches="^a..b$")

    def test_lists(self):
        assert stands("tags", ("a", "b"), contains="a", contains_any=("x", "b"), contains_all=("b", "a"))
        assert not stands("tags", ("a", "b"), contains_all=("a", "c"))
        assert not stands("tags", ("ab",), contains="a")


class TestAge:
    @pytest.mark.parametrize(
        ("born", "today", "age"),
        [
            ((2000, 5, 15), (2026, 5, 14), 25),
            ((2000, 5, 15), (2026, 5, 15), 26),
            ((2008, 2, 29), (2026, 2, 28), 17),
            ((2008, 2, 29), (2026, 3, 1), 18),
            ((2008, 2, 29), (2028, 2, 29), 20),
            ((2026, 5, 16), (2026, 5, 15), -1),
            ((2027, 5, 15), (2026, 5, 15), -1),
        ],
    )
    def test_rises_on_the_local_day(self, born, today, age):
        assert value("age", player(born=date(*born)), Clock(local(MALTA, *today), MALTA)) == age

    def test_rises_at_local_midnight(self):
        midnight = utc(2026, 5, 14, 22)

        assert value("age", player(born=date(2000, 5, 15)), Clock(midnight - MICRO, MALTA)) == 25
        assert value("age", player(born=date(2000, 5, 15)), Clock(midnight, MALTA)) == 26


def test_wrong_types_are_bugs_not_answers():
    with pytest.raises(TypeError):
        stands("country", 5, eq="5")
    with pytest.raises(KeyError):
        value("nonsense", player(), NOON)
