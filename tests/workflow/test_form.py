"""Files brought into their form."""

from __future__ import annotations

from segctl.base.source import Source
from segctl.spec.form.formatted import Changed
from segctl.spec.page import Page
from segctl.view.form import bug_text
from segctl.workflow.form import forms


def test_a_form_that_would_say_something_else_is_a_bug_and_changes_nothing() -> None:
    def changes(_page: Page, _data: bytes) -> str:
        raise Changed

    found = forms([Source("segments/vip.yaml", b"name:  vip\n")], changes)

    assert found.bugs == ("segments/vip.yaml",)
    assert found.reformed == ()
    assert "segments/vip.yaml was left alone" in bug_text(found.bugs)
    assert "bug in segctl" in bug_text(found.bugs)
