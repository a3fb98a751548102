"""Segments and catalogs → canonical documents, for digests, plans and the state. Plain data.

Such a document is one that an author could have written: read back, it means the same. Keys with their default
value are left out, and what has no order of its own is sorted.
"""

from __future__ import annotations

from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.canonical_rule import (
    duration_text,
    rule_document,
    step_document,
    value_document,
    window_document,
)
from segctl.model.catalog import (
    About,
    AgeOf,
    Aggregate,
    Attribute,
    ByMoney,
    Catalog,
    Column,
    Derived,
    Difference,
    EventColumn,
    EventTable,
    Measure,
    Metric,
    Score,
)
from segctl.model.rule import Group, Rule
from segctl.model.segment import (
    MARKETING,
    Adjustment,
    Guard,
    Limit,
    NamedList,
    NamedRule,
    Segment,
    Trigger,
    Webhook,
)


def segment_document(segment: Segment) -> dict[str, Any]:
    """A segment without the place where it stands: a list from a side file stands under `players`."""
    return _without_defaults(
        kind="Segment",
        name=segment.name,
        title=segment.title,
        description=segment.description,
        type=segment.type,
        purpose=None if segment.purpose == MARKETING else segment.purpose,
        tags=sorted(set(segment.tags)),
        owner=segment.owner,
        protected=segment.protected,
        renamed_from=segment.renamed_from,
        rules=None if segment.rules is None else rule_document(segment.rules),
        scope=None if segment.scope is None else _scope(segment.scope),
        query=segment.query,
        include=_adjustments(segment.include),
        exclude=_adjustments(segment.exclude),
        limit=None if segment.limit is None else limit_document(segment.limit),
        webhook=None if segment.webhook is None else _webhook(segment.webhook),
        schedule=None if segment.schedule is None else duration_text(segment.schedule),
        **({} if segment.trigger is None else _trigger(segment.trigger)),
    ) | ({} if segment.players is None else {"players": sorted(segment.players.ids)})


def rule_object_document(one: NamedRule) -> dict[str, Any]:
    """A named rule."""
    return _without_defaults(
        kind="Rule", name=one.name, title=one.title, description=one.description, rules=rule_document(one.rule)
    )


def list_document(one: NamedList) -> dict[str, Any]:
    """A named list of values, without repeats and in one order."""
    return _without_defaults(
        kind="List", name=one.name, title=one.title, description=one.description, values=sorted(set(one.values))
    )


def guard_document(one: Guard) -> dict[str, Any]:
    """A guard of the project's settings, as if it were a document."""
    return {"kind": "Guard", "name": one.purpose, "rules": rule_document(one.rule)}


def catalog_document(catalog: Catalog) -> dict[str, Any]:
    """A catalog, money under the columns that hold it in the catalog's currency."""
    player = catalog.player
    return _without_defaults(
        kind="Catalog",
        name=catalog.name,
        currency=catalog.currency,
        player=_without_defaults(table=player.table, key=player.key, updated_at=player.updated_at),
        attributes={name: _attribute(attribute) for name, attribute in catalog.attributes.items()},
        events={name: _event(event) for name, event in catalog.events.items()},
        metrics={name: _metric(metric, catalog) for name, metric in catalog.metrics.items()},
        scores={name: _score(score) for name, score in catalog.scores.items()},
    )


def _without_defaults(**keys: Any) -> dict[str, Any]:
    return {name: value for name, value in keys.items() if value is not None and value not in ("", [], {}, False)}


def _about(about: About) -> dict[str, Any]:
    return _without_defaults(title=about.title, group=about.group, description=about.description, unit=about.unit)


def _attribute(attribute: Attribute) -> dict[str, Any]:
    document = _without_defaults(pii=attribute.pii) | _about(attribute.about)
    match attribute.source:
        case AgeOf(of):
            return document | {"age_of": of}
        case Column(column, table, player, timezone):
            return document | _without_defaults(
                column=column,
                table=table,
                player=player,
                timezone=timezone,
                type=attribute.type,
                values=sorted(attribute.values),
            )


def _event(event: EventTable) -> dict[str, Any]:
    document = _without_defaults(
        table=event.table,
        id=event.id,
        player=event.player,
        time=event.time,
        ingested=event.ingested,
        updated=event.updated,
        timezone=event.timezone,
    )
    return document | {"columns": {column.name: _column(column) for column in event.columns}}


