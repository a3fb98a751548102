"""A regular expression that is a plain text (SEG622)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.lint.ground import Ground, place
from segctl.lint.plain import plain_test
from segctl.model.rule import Compare, leaves


def plain_patterns(ground: Ground) -> Iterator[Diagnostic]:
    """`matches` where another operator says the same."""
    for stated in ground.stated:
        for leaf in leaves(stated.rule):
            for test in leaf.tests if isinstance(leaf, Compare) else ():
                plain = plain_test(test)
                if plain is not test:
                    detail = f"`matches` looks for a plain text here, which is what `{plain.op}` does."
                    help_line = f"Write `{plain.op}`, which takes its text as it is: `segctl lint --fix`."
                    yield Diagnostic("SEG622", place(leaf, stated.owner), detail, (help_line,))
