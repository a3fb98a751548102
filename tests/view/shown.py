"""Every view, given the texts of users: as they are, or hostile ones in their place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from segctl.base.diagnostic import Diagnostic
from segctl.base.errors import Refused
from segctl.base.span import Span
from segctl.plan.document import Change, Commit, FieldAbout, Hazard, Impact, Plan, Secondary, Totals
from segctl.view.annotations import plan_annotations
from segctl.view.applied import Looked, Moved, Written, applied_already_text, applied_text, refreshed_text
from segctl.view.audit import Anchored, Entry, Found, audit_table, verification_text
from segctl.view.data import json_text
from segctl.view.diagnostics import Checked, diagnostics_text
from segctl.view.diagnostics_data import diagnostics_github, diagnostics_json
from segctl.view.erasure import Erasure, Remaining, Removed, certificate_data, erasure_text, question_text
from segctl.view.field import Example, FieldPage, Use, field_json, field_text
from segctl.view.fields import FieldRow, fields_json, fields_table, fields_text
from segctl.view.history import Moves, PlayerMove, player_history, segment_history
from segctl.view.listing import Listed, segments_table
from segctl.view.markdown import markdown
from segctl.view.members import Since as Member
from segctl.view.members import members_csv, members_jsonl, members_text
from segctl.view.plan import plan_text
from segctl.view.player import Since, player_table
from segctl.view.proof import Proven, proven_text
from segctl.view.refusal import refusal_text
from segctl.view.sarif import diagnostics_sarif
from segctl.view.segment import segment_text
from segctl.view.status import LastRun, Status, status_text
from segctl.view.style import PLAIN, Style
from segctl.view.tables import Table, table_csv, table_json, table_text
from tests.view.covering import covering
from tests.view.explained import explained
from tests.view.lagging import lagging
from tests.view.pages import NOW, Said, objects, page, queried, triggered
from tests.view.plans import DESIGN, created, plan, updated
from tests.view.watched import watched


def as_written(text: str) -> str:
    return text


def _diagnostics(said: Said) -> list[Diagnostic]:
    file = said("segments/lapsed.yaml")
    return [
        Diagnostic(
            "SEG101",
            Span(file, 2, 5, 2, 24),
            said("The catalog `igaming` has no field `total_depsoit_count`."),
            (said("Did you mean `total_deposit_count` (Deposits: how often the player deposited)?"),),
        ),
        Diagnostic("SEG204", Span(file, 3, 18, 3, 23), said("`postal_code` is text and this is a number.")),
    ]


def _sources(said: Said) -> dict[str, str]:
    lines = ("all:", "  - total_depsoit_count: {gte: 10}", "  - postal_code: 01067")
    return {said("segments/lapsed.yaml"): "\n".join(said(line) for line in lines)}


def planned(said: Said) -> Plan:
    """A plan whose every text is a user's."""
    rules = {"all": [{"country": {"eq": said("DE")}}, {"in_segment": said("vip")}]}
    more = {
        "all": [
            {"country": {"in": [said("DE"), "AT"]}},
            {"sports_turnover": {said("team"): said("Inter"), "gte": 5}},
        ]
    }
    changes = (
        replace(created("x", Impact(0, 5, 5, 0)), address=f"segment.{said('new')}", type=said("dynamic")),
        replace(updated("y", rules, more, places={"country": 3}), file=said("segments/y.yaml"), keys=(said("rules"),)),
        Change(
            f"segment.{said('lapsed-gb')}",
            ("rename",),
            "dynamic",
            said("marketing"),
            before={"title": said("old"), "owner": said("ann")},
            after={"title": said("new"), "owner": said("bob")},
            renamed_from=said("lapsed-uk"),
        ),
        Change(
            f"catalog.{said('igaming')}",
            ("update",),
            "",
            before={"attributes": {said("a"): 1}},
            after={"attributes": {said("b"): 1}, said("key"): 2},
        ),
    )  # fmt: skip
    return plan(
        *changes,
        environment=said("production"),
        as_of=said("2026-11-22T01:31:04Z"),
        currency=said("EUR"),
        fields={"country": FieldAbout("string", said("Country")), "sports_turnover": FieldAbout("money", said("Turnover"))},
        secondary=(Secondary(f"segment.{said('z')}", (f"segment.{said('y')}",), Impact(1, 2, 1, 0)),),
        commit=Commit(said("3f2a91c0"), dirty=False),
        hazards=(
            Hazard("SEG906", f"segment.{said('gone')}", 88_154, 0, 2, others=(said("vip"), said("vip-weekend"))),
            Hazard("SEG909", f"segment.{said('y')}", 7, 7, others=(said("x"),), place=f"{said('segments/y.yaml')}:2"),
            Hazard("SEG901", f"segment.{said('z')}", 1, 2, 100.0, 30.0, allowed=said("--allow")),
        ),
    )  # fmt: skip


