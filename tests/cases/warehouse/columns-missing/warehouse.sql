CREATE TABLE players (player_no VARCHAR, contry VARCHAR);
CREATE TABLE consents (player VARCHAR, email BOOLEAN);
CREATE TABLE payments (payment_id BIGINT, player_id VARCHAR, at_time TIMESTAMPTZ, amount DECIMAL(18,2));
