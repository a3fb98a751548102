"""A real Spark on this machine: a master, two workers and a Spark Connect server on loopback, for one command.

    python -m tests.spark.cluster pytest -n 0 -m spark

The command finds the server's address in `SEGCTL_TEST_SPARK`, and the workers' process ids in
`SEGCTL_TEST_SPARK_WORKERS`. Needs Java 17 or newer, uv, and the package registry (or `SPARK_HOME`).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

from tests.support.spark import GIVEN

WORKERS = "SEGCTL_TEST_SPARK_WORKERS"
_SECONDS = 90
_DEPLOY = "org.apache.spark.deploy"
_SETTINGS = {
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.executor.memory": "1g",
    "spark.executor.cores": "1",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    # as unlike what segctl asks for as can be
    "spark.sql.session.timeZone": "America/New_York",
    "spark.sql.ansi.enabled": "false",
}


@contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """The environment of a command that is to use it."""
    home, folder = _home(), Path(mkdtemp(prefix="segctl-spark-cluster-"))
    master, connect = _free_port(), _free_port()
    address = f"spark://127.0.0.1:{master}"
    run = [f"{home}/bin/spark-class"]
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(
            _process(
                [
                    *run,
                    f"{_DEPLOY}.master.Master",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    str(master),
                    "--webui-port",
                    "0",
                ],
                home,
                folder,
                "master",
            )
        )
        _wait_for(master, folder / "master.log")
        workers = [
            stack.enter_context(
                _process(
                    [
                        *run,
                        f"{_DEPLOY}.worker.Worker",
                        "--host",
                        "127.0.0.1",
                        "--webui-port",
                        "0",
                        "--cores",
                        "1",
                        "--memory",
                        "1500m",
                        "--work-dir",
                        str(folder / name),
                        address,
                    ],
                    home,
                    folder,
                    name,
                )
            )
            for name in ("worker-1", "worker-2")
        ]
        settings = {
            **_SETTINGS,
            "spark.connect.grpc.binding.port": str(connect),
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        }
        told = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
        server = "org.apache.spark.sql.connect.service.SparkConnectServer"
        stack.enter_context(
            _process(
                [f"{home}/bin/spark-submit", "--master", address, "--class", server, *told, "spark-internal"],
                home,
                folder,
                "connect",
            )
        )
        _wait_for(connect, folder / "connect.log")
        pids = ",".join(str(worker.pid) for worker in workers)
        yield {**os.environ, GIVEN: f"sc://127.0.0.1:{connect}", WORKERS: pids}


def _home() -> str:
    """Where Spark is. Its package and that of the client cannot be in one environment, so it gets its own."""
    if given := os.environ.get("SPARK_HOME"):
        return given
    package = f"pyspark=={version('pyspark-client')}"
    code = "import pyspark, pathlib; print(pathlib.Path(pyspark.__file__).parent)"
    command = ["uv", "run", "--no-project", "--with", package, "python", "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def _process(command: Sequence[str], home: str, folder: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "SPARK_HOME": home,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(port: int, log: Path) -> None:
    """Until somebody listens there."""
    deadline = monotonic() + _SECONDS
    while monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.2)
    raise RuntimeError(f"Spark did not start:\n{log.read_text()[-4000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    with cluster() as environment:
        ended = subprocess.run([sys.executable, "-m", *sys.argv[1:]], env=environment, check=False)
    sys.exit(ended.returncode)