def _erased(said: Said) -> Erasure:
    return Erasure(
        environment=said("production"),
        lineage="cc1d2981-b4ff-455c-b29f-182bfc11a12a",
        serial=413,
        seq=20937,
        hash=said("9f3b7c1de1"),
        at=NOW,
        by=said("Ann"),
        reason=said("CS-4411"),
        player="3a2f2d79693788c875dacf1c2e84f5f198d9835e49928bb32a9af2bedd4d902a",
        removed=Removed(segments=11, lists=2, history=1204, values=1),
        exclusions=2,
        remaining=Remaining(
            files=tuple((said("segments/lists/vip-hosts.csv"), line) for line in range(1, 24)),
            plans=((said("plans/2026-11-22-7c1d04e.json"), 41),),
            definitions=(said("segment.vip version 3"),),
            warehouse=True,
            git=True,
        ),
        swept="vacuum",
    )


def _listed(said: Said) -> Table:
    rows = [
        Listed(said("lapsed-depositors-de"), said("Lapsed depositors (DE)"), "dynamic", 12408, (said("reactivation"), said("de")), said("crm-retention"), NOW),
        Listed(said("vip"), said("VIP"), "dynamic", 1310, (), "", NOW - timedelta(days=40)),
        Listed(said("old-newsletter"), said("Newsletter readers of the years before the relaunch"), "static", None, (said("newsletter"),), said("crm"), NOW, archived=True),
    ]  # fmt: skip
    return segments_table(rows)


def _audit(said: Said) -> Table:
    return audit_table(
        [
            Entry(20932, NOW, said("Ann Smith"), said("update"), said("segment.vip"), said("9f3b" * 16), said("77aa" * 16)),
            Entry(20931, NOW, said("ci"), "create", "segment.lapsed-depositors-de", None, "ab" * 32),
            Entry(20930, NOW, said("ci"), "refresh", None, None, None),
        ]
    )  # fmt: skip


def _proven(said: Said) -> Proven:
    fields = (
        ("action", "create"),
        ("address", said("segment.vip")),
        ("actor", said('{"author":"Ann","git":{"email":"ann@example.org"}}') * 3),
    )
    return Proven(5, fields, said("example.com/segctl"), 58)  # fmt: skip


def _status(said: Said) -> Status:
    return Status(
        project=said("acme-casino"),
        environment=said("production"),
        segments=214,
        members=43_120_877,
        serial=413,
        last_run=LastRun("apply", NOW, NOW, said("Ann")),
        differs=said("Plan: 2 to update."),
        mistakes=said("no mistakes in 214 files"),
        next=said("segctl plan"),
    )


def _fields(said: Said) -> list[FieldRow]:
    text = ("eq", "ne", "in", "not_in", "contains", "starts_with", "ends_with", "matches", "is_set")
    number = ("eq", "ne", "gt", "gte", "lt", "lte", "between", "in", "not_in", "is_set")
    return [
        FieldRow("country", said("Account"), said("Country"), said("Of residence."), "attribute", "string", "", text, (said("DE"), "IT")),
        FieldRow("consent_email_changed_at", said("Account"), said("Change of the consent to marketing by e-mail"), "", "attribute", "string", "", text, pii=True),
        FieldRow("turnover", said("Sports"), said("Turnover"), said("Money staked."), "metric", "money", said("EUR"), number, (), ("market", "team"), money=True),
    ]  # fmt: skip


def _field(said: Said) -> FieldPage:
    return FieldPage(
        row=_fields(said)[2],
        currency="EUR",
        made=(said("the sum of stake of bets where product is sports"),),
        columns=(said("bets.player_id"), "bets.base_stake"),
        examples=(
            Example("gte", "turnover: {gte: 50}", said("turnover at least EUR 50.00")),
            Example(
                "in",
                "turnover: {in: [50, 100, 150, 200, 250, 300]}",
                said("turnover is one of EUR 50.00, EUR 100.00, EUR 150.00, EUR 200.00, EUR 250.00, EUR 300.00"),
            ),
        ),
        narrowed=(
            Example("", f"turnover: {{team: {said('Inter')}, gte: 50}}", said("turnover (team Inter) at least EUR 50.00")),
        ),
        at=said("segments/catalog.yaml:650:3"),
        uses=tuple(Use("segment", said(f"derby-{number}"), said("segments/derby.yaml"), number) for number in range(1, 23)),
    )  # fmt: skip


WRITTEN = Written(413, 13180, 88192, 20931, 20937, "9f3b" + "0" * 58 + "e1")
SUMS = Totals(1, 2, 1, 1, 1, 0, 0)


def _moved(said: Said) -> list[Moved]:
    return [Moved(said(f"segment-{number}"), 1000 * number, 1001 * number, number, 0) for number in range(1, 13)]


