"""What names of tables and columns tell: words, titles, and what smells of money or of a person. Pure."""

from __future__ import annotations

import re

from segctl.spec.scope import RESERVED

_words = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+").findall
nameable = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}").fullmatch
_LONGEST = 60
# What stands before the name of a table in many warehouses.
_PREFIXES = frozenset(("dim", "tbl", "fact", "fct", "stg", "raw", "vw", "view", "src", "mart"))
_CAPITALS = {
    "id": "ID",
    "crm": "CRM",
    "rg": "RG",
    "vip": "VIP",
    "sms": "SMS",
    "url": "URL",
    "ip": "IP",
    "dob": "date of birth",
}

_MONEY_WORDS = """
amount balance price total sum deposit deposits withdrawal withdrawals stake stakes win winnings loss losses
turnover revenue ggr ngr cost costs fee fees paid payout spend spent wager wagered jackpot tax net gross
payment limit credit debit income salary discount
"""
MONEY = frozenset(_MONEY_WORDS.split())
_NO_MONEY_WORDS = """
rate percent pct percentage ratio share score latitude longitude lat lon lng count qty quantity odds weight
probability factor multiplier points days minutes hours
"""
_NO_MONEY = frozenset(_NO_MONEY_WORDS.split())
_PERSONAL_WORDS = """
email mail phone mobile fax telephone msisdn address street house postal postcode zip zipcode birth dob
birthday birthdate username nickname nick alias surname firstname lastname fullname forename passport ssn
iban bic swift national document licence latitude longitude ip
"""
_PERSONAL = frozenset(_PERSONAL_WORDS.split())
_NAMES = frozenset(
    ("first", "last", "full", "middle", "given", "family", "maiden", "sur", "user", "login", "display")
)
_OFFICIAL = frozenset(("national", "passport", "tax", "document", "device", "licence"))
_BIRTH = frozenset(("birth", "birthday", "birthdate", "dob", "born"))
_SECRETS = frozenset(("password", "passwd", "secret", "token", "salt", "hash", "pin", "cvv"))


def words(name: str) -> list[str]:
    """`CustomerId` and `customer_id` alike: customer, id."""
    return [word.lower() for word in _words(name)]


def field_name(name: str) -> str:
    """A name that the language allows: lower-case words, none that has a meaning of its own in rules."""
    snake = "_".join(words(name))[:_LONGEST].strip("_") or "field"
    snake = snake if snake[0].isalpha() else f"field_{snake}"
    return f"{snake}_value" if snake in RESERVED else snake


def subject(table: str) -> list[str]:
    """What one row of a table is, in words: `dim_players` is a player."""
    parts = words(table.rpartition(".")[2])
    while len(parts) > 1 and parts[0] in _PREFIXES:
        parts = parts[1:]
    return [*parts[:-1], singular(parts[-1])] if parts else ["row"]


def singular(word: str) -> str:
    """Good enough for names of tables."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "uses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def plural(word: str) -> str:
    """The way back."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def title(parts: list[str]) -> str:
    """Words as a heading: First name, Support rep ID."""
    text = spoken(parts)
    return text[:1].upper() + text[1:]


def spoken(parts: list[str]) -> str:
    """Words in the middle of a sentence."""
    return " ".join(_CAPITALS.get(word, word) for word in parts)


def smells_of_money(name: str) -> bool:
    """Is a number of this name likely an amount?"""
    parts = set(words(name))
    return not parts.isdisjoint(MONEY) and parts.isdisjoint(_NO_MONEY)


def no_money(name: str) -> bool:
    """Is a number of this name certainly no amount?"""
    return not _NO_MONEY.isdisjoint(words(name))


def smells_of_a_person(name: str) -> bool:
    """Would the values of such a column single somebody out? A number that leads to another table does not."""
    parts = words(name)
    if parts[-1:] == ["id"] and _OFFICIAL.isdisjoint(parts):
        return False
    if parts == ["name"] or (parts[-1:] == ["name"] and not _NAMES.isdisjoint(parts[:-1])):
        return True
    return not _PERSONAL.isdisjoint(parts)


def smells_of_a_birth(name: str) -> bool:
    """Is it the day on which somebody was born?"""
    return not _BIRTH.isdisjoint(words(name))


def smells_of_a_secret(name: str) -> bool:
    """Passwords and the like are no facts about players."""
    return not _SECRETS.isdisjoint(words(name))
