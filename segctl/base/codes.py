"""Every diagnostic code, written once. Each has a page under docs/codes/; none is ever reused."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Code(NamedTuple):
    """What a code says before it says anything of the user's own."""

    severity: Severity
    summary: str


def _error(summary: str) -> Code:
    return Code("error", summary)


def _warning(summary: str) -> Code:
    return Code("warning", summary)


CODES: dict[str, Code] = {
    # reading files
    "SEG001": _error("File is not UTF-8 text"),
    "SEG002": _error("File is not valid YAML"),
    "SEG003": _error("Key written twice"),
    "SEG004": _error("Nested too deeply"),
    "SEG005": _error("YAML feature not allowed here"),
    "SEG006": _error("File too large"),
    "SEG007": _error("Not a regular file"),
    "SEG008": _error("File names differ only by case"),
    "SEG009": _error("Invisible characters in text"),
    "SEG010": _error("Not a segctl document"),
    "SEG011": _error("Unknown kind"),
    "SEG012": _error("Player list cannot be read"),
    "SEG013": _error("File cannot be read"),
    # names and shape
    "SEG101": _error("Unknown field"),
    "SEG102": _error("Unknown key"),
    "SEG103": _error("Missing key"),
    "SEG104": _error("Unknown operator"),
    "SEG105": _error("Unknown segment"),
    "SEG106": _error("Segments use each other in a circle"),
    "SEG107": _error("Name used twice"),
    "SEG108": _error("Invalid name"),
    "SEG109": _error("Nothing to rename"),
    "SEG110": _error("Two conditions in one mapping"),
    "SEG111": _error("Empty group"),
    "SEG112": _error("Layer with a single condition"),
    "SEG113": _error("Condition without a value"),
    "SEG114": _error("Activity date range scopes nothing"),
    "SEG115": _error("Unknown dimension"),
    "SEG116": _error("Group words do not go together"),
    "SEG117": _error("No catalog, or more than one"),
    "SEG118": _error("Reserved word"),
    "SEG119": _error("Keys do not go together"),
    "SEG120": _error("Unknown event"),
    "SEG121": _error("Unknown rule"),
    "SEG122": _error("Unknown list"),
    "SEG123": _error("Guarded segment used in the negative"),
    "SEG124": _error("Rules use each other in a circle"),
    # values
    "SEG201": _error("Wrong kind of value"),
    "SEG204": _error("Value of the wrong type"),
    "SEG205": _error("Operator does not fit the field"),
    "SEG206": _error("Value is not one of the field's values"),
    "SEG207": _error("Not a duration"),
    "SEG208": _error("Not a date or time"),
    "SEG209": _error("Range is empty"),
    "SEG210": _error("Number out of range"),
    "SEG211": _error("Regular expression not supported"),
    "SEG212": _error("Not an activity date range"),
    "SEG213": _error("Not a number of conditions"),
    "SEG214": _error("Not a bucket"),
    "SEG215": _error("Not a sequence of events"),
    "SEG216": _error("Query is refused"),
    "SEG217": _error("Field cannot be ranked"),
    "SEG218": _error("Webhook cannot be used"),
    # the catalog
    "SEG301": _error("Not an identifier"),
    "SEG302": _error("Catalog names something it does not define"),
    "SEG303": _error("Metric is incomplete"),
    "SEG304": _error("Money over several currencies"),
    "SEG305": _error("Metrics use each other in a circle"),
    "SEG306": _error("Column of the wrong type"),
    # the catalog against the warehouse
    "SEG311": _error("Table is not in the warehouse"),
    "SEG312": _error("Column is not in the warehouse"),
    "SEG313": _error("Column is stored as another type"),
    "SEG314": _error("Money in floating point"),
    "SEG315": _error("Timestamp without a time zone"),
    "SEG316": _error("Time zone declared twice"),
    "SEG317": _error("Player key is not unique"),
    "SEG318": _warning("Player key is missing"),
    "SEG319": _error("Several rows for one player"),
    "SEG320": _warning("Value that the catalog does not list"),
    "SEG321": _warning("Refresh wants an index"),
    "SEG322": _error("Player ids of different types"),
    # settings
    "SEG401": _error("Unknown time zone"),
    "SEG402": _error("Environment is incomplete"),
    "SEG403": _warning("Marketing is not guarded"),
    "SEG404": _error("Not a host"),
    # segment tests
    "SEG501": _error("Unknown player"),
    "SEG502": _error("Players are like each other in a circle"),
    "SEG503": _error("Nothing is expected"),
    "SEG504": _error("Fact is computed, not given"),
    "SEG505": _error("Event without a time"),
    "SEG506": _error("Steps out of order"),
    "SEG507": _error("Player expected in and out"),
    "SEG508": _error("Does not go with the tested segment"),
    "SEG509": _error("Too many cases"),
    # what is valid and probably not meant: segctl lint
    "SEG601": _error("Nobody can be in the segment"),
    "SEG602": _warning("Never true"),
    "SEG603": _warning("Always true"),
    "SEG604": _warning("Condition changes nothing"),
    "SEG605": _warning("Group without an effect of its own"),
    "SEG606": _warning("Segments with the same meaning"),
    "SEG607": _warning("Segment within another"),
    "SEG608": _warning("Named rule written out"),
    "SEG609": _warning("Unused rule"),
    "SEG610": _warning("Unused list"),
    "SEG611": _warning("Unused field or event"),
    "SEG612": _warning("Value written twice"),
    "SEG613": _warning("Missing counts"),
    "SEG614": _warning("Only negative conditions"),
    "SEG615": _warning("Range has not begun"),
    "SEG616": _warning("Range is over"),
    "SEG617": _warning("Entry has expired"),
    "SEG618": _warning("Guard keeps out who has no value"),
    "SEG619": _warning("Marketing without consent"),
    "SEG620": _warning("Segment without words"),
    "SEG621": _warning("Activity date range changes nothing"),
    "SEG622": _warning("Regular expression is a plain text"),
    "SEG631": _warning("Ignored without a reason"),
    "SEG632": _warning("Ignored for nothing"),
    "SEG633": _warning("Ignored code does not exist"),
    # what a plan does and somebody must allow
    "SEG901": _error("Too many members change"),
    "SEG902": _error("Too few members"),
    "SEG903": _error("Too many members"),
    "SEG904": _error("Nobody is left"),
    "SEG905": _error("Protected segment is archived"),
    "SEG906": _error("Archived segment is used"),
    "SEG907": _error("Guard is changed"),
    "SEG908": _error("Purpose is widened"),
    "SEG909": _error("Rename is not stated"),
    "SEG910": _error("Members are decided by SQL"),
    "SEG911": _error("Field in use is changed"),
}
