-- The shape of the Pagila sample database (a film rental), with rows of our own; its floating amount is ours.
CREATE TYPE mpaa_rating AS ENUM ('G', 'PG', 'R');
CREATE TABLE country (country_id INTEGER PRIMARY KEY, country VARCHAR, last_update TIMESTAMPTZ);
CREATE TABLE city (city_id INTEGER PRIMARY KEY, city VARCHAR, country_id INTEGER REFERENCES country, last_update TIMESTAMPTZ);
CREATE TABLE address (
  address_id INTEGER PRIMARY KEY, address VARCHAR, district VARCHAR, city_id INTEGER REFERENCES city,
  postal_code VARCHAR, phone VARCHAR, last_update TIMESTAMPTZ
);
CREATE TABLE store (store_id INTEGER PRIMARY KEY, address_id INTEGER REFERENCES address, last_update TIMESTAMPTZ);
CREATE TABLE staff (
  staff_id INTEGER PRIMARY KEY, first_name VARCHAR, last_name VARCHAR, email VARCHAR, store_id INTEGER,
  username VARCHAR, password VARCHAR, last_update TIMESTAMPTZ
);
CREATE TABLE film (
  film_id INTEGER PRIMARY KEY, title VARCHAR, rental_rate DECIMAL(4,2), rating mpaa_rating, last_update TIMESTAMPTZ
);
CREATE TABLE inventory (
  inventory_id INTEGER PRIMARY KEY, film_id INTEGER REFERENCES film, store_id INTEGER REFERENCES store,
  last_update TIMESTAMPTZ
);
CREATE TABLE customer (
  customer_id INTEGER PRIMARY KEY, store_id INTEGER REFERENCES store, first_name VARCHAR, last_name VARCHAR,
  email VARCHAR, address_id INTEGER REFERENCES address, activebool BOOLEAN, create_date DATE,
  last_update TIMESTAMPTZ, active INTEGER, birth_date DATE, password VARCHAR, rating mpaa_rating,
  "größe" INTEGER, "loyalty points" INTEGER, preferences JSON
);
CREATE TABLE rental (
  rental_id INTEGER PRIMARY KEY, rental_date TIMESTAMPTZ, inventory_id INTEGER REFERENCES inventory,
  customer_id INTEGER REFERENCES customer, return_date TIMESTAMPTZ, staff_id INTEGER REFERENCES staff,
  last_update TIMESTAMPTZ
);
CREATE TABLE payment (
  payment_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, staff_id INTEGER REFERENCES staff,
  rental_id INTEGER REFERENCES rental, amount DOUBLE, fee DECIMAL(9,2), payment_date TIMESTAMPTZ, method VARCHAR
);
CREATE TABLE customer_consent (customer_id INTEGER PRIMARY KEY REFERENCES customer, email BOOLEAN, changed_at TIMESTAMPTZ);
CREATE TABLE customer_favourites (customer_id INTEGER REFERENCES customer, genre VARCHAR);
CREATE TABLE customer_notes (customer_id INTEGER REFERENCES customer, note VARCHAR, stars INTEGER);
CREATE TABLE "odd table" (customer_id INTEGER, at_time TIMESTAMPTZ);
INSERT INTO country VALUES (1, 'Brazil', NULL);
INSERT INTO city VALUES (1, 'Recife', 1, NULL);
INSERT INTO address VALUES (1, '1 Road', 'Centre', 1, '5000', '+55', NULL);
INSERT INTO store VALUES (1, 1, NULL);
INSERT INTO staff VALUES (1, 'Mike', 'Doe', 'mike@example.org', 1, 'mike', 'x', NULL);
INSERT INTO film VALUES (1, 'Invented', 0.99, 'PG', NULL);
INSERT INTO inventory VALUES (1, 1, 1, NULL);
INSERT INTO customer
  SELECT n, 1, 'F' || n, 'L' || n, 'c' || n || '@example.org', 1, n % 2 = 0, DATE '2020-01-01', TIMESTAMPTZ '2025-01-01 00:00:00+00',
    1, DATE '1990-05-05', 'x', 'G', 1, 2, '{}' FROM range(1, 21) AS t (n);
INSERT INTO rental
  SELECT n, TIMESTAMPTZ '2025-02-01 00:00:00+00' + to_days(n::INTEGER), 1, 1 + n % 20, NULL, 1, NULL FROM range(1, 101) AS t (n);
INSERT INTO payment
  SELECT n, 1 + n % 20, 1, n, 2.5, 0.5, TIMESTAMPTZ '2025-02-01 00:00:00+00' + to_days(n::INTEGER), ['card', 'cash'][1 + n % 2]
  FROM range(1, 101) AS t (n);
INSERT INTO customer_consent SELECT n, true, NULL FROM range(1, 21) AS t (n);
INSERT INTO customer_favourites VALUES (1, 'Drama'), (1, 'Horror'), (2, 'Drama');
INSERT INTO customer_notes VALUES (1, 'a', 1), (1, 'b', 2);
