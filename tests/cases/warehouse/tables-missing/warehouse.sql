CREATE TABLE players (player_id VARCHAR); CREATE TABLE deposits (id BIGINT);
