"""segctl review post: one comment for each environment of a request, made once and rewritten ever after."""

import json
import time
from collections.abc import Iterator

import pytest

from segctl.view.markdown import LONGEST, marker
from tests.cli.conftest import Cli
from tests.support.forge import TOKEN, Fake, forge

SYSTEMS = ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_REF", "GITHUB_EVENT_PATH", "GITLAB_TOKEN", "GITHUB_TOKEN")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    with forge() as found:
        for name in SYSTEMS:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_API_URL", found.api)
        monkeypatch.setenv("GITHUB_REPOSITORY", "acme/segments")
        monkeypatch.setenv("GITHUB_REF", "refs/pull/17/merge")
        yield found


@pytest.fixture
def planned(deployed: Cli) -> Cli:
    deployed.casino.segment("germans", {"country": "AT"})
    deployed.at("plan", "-o", "plan.json")
    return deployed


def test_a_plan_becomes_the_comment_of_its_request(planned: Cli, fake: Fake) -> None:
    said = planned("review", "post", "plan.json")

    assert said.code == 0, said.err
    assert said.out == "Commented on acme/segments 17. https://forge.example/1\n"
    (body,) = fake.bodies(17)
    assert body.splitlines()[0] == marker("dev")
    assert "SEG904" in body
    assert len(body) <= LONGEST


def test_it_is_rewritten_and_no_other_is_touched(planned: Cli, fake: Fake) -> None:
    for number in range(120):
        fake.add(17, f"comment {number}", "User")
    fake.add(17, f"{marker('production')}\nof another environment")
    planned("review", "post", "plan.json")
    planned.casino.segment("germans", {"country": "IT"})
    planned.at("plan", "-o", "plan.json")

    said = planned("review", "post", "plan.json")

    assert said.out.startswith("Rewrote the comment on acme/segments 17.")
    assert len(fake.bodies(17)) == 122
    assert "country: IT" in fake.bodies(17)[-1]
    assert fake.bodies(17)[120].endswith("of another environment")


def test_what_a_person_wrote_is_not_taken_for_ours(
    planned: Cli, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    fake.add(17, f"{marker('dev')}\nmine", "User")

    planned("review", "post", "plan.json")

    assert fake.bodies(17)[0].endswith("mine")
    assert len(fake.bodies(17)) == 2


def test_the_request_is_found_by_its_commit(planned: Cli, fake: Fake) -> None:
    fake.heads["abc123"] = 42

    assert planned("review", "post", "plan.json", "--commit", "abc123").code == 0
    assert len(fake.bodies(42)) == 1

    said = planned("review", "post", "plan.json", "--commit", "fff")
    assert said.code == 1
    assert "No open request has the commit fff as its head." in said.err


def test_an_event_names_the_request(planned: Cli, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    event = planned.casino.write("event.json", json.dumps({"pull_request": {"number": 9}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))

    assert planned("review", "post", "plan.json", "--json").code == 0
    assert len(fake.bodies(9)) == 1


def test_a_merge_request_on_gitlab(planned: Cli, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "GITLAB_CI": "true", "CI_API_V4_URL": fake.api, "CI_PROJECT_PATH": "acme/crm/segments",
        "CI_MERGE_REQUEST_IID": "5", "GITLAB_TOKEN": TOKEN,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    planned("review", "post", "plan.json")
    said = planned("review", "post", "plan.json")

    assert said.out.startswith("Rewrote the comment on acme/crm/segments 5.")
    assert len(fake.bodies(5)) == 1
    assert fake.requests[-1] == "PUT /projects/acme/crm/segments/merge_requests/5/notes/1"


def test_a_busy_forge_is_asked_again(planned: Cli, fake: Fake) -> None:
    fake.failures = [503, 429]

    assert planned("review", "post", "plan.json").code == 0
    assert len(fake.bodies(17)) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 422, 500])
def test_what_is_refused_says_why_and_never_the_token(planned: Cli, fake: Fake, status: int) -> None:
    fake.failures = [status] * 4

    said = planned("review", "post", "plan.json")

    assert said.code == 1
    assert f"with {status}" in said.err
    assert TOKEN not in said.out + said.err
    assert fake.bodies(17) == []


def test_a_forge_that_is_not_there(planned: Cli, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    del fake
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(time, "sleep", lambda _: None)

    said = planned("review", "post", "plan.json")

    assert said.code == 1
    assert "127.0.0.1 cannot be reached" in said.err


@pytest.mark.parametrize("missing", ["GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_REF"])
def test_what_is_missing_is_named(planned: Cli, fake: Fake, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    del fake
    monkeypatch.delenv(missing)

    said = planned("review", "post", "plan.json")

    assert said.code == 1
    assert "--pull N" in said.err if missing == "GITHUB_REF" else missing in said.err
