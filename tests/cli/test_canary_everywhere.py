"""Every verb, in success and in failure, over a project full of canaries: nothing printed or written repeats them.

Passwords stand in addresses, in the environment and in webhooks; ids and e-mail addresses in rules, lists and rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Cli
from tests.cli.test_canary import EMAILS, NAMING, PLAYERS, edited, planted
from tests.cli.test_help import COMMANDS
from tests.support.decoded import decoded

HOOK = "canary-hook-7f3a"
IN_USER, IN_QUERY, IN_VARIABLE = "canary-hunter1", "canary-hunter2", "canary-hunter3"
PASSWORDS = (HOOK, IN_USER, IN_QUERY, IN_VARIABLE)
# the one who asks about a player has typed the id
ASKING = {**NAMING, "forget": PLAYERS}
# who wants to see how lines of a file would change is shown those lines; a draft is a file of the same author
QUOTING = {("fmt", "--diff"), ("test", "init")}

SETTINGS = f"""\
name: canaries
timezone: UTC
environments:
  dev:
    warehouse: duckdb:///warehouse.duckdb
    state: sqlite:///.segctl/state.db
    publish: duckdb:///.segctl/published.duckdb
  user: {{publish: "postgresql://crm:{IN_USER}@127.0.0.1:1/x", warehouse: "postgresql://crm:{IN_USER}@127.0.0.1:1/x", state: "postgresql://crm:{IN_USER}@127.0.0.1:1/x"}}
  query: {{publish: "postgresql://127.0.0.1:1/x?password={IN_QUERY}", warehouse: "postgresql://127.0.0.1:1/x?password={IN_QUERY}", state: "postgresql://127.0.0.1:1/x?password={IN_QUERY}"}}
  variable: {{publish: "${{CANARY_URL}}", warehouse: "${{CANARY_URL}}", state: "${{CANARY_URL}}"}}
  facts: {{warehouse: "postgresql://crm:{IN_USER}@127.0.0.1:1/x", state: sqlite:///.segctl/state.db}}
  spark: {{warehouse: "sc://127.0.0.1:1/;use_ssl=true;token={IN_USER}?catalog=main&token={IN_QUERY}", state: sqlite:///.segctl/state.db}}
  file: {{publish: "duckdb:///broken.duckdb", warehouse: "duckdb:///broken.duckdb", state: sqlite:///.segctl/state.db}}
"""

# of every verb, at least one command line; {new} is a name that was not used before
LINES: tuple[tuple[str, ...], ...] = (
    (),
    ("init", "other"),
    ("init", "other2", "--warehouse", f"postgresql://crm:{IN_USER}@h/x", "--state", f"sqlite:///x?password={IN_QUERY}"),
    ("demo", "--players", "20", "-C", "demo"),
    ("validate",),
    ("validate", "--json"),
    ("validate", "--format", "sarif"),
    ("test",),
    ("test", "--json", "--coverage", "--junit-xml", "written/junit.xml"),
    ("test", "init", "part"),
    ("lint",),
    ("lint", "--json"),
    ("plan", "-o", "written/"),
    ("plan", "--json"),
    ("plan", "--format", "markdown"),
    ("plan", "--format", "github"),
    ("plans", "list", "--json"),
    ("approve", "written/broken.json"),
    ("review", "post", "written/broken.json", "--pull", "1"),
    ("promote", "--from", "dev", "--to", "user"),
    ("import", "--deployed"),
    ("apply", "--auto-approve"),
    ("apply", "written/broken.json"),
    ("refresh",),
    ("refresh", "--json"),
    ("next",),
    ("next", "--json"),
    ("verify",),
    ("verify", "--json"),
    ("list", "--json"),
    ("list", "--wide"),
    *(("show", name, *form) for name in ("one", "several", "part", "listed", "filed") for form in ((), ("--json",))),
    ("members", "listed", "--format", "jsonl"),
    ("player", "canary-known"),
    ("overlap", "one", "listed"),
    ("stats", "listed"),
    ("churn", "listed"),
    ("export", "listed", "--to", "written/export.csv", "--columns", "email"),
    ("insights", "listed"),
    ("insights", "listed", "--json"),
    ("stats", "one", "--json"),
    *(("explain", name, "canary-known", *form) for name in ("one", "listed") for form in ((), ("--json",), ("--declared",))),
    *((verb, name, *form) for verb in ("attrition", "cost") for name in ("one", "filed") for form in ((), ("--json",))),
    ("history", "listed"),
    ("history", "--player", "canary-known"),
    ("catalog", "list"),
    ("catalog", "show", "email", "--json"),
    ("catalog", "check"),
    ("catalog", "infer"),
    ("audit", "log", "--json"),
    ("audit", "verify", "--json"),
    ("audit", "verify"),
    ("audit", "checkpoint", "-o", "written/audit/"),
    ("audit", "checkpoint"),
    ("audit", "keygen", "written/{new}.key"),
    ("audit", "prove", "1", "-o", "written/proof.json"),
    ("audit", "check-proof", "written/proof.json"),
    ("audit", "export"),
    ("audit", "export", "-o", "written/audit.jsonl"),
    ("audit", "verify", "--file", "written/audit.jsonl"),
    ("webhooks", "list"),
    ("webhooks", "list", "--json"),
    ("webhooks", "disable", "hooked", "--reason", "r"),
    ("webhooks", "enable", "hooked"),
    ("webhooks", "test", "hooked"),
    ("webhooks", "test", "unsigned"),
    ("publish",),
    ("publish", "--full", "--json"),
    ("deliver",),
    ("deliver", "--json"),
    ("run", "--once"),
    ("status",),
    ("status", "--json"),
    ("webhooks", "failed"),
    ("webhooks", "failed", "unsigned", "--json"),
    ("webhooks", "replay", "unsigned"),
    ("db", "status"),
    ("db", "status", "--json"),
    ("db", "upgrade"),
    ("db", "grants", "--role", "crm_writer"),
    ("db", "copy", "dev", "user"),
    ("db", "copy", "variable", "dev"),
    ("db", "copy", "dev", f"postgresql://crm:{IN_USER}@127.0.0.1:1/x?password={IN_QUERY}"),
    ("db", "copy", "dev", "sqlite:///copied/{new}.db"),
    ("fmt", "--check"),
    ("fmt", "--diff"),
    ("clone", "part", "{new}"),
    ("freeze", "listed", "{new}-frozen"),
    *(("versions", name, *form) for name in ("one", "several", "listed") for form in ((), ("--json",))),
    *(("versions", name, "--diff", "1", *form) for name in ("one", "several", "listed") for form in ((), ("--json",))),
    *(("blame", name, *form) for name in ("one", "listed") for form in ((), ("--json",))),
    *(("log", name, *form) for name in ("one", "listed") for form in ((), ("--json",))),
    *(("rollback", name, "--to", "1") for name in ("one", "listed")),
    *(("archive", "list", *form) for form in ((), ("--json",))),
    *(("archive", "show", "part", *form) for form in ((), ("--json",))),
    ("archive", "count"),
    ("archive", "recover", "part"),
    *(("where-used", "email", *form) for form in ((), ("--json",), ("--deployed",))),
    *(("graph", "--format", form, "-o", "written/graph.txt") for form in ("mermaid", "dot")),
    ("schema",),
    ("schema", "-o", "written/schema.json"),
    ("docs", "SEG102"),
    ("docs", "nonsense"),
)  # fmt: skip
FORGET = ("forget", "canary-listed", "--auto-approve", "--reason", "CS-1", "-o", "written/certificate.json")
ENVIRONMENTS = ("user", "query", "variable", "facts", "spark", "file")
# those that know `--env`
ELSEWHERE = (
    "plan",
    "apply",
    "refresh",
    "next",
    "verify",
    "list",
    "show",
    "members",
    "player",
    "explain",
    "attrition",
    "cost",
    "history",
    "clone",
    "forget",
    "freeze",
    "log",
    "versions",
    "rollback",
    "where-used",
    "graph",
    "deliver",
    "run",
    "status",
    "publish",
)
GROUPS = ("archive", "audit", "catalog", "db", "webhooks")


def leaks(arguments: tuple[str, ...], text: str) -> list[str]:
    words = "history --player" if arguments[:2] == ("history", "--player") else arguments[0] if arguments else ""
    naming = ASKING.get(words, ())
    personal = [] if arguments[:2] in QUOTING else [one for one in (*PLAYERS, *EMAILS) if one not in naming]
    return [one for one in (*PASSWORDS, *personal) if one.lower() in text.lower()]


def written(root: Path) -> Iterator[tuple[str, str]]:
    """All files that segctl wrote: not the author's, their drafts, nor the warehouse. The state has its own tests."""
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        mine = name.startswith(("segments/", ".segctl/", "demo/")) or name == "segctl.yaml"
        if path.is_file() and not mine and path.suffix not in (".duckdb", ".db"):
            yield name, path.read_text(errors="replace")


@pytest.fixture
def canaries(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    casino = cli.casino
    planted(casino)
    for name, url, secret in (("hooked", HOOK, "  secret: ${HOOK_SECRET}\n"), ("unsigned", f"t?token={HOOK}", "")):
        head = f"kind: Segment\nname: {name}\ntype: dynamic\nrules:\n  vip_level: 4\n"
        casino.write(f"segments/{name}.yaml", f"{head}webhook:\n  url: https://127.0.0.1:1/{url}\n{secret}")
    casino.write("segctl.yaml", SETTINGS)
    casino.write("broken.duckdb", f"not a database: {EMAILS[0]}")
    casino.write("written/broken.json", json.dumps({"format_version": 1, "id": EMAILS[0], "x": HOOK}))
    (casino.root / "reports").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(casino.root / "reports"))
    monkeypatch.setenv("CANARY_URL", f"postgresql://crm:{IN_VARIABLE}@127.0.0.1:1/x?sslpassword={IN_QUERY}")
    monkeypatch.setenv("HOOK_SECRET", HOOK)
    return cli


def driven(cli: Cli, lines: tuple[tuple[str, ...], ...], new: str) -> dict[str, list[str]]:
    """What leaks, by command line."""
    found = {}
    for line in lines:
        arguments = tuple(one.format(new=new) for one in line)
        said = cli(*arguments)
        found[" ".join(arguments)] = leaks(line, said.out + said.err)
    return {line: names for line, names in found.items() if names}


def test_no_verb_is_left_out() -> None:
    driven_ones = {line[: len(words)] for words in COMMANDS for line in (*LINES, FORGET)}

    assert [words for words in COMMANDS if words not in driven_ones] == []


def test_no_verb_prints_or_writes_a_canary(canaries: Cli) -> None:
    found = driven(canaries, LINES, "draft-a")
    edited(canaries.casino)
    found |= driven(canaries, (*LINES, FORGET, FORGET, ("audit", "log", "--json")), "draft-b")

    assert found == {}
    files = dict(written(canaries.casino.root))
    assert {"written/schema.json", "written/junit.xml", "written/certificate.json"} <= files.keys()
    assert {
        name: leaks((), text) for name, text in files.items() if name != "written/broken.json" and leaks((), text)
    } == {}
    state = decoded(canaries.casino)
    # where the address of a webhook is kept, and can be erased
    assert [one for one in PASSWORDS if one in json.dumps(state["private"])] == [HOOK]
    named = {
        name: [one for one in PASSWORDS if one in json.dumps(rows)]
        for name, rows in state.items()
        if name != "private"
    }
    assert {name: what for name, what in named.items() if what} == {}
    assert "canary-listed" not in json.dumps(state)


def test_no_verb_prints_or_writes_a_password_of_a_server_that_is_there(canaries: Cli, postgres: str) -> None:
    canaries.casino.move_to_postgres(postgres.replace("//postgres@", f"//postgres:{IN_USER}@"))

    found = driven(canaries, LINES, "draft-f")
    edited(canaries.casino)
    found |= driven(canaries, (*LINES, FORGET), "draft-g")

    assert found == {}
    files = {
        name: leaks((), text) for name, text in written(canaries.casino.root) if name != "written/broken.json"
    }
    assert {name: what for name, what in files.items() if what} == {}
    with psycopg.connect(postgres) as connection:
        connection.execute("UPDATE segctl.private SET content = 'canary@example.org'")
        connection.execute("UPDATE segctl.player_chunk SET ids = 'canary-known'")
    assert driven(canaries, (*LINES, FORGET), "draft-h") == {}
    reports = [text for name, text in written(canaries.casino.root) if name.startswith("reports/")]
    assert reports
    assert [leaks((), text) for text in reports] == [[]] * len(reports)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_failure_prints_or_writes_a_canary(canaries: Cli, environment: str) -> None:
    canaries.casino.apply()
    lines = [(*line, "--env", environment) for line in (*LINES, FORGET) if _goes_elsewhere(line)]

    found = driven(canaries, tuple(lines), "draft-c")

    assert found == {}
    reports = {
        name: leaks((), text) for name, text in written(canaries.casino.root) if name.startswith("reports/")
    }
    assert {name: what for name, what in reports.items() if what} == {}


def _goes_elsewhere(line: tuple[str, ...]) -> bool:
    """Does it know `--env`?"""
    if not line or (line[0] in GROUPS and not _knows_environments(line[:2])):
        return False
    return line[0] in (*ELSEWHERE, *GROUPS)


def _knows_environments(words: tuple[str, ...]) -> bool:
    return any("--env" in option.opts for option in COMMANDS[words].params)


def test_no_bug_prints_or_writes_a_canary(canaries: Cli) -> None:
    canaries.casino.apply()
    with sqlite3.connect(canaries.casino.state) as state:
        state.execute("UPDATE private SET content = CAST('[\"canary@example.org\", canary-listed' AS BLOB)")
        state.execute("UPDATE player_chunk SET ids = CAST('canary-known' AS BLOB)")
        state.execute("UPDATE membership SET members = CAST('canary-known' AS BLOB), as_of = 'canary-known'")
        state.execute("UPDATE run SET detail = 'canary-known'")

    edited(canaries.casino)
    found = driven(canaries, (*LINES, FORGET), "draft-d")

    assert found == {}
    reports = [text for name, text in written(canaries.casino.root) if name.startswith("reports/")]
    assert reports, "some of these are no mistakes of anybody"
    assert [leaks((), text) for text in reports] == [[]] * len(reports)


BROKEN = {
    "an unknown key beside an address": ("segctl.yaml", SETTINGS + "limitss: 3\n"),
    "an address that is no text": ("segctl.yaml", SETTINGS.replace(f'"postgresql://crm:{IN_USER}', f'["postgresql://crm:{IN_USER}', 1)),
    "a quote that is not closed": ("segctl.yaml", SETTINGS.replace(f'{IN_QUERY}"', IN_QUERY)),
    "an address written twice": ("segctl.yaml", SETTINGS.replace("  file:", f"    state: x?password={IN_QUERY}\n  file:")),
    "a webhook": ("segments/hook.yaml", f"webhook: {{url: 'https://example.org/{HOOK}', secret: {HOOK}}}\n"),
    "a webhook with a user": ("segments/hook.yaml", f"webhook:\n  url: https://crm:{HOOK}@example.org/x\n  titel: x\n"),
    "a webhook as text": ("segments/hook.yaml", f"webhook: https://example.org/x?token={HOOK}\n"),
    "no YAML": ("segments/hook.yaml", f"webhook: {{url: https://example.org/{HOOK}\nexclude: [\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_no_mistake_prints_a_canary(canaries: Cli, what: str) -> None:
    name, text = BROKEN[what]
    head = "" if name == "segctl.yaml" else "kind: Segment\nname: hook\ntype: dynamic\nrules: {country: DE}\n"
    canaries.casino.write(name, head + text)
    forms = (
        ("validate",),
        ("validate", "--json"),
        ("validate", "--format", "github"),
        ("lint",),
        ("plan",),
        ("fmt",),
    )

    found = driven(canaries, (*forms, ("clone", "hook", "{new}"), FORGET, ()), "draft-e")

    assert found == {}
    assert canaries("validate").code == 1
