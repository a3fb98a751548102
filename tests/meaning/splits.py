"""Section 4, line 7: persistent splits. The players' ids are what the formula takes, so they keep them here."""

from __future__ import annotations

from decimal import Decimal

from segctl.model.rule import Bucket, Rule
from tests.meaning.cases import Case
from tests.meaning.casino import dynamic, group, who

# int(sha1("spring.split-1").hexdigest()[:15], 16) / 0xFFFFFFFFFFFFFFF * 100, and so on: worked out apart from segctl
SPRING = {
    "split-1": "25.18632682115681", "split-2": "32.83322521586907", "split-3": "54.55457093602354",
    "split-4": "77.8282099430816", "split-5": "77.64565530797717", "split-6": "31.212556938485182",
    "split-7": "8.128258988301772", "split-8": "3.3158753669748546",
}  # fmt: skip
FIRST = SPRING["split-1"]
LAST = SPRING["split-4"]


def split(says: str, rule: Rule, *members: int) -> Case:
    """Who of the eight is in, by the number in their ids."""
    inside = frozenset(f"split-{number}" for number in members)
    return Case(f"4.7 {says}", [dynamic(rule)], {name: who() for name in SPRING}, inside, exact=True)


def bucket(low: str, high: str, salt: str = "spring") -> Bucket:
    return Bucket(salt, Decimal(low), Decimal(high))


CASES = [
    split("bucket: the first tenth", bucket("0", "10"), 7, 8),
    split("bucket: the second half", bucket("50", "100"), 3, 4, 5),
    split("bucket: everybody is in the whole", bucket("0", "100"), *range(1, 9)),
    split("bucket: its lower end is in it", bucket(FIRST, "30"), 1),
    split("bucket: its upper end is not", bucket("20", FIRST)),
    split("bucket: neighbours share nobody", group("all", bucket("0", LAST), bucket(LAST, "100"))),
    split("bucket: neighbours miss nobody", group("any", bucket("0", LAST), bucket(LAST, "100")), *range(1, 9)),
    split("bucket: another salt is another split", bucket("40", "50", "autumn"), 2, 4, 7, 8),
    split("bucket: none of it is its complement", group("none", bucket("0", "50")), 3, 4, 5),
]
