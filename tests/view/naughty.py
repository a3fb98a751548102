"""More than five hundred texts that try to act, hide or break, made of what acts and of where it is put."""

from __future__ import annotations

from tests.view.hostile import HOSTILE

_ACTS = (
    "@everyone", "@acme/crm-leads", "#1", "GH-1", "acme/casino#17", "acme/casino@3f2a91c", "3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3",
    "ann@example.org", "https://evil.example/?a=1&b=2", "www.evil.example", "javascript:alert(1)", "ftp://evil.example",
    "[x](https://evil.example)", "![x](https://evil.example/x.png)", "[x]: https://evil.example", "<https://evil.example>",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<details open>", "</details>", "</summary>", "<!--", "-->", "--!>",
    "&lt;b&gt;", "&#64;everyone", "&nbsp;", "<b", "]]>", "<?php", "`", "``", "```", "~~~", "````````", "` ` `", "$x^2$", "$$",
    "| a | b |", "|", "\\|", "---", "***", "===", "# title", "> quote", "- [x] task", "1. one", "* * *", "+++", "\\", "\\\\`",
    "::error::x", "::set-output name=a::b", "::stop-commands::t", "##[error]x", "##vso[task.setvariable]x", "%0A::error::x", "%25", ":tada:",
    "\x1b[31mred", "\x1b]8;;https://evil.example\x07x", "\x9b2J", "\x00", "\x07", "\u202ex", "\u2066x", "\u200bx", "\ufeffx", "\ud800",
    "a\nb", "a\r\n::error::b", "a\rb", "a\u2028b", "a\tb", "a\x0bb", "=1+1", "+1", "-1", "@SUM(1)", "=cmd|'/C calc'!A0",
    "'; DROP TABLE segment; --", "%s %n {0} ${HOME} $(id) {{x}} <%= x %>", "../../etc/passwd", "CON", "\u0301x", "Z\u0351\u0363",
    "\u6f22\u5b57", "\U0001f469\u200d\U0001f467", "\u0645\u06cc\u200c\u062e", "true", "null", "NaN", "0x1f", "1e309", "[]", "{}",
)  # fmt: skip
_PLACES = ("{}", "vip {} x", "a{}b", "<!-- {} -->", "`{}`", "\n{}\n")

NAUGHTY = (*HOSTILE, *(place.replace("{}", text) for text in _ACTS for place in _PLACES))
