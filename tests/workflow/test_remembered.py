"""What a cache remembers changes nothing but the time: the same mistakes, segments, places and digests."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segctl.files.cache import FILE, FOLDER, cache_of, read, write
from segctl.model.coded import encoded
from segctl.workflow.declared import declared_digests, declared_objects
from segctl.workflow.kept import kept
from segctl.workflow.load import Loaded, load
from segctl.workflow.remembered import memory_of
from tests.support.casino import CATALOG, Casino, new_casino
from tests.support.random_project import rules, segment

SECRET = b"a secret"
LIST = {"kind": "List", "name": "near", "values": ["DE", "IT"]}
NAMED = {"kind": "Rule", "name": "grown", "rules": {"vip_level": {"gte": 1}}}
IN_LIST = {"all": [{"country": {"in_list": "near"}}, {"rule": "grown"}]}


def remembered(casino: Casino) -> Loaded:
    """The project as a verb opens it (cli/session.py)."""
    cache = cache_of(casino.root, casino.root.parent / "home")
    memory = memory_of(cache)
    loaded = load(casino.root, tests=True, memory=memory)
    if memory.fresh:
        write(cache, kept(memory, loaded.project))
    return loaded


def told(loaded: Loaded, digests: Callable[[Loaded], object]) -> dict[str, object]:
    """All that a project says, places included."""
    project = loaded.project
    return {
        "mistakes": loaded.diagnostics,
        "segments": {name: (one.at, encoded(one)) for name, one in project.segments.items()},
        "beside": (project.catalog, project.rules, project.lists, project.guards, tuple(project.tests)),
        "files": project.digests,
        "digests": digests(loaded),
    }


def as_remembered(loaded: Loaded) -> dict[str, object]:
    return told(loaded, lambda one: declared_digests(one.project, SECRET))


def as_read(casino: Casino) -> dict[str, object]:
    def digests(loaded: Loaded) -> object:
        return {address: one.digest for address, one in declared_objects(loaded.project, SECRET).items()}

    return told(load(casino.root, tests=True), digests)


def recalled(loaded: Loaded) -> set[str]:
    return {address.removeprefix("segment.") for address in loaded.project.recalled}


def _cut(casino: Casino, name: str, rng: Random) -> None:
    path = casino.root / f"segments/{name}.yaml"
    if path.exists():
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: rng.randrange(len(text) + 1)], encoding="utf-8")


def _named(casino: Casino, rng: Random) -> None:
    documents = [LIST, NAMED][: rng.randint(0, 2)]
    casino.write("segments/named.yaml", yaml.safe_dump_all(documents) if documents else "")


def _twice(casino: Casino, name: str, rng: Random) -> None:
    document = {"kind": "Segment", "name": name, "type": "dynamic", "rules": rules(rng, [])}
    casino.write(f"segments/copy-{rng.choice('az')}.yaml", yaml.safe_dump(document))


def _catalog(casino: Casino, rng: Random) -> None:
    casino.write("segments/catalog.yaml", CATALOG.replace("vip_level", rng.choice(("vip_level", "level"))))


def _tested(casino: Casino, name: str, rng: Random) -> None:
    """A segment test; what it says of members, rows and orders may or may not go with its segment."""
    at = "2025-03-01T12:00:00Z"
    expect = rng.choice(({"in": ["ann"]}, {"out": ["ann"]}, {"only": ["ann"]}, {"in": ["ann"], "order": ["ann"]}))
    document = {
        "kind": "SegmentTest",
        "segment": rng.choice((name, "nobody")),
        "players": {"ann": {"country": "DE"}},
        "steps": [{"at": at, "expect": expect}],
        **rng.choice(
            ({}, {"members": {"s2": ["ann"]}}, {"rows": ["ann"]}, {"members": {"s1": [], "s4": ["ann"]}})
        ),
    }
    casino.write(f"segments/{name}.test.yaml", yaml.safe_dump(document, sort_keys=False))


# edits of one file, as authors make them, slips among them
EDITS: dict[str, Callable[[Casino, str, Random], object]] = {
    "segment": lambda casino, name, rng: casino.segment(name, **segment(rng, ["s0", "s1"])),
    "rules": lambda casino, name, rng: casino.segment(name, rules(rng, ["s2"]), purpose="analysis"),
    "list": lambda casino, name, _: casino.segment(name, IN_LIST),
    "named": lambda casino, _, rng: _named(casino, rng),
    "remove": lambda casino, name, _: (casino.root / f"segments/{name}.yaml").unlink(missing_ok=True),
    "twice": _twice,
    "tested": _tested,
    "renamed": lambda casino, name, rng: casino.segment(name, rules(rng, []), renamed_from="former"),
    "catalog": lambda casino, _, rng: _catalog(casino, rng),
    "cut": _cut,
    "nothing": lambda *_: None,
}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 2**32)), max_size=12))
def test_whatever_is_edited_the_cache_says_what_the_files_say(edits: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        casino = Casino(Path(folder) / "casino")
        casino.write("segctl.yaml", SETTINGS)
        casino.write("segments/catalog.yaml", CATALOG)
        for number in range(5):
            casino.segment(f"s{number}", rules(random.Random(number), []))
        for kind, seed in edits:
            rng = Random(seed)
            EDITS[kind](casino, f"s{rng.randrange(5)}", rng)

            assert as_remembered(remembered(casino)) == as_read(casino)
        assert as_remembered(remembered(casino)) == as_read(casino)


SETTINGS = """name: casino
timezone: UTC
environments: {dev: {warehouse: "duckdb:///w.duckdb", state: "sqlite:///state.db"}}
guards: {marketing: {vip_level: {gte: 0}}}
"""


def few(tmp_path: Path) -> Casino:
    casino = new_casino(tmp_path)
    casino.segment("vip", {"vip_level": {"gte": 4}})
    casino.segment("german", {"country": "DE"})
    return casino


def test_a_file_that_did_not_change_is_recalled(tmp_path: Path) -> None:
    casino = few(tmp_path)
    first = remembered(casino)
    casino.segment("german", {"country": ["DE", "AT"]})

    assert recalled(first) == set()
    assert recalled(remembered(casino)) == {"vip"}
    assert recalled(remembered(casino)) == {"vip", "german"}


def test_a_file_may_move(tmp_path: Path) -> None:
    casino = few(tmp_path)
    remembered(casino)
    (casino.root / "segments/desk").mkdir()
    (casino.root / "segments/vip.yaml").rename(casino.root / "segments/desk/vip.yaml")
    loaded = remembered(casino)

    assert recalled(loaded) == {"vip", "german"}
    assert str(loaded.project.segments["vip"].at) == "segments/desk/vip.yaml:2:7"


def test_another_catalog_or_version_remembers_nothing(tmp_path: Path) -> None:
    casino = few(tmp_path)
    remembered(casino)
    catalog = casino.root / "segments/catalog.yaml"
    catalog.write_text(catalog.read_text() + "# looked at\n")

    assert recalled(remembered(casino)) == set()
    assert recalled(remembered(casino)) == {"vip", "german"}


def test_what_a_branch_had_is_there_when_one_comes_back_to_it(tmp_path: Path) -> None:
    casino = few(tmp_path)
    remembered(casino)
    casino.segment("vip", {"vip_level": {"gte": 5}})
    remembered(casino)
    casino.segment("vip", {"vip_level": {"gte": 4}})

    assert recalled(remembered(casino)) == {"vip", "german"}


def test_the_cache_does_not_grow_with_the_edits(tmp_path: Path) -> None:
    casino = few(tmp_path)
    for level in range(30):
        casino.segment("vip", {"vip_level": {"gte": level}})
        remembered(casino)

    assert len(read(cache_of(casino.root, casino.root.parent / "home"))) <= 4


@pytest.mark.parametrize(
    "keys",
    [
        {"rules": {"email": {"contains": "SECRET-9"}}},
        {"type": "players", "players": ["SECRET-9", "p1"]},
        {"rules": {"vip_level": 1}, "include": [{"players": ["SECRET-9"], "reason": "host"}]},
        {"type": "sql", "query": "SELECT player_id FROM players WHERE player_id = 'SECRET-9'"},
        {"rules": {"vip_level": 1}, "webhook": {"url": "https://example.com/SECRET-9"}},
    ],
)
def test_nothing_personal_and_no_id_is_kept(tmp_path: Path, keys: dict[str, Any]) -> None:
    casino = few(tmp_path)
    casino.segment("private", **keys)
    loaded = remembered(casino)
    again = remembered(casino)

    assert not loaded.failed
    assert recalled(again) == {"vip", "german"}
    assert b"SECRET-9" not in (casino.root / FOLDER / FILE).read_bytes()
    assert as_remembered(again) == as_read(casino)


def test_a_test_that_did_not_change_is_recalled_without_its_players(tmp_path: Path) -> None:
    casino = few(tmp_path)
    document = {"country": "DE", "email": "SECRET-9@example.com"}
    text = {"kind": "SegmentTest", "segment": "german", "players": {"SECRET-9": document}}
    text |= {"steps": [{"at": "2025-03-01T12:00:00Z", "expect": {"in": ["SECRET-9"]}}]}
    casino.write("segments/german.test.yaml", yaml.safe_dump(text, sort_keys=False))
    remembered(casino)
    again = remembered(casino)

    assert len(read(cache_of(casino.root, casino.root.parent / "home"))) == 3
    assert b"SECRET-9" not in (casino.root / FOLDER / FILE).read_bytes()
    assert [test.players["SECRET-9"].attributes["country"] for test in again.project.tests] == ["DE"]
    assert as_remembered(again) == as_read(casino)


def test_a_mistake_is_told_each_time(tmp_path: Path) -> None:
    casino = few(tmp_path)
    casino.segment("wrong", {"vip_levle": 1})
    casino.segment("circle", {"in_segment": "circle"})
    codes = [[one.code for one in remembered(casino).diagnostics] for _ in range(3)]

    assert codes == [["SEG403", "SEG106", "SEG101"]] * 3
