"""The audit log as evidence, as people use it: checkpoints, anchors in files and in git, proofs, exports."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.support.console import SEGCTL, environment

ROWS = 6  # of the casino's log: a catalog, four segments, and the run


def tampered(cli: Cli, *statements: str) -> None:
    """Does to the state what its owner can."""
    with sqlite3.connect(cli.casino.state) as state:
        for (name,) in state.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            state.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            state.execute(statement)
    state.close()


CUT = (
    f"DELETE FROM audit WHERE seq = {ROWS}",
    f"UPDATE state SET audit_seq = {ROWS - 1}, audit_hash = (SELECT hash FROM audit WHERE seq = {ROWS - 1})",
)


def git(cli: Cli, *arguments: str) -> str:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    command = ["git", *who, *arguments]
    return subprocess.run(command, cwd=cli.casino.root, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def kept(deployed: Cli) -> Cli:
    """A casino with a checkpoint of its log in git."""
    assert deployed("audit", "checkpoint", "-o", "audit/dev/").code == 0
    git(deployed, "init", "--quiet", "--initial-branch", "main")
    git(deployed, "add", "audit")
    git(deployed, "commit", "--quiet", "-m", "Checkpoint")
    return deployed


def test_a_checkpoint_names_the_state_its_size_and_its_root(deployed: Cli) -> None:
    first = deployed("audit", "checkpoint").out.splitlines()
    told = json.loads(deployed("audit", "checkpoint", "--json").out)

    assert first[0].startswith("segctl/")
    assert (first[1], len(first)) == (str(ROWS), 3)
    assert (told["origin"], told["size"], told["root"], told["signed"]) == (first[0], ROWS, first[2], False)
    assert told["checkpoint"].splitlines() == first


def test_the_log_of_a_state_keeps_its_name(deployed: Cli) -> None:
    before = deployed("audit", "checkpoint").out.splitlines()
    deployed.casino.remove("british")
    deployed.casino.apply()
    after = deployed("audit", "checkpoint").out.splitlines()

    assert before[0] == after[0]
    assert (int(before[1]), int(after[1])) == (ROWS, ROWS + 2)


def test_intact_is_not_anchored(deployed: Cli) -> None:
    said = deployed("audit", "verify")

    assert said.code == 0
    assert "The log is intact, not anchored" in said.out
    assert "segctl audit checkpoint -o audit/dev/" in said.out
    assert deployed("audit", "verify", "--require-anchor").code == 4


def test_an_anchor_that_agrees_is_told(kept: Cli) -> None:
    file = f"audit/dev/{ROWS:09d}.checkpoint"

    for option in (("--anchor", file), ("--from-git", "main"), ("--from-git", "HEAD", "--anchor", file)):
        said = kept("audit", "verify", "--require-anchor", *option)

        assert said.code == 0
        assert f"intact and anchored: 1 checkpoint agrees, up to row {ROWS}." in " ".join(said.out.split())


def test_rows_after_the_anchor_are_told(kept: Cli) -> None:
    kept.casino.remove("british")
    kept.casino.apply()

    said = kept("audit", "verify", "--from-git", "main")
    told = json.loads(kept("audit", "verify", "--from-git", "main", "--json").out)

    assert f"up to row {ROWS}; 2 rows after that not yet." in " ".join(said.out.split())
    assert (told["rows"], told["anchored_rows"], told["intact"]) == (ROWS + 2, ROWS, True)


def test_an_anchor_comes_through_stdin(deployed: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    text = deployed("audit", "checkpoint").out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    assert deployed("audit", "verify", "--require-anchor", "--anchor", "-").code == 0


def test_a_tail_that_was_cut_off_is_found_by_its_anchor(kept: Cli) -> None:
    tampered(kept, *CUT)

    alone, held = kept("audit", "verify"), kept("audit", "verify", "--from-git", "main")

    assert alone.code == 0
    assert held.code == 1
    assert f"rows 1 to {ROWS}, cut: the log has {ROWS - 1} rows" in held.out
    assert f"{git(kept, 'rev-parse', 'main')[:12]}:audit/dev/{ROWS:09d}.checkpoint" in held.out


def test_no_checkpoint_and_no_proof_is_made_of_a_log_that_is_not_intact(kept: Cli) -> None:
    tampered(kept, "UPDATE audit SET actor = '{}' WHERE seq = 3")

    for arguments in (("checkpoint",), ("prove", "2")):
        said = kept("audit", *arguments)

        assert said.code == 1
        assert "segctl audit verify" in said.err


def test_no_checkpoint_is_made_that_contradicts_the_one_in_its_place(kept: Cli) -> None:
    tampered(kept, *CUT)

    for target in ("audit/dev/", f"audit/dev/{ROWS:09d}.checkpoint"):
        said = kept("audit", "checkpoint", "-o", target)

        assert said.code == 1
        assert "the tail was cut off" in " ".join(said.err.split())


def test_a_tamperer_who_makes_a_new_state_is_found_by_its_name(kept: Cli) -> None:
    kept.casino.state.unlink()
    kept.casino.apply()

    said = kept("audit", "verify", "--from-git", "main")

    assert said.code == 1
    assert "the log, origin: the anchor" in said.out


def test_checkpoints_are_signed_and_the_signature_is_asked_for(deployed: Cli) -> None:
    deployed("audit", "keygen", "keys/audit.key")
    deployed("audit", "keygen", "keys/other.key")
    made = deployed(
        "audit", "checkpoint", "--key", "keys/audit.key", "--origin", "example.com/casino", "-o", "one.checkpoint"
    )
    verify = ("audit", "verify", "--anchor", "one.checkpoint", "--require-anchor", "--public-key")
    right, other = deployed(*verify, "keys/audit.key.pub"), deployed(*verify, "keys/other.key.pub")

    assert made.err == ""
    assert (
        (deployed.casino.root / "one.checkpoint")
        .read_text()
        .splitlines()[-1]
        .startswith("\u2014 example.com/casino ")
    )
    assert (right.code, other.code) == (0, 1)
    assert "1 checkpoint agrees, signed by the key that was given" in " ".join(right.out.split())
    assert "is not signed by the key that was given" in " ".join(other.out.split())


def test_a_checkpoint_without_a_signature_does_not_count_where_a_key_is_asked_for(kept: Cli) -> None:
    kept("audit", "keygen", "audit.key")

    assert kept("audit", "verify", "--from-git", "main", "--public-key", "audit.key.pub").code == 1


def test_a_key_is_for_its_owner_alone_and_never_overwritten(deployed: Cli) -> None:
    deployed("audit", "keygen", "audit.key")
    key = deployed.casino.root / "audit.key"
    before = key.read_bytes()
    again = deployed("audit", "keygen", "audit.key")

    assert key.stat().st_mode & 0o777 == 0o600
    assert (again.code, key.read_bytes()) == (1, before)
    key.chmod(0o644)
    said = deployed("audit", "checkpoint", "--key", "audit.key")
    assert said.code == 0
    assert "chmod 600 audit.key" in said.err


def test_what_cannot_be_an_anchor_a_key_or_a_name_is_refused(deployed: Cli) -> None:
    deployed.casino.write("none.txt", "nothing\n")
    for arguments in (
        ("verify", "--anchor", "none.txt"),
        ("verify", "--anchor", "missing.txt"),
        ("verify", "--anchor", "-", "--anchor", "-"),
        ("verify", "--public-key", "none.txt", "--anchor", "none.txt"),
        ("verify", "--file", "missing.jsonl"),
        ("verify", "--file", "none.txt"),
        ("verify", "--file", "none.txt", "--from-git", "HEAD"),
        ("checkpoint", "--key", "none.txt"),
        ("checkpoint", "--origin", "a b"),
        ("checkpoint", "--origin", "segctl/other"),
        ("prove", "0"),
        ("prove", str(ROWS + 1)),
        ("prove", "x"),
        ("prove", "1", "--anchor", "none.txt", "--origin", "a"),
        ("check-proof", "none.txt"),
        ("check-proof", "missing.json"),
        ("export", "--since", "0"),
    ):
        said = deployed("audit", *arguments)

        assert (said.code, said.out) == (1, ""), arguments
        assert said.err.strip(), arguments
        assert "bug" not in said.err, arguments


def test_refs_reach_git_as_refs_alone(kept: Cli, tmp_path: Path) -> None:
    target = tmp_path / "written"
    for ref in (f"--output={target}", "--exec=x", "-h", "nowhere", "", "main:audit", "HEAD^{tree}"):
        said = kept("audit", "verify", f"--from-git={ref}")

        assert said.code == 1, ref
        assert "git knows no commit" in said.err, ref
    assert not target.exists()


def test_what_is_committed_is_read_and_not_what_lies_there(kept: Cli) -> None:
    (kept.casino.root / f"audit/dev/{ROWS:09d}.checkpoint").write_text("spoiled\n")

    assert kept("audit", "verify", "--from-git", "main", "--require-anchor").code == 0


def test_links_and_other_environments_are_not_read_from_git(kept: Cli) -> None:
    folder = kept.casino.root / "audit/dev"
    (folder / "link.checkpoint").symlink_to("/etc/passwd")
    kept.casino.write("audit/other/1.checkpoint", "not one of ours\n")
    kept.casino.write("audit/dev/README", "not a checkpoint\n")
    git(kept, "add", "audit")
    git(kept, "commit", "--quiet", "-m", "More")

    told = json.loads(kept("audit", "verify", "--from-git", "main", "--json").out)

    assert [one["name"].partition(":")[2] for one in told["anchors"]] == [f"audit/dev/{ROWS:09d}.checkpoint"]


def test_a_ref_without_checkpoints_anchors_nothing(deployed: Cli) -> None:
    git(deployed, "init", "--quiet", "--initial-branch", "main")
    git(deployed, "add", "segctl.yaml")
    git(deployed, "commit", "--quiet", "-m", "First")

    assert deployed("audit", "verify", "--from-git", "main").code == 0
    assert deployed("audit", "verify", "--from-git", "main", "--require-anchor").code == 4
    assert deployed("audit", "verify", "--from-git", "main", "--anchor", "missing").code == 1


def test_a_checkpoint_of_an_empty_log_anchors_nothing(cli: Cli) -> None:
    cli("audit", "checkpoint", "-o", "empty.checkpoint")

    assert (cli.casino.root / "empty.checkpoint").read_text().splitlines()[1] == "0"
    assert cli("audit", "verify", "--anchor", "empty.checkpoint").code == 0
    assert cli("audit", "verify", "--anchor", "empty.checkpoint", "--require-anchor").code == 4


def test_a_proof_is_checked_without_database_and_project(kept: Cli, tmp_path: Path) -> None:
    kept("audit", "keygen", "audit.key")
    made = kept("audit", "prove", "3", "--key", "audit.key", "-o", str(tmp_path / "row.json"))
    (tmp_path / "kept").write_bytes((kept.casino.root / f"audit/dev/{ROWS:09d}.checkpoint").read_bytes())
    (tmp_path / "pub").write_bytes((kept.casino.root / "audit.key.pub").read_bytes())

    def check(*options: str) -> subprocess.CompletedProcess[str]:
        command = [str(SEGCTL), "audit", "check-proof", "row.json", *options]
        return subprocess.run(
            command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False
        )

    assert made.code == 0
    assert "Proven, not anchored" in check().stdout
    assert "its checkpoint agrees with kept" in check("--anchor", "kept").stdout
    assert "its checkpoint is signed by the key that was given." in check("--public-key", "pub").stdout
    told = json.loads(check("--anchor", "kept", "--json").stdout)
    assert (told["holds"], told["anchored"], told["row"]["seq"]) == (True, True, 3)
    assert {path.name for path in tmp_path.iterdir()} >= {"row.json", "kept", "pub"}
    assert not (tmp_path / ".segctl").exists()


def test_a_proof_that_was_touched_proves_nothing(kept: Cli) -> None:
    text = kept("audit", "prove", "3").out
    proof = json.loads(text)
    proof["row"]["actor"] = proof["row"]["actor"].replace("Ann", "Eve")
    kept.casino.write("row.json", json.dumps(proof))

    said = kept("audit", "check-proof", "row.json")

    assert said.code == 1
    assert "Nothing is proven." in said.out


def test_a_proof_of_another_log_does_not_agree_with_the_anchor(kept: Cli) -> None:
    anchor = f"audit/dev/{ROWS:09d}.checkpoint"
    kept.casino.state.unlink()
    kept.casino.apply()
    kept("audit", "prove", "3", "-o", "row.json")

    said = kept("audit", "check-proof", "row.json", "--anchor", anchor)

    assert said.code == 1
    assert "is not that of" in said.out


def test_a_row_is_proven_at_a_checkpoint_that_was_kept(kept: Cli) -> None:
    anchor = f"audit/dev/{ROWS:09d}.checkpoint"
    kept.casino.remove("british")
    kept.casino.apply()
    kept("audit", "prove", "3", "-o", "now.json")
    kept("audit", "prove", "3", "--anchor", anchor, "-o", "then.json")

    now, then = (kept("audit", "check-proof", file, "--anchor", anchor) for file in ("now.json", "then.json"))

    assert then.code == 0
    assert now.code == 1
    assert f"segctl audit prove 3 --anchor {anchor}" in now.err
    assert kept("audit", "prove", str(ROWS + 1), "--anchor", anchor).code == 1


def test_an_export_is_checked_again(kept: Cli) -> None:
    anchor = f"audit/dev/{ROWS:09d}.checkpoint"
    kept("audit", "export", "-o", "log.jsonl")
    lines = (kept.casino.root / "log.jsonl").read_text().splitlines(keepends=True)

    assert kept("audit", "export").out == "".join(lines)
    assert kept("audit", "verify", "--file", "log.jsonl", "--anchor", anchor, "--require-anchor").code == 0
    for spoiled, row in (
        (lines[:2] + lines[3:], 3),
        (lines[:-1], ROWS),
        ([*lines[:2], lines[2].replace("create", "update"), *lines[3:]], 3),
    ):
        kept.casino.write("spoiled.jsonl", "".join(spoiled))
        said = json.loads(kept("audit", "verify", "--file", "spoiled.jsonl", "--anchor", anchor, "--json").out)

        assert row in {seq for one in said["findings"] if one["seq"] for seq in range(one["seq"], one["last"] + 1)}


def test_the_end_of_the_log_is_exported_and_checked_by_itself(deployed: Cli) -> None:
    text = deployed("audit", "export", "--since", "4").out
    deployed.casino.write("end.jsonl", text)
    deployed("audit", "checkpoint", "-o", "one.checkpoint")

    assert [json.loads(line)["seq"] for line in text.splitlines()] == [4, 5, 6]
    assert deployed("audit", "verify", "--file", "end.jsonl").code == 0
    said = deployed("audit", "verify", "--file", "end.jsonl", "--anchor", "one.checkpoint")
    assert (said.code, "starts with row 4" in said.err) == (1, True)


def test_a_spoiled_log_is_exported_as_it_is(deployed: Cli) -> None:
    tampered(deployed, "UPDATE audit SET actor = x'ff', detail = 9e999 WHERE seq = 3")

    lines = [json.loads(line) for line in deployed("audit", "export").out.splitlines()]

    assert (lines[2]["actor"], lines[2]["detail"]) == ("b'\\xff'", "Inf")
