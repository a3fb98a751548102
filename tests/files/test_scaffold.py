"""What `segctl init` writes: valid as it stands, and never over what is there."""

import json
import posixpath
import re
from pathlib import Path

import pytest

from segctl.base.errors import Refused
from segctl.files.scaffold import scaffold, slug, write_scaffold
from segctl.workflow.editor import FILE
from tests.support.project import opened

NAMES = ["acme-casino", "true", "007", "1e5"]


def files() -> dict[str, str]:
    return scaffold(name="acme-casino", timezone="Europe/Malta")


def test_a_new_project_has_no_mistakes(tmp_path: Path) -> None:
    write_scaffold(tmp_path, files())

    project = opened(tmp_path)

    assert project.diagnostics == ()
    assert project.project.catalog is not None
    assert set(project.project.segments) == {"new-players", "lapsed-depositors"}


def test_settings_hold_what_was_given(tmp_path: Path) -> None:
    write_scaffold(
        tmp_path, scaffold(name="acme", timezone="Asia/Tokyo", warehouse="${DWH}", state="sqlite:///a b")
    )

    settings = opened(tmp_path).settings

    assert settings is not None
    assert (settings.name, settings.timezone) == ("acme", "Asia/Tokyo")
    assert settings.environments["dev"].warehouse == "${DWH}"
    assert settings.environments["dev"].state == "sqlite:///a b"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_yaml_would_misread_is_quoted(name: str, tmp_path: Path) -> None:
    write_scaffold(tmp_path, scaffold(name=name))

    settings = opened(tmp_path).settings

    assert settings is not None
    assert settings.name == name


@pytest.mark.parametrize(
    "url", ["postgresql://crm:hunter2@db/players", "postgresql://db/players?password=hunter2"]
)
def test_passwords_do_not_go_to_git(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        scaffold(name="acme", warehouse=url)

    assert "hunter2" not in f"{refusal.value.message} {refusal.value.help}"
    assert "SEGCTL_WAREHOUSE" in refusal.value.help[0]


@pytest.mark.parametrize(
    "url", ["postgresql://crm@db/players", "postgresql://crm:${PASSWORD}@db/players", "${DWH}"]
)
def test_addresses_without_a_password_are_fine(url: str) -> None:
    assert url in scaffold(name="acme", warehouse=url)["segctl.yaml"]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("Acme Casino", "acme-casino"),
        ("Köln_2", "koln-2"),
        ("--", "segments"),
        ("賭場", "segments"),
        ("a" * 90, "a" * 63),
    ],
)
def test_projects_are_named_after_their_folder(folder: str, name: str) -> None:
    assert slug(folder) == name


def test_what_stands_there_is_kept_and_named(tmp_path: Path) -> None:
    (tmp_path / "segctl.yaml").write_text("mine")
    (tmp_path / "segments").write_text("a file where a folder would go")

    with pytest.raises(Refused, match=re.escape("`segctl.yaml`, `segments`")):
        write_scaffold(tmp_path, files())

    assert sorted(path.name for path in tmp_path.iterdir()) == ["segctl.yaml", "segments"]
    assert (tmp_path / "segctl.yaml").read_text() == "mine"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "segments").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Refused, match="`segments`"):
        write_scaffold(tmp_path / "project", files())

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_that_cannot_be_written_takes_the_others_back(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Nothing was written"):
        write_scaffold(tmp_path, {"a.yaml": "first", "b" * 300: "no file system takes this name"})

    assert list(tmp_path.iterdir()) == []


def test_it_says_what_it_wrote(tmp_path: Path) -> None:
    written = write_scaffold(tmp_path / "new", files())

    assert written == sorted(
        str(path.relative_to(tmp_path / "new")) for path in tmp_path.rglob("*") if path.is_file()
    )


def test_editors_find_the_schemas() -> None:
    made = files()
    mapped = json.loads(made[".vscode/settings.json"])["yaml.schemas"]

    assert {path.removeprefix("./"): mapped[path] for path in mapped} == {
        "schemas/settings.v1.json": "segctl.yaml",
        FILE: ["segments/**/*.yaml", "segments/**/*.yml"],
    }
    for name, text in made.items():
        lead = re.match(r"# yaml-language-server: \$schema=(\S+)", text)
        if name.endswith(".yaml") and "workflows" not in name:
            assert lead is not None
            assert posixpath.normpath(f"{posixpath.dirname(name)}/{lead[1]}").lstrip("/") in (
                "schemas/settings.v1.json",
                FILE,
            )


def test_actions_are_pinned_and_may_only_read() -> None:
    workflow = files()[".github/workflows/segments.yml"]
    uses = re.findall(r"uses: (.+)", workflow)

    assert uses
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in uses)
    assert "permissions:\n  contents: read\n" in workflow
