"""All checks of `segctl lint`, over a project. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from segctl.base.codes import CODES
from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.lint.checks.about import without_consent, without_words
from segctl.lint.checks.always import tautologies
from segctl.lint.checks.equal import equal_segments
from segctl.lint.checks.expired import expired_adjustments
from segctl.lint.checks.guards import strict_guards
from segctl.lint.checks.hollow import hollow_ranges
from segctl.lint.checks.kept_out import kept_out
from segctl.lint.checks.missing import missing_counts
from segctl.lint.checks.negative import all_negative
from segctl.lint.checks.never import contradictions
from segctl.lint.checks.pattern import plain_patterns
from segctl.lint.checks.ranges import dated_ranges
from segctl.lint.checks.repeated import repeated_values
from segctl.lint.checks.spare import spare_conditions
from segctl.lint.checks.spelt import spelt_out
from segctl.lint.checks.unused import unused_fields, unused_names
from segctl.lint.checks.within import contained_segments
from segctl.lint.checks.wrapped import wrappings
from segctl.lint.ground import Ground
from segctl.lint.ignores import heeded, ignores

Check = Callable[[Ground], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    contradictions,
    kept_out,
    tautologies,
    spare_conditions,
    wrappings,
    equal_segments,
    spelt_out,
    unused_names,
    repeated_values,
    missing_counts,
    all_negative,
    dated_ranges,
    expired_adjustments,
    strict_guards,
    hollow_ranges,
    plain_patterns,
)
# Asked for by their codes, or with all others: most projects would hear too much of them.
NOTES: dict[str, Check] = {
    "SEG607": contained_segments,
    "SEG611": unused_fields,
    "SEG619": without_consent,
    "SEG620": without_words,
}
LINT_CODES = frozenset(code for code in CODES if "SEG601" <= code <= "SEG639")


def linted(ground: Ground, notes: frozenset[str] = frozenset()) -> tuple[Diagnostic, ...]:
    """What the checks say, but for what is ignored with a reason. `notes` are the codes of notes to add."""
    checks = (*CHECKS, *(check for code, check in NOTES.items() if code in notes))
    said = in_reading_order(one for check in checks for one in check(ground))
    ran = LINT_CODES - (NOTES.keys() - notes)
    return tuple(in_reading_order(heeded(said, ignores(ground.texts), ran)))
