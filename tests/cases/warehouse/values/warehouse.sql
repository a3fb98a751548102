CREATE TABLE players AS SELECT 'p_' || n AS player_id, ['new', 'old', NULL][n % 3 + 1] AS level,
  'e' || n AS email, ['a', 'z'] AS tags, '##[error]' || n AS many FROM range(30) AS t (n);
CREATE TABLE bets AS SELECT n AS id, 'p_' || n AS player_id, ['casino', 'sports', 'poker', 'bingo'][n % 4 + 1] AS product,
  TIMESTAMPTZ '2026-01-01 00:00:00+00' AS at_time FROM range(90) AS t (n);
