"""One pass of publishing, killed at a write: `python -m tests.faults.publisher`.

Reads a job as JSON from standard input and prints how many writes there were, as JSON. At write 0 nobody is killed.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

from tests.faults.tracer import Decision, Write, traced
from tests.support.casino import Casino
from tests.support.publishing import published


def main() -> None:
    job = json.load(sys.stdin)
    casino = Casino(Path(job["root"]), datetime.fromisoformat(job["now"]))
    writes: list[Write] = []

    def decide(write: Write) -> Decision:
        writes.append(write)
        return "kill" if write.at == job["at"] else "go on"

    def counts(target: str) -> bool:
        return target.startswith("socket:" if job["kind"] == "postgres" else str(casino.root / "out"))

    code = traced(lambda: _work(casino), decide, counts)
    print(json.dumps({"code": code, "writes": len(writes)}))  # noqa: T201 - the answer


def _work(casino: Casino) -> None:
    published(casino)


if __name__ == "__main__":
    main()
