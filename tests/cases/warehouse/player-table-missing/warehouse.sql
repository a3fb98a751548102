CREATE TABLE plyers (player_id VARCHAR);
