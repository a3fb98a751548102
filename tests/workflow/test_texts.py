"""Whatever a file may say, the state gives back: a deployed definition can always be read again."""

import json
from unicodedata import normalize

import pytest

from tests.support.casino import CATALOG, Casino

TEXTS = {
    "an emoji": "👩‍👩‍👧‍👦 🏆",
    "several lines": "a\nb\tc",
    "an escape": "a\\u0041 \\",
    "an accent": "\u00e9",
    "quotes": "\"'`: #- {[",
    "what YAML takes for something else": "NO",
    "a date": "2025-03-01",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_comes_back_from_the_state(casino: Casino, text: str) -> None:
    stored = normalize("NFC", text)  # as authors' texts are read; what is stored is compared as it is
    quoted = json.dumps(text, ensure_ascii=False)
    catalog = CATALOG.replace("title: Country", f"title: {quoted}, values: [DE, {quoted}]")
    casino.write("segments/catalog.yaml", catalog)
    casino.segment("odd", {"any": [{"country": ["DE", text]}, {"email": text}]}, title=text, tags=[text])
    casino.sql("UPDATE players SET country = ? WHERE player_id = 'hugo'", stored)
    casino.sql("UPDATE players SET email = ? WHERE player_id = 'ines'", stored)
    casino.apply()
    casino.later(days=1)

    casino.refresh()
    casino.write("segments/catalog.yaml", catalog.replace("title: Deposits", "title: Payments"))
    casino.segment("odd", {"any": [{"country": text}, {"email": text}]}, title=text, tags=[text])
    casino.apply()

    assert casino.members("odd") == {"hugo", "ines"}
    assert casino.plan().empty
