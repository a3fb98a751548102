"""The demo warehouse in the work folder, made once: `python -m benchmarks.warehouse FILE PLAYERS`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from benchmarks.projects import AS_OF
from segctl.demo.warehouse import write_warehouse


def main() -> None:
    path, players = sys.argv[1:]
    write_warehouse(Path(path), players=int(players), seed=1, as_of=datetime.fromisoformat(AS_OF))


if __name__ == "__main__":
    main()
