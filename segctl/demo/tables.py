"""The demo warehouse's tables as DDL text. Says what columns exist; knows nothing of what is in them."""

PROFILES = {
    "players": """
        player_id VARCHAR, username VARCHAR, platform_id VARCHAR, brand VARCHAR, region VARCHAR, locale VARCHAR,
        currency VARCHAR, account_status VARCHAR, registered_at TIMESTAMPTZ, last_login_at TIMESTAMPTZ,
        last_activity_at TIMESTAMPTZ, first_name VARCHAR, last_name VARCHAR, gender VARCHAR, date_of_birth DATE,
        email VARCHAR, phone_number VARCHAR, postal_code VARCHAR, city VARCHAR, country VARCHAR,
        nationality VARCHAR, language VARCHAR, allows_email BOOLEAN, allows_sms BOOLEAN, allows_phone BOOLEAN,
        real_money_balance DECIMAL(18,2), bonus_money_balance DECIMAL(18,2), total_balance DECIMAL(18,2),
        base_real_money_balance DECIMAL(18,2), base_bonus_money_balance DECIMAL(18,2),
        base_total_balance DECIMAL(18,2), vip_level INTEGER,
        retention_level VARCHAR, favourite_team VARCHAR, self_excluded BOOLEAN, time_out_until TIMESTAMPTZ,
        loss_limit_daily DECIMAL(18,2), base_loss_limit_daily DECIMAL(18,2), updated_at TIMESTAMPTZ
    """,
    "player_consents": """
        player_id VARCHAR, email BOOLEAN, email_changed_at TIMESTAMPTZ, sms BOOLEAN, sms_changed_at TIMESTAMPTZ,
        push BOOLEAN, push_changed_at TIMESTAMPTZ, profiling BOOLEAN, profiling_changed_at TIMESTAMPTZ,
        version VARCHAR
    """,
    "player_favourites": "player_id VARCHAR, provider VARCHAR",
}
"""Tables in the order of player numbers."""

EVENTS = {
    "payments": """
        payment_id BIGINT, player_id VARCHAR, kind VARCHAR, status VARCHAR, method VARCHAR, currency VARCHAR,
        amount DECIMAL(18,2), base_amount DECIMAL(18,2), occurred_at TIMESTAMPTZ, ingested_at TIMESTAMPTZ,
        updated_at TIMESTAMPTZ
    """,
    "bets": """
        bet_id BIGINT, player_id VARCHAR, product VARCHAR, provider VARCHAR, game VARCHAR, team VARCHAR,
        market VARCHAR, tournament VARCHAR, currency VARCHAR, stake DECIMAL(18,2), stake_real DECIMAL(18,2),
        stake_bonus DECIMAL(18,2), win DECIMAL(18,2), base_stake DECIMAL(18,2), base_stake_real DECIMAL(18,2),
        base_stake_bonus DECIMAL(18,2), base_win DECIMAL(18,2), occurred_at TIMESTAMPTZ, ingested_at TIMESTAMPTZ
    """,
    "sessions": """
        session_id BIGINT, player_id VARCHAR, device VARCHAR, minutes INTEGER, occurred_at TIMESTAMPTZ,
        ended_at TIMESTAMPTZ, ingested_at TIMESTAMPTZ
    """,
    "bonuses": """
        bonus_id BIGINT, player_id VARCHAR, kind VARCHAR, campaign VARCHAR, currency VARCHAR,
        amount DECIMAL(18,2), base_amount DECIMAL(18,2), expires_at TIMESTAMPTZ, occurred_at TIMESTAMPTZ,
        ingested_at TIMESTAMPTZ
    """,
    "rg_events": """
        rg_event_id BIGINT, player_id VARCHAR, kind VARCHAR, occurred_at TIMESTAMPTZ, ingested_at TIMESTAMPTZ
    """,
    "crm_events": """
        crm_event_id BIGINT, player_id VARCHAR, kind VARCHAR, channel VARCHAR, campaign VARCHAR,
        occurred_at TIMESTAMPTZ, ingested_at TIMESTAMPTZ
    """,
    "scores": """
        player_id VARCHAR, model VARCHAR, score DOUBLE, label VARCHAR, model_version VARCHAR,
        top_reasons VARCHAR[], scored_at TIMESTAMPTZ
    """,
}
"""Tables in the order of time. All but `scores` begin with an id that counts up in that order from 1."""

STAGED = "starts BIGINT, ends BIGINT, player INTEGER, detail INTEGER"
"""What is kept of an event until its table can be written in the order of time: see `moments.Moments`."""