def views(said: Said, style: Style = PLAIN) -> dict[str, str]:
    """The text of every view by name."""
    written = replace(WRITTEN, head=said(WRITTEN.head))
    player_moves = [PlayerMove(NOW, said("vip"), "joined", said("definition"), 412)]
    findings = [
        Found("hash", said("its columns are not what its hash was made from"), 20931),
        Found("cut", said("the log ends with row 20937"), 20938, last=20940),
        Found("body", said("gone"), None, said("segment.vip")),
    ]
    tables = {
        "list": _listed(said),
        "audit": _audit(said),
        "segment-history": segment_history([Moves(NOW, 413, said("data"), 140, 34), Moves(NOW, 412, "clock", 0, 2204)], segment=said("vip")),
        "player-history": player_history(player_moves, player=said("p_8841")),
        "player": player_table([Since(said("vip"), said("VIP players"), NOW), Since("dormant", "", None)], player=said("p_8841"), as_of=NOW),
        "nothing": player_table([], player=said("p_8841"), as_of=None),
    }  # fmt: skip
    return {
        "diagnostics": diagnostics_text(_diagnostics(said), _sources(said), Checked(214, "Nothing was planned."), style=style),
        "diagnostics-json": diagnostics_json(_diagnostics(said), 214),
        "diagnostics-github": diagnostics_github(_diagnostics(said)),
        "diagnostics-sarif-json": diagnostics_sarif(_diagnostics(said), "0.1.0"),
        "plan": plan_text(planned(said), style=style),
        "plan-github": plan_annotations(planned(said)),
        "comment": markdown(planned(said), then=(said("segctl apply plans/2026-11-22-7c1d04e.json"),)),
        "design": plan_text(DESIGN, style=style),
        "applied": applied_text(said("7c1d04e9"), SUMS, written, 1.84, then="Next:  segctl list"),
        "applied-already": applied_already_text(said("7c1d04e9"), 413, NOW, said("Ann")),
        "refreshed": refreshed_text(written, NOW, 214, _moved(said), 125.2, looked=Looked(True, 31_204, 1_000_000, (), None)),
        "refreshed-nothing": refreshed_text(Written(414, 0, 0, 5, 4, "ab"), NOW, 1, [], 0.04, looked=Looked(False, 12_408, 12_408, ("there is no feature state yet",), said("No space left"))),
        "refused": refusal_text(Refused(said("The state is at 413, and this was made from 412."), said("Plan again: segctl plan")), style=style),
        "segment": segment_text(page(said), style=style),
        "segment-triggered": segment_text(triggered(said), style=style),
        "segment-sql": segment_text(queried(said), style=style),
        "objects": objects(said, style),
        **covering(said, style),
        **explained(said, style),
        "status": status_text(_status(said), style=style),
        "status-new": status_text(Status("acme", "dev", next="segctl apply"), style=style),
        "verified": verification_text([], 20937, said("9f3b7c1d"), Anchored(0, 0), then="segctl audit checkpoint -o audit/dev/", style=style),
        "verified-anchored": verification_text([], 20937, said("9f3b7c1d"), Anchored(3, 20931, signed=True), style=style),
        "verified-not": verification_text(findings, 20937, "9f3b7c1d", Anchored(0, 0), style=style),
        "proven": proven_text(_proven(said), style=style),
        "proven-anchored": proven_text(replace(_proven(said), anchors=(said("audit/dev/000000058.checkpoint"),), signed=True), style=style),
        "proven-not": proven_text(replace(_proven(said), problems=(said("nothing fits"),)), style=style),
        "forgotten": erasure_text(_erased(said), said("forget-3a2f2d796937.json")),
        "forgotten-again": erasure_text(replace(_erased(said), again=True, swept="unswept", exclusions=0), "forget-3a2f2d796937.json"),
        "forgotten-json": json_text(certificate_data(_erased(said))),
        "forgetting": question_text(said("production"), _erased(said).removed, 2, _erased(said).remaining),
        "members": members_text(said("vip"), [Member(said("p_1"), NOW), Member(said("p_2"), None)], total=1310, as_of=NOW),
        "members-then": members_text(said("vip"), [Member(said("p_1"), NOW)], total=3, as_of=NOW, forgotten=2, called=said("gold")),
        **watched(said, style),
        **lagging(said, style),
        "members-csv": members_csv([Member(said("p_1"), NOW)]),
        "members-jsonl": members_jsonl([Member(said("p_1"), NOW)]),
        **{name: table_text(table, style=style) for name, table in tables.items()},
        "list-wide": table_text(tables["list"], width=None, style=style),
        "list-csv": table_csv(tables["list"]),
        "list-json": table_json(tables["list"]),
        "audit-csv": table_csv(tables["audit"]),
        "fields": fields_text(_fields(said), style=style),
        "fields-wide": fields_text(_fields(said), width=None, style=style),
        "fields-nothing": fields_text([], style=style),
        "fields-json": fields_json(_fields(said)),
        "fields-csv": table_csv(fields_table(_fields(said))),
        "field": field_text(_field(said), style=style),
        "field-json": field_json(_field(said)),
    }  # fmt: skip
