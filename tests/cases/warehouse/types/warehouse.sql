CREATE TABLE players (player_id VARCHAR, a VARCHAR, b INTEGER, c DECIMAL(9,2), d DOUBLE, e BOOLEAN, f DATE,
  g TIMESTAMPTZ, h TIMESTAMP, i VARCHAR[], j BLOB, k UUID, l JSON, m HUGEINT, n DECIMAL(12,0), o ENUM('x', 'y'));
CREATE TABLE sessions (id BIGINT, player_id VARCHAR, started DATE, ended VARCHAR, minutes DOUBLE);
