"""The invented world of the demo: countries, currencies, teams, games, campaigns. Constants: draws nothing."""

from dataclasses import dataclass

BASE = 10_000
"""Exchange rates are counted in ten-thousandths of a euro, so that money never passes through a float."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency and what one unit of it costs, in ten-thousandths of a euro."""

    code: str
    rate: int


@dataclass(frozen=True, slots=True)
class Country:
    """A licensed market: `share` of the players, and what their profiles look like."""

    code: str
    share: float
    region: str
    locale: str
    currency: str
    dial: str
    cities: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Team:
    """A team and the tournament it plays in."""

    name: str
    tournament: str


CURRENCIES = (
    Currency("EUR", 10_000),
    Currency("GBP", 11_700),
    Currency("SEK", 880),
    Currency("USD", 9_200),
)

COUNTRIES = (
    Country("DE", 0.22, "EU", "de-DE", "EUR", "+49", ("Berlin", "Hamburg", "München")),
    Country("IT", 0.12, "EU", "it-IT", "EUR", "+39", ("Roma", "Milano", "Torino")),
    Country("ES", 0.09, "EU", "es-ES", "EUR", "+34", ("Madrid", "Sevilla", "Bilbao")),
    Country("AT", 0.04, "EU", "de-AT", "EUR", "+43", ("Wien", "Graz", "Linz")),
    Country("MT", 0.01, "EU", "en-MT", "EUR", "+356", ("Valletta", "Sliema", "Mosta")),
    Country("GB", 0.18, "UK", "en-GB", "GBP", "+44", ("London", "Leeds", "Glasgow")),
    Country("SE", 0.12, "NORDICS", "sv-SE", "SEK", "+46", ("Stockholm", "Malmö", "Umeå")),
    Country("FI", 0.06, "NORDICS", "fi-FI", "EUR", "+358", ("Helsinki", "Turku", "Oulu")),
    Country("BR", 0.06, "LATAM", "pt-BR", "USD", "+55", ("São Paulo", "Recife", "Curitiba")),
    Country("MX", 0.03, "LATAM", "es-MX", "USD", "+52", ("Ciudad de México", "Puebla", "Tijuana")),
    Country("CA", 0.05, "NA", "en-CA", "USD", "+1", ("Toronto", "Halifax", "Calgary")),
    Country("US", 0.02, "NA", "en-US", "USD", "+1", ("Newark", "Detroit", "Denver")),
)

TEAMS = (
    Team("Juventus", "Serie A"),
    Team("Inter", "Serie A"),
    Team("Arsenal", "Premier League"),
    Team("Liverpool", "Premier League"),
    Team("Real Madrid", "La Liga"),
    Team("Barcelona", "La Liga"),
    Team("Bayern", "Bundesliga"),
    Team("Dortmund", "Bundesliga"),
    Team("AIK", "Allsvenskan"),
    Team("Flamengo", "Série A"),
)
MARKETS = ("match_winner", "over_under", "both_to_score", "handicap", "first_scorer")

PROVIDERS = ("studio_x", "evolution", "pragmatic", "netent", "red_barn", "northlight")
GAMES_PER_PROVIDER = 4
GAMES = (
    *("book_of_suns", "neon_fruits", "pirate_reels", "lucky_koi"),
    *("live_roulette", "live_blackjack", "live_baccarat", "money_wheel"),
    *("sweet_rush", "big_catch", "wolf_peak", "temple_gates"),
    *("star_gems", "hotel_spins", "gonzo_trail", "blood_moon"),
    *("barn_dance", "rooster_reels", "hay_day", "golden_egg"),
    *("aurora_nights", "fjord_fortune", "ice_queen", "polar_pays"),
)

BRANDS = ("aurora", "borealis")
DEVICES = ("ios", "android", "web")
METHODS = ("card", "bank", "wallet", "crypto")
CHANNELS = ("email", "sms", "push")
BONUS_CAMPAIGNS = ("welcome", "reload_weekend", "free_spins_friday", "cashback_monday", "win_back")
CRM_CAMPAIGNS = ("newsletter", "welcome_series", "derby_day", "win_back", "new_games", "vip_evening")

FEMALE_NAMES = ("Anna", "Sofia", "Emma", "Giulia", "Lucía", "Olivia", "Elsa", "Aino", "Camila", "Zoë")
MALE_NAMES = ("Luca", "Max", "Oliver", "Hugo", "Mateo", "Noah", "Erik", "Väinö", "João", "Liam")
LAST_NAMES = (
    *("Schmidt", "Rossi", "García", "Smith", "Andersson", "Virtanen", "Silva", "Müller", "Bianchi"),
    *("Jones", "Nilsson", "Korhonen", "Santos", "Weber", "Ferrari", "López", "Taylor", "O'Brien"),
)
