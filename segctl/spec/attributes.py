"""`attributes:` of a catalog → attributes."""

from __future__ import annotations

from segctl.model.catalog import About, AgeOf, Attribute, Column
from segctl.model.operators import OPERATORS, FieldType
from segctl.spec.node import Mapping, text, texts
from segctl.spec.page import Page
from segctl.spec.scalar import flag
from segctl.spec.zone import read_zone

FIELD_TYPES: dict[str, FieldType] = {name: name for name in OPERATORS}
# A key that only fields of some types have.
_ONLY: dict[str, tuple[FieldType, ...]] = {
    "values": ("string", "list"),
    "base": ("money",),
    "timezone": ("datetime",),
}


def read_attribute(page: Page, name: str, node: Mapping) -> Attribute | None:
    """One attribute whose shape is checked. Whether `age_of` names a date is not looked at yet."""
    about = read_about(node)
    personal = flag(node.get("pii"))
    if "age_of" in node.entries:
        return Attribute(name, "integer", AgeOf(text(node, "age_of")), pii=personal, about=about)
    kind = FIELD_TYPES[text(node, "type")]
    if not keys_fit(page, node, kind):
        return None
    zone = read_zone(page, node.get("timezone"))
    if zone is None and "timezone" in node.entries:
        return None
    column = text(node, "base") or text(node, "column")
    source = Column(column, text(node, "table") or None, text(node, "player") or None, zone)
    return Attribute(name, kind, source, texts(node, "values"), personal, about)


def ages_fit(page: Page, attributes: dict[str, Attribute], unsure: set[str], nodes: Mapping) -> None:
    """Takes out the ages whose `age_of` is not a date attribute."""
    for name, attribute in list(attributes.items()):
        source = attribute.source
        if not isinstance(source, AgeOf) or source.attribute in unsure:
            continue
        of = attributes.get(source.attribute)
        if of is not None and of.type == "date":
            continue
        node = nodes.entries[name][1]
        assert isinstance(node, Mapping)  # noqa: S101 - the schema says so
        at = node.entries["age_of"][1]
        if of is None:
            hint = page.did_you_mean(source.attribute, attributes)
            page.mistake("SEG302", at, f"There is no attribute `{source.attribute}`.", hint)
        else:
            page.mistake(
                "SEG306", at, f"`{of.name}` is not a date.", "An age is counted from an attribute of type `date`."
            )
        del attributes[name]
        unsure.add(name)


def keys_fit(page: Page, node: Mapping, kind: FieldType) -> bool:
    """Do the keys that depend on the type go with it?"""
    fits = True
    for name, kinds in _ONLY.items():
        if name in node.entries and kind not in kinds:
            key = node.entries[name][0]
            page.mistake(
                "SEG119", key, f"`{name}` does not go with `type: {kind}`.", f"It goes with `{kinds[0]}`."
            )
            fits = False
    return fits


def read_about(node: Mapping) -> About:
    """The texts that people read."""
    return About(text(node, "title"), text(node, "group"), text(node, "description"), text(node, "unit"))
