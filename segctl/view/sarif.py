"""Mistakes and findings as SARIF 2.1.0, which code scanning takes. https://docs.oasis-open.org/sarif/sarif/v2.1.0/"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from segctl.base.codes import CODES
from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.view.data import json_text
from segctl.view.safe import safe

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def diagnostics_sarif(diagnostics: Iterable[Diagnostic], version: str) -> str:
    """One run with all of them. Lines and columns count from 1, columns in code points; the end is exclusive."""
    found = in_reading_order(diagnostics)
    codes = sorted({one.code for one in found})
    run = {
        "tool": {"driver": {"name": "segctl", "version": version, "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in found],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str) -> dict[str, Any]:
    about = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": about.summary},
        "help": {"text": f"segctl docs {code}"},
        "defaultConfiguration": {"level": about.severity},
    }


def _result(one: Diagnostic, place: int) -> dict[str, Any]:
    region = {
        "startLine": one.span.line,
        "startColumn": one.span.column,
        "endLine": one.span.end_line,
        "endColumn": one.span.end_column,
    }
    artifact = {"uri": quote(one.span.file, errors="surrogatepass"), "uriBaseId": "%SRCROOT%"}
    message = "\n".join(safe(line) for told in (one.detail, *one.help) for line in told.splitlines())
    return {
        "ruleId": one.code,
        "ruleIndex": place,
        "level": one.severity,
        "message": {"text": message or one.summary},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
    }
