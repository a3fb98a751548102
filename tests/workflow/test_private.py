"""What must not travel: ids and personal values in plans and in the log, and anything at all into the warehouse."""

from hashlib import sha256

from sqlalchemy import text

from segctl.plan.seal import as_text
from segctl.store.engine import open_state, reading
from tests.support.casino import Casino

SECRETS = ("anna@example.com", "example.org", "ghost", "bert")
NO_NAMES = {"none": [{"email": {"in": ["anna@example.com", "x@example.org"]}}, {"country": "GB"}]}


def audit_log(casino: Casino) -> str:
    with reading(open_state(casino.context().state)) as connection:
        rows = connection.execute(text("SELECT address, before, after, detail FROM audit")).all()
    assert rows
    return str(rows)


def test_plans_and_log_name_nobody(casino: Casino) -> None:
    casino.segment("personal", NO_NAMES)
    casino.segment("picks", type="players", players=["bert", "ghost"])

    plan = casino.apply()

    assert casino.members("personal") == {"bert", "cara", "dora", "hugo", "ines", "jack"}
    for said in (as_text(plan), audit_log(casino)):
        assert [secret for secret in SECRETS if secret in said] == []


def test_a_changed_personal_value_is_a_change(casino: Casino) -> None:
    casino.segment("personal", {"email": "anna@example.com"})
    casino.apply()
    casino.segment("personal", {"email": "bert@example.com"})

    plan = casino.apply()

    assert casino.members("personal") == {"bert"}
    assert [change.keys for change in plan.changes] == [("rules",)]
    assert "@example.com" not in as_text(plan)


def test_the_warehouse_is_only_read(casino: Casino) -> None:
    file = casino.root / "warehouse.duckdb"
    before = sha256(file.read_bytes()).hexdigest()
    casino.segment("personal", NO_NAMES)
    casino.segment("regulars", {"deposit_count": {"gte": 1}})

    casino.apply()
    casino.later(days=1)
    casino.refresh()

    assert sha256(file.read_bytes()).hexdigest() == before
    assert {path.name for path in casino.root.glob("warehouse*")} == {file.name}
