CREATE TABLE players AS SELECT * FROM (VALUES ('a'), ('a'), ('b'), (NULL), (NULL), (NULL)) AS t (player_id);
CREATE TABLE consents AS SELECT * FROM (VALUES ('a', true, true), ('a', false, true)) AS t (player_id, email, sms);
CREATE TABLE liked AS SELECT * FROM (VALUES ('a', 'x'), ('a', 'y')) AS t (player_id, provider);
