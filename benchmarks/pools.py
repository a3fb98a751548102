"""What generated rules speak of: fields of the shipped catalog, with operands as authors would. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Operands = Mapping[str, tuple[Any, ...]]

# Activity date ranges with how often they are used; None is the lifetime.
WINDOWS: tuple[tuple[dict[str, Any] | None, int], ...] = (
    ({"last": "1d"}, 3),
    ({"last": "3d"}, 3),
    ({"last": "7d"}, 14),
    ({"last": "10d"}, 2),
    ({"last": "14d"}, 6),
    ({"last": "21d"}, 2),
    ({"last": "30d"}, 20),
    ({"last": "45d"}, 2),
    ({"last": "60d"}, 5),
    ({"last": "90d"}, 10),
    ({"last": "120d"}, 2),
    ({"last": "180d"}, 5),
    ({"last": "365d"}, 4),
    ({"calendar": "this_month"}, 4),
    ({"calendar": "last_month"}, 6),
    (None, 16),
)

PROFILE: Operands = {
    "country": (
        "DE",
        "GB",
        "IT",
        "SE",
        ["DE", "AT"],
        ["SE", "FI"],
        ["BR", "MX"],
        {"ne": "US"},
        {"not_in": ["US", "CA"]},
    ),
    "brand": ("aurora", "borealis"),
    "region": ("EU", "UK", "NORDICS", ["LATAM", "NA"]),
    "language": ("de", "en", ["sv", "fi"], {"ne": "en"}),
    "city": (
        "Berlin",
        {"starts_with": "m", "ignore_case": True},
        {"contains": "o"},
        {"matches": "^(London|Leeds)$"},
    ),
    "gender": ("female", "male", {"is_set": False}),
    "account_status": (["active", "fully_identified"], "fully_identified", {"not_in": ["closed", "suspended"]}),
    "age": ({"gte": 18}, {"gte": 25}, {"between": [18, 24]}, {"between": [25, 39]}, {"gte": 60}, {"lt": 30}),
    "date_of_birth": ({"anniversary_within": "7d"}, {"anniversary_within": "1d"}),
    "vip_level": ({"gte": 1}, {"gte": 2}, {"gte": 3}, {"between": [2, 4]}, {"in": [4, 5]}, {"is_set": False}),
    "last_login": (
        {"older_than": "7d"},
        {"older_than": "30d"},
        {"older_than": "90d"},
        {"within": "7d"},
        {"within": "60d"},
    ),
    "registration_date": ({"within": "30d"}, {"within": "180d"}, {"older_than": "1y"}, {"before": "2026-01-01"}),
    "consent_email": (True, False),
    "consent_sms": (True,),
    "consent_push": (True, {"is_set": False}),
    "allows_phone": (True,),
    "self_excluded": (False,),
    "time_out_until": ({"before": "now"}, {"is_set": False}),
    "real_money_balance": ({"lt": 5}, {"gte": 20}, {"gte": 100}, {"between": [5, 49.99]}, {"gt": 0}),
    "bonus_money_balance": ({"gt": 0}, {"gte": 20}),
    "loss_limit_daily": ({"is_set": True}, {"lte": 50}),
    "favourite_team": ("Juventus", ["Arsenal", "Liverpool"], {"is_set": True}, {"ne": "Inter"}),
    "favourite_providers": (
        {"contains": "studio_x"},
        {"contains_any": ["evolution", "netent"]},
        {"contains_all": ["studio_x", "pragmatic"]},
        {"is_empty": True},
    ),
    "retention_level": ("new", "engaged", ["at_risk", "dormant"], {"ne": "dormant"}),
}

# The first are the ones that most segments ask for.
METRICS: Operands = {
    "total_deposit_count": ({"gte": 1}, {"gte": 2}, {"gte": 5}, {"between": [2, 10]}, 0, {"lte": 3}),
    "total_deposit_amount": ({"gte": 20}, {"gte": 100}, {"gte": 500}, {"between": [50, 199.99]}, {"lt": 10}),
    "activity_days": ({"gte": 2}, {"gte": 5}, {"gte": 15}, {"lte": 1}),
    "casino_bet_amount": ({"gte": 50}, {"gte": 300}, {"gte": 2000}, {"lt": 20}),
    "sports_bet_amount": ({"gte": 50}, {"gte": 300}, {"gte": 2000}, {"lt": 20}),
    "session_count": ({"gte": 1}, {"gte": 5}, {"gte": 20}, 0, {"lte": 2}),
    "casino_bet_count": ({"gte": 1}, {"gte": 10}, {"gte": 50}, 0),
    "sports_bet_count": ({"gte": 1}, {"gte": 10}, {"gte": 50}, 0),
    "gross_gaming_revenue": ({"gte": 50}, {"gte": 500}, {"lt": 0}, {"lt": -100}),
    "net_deposits": ({"gte": 100}, {"gte": 1000}, {"lt": 0}),
    "casino_player": (True, False),
    "sports_player": (True, False),
    "total_withdrawal_amount": ({"gte": 50}, {"gte": 500}, {"lt": 1}),
    "total_withdrawal_count": ({"gte": 1}, {"gte": 3}, 0),
    "session_minutes": ({"gte": 60}, {"gte": 600}, {"lt": 10}),
    "crm_delivered_count": ({"gte": 1}, {"lte": 2}, {"gte": 5}),
    "bonus_used_amount": ({"gte": 10}, {"gte": 100}, 0),
    "bonus_issued_count": ({"gte": 1}, {"gte": 3}, 0),
    "failed_deposit_count": ({"gte": 1}, {"gte": 2}),
    "limit_hits": ({"gte": 1}, 0),
    "crm_complained": (False,),
    "crm_unsubscribed": (False, True),
    "providers_played": ({"gte": 2}, {"gte": 4}),
    "bonus_share": ({"gte": 0.2}, {"lt": 0.5}, {"gte": 1}),
    "last_deposit_amount": ({"gte": 50}, {"lt": 20}),
    "last_deposit_date": ({"older_than": "30d"}, {"within": "14d"}),
    "first_deposit_amount": ({"gte": 50}, {"gte": 100}),
    "first_deposit_date": ({"within": "90d"},),
    "second_deposit_amount": ({"gte": 50}, {"is_set": False}),
    "bonus_expires": ({"within_next": "3d"},),
}

# Conditions on a part of a metric: one dimension or more, or whose money.
NARROWED: Operands = {
    "sports_turnover": (
        *({"team": team, "gte": 50} for team in ("Juventus", "Arsenal", "Bayern", "Flamengo")),
        {"team": ["Real Madrid", "Barcelona"], "gte": 20},
        {"tournament": "Premier League", "gte": 100},
        {"tournament": "Serie A", "market": "match_winner", "gte": 10},
    ),
    "casino_turnover": (
        *({"provider": provider, "gte": 100} for provider in ("studio_x", "evolution", "netent")),
        {"game": "book_of_suns", "gte": 20},
    ),
    "sports_bet_amount": ({"money": "real", "gte": 50}, {"money": "bonus", "gte": 5}),
    "casino_bet_amount": ({"money": "real", "gte": 100}, {"money": "bonus", "gte": 10}),
    "casino_bet_count": ({"money": "bonus", "gte": 1},),
    "bonus_issued_count": ({"campaign": "welcome", "eq": 0}, {"campaign": "reload_weekend", "gte": 1}),
    "crm_opened_count": ({"channel": "email", "gte": 1}, {"campaign": "newsletter", "eq": 0}),
    "crm_clicked_count": ({"channel": "push", "gte": 1},),
}
