"""Segment tests as they went, for programs: JSON, and JUnit's XML, which CI systems read."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from segctl.model.covered import Coverage
from segctl.model.reasons import Reasons
from segctl.model.tried import Failure, Tally, Tried
from segctl.view.coverage import coverage_data
from segctl.view.data import instant_text
from segctl.view.speech import Speech
from segctl.view.tried import failure_lines
from segctl.view.verdict import tree_data


def tried_data(run: Tally, found: Sequence[Coverage] | None, *, seconds: float) -> dict[str, Any]:
    """What `--json` prints. `coverage` is there if it was asked for."""
    failed = sum(not one.passed for one in run.tried)
    data: dict[str, Any] = {
        "passed": run.passed,
        "tests": len(run.tried),
        "failed": failed,
        "expectations": sum(one.expectations for one in run.tried),
        "seconds": round(seconds, 3),
        "results": [_test(one) for one in run.tried],
        "untested": list(run.untested),
    }
    if found is not None:
        data["coverage"] = [coverage_data(one) for one in found]
    return data


def junit_xml(run: Tally, speech: Speech, *, seconds: float) -> str:
    """One `testcase` for each document; a failure's text is what people read on the terminal."""
    failed = sum(not one.passed for one in run.tried)
    head = f'tests="{len(run.tried)}" failures="{failed}" errors="0" time="{seconds:.3f}"'
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<testsuites {head}>", f'<testsuite name="segctl" {head}>']
    for one in run.tried:
        file, line = one.test.file, one.test.at.line if one.test.at else 1
        name = escape(f"{file}:{line}")
        opened = (
            f'<testcase classname="{escape(one.test.segment)}" name="{name}" file="{escape(file)}" line="{line}"'
        )
        if one.passed:
            lines.append(f"{opened}/>")
        else:
            text = "\n".join(failure_lines(one, speech))
            first = escape(text.partition("\n")[0].strip())
            lines += [f"{opened}>", f'<failure message="{first}">{escape(text)}</failure>', "</testcase>"]
    return "\n".join([*lines, "</testsuite>", "</testsuites>", ""])


def _test(one: Tried) -> dict[str, Any]:
    at = one.test.at
    return {
        "segment": one.test.segment,
        "file": one.test.file,
        "line": at.line if at else None,
        "title": one.test.title,
        "passed": one.passed,
        "expectations": one.expectations,
        "failures": [_failure(failure) for failure in one.failures],
        "disagreements": [
            {"at": instant_text(discord.as_of), "players": list(discord.players)} for discord in one.discords
        ],
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "at": instant_text(failure.as_of),
        "player": failure.player or None,
        "expected": failure.expected,
        "got": failure.got,
        "file": failure.place.file if failure.place else None,
        "line": failure.place.line if failure.place else None,
        "why": _reasons(failure.why) if failure.why else None,
    }


def _reasons(why: Reasons) -> list[dict[str, Any]]:
    return [
        {
            "part": part.word,
            "holds": part.holds,
            "reason": part.reason,
            "rule": tree_data(part.verdict) if part.verdict else None,
        }
        for part in why.parts
    ]
