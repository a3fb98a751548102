"""A plan as JSON and back, sealed by its digest."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from segctl.base.commit import Commit
from segctl.base.digest import digest
from segctl.base.errors import Refused
from segctl.plan.document import (
    FORMAT_VERSION,
    Base,
    Change,
    FieldAbout,
    Hazard,
    Impact,
    Need,
    Outside,
    Plan,
    RuleChange,
    Secondary,
)


def sealed(plan: Plan) -> Plan:
    """The plan with its id and its intent digest."""
    intended = dataclasses.replace(plan, intent=_intent(plan), id="")
    return dataclasses.replace(intended, id=_id(as_json(intended)))


def _intent(plan: Plan) -> str:
    """What people approve: it survives a new `as_of` and an unrelated change."""
    intended = {
        "changes": [
            [change.address, change.actions, change.base and change.base.digest, change.digest]
            for change in plan.changes
        ],
        "depends": dict(plan.depends),
        "environment": plan.environment,
    }
    return digest({**intended, "allow": list(plan.allow)} if plan.allow else intended)


def _id(document: Mapping[str, Any]) -> str:
    return digest({key: value for key, value in document.items() if key != "id"})


def as_json(plan: Plan) -> dict[str, Any]:
    """The document as it is saved (schemas/plan.v1.json)."""
    return {"format_version": FORMAT_VERSION, **_plain(plan)}


def _plain(value: Any) -> Any:
    """Dataclasses as mappings, tuples as lists, and no key without a value."""
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    parts = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    return {name: _plain(part) for name, part in parts if part is not None}


def as_text(plan: Plan) -> str:
    """The file's content: indented, keys in the order of the document, one newline at the end."""
    return json.dumps(as_json(plan), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_plan(text: str, name: str) -> Plan:
    """The plan in a saved file. Raises: Refused, for anything that is not a plan as segctl sealed it."""
    again = "Plan again: segctl plan -o FILE"
    try:
        document = json.loads(text)
        version = document["format_version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused(f"{name} is not a segctl plan.", again) from error
    if version != FORMAT_VERSION:
        raise Refused(
            f"{name} has plan format {version}, and this segctl reads format {FORMAT_VERSION}.",
            "Apply it with the segctl that made it, or plan again.",
        )
    if not _is_sealed(document):
        raise Refused(f"{name} was edited after segctl made it: its content does not match its seal.", again)
    try:
        return _plan(document)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(f"{name} is not a segctl plan.", again) from error


def _is_sealed(document: Mapping[str, Any]) -> bool:
    try:
        return bool(document.get("id") == _id(document))
    except (ValueError, RecursionError):  # a lone surrogate, a NaN: segctl seals no such thing
        return False


def _plan(document: Mapping[str, Any]) -> Plan:
    rest = {key: value for key, value in document.items() if key != "format_version"}
    commit = rest.get("commit")
    return Plan(
        **{
            **rest,
            "changes": tuple(_change(change) for change in rest["changes"]),
            "secondary": tuple(_secondary(one) for one in rest.get("secondary", ())),
            "hazards": tuple(
                Hazard(**{**one, "others": tuple(one.get("others", ()))}) for one in rest.get("hazards", ())
            ),
            "allow": tuple(rest.get("allow", ())),
            "needs": tuple(
                Need(**{**one, "by": tuple(one["by"]), "addresses": tuple(one["addresses"])})
                for one in rest.get("needs", ())
            ),
            "authors": tuple(rest.get("authors", ())),
            "fields": {name: FieldAbout(**about) for name, about in rest.get("fields", {}).items()},
            "commit": commit and Commit(**commit),
        }
    )


def _change(document: Mapping[str, Any]) -> Change:
    base, impact, outside = (document.get(key) for key in ("base", "impact", "outside"))
    return Change(
        **{
            **document,
            "actions": tuple(document["actions"]),
            "keys": tuple(document.get("keys", ())),
            "base": base and Base(**base),
            "impact": impact and Impact(**impact),
            "outside": outside and Outside(**outside),
            "rules": tuple(
                RuleChange(**{"before": None, "after": None, **line}) for line in document.get("rules", ())
            ),
        }
    )


def _secondary(document: Mapping[str, Any]) -> Secondary:
    return Secondary(document["address"], tuple(document["because"]), Impact(**document["impact"]))
