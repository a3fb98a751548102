"""Mistakes in files for programs: as JSON, and as annotations of a GitHub workflow run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.view.data import json_text
from segctl.view.safe import safe_github, safe_github_property


def diagnostics_json(diagnostics: Iterable[Diagnostic], files: int) -> str:
    """All mistakes and their numbers. Lines and columns count from 1; the end is exclusive."""
    found = in_reading_order(diagnostics)
    errors = sum(one.severity == "error" for one in found)
    return json_text(
        {
            "files": files,
            "errors": errors,
            "warnings": len(found) - errors,
            "diagnostics": [_data(one) for one in found],
        }
    )


def diagnostics_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One command a line; GitHub shows each beside its line. Nothing at all without mistakes.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    return "".join(f"{_command(one)}\n" for one in in_reading_order(diagnostics))


def _data(one: Diagnostic) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": one.severity,
        "summary": one.summary,
        "file": one.span.file,
        "line": one.span.line,
        "column": one.span.column,
        "end_line": one.span.end_line,
        "end_column": one.span.end_column,
        "detail": one.detail,
        "help": list(one.help),
    }


def _command(one: Diagnostic) -> str:
    properties = {
        "file": one.span.file,
        "line": str(one.span.line),
        "col": str(one.span.column),
        "endLine": str(one.span.end_line),
        "endColumn": str(one.span.end_column),
        "title": f"{one.code} {one.summary}",
    }
    return github_command(one.severity, properties, (one.detail, *one.help))


def github_command(level: str, properties: Mapping[str, str], lines: Iterable[str]) -> str:
    """One workflow command: `error`, `warning` or `notice`."""
    told = ",".join(f"{name}={safe_github_property(text)}" for name, text in properties.items())
    message = "%0A".join(safe_github(" ".join(line.splitlines())) for line in lines)
    return f"::{level} {told}::{message}"
