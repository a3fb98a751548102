"""segctl docs"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.base.codes import CODES
from segctl.base.errors import Refused


def docs(
    code: Annotated[str | None, typer.Argument(help="A code such as SEG101.", show_default=False)] = None,
) -> int:
    """Explain a diagnostic code, with an example that is wrong and one that is right.

    \b
    Examples:
      segctl docs SEG101
      segctl docs                every code in one line
    """
    from segctl.cli.console import out
    from segctl.files.shipped import code_page

    if code is None:
        out("\n".join(f"{name}  {about.summary}" for name, about in sorted(CODES.items())))
        return 0
    page = code_page(code.upper())
    if page is None:
        raise Refused(f"There is no code {code}.", "All codes: segctl docs")
    out(page)
    return 0
