"""`approvals` and `access` of segctl.yaml: groups of people, who must say yes to what, who may do what."""

from __future__ import annotations

from segctl.model.access import Grant, Right
from segctl.model.policy import NO_POLICIES, Policies, Policy, When
from segctl.spec.moments import read_duration
from segctl.spec.node import Mapping, Node, Scalar, Sequence, text, texts
from segctl.spec.page import Page
from segctl.spec.scalar import flag

_RIGHTS: tuple[Right, ...] = ("plan", "apply")
# the keys of `when` that name things, and the parts of a policy that they become
_NAMES = {
    "kind": "kinds", "action": "actions", "type": "types", "tag": "tags", "purpose": "purposes", "owner": "owners",
    "hazard": "hazards",
}  # fmt: skip


def read_policies(page: Page, node: Node | None) -> Policies:
    """The policies of settings whose shape is checked."""
    if type(node) is not Mapping:
        return NO_POLICIES
    groups, keys, stated = (node.get(key) for key in ("groups", "keys", "policies"))
    names = _groups(groups)
    policies = (
        [_policy(page, one) for one in stated.items if type(one) is Mapping] if type(stated) is Sequence else []
    )
    _named_twice(page, stated)
    people = (
        {name: value.text for name, (_, value) in keys.entries.items() if type(value) is Scalar}
        if type(keys) is Mapping
        else {}
    )
    return Policies(tuple(policies), names, people)


def read_access(node: Node | None) -> tuple[Grant, ...]:
    """Who may plan and apply what, from settings whose shape is checked."""
    return tuple(_grant(one) for one in node.items if type(one) is Mapping) if type(node) is Sequence else ()


def _grant(node: Mapping) -> Grant:
    scope = node.get("scope")
    values = {name: frozenset(texts(scope, name)) for name in scope.entries} if type(scope) is Mapping else {}
    rights: frozenset[Right] = frozenset(right for right in _RIGHTS if right in texts(node, "may"))
    return Grant(texts(node, "who"), rights, values, frozenset(texts(node, "purpose")))


def _groups(node: Node | None) -> dict[str, tuple[str, ...]]:
    return {name: texts(node, name) for name in node.entries} if type(node) is Mapping else {}


def _policy(page: Page, node: Mapping) -> Policy:
    age = node.get("max_age")
    return Policy(
        name=text(node, "name"),
        when=_when(node.get("when")),
        approvals=int(text(node, "approvals", "1")),
        by=texts(node, "from"),
        signed=flag(node.get("signed")),
        max_age=None if age is None else read_duration(page, age),
    )


def _when(node: Node | None) -> When:
    if type(node) is not Mapping:
        return When()
    named = {part: frozenset(texts(node, key)) for key, part in _NAMES.items()}
    sizes = {key: int(text(node, key)) if key in node.entries else None for key in ("moves", "members")}
    return When(**named, **sizes, during=flag(node.get("during")), pii=flag(node.get("pii")))  # type: ignore[arg-type]


def _named_twice(page: Page, node: Node | None) -> None:
    seen: dict[str, Scalar] = {}
    for one in node.items if type(node) is Sequence else ():
        name = one.get("name") if type(one) is Mapping else None
        if type(name) is Scalar and seen.setdefault(name.text, name) is not name:
            page.mistake("SEG107", name, "Two policies have this name.", "Give each a name of its own.")
