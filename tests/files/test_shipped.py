"""What is shipped is found."""

from __future__ import annotations

import json

import jsonschema
import pytest

from segctl.files.shipped import schema


@pytest.mark.parametrize("name", ["segment", "catalog", "settings"])
def test_schemas_are_sound_and_say_what_each_key_is_for(name: str) -> None:
    text = schema(name)
    data = json.loads(text)

    jsonschema.Draft202012Validator.check_schema(data)
    assert "oneOf" not in text
    assert "anyOf" not in text
    for key, value in data["properties"].items():
        assert value["title"], key
        assert value["description"], key


def test_an_unknown_schema_is_a_broken_installation() -> None:
    with pytest.raises(FileNotFoundError):
        schema("nowhere")
