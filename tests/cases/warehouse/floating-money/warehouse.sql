CREATE TABLE players (player_id VARCHAR, balance DOUBLE, limits FLOAT, base_limits DECIMAL(18,2));
CREATE TABLE payments (id BIGINT, player_id VARCHAR, at_time TIMESTAMPTZ, amount DECIMAL(18,2), base_amount DOUBLE);
