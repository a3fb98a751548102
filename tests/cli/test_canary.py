"""Planted ids, e-mail addresses and passwords: nowhere but where somebody asks for players by name."""

import sqlite3

from tests.cli.conftest import Cli
from tests.support.casino import Casino

PLAYERS = ("canary-known", "canary-listed", "canary-filed", "canary-gone")
EMAILS = ("canary@example.org", "canary-rule", "CANARY-LIST@example.org", "canary-wh@example.org")
PASSWORD = "canary-hunter2"
SECRETS = (*PLAYERS, *EMAILS, PASSWORD)
# what is asked for players may name them; nothing may name the rest
NAMING = {"members": PLAYERS, "player": PLAYERS, "explain": PLAYERS, "history --player": PLAYERS}


def planted(casino: Casino) -> None:
    casino.sql(
        "INSERT INTO players VALUES ('canary-known', 'DE', 4, 'canary-wh@example.org', NULL, ?)", casino.now
    )
    casino.write("segments/filed.csv", "player_id\ncanary-filed\ncanary-known\n")
    casino.segment("one", {"email": "canary@example.org"}, title="One")
    casino.segment("several", {"email": {"in": ["CANARY-LIST@example.org", "canary-wh@example.org"]}})
    casino.segment(
        "part", {"all": [{"email": {"contains": "canary-rule", "ignore_case": True}}, {"vip_level": 4}]}
    )
    casino.segment("listed", type="players", players=["canary-listed", "canary-known"])
    casino.segment("filed", {"vip_level": {"gte": 1}}, type="players", players_file="filed.csv")


def edited(casino: Casino) -> None:
    casino.later(days=1)
    casino.segment("one", {"email": {"starts_with": "canary@example.org"}}, title="One")
    casino.segment("several", {"email": {"in": ["canary-wh@example.org", "canary-rule"]}})
    casino.segment("listed", type="players", players=["canary-gone", "canary-known"])
    casino.write("segments/filed.csv", "player_id\ncanary-gone\n")
    (casino.root / "segments/part.yaml").unlink(missing_ok=True)


def words(arguments: tuple[str, ...]) -> str:
    return "history --player" if arguments[:2] == ("history", "--player") else arguments[0] if arguments else ""


def leaks(text: str, arguments: tuple[str, ...] = ()) -> list[str]:
    allowed = NAMING.get(words(arguments), ())
    return [secret for secret in SECRETS if secret.lower() in text.lower() and secret not in allowed]


LOOKING: tuple[tuple[str, ...], ...] = (
    (),
    ("validate",),
    ("validate", "--json"),
    ("validate", "--format", "github"),
    *((verb, *form) for verb in ("plan", "list") for form in ((), ("--json",))),
    ("list", "--csv"),
    *(
        ("show", name, *form)
        for name in ("one", "several", "part", "listed", "filed")
        for form in ((), ("--json",))
    ),
    *(("members", "listed", "--format", form) for form in ("text", "csv", "jsonl")),
    ("player", "canary-known"),
    *(
        (verb, name, *rest, *form)
        for name in ("one", "several", "listed", "filed")
        for verb, rest in (("explain", ("canary-known",)), ("attrition", ()), ("cost", ()))
        for form in ((), ("--json",), ("--declared",))
    ),
    ("history", "listed"),
    ("history", "--player", "canary-known"),
    *(("catalog", "show", "email", *form) for form in ((), ("--json",))),
    ("catalog", "check"),
    ("catalog", "infer"),
    *(("where-used", "email", *form) for form in ((), ("--json",), ("--deployed",))),
    ("graph",),
    *(
        ("versions", name, *form)
        for name in ("one", "several", "part", "listed")
        for form in ((), ("--json",), ("--diff", "1"), ("--diff", "1:2"), ("--diff", "2", "--json"))
    ),
    ("rollback", "listed", "--to", "1"),
    ("rollback", "one", "--to", "1"),
    *(("archive", "list", *form) for form in ((), ("--json",))),
    *(("archive", "show", "part", *form) for form in ((), ("--json",))),
    ("archive", "recover", "part"),
    ("deliver",),
    ("webhooks", "list"),
    ("webhooks", "failed", "--json"),
    ("audit", "log", "--json"),
    ("audit", "verify", "--json"),
    ("audit", "export"),
    ("audit", "prove", "1"),
)


def test_nothing_that_is_printed_or_saved_names_anybody(cli: Cli) -> None:
    planted(cli.casino)
    found = {}
    for step in range(2):
        for arguments in (("plan", "-o", "plans/"), ("apply", "--auto-approve", "--allow", "empty"), ("refresh",)):
            said = cli.at(*arguments)
            assert said.code == 0, said.err
            found[step, arguments] = leaks(said.out + said.err, arguments)
        for arguments in LOOKING:
            said = cli(*arguments)
            found[step, arguments] = leaks(said.out + said.err, arguments)
        edited(cli.casino)

    assert {what: names for what, names in found.items() if names} == {}
    plans = [path.read_text() for path in (cli.casino.root / "plans").iterdir()]
    assert len(plans) == 2
    assert [leaks(text) for text in plans] == [[], []]


def test_members_and_players_are_named_to_who_asks(cli: Cli) -> None:
    planted(cli.casino)
    cli.casino.apply()

    assert "canary-listed" in cli("members", "listed").out
    assert "listed" in cli("player", "canary-known").out
    assert "listed" in cli("history", "--player", "canary-known").out


def test_the_state_keeps_ids_and_values_where_they_can_be_erased(cli: Cli) -> None:
    planted(cli.casino)
    cli.casino.apply()
    edited(cli.casino)
    cli.casino.apply()

    with sqlite3.connect(cli.casino.state) as state:
        tables = [name for (name,) in state.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = {name: str(state.execute(f'SELECT * FROM "{name}"').fetchall()) for name in tables}

    assert {name for name, rows in kept.items() if leaks(rows)} <= {"private", "player_chunk"}
    assert leaks(kept["private"], ("player",)), "a rule is evaluated again from what is kept there"