def _column(column: EventColumn) -> dict[str, Any]:
    match column.source:
        case Difference(minuend, subtrahend):
            return {"subtract": [minuend, subtrahend]}
        case str(source):
            stored = None if source == column.name else source
            return _without_defaults(type=column.type, column=stored, values=sorted(column.values))


def _metric(metric: Metric, catalog: Catalog) -> dict[str, Any]:
    document = _about(metric.about) | _without_defaults(dimensions=sorted(metric.dimensions))
    match metric.how:
        case Derived(kind, left, right):
            return document | {kind: [left, right]}
        case Aggregate(events, measure, where):
            time = catalog.events[events].time
            return document | {"of": events} | _where(where) | _measure(measure, time)
        case ByMoney():
            return document | {"of": metric.how.both.events, "by": "money"} | _variants(metric.how)


def _score(score: Score) -> dict[str, Any]:
    where = {name: values[0] if len(values) == 1 else sorted(values) for name, values in score.where}
    return _about(score.about) | _without_defaults(
        table=score.table,
        where=where,
        value=score.value,
        type=score.type,
        time=score.time,
        player=score.player,
        id=score.id,
        max_age=None if score.max_age is None else duration_text(score.max_age),
        timezone=score.timezone,
        reasons=score.reasons,
        version=score.version,
        values=sorted(score.values),
    )


def _scope(scope: Rule) -> dict[str, Any]:
    """The fields of a scope, each with its tests."""
    parts = scope.rules if isinstance(scope, Group) else (scope,)
    return {field: tests for part in parts for field, tests in rule_document(part).items()}


def _trigger(trigger: Trigger) -> dict[str, Any]:
    return {
        "enter": sorted((step_document(step) for step in trigger.enter), key=canonical_json),
        "exit": sorted((step_document(step) for step in trigger.exit), key=canonical_json),
        "for": None if trigger.stay is None else duration_text(trigger.stay),
    }


def _webhook(webhook: Webhook) -> dict[str, Any]:
    secrets = webhook.secrets
    return _without_defaults(
        url=webhook.url,
        secret=secrets[0] if len(secrets) == 1 else list(secrets),
        body=None if webhook.body == "plain" else webhook.body,
        batch=webhook.batch,
    )


def _adjustments(adjustments: tuple[Adjustment, ...]) -> list[dict[str, Any]]:
    return sorted(map(adjustment_document, adjustments), key=canonical_json)


def adjustment_document(one: Adjustment) -> dict[str, Any]:
    """An entry of `include` or `exclude`."""
    return _without_defaults(
        players=sorted(set(one.players)),
        segments=sorted(set(one.segments)),
        reason=one.reason,
        until=None if one.until is None else one.until.isoformat(),
    )


def limit_document(limit: Limit) -> dict[str, Any]:
    """What stands under `limit:`."""
    return _without_defaults(
        top=limit.top,
        percent=None if limit.percent is None else value_document(limit.percent),
        by=limit.by,
        order=limit.order,
        during=None if limit.during is None else window_document(limit.during),
    )


def _where(where: Any) -> dict[str, Any]:
    return {} if where is None else {"where": rule_document(where)}


def _measure(measure: Measure, time: str) -> dict[str, Any]:
    column = time if measure.column is None else measure.column
    match measure.kind:
        case "count" | "exists" | "count_days":
            return {measure.kind: True}
        case "nth":
            return {"nth": measure.n, "value": column}
        case "sum" | "distinct" | "first" | "last" | "avg" | "min" | "max":
            return {measure.kind: column}


def _variants(how: ByMoney) -> dict[str, Any]:
    """A sum differs in its columns, a count in its rules; a `where` is written once if all share it."""
    variants = {"real": how.real, "bonus": how.bonus, "both": how.both}
    shared = how.both.where if how.real.where == how.bonus.where == how.both.where else None
    document: dict[str, Any] = {}
    for name, variant in variants.items():
        own = None if variant.where == shared or variant.where is None else rule_document(variant.where)
        document[name] = variant.measure.column or own or True
    return {how.both.measure.kind: document} | _where(shared)
