CREATE TABLE players (player_id BIGINT);
CREATE TABLE consents (player_id VARCHAR, player_no INTEGER, email BOOLEAN);
CREATE TABLE logins (id VARCHAR, player_id VARCHAR, at_time TIMESTAMPTZ);
