"""A plan's document from what was found and evaluated; git is asked who made the changes, where that matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from segctl.base.commit import Commit
from segctl.base.digest import canonical_json
from segctl.base.span import Span
from segctl.files.authors import authors_of
from segctl.files.project import SEGMENTS, SETTINGS
from segctl.model.canonical_rule import rule_document
from segctl.model.catalog import Catalog
from segctl.model.rule import Group, Rule
from segctl.plan.abouts import used_abouts
from segctl.plan.compare import Step
from segctl.plan.document import Change, FieldAbout, Impact, Outside, Plan, Secondary
from segctl.plan.hazards import Around, hazards, judged
from segctl.plan.policy import needs
from segctl.plan.private import redacted
from segctl.plan.rulediff import rule_changes
from segctl.plan.seal import sealed
from segctl.store.instant import as_text
from segctl.version import VERSION
from segctl.workflow.context import Context
from segctl.workflow.declared import DeclaredObject
from segctl.workflow.difference import Difference
from segctl.workflow.effects import Effect, changed_keys
from segctl.workflow.load import Loaded
from segctl.workflow.stage import Stage
from segctl.workflow.worlds import Definition, address_of


def plan_document(
    context: Context,
    loaded: Loaded,
    found: Difference,
    staged: Stage,
    steps: Sequence[Step],
    effects: Mapping[str, Effect],
    around: Around,
    outside: Mapping[str, Outside],
    commit: Commit | None,
    against: str | None,
) -> Plan:
    """The sealed plan."""
    changes = tuple(
        replace(_change(step, found, effects, staged), outside=outside.get(step.address)) for step in steps
    )
    own = {change.name for change in changes if change.kind == "segment"}
    secondary = tuple(_secondary(effects.keys() - own, effects, found, staged))
    made = Plan(
        environment=context.environment,
        lineage=found.head.lineage,
        serial=found.head.serial,
        as_of=as_text(context.now),
        segctl=VERSION,
        currency=staged.new.catalog.currency,
        changes=changes,
        secondary=secondary,
        hazards=judged(hazards(changes, secondary, around, context.limits), context.allow, context.allowed),
        allow=context.allow,
        inputs=loaded.project.digests,
        depends=_depends(found, staged, steps),
        fields=_fields(staged, changes),
        declared=len(loaded.project.segments),
        commit=commit,
        against=against,
    )
    asked = needs(made, context.policies)
    authors = authors_of(loaded.root, map(_written_in, changes), against) if asked else ()
    return sealed(replace(made, needs=asked, authors=tuple(sorted(authors))))


def _written_in(change: Change) -> str:
    """The file that says so; of what is gone, the folder that it was in."""
    return change.file or (SETTINGS if change.kind == "guard" else SEGMENTS)


def _change(step: Step, found: Difference, effects: Mapping[str, Effect], staged: Stage) -> Change:
    declared = found.declared.get(step.address)
    deployed = found.deployed.get(step.was or step.address)
    before = found.definitions.get(step.was or step.address)
    after = declared.definition if declared else None
    segment = declared.segment if declared else None
    name = step.address.partition(".")[2]
    effect = effects.get(name) if step.address.startswith("segment.") else None
    keys = changed_keys(before, after) if before is not None and after is not None else ()
    place = _place(declared)
    return Change(
        address=step.address,
        actions=step.actions,
        type=declared.type if declared else (deployed.type if deployed else ""),
        purpose=segment.purpose if segment else "",
        keys=keys,
        before=before,
        after=after,
        base=step.base,
        digest=declared.digest if declared else None,
        file=place.file if place else None,
        line=place.line if place else None,
        renamed_from=step.was.partition(".")[2] if step.was else None,
        rules=_rules(before, after, _rule_of(declared), staged.new.catalog),
        impact=_impact(effect, notified=_notified(step.address, found)) if effect else None,
        unknown_players=effect.unknown if effect else 0,
    )


def _rule_of(declared: DeclaredObject | None) -> Rule | None:
    """The rule that an object of the files states."""
    if declared is None:
        return None
    return declared.segment.rules if declared.segment else declared.rule


def _place(declared: DeclaredObject | None) -> Span | None:
    """Where an object of the files stands: a segment by its name, a named rule and a guard by what they state."""
    if declared is not None and declared.segment is not None:
        return declared.segment.at
    rule = _rule_of(declared)
    return None if rule is None else rule.at


def _rules(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, rule: Rule | None, catalog: Catalog
) -> Any:
    """The rule diff of a segment that was and stays."""
    if before is None or after is None:
        return ()
    return rule_changes(before.get("rules"), after.get("rules"), _lines(rule, _personal(catalog)))


def _lines(rule: Rule | None, personal: frozenset[str]) -> Callable[[Mapping[str, Any]], int | None]:
    """Where each part of a new rule stands in its file, by its redacted document."""
    lines: dict[str, int] = {}
    for part in _parts(rule) if rule is not None else ():
        if part.at is not None:
            lines[_shown(rule_document(part), personal)] = part.at.line
    return lambda document: lines.get(canonical_json(document))


def _shown(document: Mapping[str, Any], personal: frozenset[str]) -> str:
    # the secret is only needed where something is personal, and then the mark differs: no line is shown
    return canonical_json(redacted({"rules": document}, personal, b"")[0]["rules"])


def _parts(rule: Rule) -> Iterator[Rule]:
    yield rule
    if isinstance(rule, Group):
        for part in rule.rules:
            yield from _parts(part)


def _personal(catalog: Catalog) -> frozenset[str]:
    return frozenset(name for name, attribute in catalog.attributes.items() if attribute.pii)


def _secondary(
    names: Iterable[str], effects: Mapping[str, Effect], found: Difference, staged: Stage
) -> Iterator[Secondary]:
    for name in sorted(names):
        one = staged.new.segments[name]
        impact = _impact(effects[name], notified=_notified(f"segment.{name}", found))
        if impact.joining or impact.leaving:
            yield Secondary(f"segment.{name}", tuple(_because(one, staged)), impact)


def _impact(effect: Effect, *, notified: bool) -> Impact:
    impact = effect.impact
    return replace(impact, messages=impact.joining + impact.leaving) if notified else impact


def _notified(address: str, found: Difference) -> bool:
    """Does a webhook hear of it? Of a segment that ends, the one it had."""
    declared = found.declared.get(address)
    if declared is not None and declared.segment is not None:
        return declared.segment.webhook is not None
    return address in found.deployed and found.deployed[address].notify


def _because(one: Definition, staged: Stage) -> list[str]:
    because = sorted(address_of(used) for used in one.uses() & staged.names)
    because += sorted(one.mentions & staged.addresses)
    if one.reads & staged.fields:
        because.append(f"catalog.{staged.new.catalog.name}")
    return because


def _depends(found: Difference, staged: Stage, steps: Sequence[Step]) -> dict[str, str]:
    """The digests of deployed objects that stay as they are and that the evaluation stood on."""
    changing = {step.was or step.address for step in steps}
    used = set(staged.names)
    waiting = list(staged.names)
    while waiting:
        for name in staged.new.segments[waiting.pop()].uses() - used:
            used.add(name)
            waiting.append(name)
    addresses = {address_of(staged.was.get(name, name)) for name in used} | {f"catalog.{staged.old.catalog.name}"}
    addresses |= {address for name in used for address in staged.new.segments[name].mentions}
    deployed = found.deployed
    return {
        address: deployed[address].digest
        for address in sorted(addresses - changing)
        if address in deployed and deployed[address].status == "active"
    }


def _fields(staged: Stage, changes: Sequence[Change]) -> dict[str, FieldAbout]:
    """What the plan's text needs to speak of the fields in its definitions."""
    definitions = [one for change in changes for one in (change.before, change.after) if change.kind != "catalog"]
    return used_abouts((staged.new.catalog, staged.old.catalog), definitions)
