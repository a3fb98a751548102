"""Since when each part of a definition has stood in it."""

from typing import Any

from segctl.plan.origins import origins, parts_of

DE, VIP, OLD = {"country": {"eq": "DE"}}, {"vip_level": {"gte": 3}}, {"vip_level": {"gte": 2}}


def segment(*rules: Any, **keys: Any) -> dict[str, Any]:
    return {"kind": "Segment", "type": "dynamic", **keys, "rules": {"all": list(rules)}}


def told(*versions: Any) -> list[tuple[Any, int]]:
    return [(part.value, place) for part, place in origins(versions)]


def test_a_part_is_of_the_version_that_brought_it() -> None:
    assert told(segment(DE), segment(DE, VIP)) == [("dynamic", 0), ({"all": []}, 0), (DE, 0), (VIP, 1)]


def test_an_edited_threshold_is_a_new_condition() -> None:
    assert told(segment(DE, OLD), segment(DE, VIP))[-1] == (VIP, 1)


def test_what_came_back_is_of_the_version_that_brought_it_back() -> None:
    assert told(segment(DE, VIP), segment(DE), segment(VIP, DE))[2:] == [(VIP, 2), (DE, 0)]


def test_the_order_of_conditions_means_nothing() -> None:
    assert told(segment(DE, VIP), segment(VIP, DE))[2:] == [(VIP, 0), (DE, 0)]


def test_who_moves_a_condition_into_another_group_brings_it() -> None:
    moved = segment(DE, {"any": [VIP, OLD]})

    assert told(segment(DE, VIP), moved)[2:] == [(DE, 0), ({"any": []}, 1), (VIP, 1), (OLD, 1)]


def test_one_more_of_the_same_is_new() -> None:
    assert told(segment(DE), segment(DE, DE))[2:] == [(DE, 0), (DE, 1)]


def test_an_archive_brings_nothing_and_recovering_neither() -> None:
    assert told(segment(DE), None, segment(DE, VIP)) == [("dynamic", 0), ({"all": []}, 0), (DE, 0), (VIP, 2)]
    assert told(segment(DE), None)[-1] == (DE, 0)
    assert told() == []


def test_every_part_is_told_once() -> None:
    one = segment(DE, {"none": [VIP]}, title="x")

    assert [(part.key, part.depth) for part in parts_of(one)] == [
        ("type", 0), ("title", 0), ("rules", 0), ("rules", 1), ("rules", 1), ("rules", 2),
    ]  # fmt: skip
