"""The files of deploy/: each parses, and says only what segctl, its metrics and its neighbours have."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from segctl.view.metrics import METRICS, metrics_text
from segctl.workflow.load import load
from tests.support.casino import Casino
from tests.support.console import SEGCTL, segctl
from tests.support.prometheus import families
from tests.test_documents import wrong
from tests.view.test_metrics import metrics

DEPLOY = Path(__file__).parents[1] / "deploy"
SYSTEMD, KUBERNETES = DEPLOY / "systemd", DEPLOY / "kubernetes"
DOCKERFILE = DEPLOY / "Dockerfile"
PAGE = DEPLOY.parent / "docs/operations.md"
ALERTS = DEPLOY / "prometheus/alerts.yaml"
SERVICES = sorted(SYSTEMD.glob("*.service"))
INSTALLED = "/opt/segctl/bin/segctl"


def name(path: Path) -> str:
    return path.name


def unit(path: Path) -> configparser.ConfigParser:
    """A unit of systemd; no key of these comes twice in a section."""
    parser = configparser.ConfigParser(interpolation=None, delimiters="=", comment_prefixes=("#", ";"))
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    parser.read(path)
    return parser


def instructions() -> list[tuple[str, str]]:
    """Those of the Dockerfile: a word, and what it is given."""
    text = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(one.partition(" ")[0], one.partition(" ")[2]) for one in lines]


def last(instruction: str) -> Any:
    """What the image has of it: a list of words."""
    return json.loads([given for word, given in instructions() if word == instruction][-1])


def documents(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text()))


def pods() -> Iterator[tuple[str, Any]]:
    """The template of each pod, by the name of its file."""
    for path in sorted(KUBERNETES.glob("*.yaml")):
        for one in documents(path):
            match one["kind"]:
                case "Deployment":
                    yield path.name, one["spec"]["template"]
                case "CronJob":
                    yield path.name, one["spec"]["jobTemplate"]["spec"]["template"]
                case kind:
                    assert kind == "ConfigMap"


def alerts() -> list[Any]:
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    return list(group["rules"])


PODS = dict(pods())
COMMANDS = {
    **{path.name: shlex.split(unit(path)["Service"]["ExecStart"])[1:] for path in SERVICES},
    "Dockerfile": last("ENTRYPOINT")[1:] + last("CMD"),
    **{file: pod["spec"]["containers"][0]["args"] for file, pod in PODS.items()},
}


@pytest.mark.parametrize("file", COMMANDS)
def test_what_is_started_is_a_command(file: str) -> None:
    assert COMMANDS[file][0] == "run"
    assert wrong(list(COMMANDS[file])) == ""


def test_every_file_of_the_folder_is_looked_at() -> None:
    found = {path.relative_to(DEPLOY).as_posix() for path in DEPLOY.rglob("*") if path.is_file()}

    assert found == {
        "Dockerfile",
        "Dockerfile.dockerignore",
        "kubernetes/cronjob.yaml",
        "kubernetes/deployment.yaml",
        "kubernetes/settings.yaml",
        "prometheus/alerts.yaml",
        "systemd/segctl-once.service",
        "systemd/segctl-once.timer",
        "systemd/segctl.service",
    }


# systemd


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in SYSTEMD.iterdir():
        text = path.read_text()
        assert path.suffix == ".timer" or INSTALLED in text
        (tmp_path / path.name).write_text(text.replace(INSTALLED, str(SEGCTL)))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("path", SERVICES, ids=name)
def test_a_unit_lets_a_worker_finish_and_write_what_it_must(path: Path) -> None:
    service = unit(path)["Service"]

    assert (service["KillMode"], service["TimeoutStopSec"]) == ("mixed", "1h")
    assert (service["ProtectSystem"], service["ReadWritePaths"]) == (
        "strict",
        f"-{service['WorkingDirectory']}/.segctl",
    )


def test_the_timer_comes_as_often_as_the_worker_counts_on() -> None:
    timer = unit(SYSTEMD / "segctl-once.timer")["Timer"]

    assert timer["OnCalendar"] == "*:0/5"
    assert every(COMMANDS["segctl-once.service"]) == 300


def every(words: list[str]) -> int:
    return int(words[words.index("--every") + 1])


# Docker


def test_the_image_is_made_of_what_is_there() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    options = {
        found
        for word, given in instructions()
        if word == "RUN" and "uv sync" in given
        for found in re.findall(r"--[a-z-]+", given)
    }
    told = subprocess.run(["uv", "sync", "--help"], capture_output=True, text=True, check=True).stdout

    assert options
    assert {one for one in options if f"{one} " not in told.replace("\n", " ")} == set()
    for needed in (
        "segctl",
        "schemas",
        "segments",
        "segctl.yaml",
        "docs",
        "pyproject.toml",
        "uv.lock",
        "README.md",
    ):
        assert needed not in ignored
    assert [word for word, _ in instructions()].count("FROM") == 2
    assert ("USER", "10001") in instructions()


def test_the_image_asks_for_its_health_where_it_listens() -> None:
    check = next(given for word, given in instructions() if word == "HEALTHCHECK")
    command = json.loads(check[check.index("CMD ") + 4 :])
    asked = re.search(r"'(http://[^']+)'", command[2])

    assert asked is not None
    address = urllib.parse.urlsplit(asked[1])
    assert (address.port, address.path) == (port(last("CMD")), "/healthz")
    assert ("EXPOSE", str(address.port)) in instructions()
    compile(command[2], "HEALTHCHECK", "exec")


def port(words: list[str]) -> int:
    return int(words[words.index("--listen") + 1].rpartition(":")[2])


# Kubernetes


@pytest.mark.parametrize("file", PODS)
def test_a_pod_may_do_no_more_than_it_must(file: str) -> None:
    spec = PODS[file]["spec"]
    (container,) = spec["containers"]

    assert spec["securityContext"]["runAsNonRoot"]
    assert ("USER", str(spec["securityContext"]["runAsUser"])) in instructions()
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not spec["automountServiceAccountToken"]
    assert {one["name"] for one in container["volumeMounts"]} == {one["name"] for one in spec["volumes"]}
    mounts = {one["mountPath"] for one in container["volumeMounts"]}
    # the root is read-only: what is written goes to the project, to the home and to /tmp
    assert {"/project", "/home/segctl", "/tmp"} < mounts
    assert ("WORKDIR", "/project") in instructions()


def test_a_deployment_knows_its_pods_and_asks_for_their_health() -> None:
    (one,) = documents(KUBERNETES / "deployment.yaml")
    (container,) = one["spec"]["template"]["spec"]["containers"]
    labels = one["spec"]["template"]["metadata"]["labels"]
    (listens,) = container["ports"]

    assert one["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert container["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": listens["name"]}
    assert listens["containerPort"] == port(container["args"])
    assert one["spec"]["template"]["metadata"]["annotations"]["prometheus.io/port"] == str(port(container["args"]))


def test_a_cron_job_comes_as_often_as_the_worker_counts_on() -> None:
    (one,) = documents(KUBERNETES / "cronjob.yaml")

    assert one["spec"]["schedule"] == "*/5 * * * *"
    assert every(COMMANDS["cronjob.yaml"]) == 300
    assert one["spec"]["startingDeadlineSeconds"] < 300
    assert (one["spec"]["concurrencyPolicy"], PODS["cronjob.yaml"]["spec"]["restartPolicy"]) == ("Forbid", "Never")


def test_a_worker_needs_nothing_of_a_project_but_the_settings_that_are_mounted(casino: Casino) -> None:
    (settings,) = documents(KUBERNETES / "settings.yaml")
    casino.segment("germans", {"country": "DE"}, schedule="1h")
    casino.apply()
    shutil.rmtree(casino.root / "segments")
    casino.write("segctl.yaml", settings["data"]["segctl.yaml"])

    words = COMMANDS["cronjob.yaml"]
    variables = {"SEGCTL_STATE": "sqlite:///.segctl/state.db", "SEGCTL_WAREHOUSE": "duckdb:///warehouse.duckdb"}
    done = segctl(casino.root, *words, PATH=str(casino.root), **variables)

    assert load(casino.root).settings is not None
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr)["outcome"] == "done"
    for file, pod in PODS.items():
        (container,) = pod["spec"]["containers"]
        mounted = next(one for one in container["volumeMounts"] if one["name"] == "settings")
        assert (mounted["mountPath"], mounted["subPath"]) == ("/project/segctl.yaml", "segctl.yaml"), file
        assert {"name": "settings", "configMap": {"name": settings["metadata"]["name"]}} in pod["spec"]["volumes"]


# Prometheus


@pytest.mark.parametrize("alert", alerts(), ids=lambda one: one["alert"])
def test_an_alert_speaks_of_metrics_and_labels_that_there_are(alert: Any) -> None:
    asked = set(re.findall(r"segctl_[a-z_]+", alert["expr"]))
    page = families(metrics_text(metrics()))
    labels = {label for one in asked for sample in page[one].samples for label, _ in sample}
    by = {label for found in re.findall(r"by \(([^)]*)\)", alert["expr"]) for label in found.split(", ")}
    matched = dict(re.findall(r'([a-z]+)="([^"]*)"', alert["expr"]))

    assert asked
    assert asked <= METRICS.keys()
    assert by | matched.keys() <= labels
    assert set(re.findall(r"\$labels\.([a-z_]+)", alert["annotations"]["summary"])) <= by
    assert all(
        any((key, value) in sample for one in asked for sample in page[one].samples)
        for key, value in matched.items()
    )
    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert alert["expr"].count("(") == alert["expr"].count(")")


def test_every_alert_has_its_words_on_the_page_of_operations() -> None:
    told = re.findall(r"^\| `(Segctl\w+)`", PAGE.read_text(), re.MULTILINE)

    assert told == [one["alert"] for one in alerts()]
