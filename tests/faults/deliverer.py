"""One pass of delivering, killed at a write, and another after it: `python -m tests.faults.deliverer`.

Reads a job as JSON from standard input and prints what was seen, as JSON. Without `at` nobody is killed.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from segctl.store.worker import worker
from tests.faults.tracer import Decision, Write, forked, traced
from tests.support.casino import Casino
from tests.support.delivery import delivered


def main() -> None:
    job = json.load(sys.stdin)
    casino = Casino(
        Path(job["root"]), datetime.fromisoformat(job["now"]), variables=job["variables"], postgres=job["postgres"]
    )
    seen = _plain(casino) if job.get("at") is None else _killed(casino, job["at"])
    print(json.dumps(seen))  # noqa: T201 - the answer


def _plain(casino: Casino) -> dict[str, Any]:
    return {"delivered": delivered(casino, worker=worker()).told.delivered}


def _killed(casino: Casino, at: int) -> dict[str, Any]:
    """Killed at write `at`, none if that is 0; requests to the receiver count as writes on PostgreSQL."""
    writes: list[Write] = []

    def decide(write: Write) -> Decision:
        writes.append(write)
        return "kill" if write.at == at else "go on"

    def counts(target: str) -> bool:
        return target.startswith(str(casino.state.parent) if casino.postgres is None else "socket:")

    code = traced(lambda: _work(casino), decide, counts)
    after = forked(lambda: _work(casino))
    return {"code": code, "after": after, "writes": len(writes)}


def _work(casino: Casino) -> None:
    delivered(casino, worker=worker())


if __name__ == "__main__":
    main()
