from __future__ import annotations

from dataclasses import replace

import pytest
from pyroaring import BitMap
from sqlalchemy.exc import IntegrityError

from segctl.base.digest import canonical_json, digest
from segctl.store import membership
from segctl.store.define import Definition, archive, create, rename, update
from segctl.store.definitions import bodies, body, deployed, id_of, versions
from segctl.store.engine import writing
from segctl.store.membership import Membership


def definition(name, threshold=1, **more):
    return Definition("segment", name, canonical_json({"gte": threshold}), **more)


@pytest.fixture
def connection(engine):
    with writing(engine, lock_timeout_seconds=0) as connection:
        yield connection


def test_what_is_created_is_deployed(connection, origin, now):
    vip = definition(
        "vip", type="dynamic", title="VIP", tags=("a", "é"), owner="crm", uses=("segment.de",), protected=True
    )

    (written,) = create(connection, origin, [vip])

    found = deployed(connection)["segment.vip"]
    assert (written.object_id, written.before, written.after) == (found.object_id, None, vip.digest)
    assert found.digest == digest({"gte": 1})
    assert (found.address, found.status, found.version, found.serial) == ("segment.vip", "active", 1, 1)
    assert (found.type, found.title, found.owner) == ("dynamic", "VIP", "crm")
    assert (found.tags, found.uses, found.protected) == (("a", "é"), ("segment.de",), True)
    assert (found.created_at, found.created_by, found.updated_at, found.updated_by) == (now, "Ann", now, "Ann")
    assert (found.count, found.as_of) == (None, None)
    assert body(connection, "segment.vip") == vip.body


def test_deployed_knows_the_size_of_a_segment(connection, origin, now):
    (written,) = create(connection, origin, [definition("vip")])
    membership.save(connection, [Membership(written.object_id, 1, now, BitMap([1, 5]))])

    found = deployed(connection)["segment.vip"]

    assert (found.count, found.as_of) == (2, now)


def test_an_update_keeps_the_story(connection, origin):
    create(connection, origin, [definition("vip", 1), definition("other")])
    later = replace(origin, serial=2, author="Bob", plan_id="p2")

    (written,) = update(connection, later, [definition("vip", 2)])

    found = deployed(connection)["segment.vip"]
    assert (found.version, found.digest, found.serial) == (2, digest({"gte": 2}), 2)
    assert (found.created_by, found.updated_by) == ("Ann", "Bob")
    assert (written.before, written.after) == (digest({"gte": 1}), digest({"gte": 2}))
    assert [(v.version, v.action, v.author, v.plan_id) for v in versions(connection, "segment.vip")] == [
        (2, "update", "Bob", "p2"),
        (1, "create", "Ann", "p1"),
    ]
    assert body(connection, "segment.vip", 1) == '{"gte":1}'
    assert deployed(connection)["segment.other"].version == 1


def test_names_can_be_swapped(connection, origin):
    one, other = create(connection, origin, [definition("a", 1), definition("b", 2)])

    written = rename(connection, origin, {"segment.a": definition("b", 1), "segment.b": definition("a", 2)})

    assert id_of(connection, "segment.b") == one.object_id
    assert id_of(connection, "segment.a") == other.object_id
    assert [(w.renamed_from, w.address) for w in written] == [
        ("segment.a", "segment.b"),
        ("segment.b", "segment.a"),
    ]
    assert [v.address for v in versions(connection, "segment.b")] == ["segment.b", "segment.a"]


def test_an_archived_object_keeps_name_and_body_and_can_be_recovered(connection, origin):
    create(connection, origin, [definition("vip", 1)])

    (gone,) = archive(connection, origin, ["segment.vip"])

    assert (gone.before, gone.after) == (digest({"gte": 1}), None)
    assert deployed(connection) == {}
    assert deployed(connection, archived=True)["segment.vip"].status == "archived"
    assert body(connection, "segment.vip") == '{"gte":1}'
    assert body(connection, "segment.vip", 2) is None

    (back,) = update(connection, origin, [definition("vip", 3)], action="recover")

    assert (back.before, back.after, back.version) == (None, digest({"gte": 3}), 3)
    assert deployed(connection)["segment.vip"].status == "active"


def test_unknown_objects_are_none_empty_or_an_error(connection, origin):
    assert id_of(connection, "segment.nope") is None
    assert body(connection, "segment.nope") is None
    assert versions(connection, "segment.nope") == []
    for write in (
        lambda: update(connection, origin, [definition("nope")]),
        lambda: rename(connection, origin, {"segment.nope": definition("x")}),
        lambda: archive(connection, origin, ["segment.nope"]),
    ):
        with pytest.raises(LookupError):
            write()


def test_nothing_to_write_writes_nothing(connection, origin):
    assert create(connection, origin, []) == []
    assert update(connection, origin, []) == []
    assert rename(connection, origin, {}) == []
    assert archive(connection, origin, []) == []


def test_an_address_exists_once(connection, origin):
    create(connection, origin, [definition("vip")])

    with pytest.raises(IntegrityError), connection.begin_nested():
        create(connection, origin, [definition("vip")])


def test_a_thousand_objects(connection, origin):
    created = create(connection, origin, [definition(f"s{i}", i) for i in range(1200)])

    found = bodies(connection, [written.object_id for written in created])

    assert len(deployed(connection)) == 1200
    assert [found[written.object_id] for written in created] == [f'{{"gte":{i}}}' for i in range(1200)]
