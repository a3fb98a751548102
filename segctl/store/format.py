"""How a state says that it is one, and which. For those who look with SQLAlchemy and those who look without."""

from __future__ import annotations

from typing import Final

FORMAT: Final = 10
# "segc": how a SQLite file says whose it is (https://sqlite.org/pragma.html#pragma_application_id)
APPLICATION_ID: Final = 0x73656763
