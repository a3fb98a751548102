"""A plan as the comment of a pull request: what it says, how long it may be, and that nothing in it acts."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from segctl.plan.document import Hazard, Impact
from segctl.plan.seal import sealed
from segctl.view.markdown import LONGEST, markdown, marker
from segctl.view.plan import summary
from tests.view.naughty import NAUGHTY
from tests.view.plans import DESIGN, created, plan, updated
from tests.view.shown import planned, views
from tests.view.test_safe import unseen

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = {
    "h3", "h4", "p", "strong", "em", "code", "pre", "ul", "li", "table", "thead", "tbody", "tr", "th", "td",
    "details", "summary", "br",
}  # fmt: skip
# what GitHub links in a text: people, issues, commits, addresses
LIVE = re.compile(r"(?<![\w`])@\w|(?<!\w)#\d|\bGH-\d|\w#\d|https?://|www\.|[\w.]@\w")


class Page(HTMLParser):
    """The elements of a page, the comments, and the text outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.comments: list[str] = []
        self.text = ""
        self._code = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._code += tag in ("code", "pre")

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("code", "pre")

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        self.text += data if not self._code else " "


def test_risk_comes_first_then_changes_then_details() -> None:
    hazard = Hazard("SEG901", "segment.vip", 1204, 1310, 14.5, 10.0)
    told = markdown(sealed(replace(DESIGN, hazards=(hazard,))), then=("segctl apply plans/x.json",))

    order = (
        "### Plan: 1 to create",
        "SEG901",
        "old\\-newsletter: 88,154 players",
        "| `~` | vip |",
        "<details>",
        "plan `",
    )
    assert sorted(order, key=told.index) == list(order)
    assert "14.5 % of members change; limit 10 %." in told.replace("\\", "")
    assert "`--allow max_change:vip`" in told
    assert "segctl apply plans/x.json" in told


def test_the_comment_is_found_again_by_its_environment() -> None:
    assert markdown(DESIGN).splitlines()[0] == marker("production") == "<!-- segctl plan production -->"


def test_private_values_are_not_told() -> None:
    rule = {"email": {"eq": {"private": "d" * 64}}}

    told = markdown(plan(updated("x", {"all": [rule]}, {"all": [rule, {"country": {"eq": "DE"}}]})))

    assert "d" * 64 not in told
    assert "(private)" in told


@pytest.mark.parametrize("number", [10, 300, 5000])
def test_a_long_plan_is_cut_and_keeps_what_matters(number: int) -> None:
    changes = [created(f"segment-{place:04}", Impact(0, place, place, 0)) for place in range(number)]
    long = sealed(plan(*changes, hazards=(Hazard("SEG902", "segment.segment-0001", 0, 1, 1, 10),)))

    told = markdown(long, then=("segctl apply plans/x.json",))

    assert len(told) <= LONGEST
    for kept in (summary(long), "SEG902", long.id, long.intent, "segctl apply plans/x.json"):
        assert kept in told
    assert ("lines more" in told) == (number > 300)
    assert PARSER.render(told).count("<details>") == PARSER.render(told).count("</details>")


def test_a_long_definition_is_left_out_whole() -> None:
    long = {"country": {"in": [f"C{number}" for number in range(20_000)]}}

    told = markdown(plan(updated("x", {"country": {"eq": "DE"}}, long)))

    assert len(told) <= LONGEST
    assert told.count("```") % 2 == 0
    assert "<details>" not in told


@pytest.mark.parametrize("place", range(8))
def test_no_naughty_text_acts_in_a_comment(place: int) -> None:
    assert len(NAUGHTY) >= 515
    for text in NAUGHTY[place::8]:
        told = markdown(planned(lambda ours, text=text: f"{text}{ours}"), then=(text,))

        page = Page(PARSER.render(told))
        assert page.elements <= OURS, text
        assert page.attributes <= {"class", "style"}, text
        assert len(page.comments) == 1, text
        assert not LIVE.search(page.text), (text, LIVE.search(page.text))
        assert unseen(told.replace("\n", "")) == set(), text
        assert len(told) <= LONGEST


@pytest.mark.parametrize("place", range(8))
def test_no_naughty_text_breaks_any_view(place: int) -> None:
    for text in NAUGHTY[place::8]:
        for name, told in views(lambda ours, text=text: f"{text}{ours}").items():
            assert unseen(re.sub(r"[\r\n]", "", told)) == set(), (name, text)
            if name.rpartition("-")[2] not in ("json", "csv", "jsonl", "github"):
                assert not re.search(r"^\s*::|##[a-z]*\[", told, re.MULTILINE), (name, text)
