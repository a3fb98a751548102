"""Who may plan and apply what: by person, group, scope and purpose."""

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_approve import am
from tests.cli.test_git import git
from tests.support.casino_facts import SETTINGS

ACCESS = """
approvals: {groups: {leads: [ann@example.org]}}
access:
  - {who: [leads], may: [plan, apply]}
  - {who: [bob@example.org], may: [plan, apply], scope: {country: [DE, AT]}, purpose: [marketing]}
  - {who: ["*"], may: [plan]}
"""


@pytest.fixture
def ruled(cli: Cli) -> Cli:
    """A casino where Ann may everything, Bob what is scoped to two countries, and everybody may look."""
    casino = cli.casino
    casino.write("segctl.yaml", SETTINGS + ACCESS)
    casino.segment("germans", {"vip_level": {"gte": 0}}, scope={"country": "DE"})
    casino.segment("both", {"vip_level": {"gte": 0}}, scope={"country": ["DE", "GB"]})
    casino.segment("open", {"vip_level": {"gte": 0}})
    git(cli, "init", "-q")
    am(cli, "ann")
    assert cli.at("apply", "--auto-approve").code == 0
    am(cli, "bob")
    return cli


def edited(cli: Cli, name: str, **keys: object) -> Cli:
    cli.casino.segment(name, {"vip_level": {"gte": 1}}, **keys)
    return cli


def test_within_their_scope_they_may(ruled: Cli) -> None:
    assert edited(ruled, "germans", scope={"country": "DE"}).at("apply", "--auto-approve").code == 0
    assert (
        edited(ruled, "austrians", scope={"country": ["AT"]})
        .at("apply", "--auto-approve", "--allow", "empty")
        .code
        == 0
    )


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("both", {"scope": {"country": ["DE", "GB"]}}),
        ("both", {"scope": {"country": "DE"}}),
        ("open", {}),
        ("germans", {"scope": {"country": ["DE", "IT"]}}),
        ("germans", {"scope": {"vip_level": 1}}),
        ("germans", {"scope": {"country": "DE"}, "purpose": "service"}),
    ],
)
def test_what_lies_or_lay_outside_of_it_they_may_not(ruled: Cli, name: str, keys: dict[str, object]) -> None:
    edited(ruled, name, **keys)

    said = ruled.at("apply", "--auto-approve")

    assert said.code == 1
    assert f"bob@example.org may not apply changes of segment.{name}." in said.err
    assert ruled.at("plan").code == 0, "everybody may plan"


def test_shared_objects_need_a_grant_for_everything(ruled: Cli) -> None:
    ruled.casino.write("segments/r.yaml", "kind: Rule\nname: levels\nrules: {vip_level: {gte: 1}}\n")

    assert "may not apply changes of rule.levels" in ruled.at("apply", "--auto-approve").err
    am(ruled, "ann")
    assert ruled.at("apply", "--auto-approve").code == 0


def test_a_saved_plan_is_applied_by_who_may(ruled: Cli) -> None:
    edited(ruled, "open").at("plan", "-o", "one.json")

    assert "may not apply" in ruled.at("apply", "one.json").err
    am(ruled, "ann")
    assert ruled.at("apply", "one.json").code == 0


def test_who_may_not_plan_sees_no_numbers(ruled: Cli) -> None:
    ruled.casino.write("segctl.yaml", SETTINGS + ACCESS.replace('  - {who: ["*"], may: [plan]}\n', ""))
    edited(ruled, "open")

    said = ruled.at("plan")

    assert said.code == 1
    assert "may not plan changes of segment.open" in said.err
    assert "players" not in said.out


def test_a_ci_system_vouches_for_a_name(ruled: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled.casino.write("segctl.yaml", SETTINGS + ACCESS.replace("[leads]", '["github:deploy-bot"]'))
    edited(ruled, "open")
    assert ruled.at("apply", "--auto-approve").code == 1

    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_ACTOR", "deploy-bot")
    assert ruled.at("apply", "--auto-approve").code == 0
