CREATE TABLE players (player_id VARCHAR);
CREATE TABLE scores (player_id BIGINT, model INTEGER, score VARCHAR, naive TIMESTAMP, zoned TIMESTAMPTZ);
