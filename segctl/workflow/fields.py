"""The fields of a project's catalog: what there is, how each comes about, and which documents use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segctl.base.errors import Mistakes, Refused
from segctl.base.span import Span
from segctl.model.canonical_rule import rule_document
from segctl.model.catalog import Catalog, Field, Metric
from segctl.spec.examples import example_rule, examples, narrowed
from segctl.spec.places import Places, catalog_places
from segctl.spec.project import Project
from segctl.spec.scope import Scope, of_catalog
from segctl.spec.suggest import did_you_mean
from segctl.view.condition import condition
from segctl.view.field import Example, FieldPage, Use
from segctl.view.fields import FieldRow
from segctl.view.made import made, read_from
from segctl.view.speech import Speech
from segctl.workflow.load import Loaded
from segctl.workflow.show import speech
from segctl.workflow.uses import field_kind, project_uses


@dataclass(frozen=True, slots=True)
class Fields:
    """A catalog without mistakes, its places, and the documents that may use it."""

    catalog: Catalog
    places: Places
    project: Project


def fields_of(loaded: Loaded) -> Fields:
    """The fields of a project. Raises: Mistakes, when the catalog has some; those of segments do not matter."""
    catalog, places = loaded.project.catalog, catalog_places(loaded.sources)
    if catalog is None or places is None:
        raise Mistakes(loaded.diagnostics, loaded.texts, len(loaded.sources))
    return Fields(catalog, places, loaded.project)


def field_rows(fields: Fields, group: str | None = None) -> list[FieldRow]:
    """All fields by group, in the order of the catalog. Raises: Refused, for a group that does not exist."""
    scope = of_catalog(fields.catalog)
    groups: dict[str, list[FieldRow]] = {}
    for one in _all(fields.catalog):
        groups.setdefault(one.about.group, []).append(_row(one, scope))
    if group is None:
        return [row for rows in groups.values() for row in rows]
    chosen = next((name for name in groups if name.casefold() == group.casefold()), None)
    if chosen is None:
        hint = did_you_mean(group, groups) or f"Groups are {', '.join(name for name in groups if name)}."
        raise Refused(f"The catalog has no group `{group}`.", hint)
    return groups[chosen]


def field_page(fields: Fields, name: str) -> FieldPage:
    """Everything about one field. Raises: Refused, if there is none of that name."""
    catalog = fields.catalog
    field, scope = catalog.field(name), of_catalog(catalog)
    if field is None:
        hint = (
            did_you_mean(name, [*catalog.attributes, *catalog.metrics, *catalog.scores])
            or "All fields: segctl catalog list"
        )
        raise Refused(f"The catalog `{catalog.name}` has no field `{name}`.", hint)
    subject, spoken = scope.subjects[name], speech(catalog)
    return FieldPage(
        row=_row(field, scope),
        currency=catalog.currency if field.type == "money" else "",
        made=tuple(made(field, catalog)),
        columns=tuple(read_from(field, catalog)),
        examples=tuple(
            Example(operator, text, _english(text, scope, spoken)) for operator, text in examples(subject)
        ),
        narrowed=tuple(Example("", text, _english(text, scope, spoken)) for text in narrowed(subject)),
        at=str(fields.places.key(f"{field_kind(field)}s", name)),
        uses=tuple(sorted(_uses(fields, name))),
    )


def _row(field: Field, scope: Scope) -> FieldRow:
    subject = scope.subjects[field.name]
    return FieldRow(
        name=field.name,
        group=field.about.group,
        title=field.about.title,
        description=field.about.description,
        kind=field_kind(field),
        type=field.type,
        unit=field.about.unit,
        operators=subject.operators,
        values=() if isinstance(field, Metric) else field.values,
        dimensions=tuple(sorted(subject.dimensions)),
        money=subject.money,
        pii=subject.secret,
    )


def _english(text: str, scope: Scope, spoken: Speech) -> str:
    rule = example_rule(text, scope)
    return "" if rule is None else condition(rule_document(rule), spoken)


def _uses(fields: Fields, name: str) -> Iterator[Use]:
    """The segments, rules and guards that name the field, and the fields of the catalog that are made of it."""
    for one in project_uses(fields.catalog, fields.project, fields.places):
        if one.used == f"field.{name}":
            kind, _, user = one.user.partition(".")
            yield Use(field_kind(fields.catalog.field(user)) if kind == "field" else kind, user, *_place(one.at))


def _all(catalog: Catalog) -> tuple[Field, ...]:
    return (*catalog.attributes.values(), *catalog.metrics.values(), *catalog.scores.values())


def _place(at: Span | None) -> tuple[str, int]:
    return ("", 0) if at is None else (at.file, at.line)
