CREATE TABLE "Players" ("Player_ID" VARCHAR, "Country" VARCHAR);
CREATE SCHEMA crm; CREATE TABLE crm.consents (player_id VARCHAR, email BOOLEAN);
