-- The tables of the Chinook sample database (a digital music shop), with rows of our own.
CREATE TABLE Artist (ArtistId INTEGER PRIMARY KEY, Name VARCHAR);
CREATE TABLE Album (AlbumId INTEGER PRIMARY KEY, Title VARCHAR NOT NULL, ArtistId INTEGER NOT NULL REFERENCES Artist);
CREATE TABLE Employee (
  EmployeeId INTEGER PRIMARY KEY, LastName VARCHAR NOT NULL, FirstName VARCHAR NOT NULL, Title VARCHAR,
  ReportsTo INTEGER REFERENCES Employee, BirthDate TIMESTAMP, HireDate TIMESTAMP, Address VARCHAR, City VARCHAR,
  State VARCHAR, Country VARCHAR, PostalCode VARCHAR, Phone VARCHAR, Fax VARCHAR, Email VARCHAR
);
CREATE TABLE Customer (
  CustomerId INTEGER PRIMARY KEY, FirstName VARCHAR NOT NULL, LastName VARCHAR NOT NULL, Company VARCHAR,
  Address VARCHAR, City VARCHAR, State VARCHAR, Country VARCHAR, PostalCode VARCHAR, Phone VARCHAR, Fax VARCHAR,
  Email VARCHAR NOT NULL, SupportRepId INTEGER REFERENCES Employee
);
CREATE TABLE Genre (GenreId INTEGER PRIMARY KEY, Name VARCHAR);
CREATE TABLE MediaType (MediaTypeId INTEGER PRIMARY KEY, Name VARCHAR);
CREATE TABLE Track (
  TrackId INTEGER PRIMARY KEY, Name VARCHAR NOT NULL, AlbumId INTEGER REFERENCES Album,
  MediaTypeId INTEGER NOT NULL REFERENCES MediaType, GenreId INTEGER REFERENCES Genre, Composer VARCHAR,
  Milliseconds INTEGER NOT NULL, Bytes INTEGER, UnitPrice DECIMAL(10,2) NOT NULL
);
CREATE TABLE Invoice (
  InvoiceId INTEGER PRIMARY KEY, CustomerId INTEGER NOT NULL REFERENCES Customer, InvoiceDate TIMESTAMP NOT NULL,
  BillingAddress VARCHAR, BillingCity VARCHAR, BillingState VARCHAR, BillingCountry VARCHAR,
  BillingPostalCode VARCHAR, Total DECIMAL(10,2) NOT NULL
);
CREATE TABLE InvoiceLine (
  InvoiceLineId INTEGER PRIMARY KEY, InvoiceId INTEGER NOT NULL REFERENCES Invoice,
  TrackId INTEGER NOT NULL REFERENCES Track, UnitPrice DECIMAL(10,2) NOT NULL, Quantity INTEGER NOT NULL
);
CREATE TABLE Playlist (PlaylistId INTEGER PRIMARY KEY, Name VARCHAR);
CREATE TABLE PlaylistTrack (
  PlaylistId INTEGER NOT NULL REFERENCES Playlist, TrackId INTEGER NOT NULL REFERENCES Track,
  PRIMARY KEY (PlaylistId, TrackId)
);
INSERT INTO Artist VALUES (1, 'The Invented');
INSERT INTO Album VALUES (1, 'Made Up', 1);
INSERT INTO Employee VALUES
  (1, 'Boss', 'Bea', 'Manager', NULL, NULL, NULL, NULL, NULL, NULL, 'Canada', NULL, NULL, NULL, 'bea@example.org');
INSERT INTO Employee VALUES
  (2, 'Rep', 'Rob', 'Agent', 1, NULL, NULL, NULL, NULL, NULL, 'Canada', NULL, NULL, NULL, 'rob@example.org');
INSERT INTO Customer
  SELECT n, 'First' || n, 'Last' || n, NULL, n || ' Road', 'Town', NULL,
    CASE WHEN n <= 4 THEN 'Brazil' WHEN n <= 8 THEN 'Canada' ELSE 'Norway' END, '1000' || n, '+55 ' || n, NULL,
    'c' || n || '@example.org', 2
  FROM range(1, 13) AS t (n);
INSERT INTO Genre VALUES (1, 'Rock');
INSERT INTO MediaType VALUES (1, 'File');
INSERT INTO Track VALUES (1, 'One', 1, 1, 1, NULL, 200000, 100, 0.99), (2, 'Two', 1, 1, 1, NULL, 100000, 90, 1.99);
-- Customer n has n invoices, one a month, and customer 4 one more that lies ahead of 2026.
INSERT INTO Invoice
  SELECT row_number() OVER (ORDER BY c.n, i.n), c.n, TIMESTAMP '2025-01-15 12:00:00' + to_months(i.n::INTEGER - 1),
    c.n || ' Road', 'Town', NULL, CASE WHEN c.n <= 4 THEN 'Brazil' WHEN c.n <= 8 THEN 'Canada' ELSE 'Norway' END,
    '1000' || c.n, 0.99 * i.n
  FROM range(1, 13) AS c (n), range(1, 13) AS i (n) WHERE i.n <= c.n;
INSERT INTO Invoice VALUES (1000, 2, '2027-01-01', NULL, NULL, NULL, 'Brazil', NULL, 5.00);
INSERT INTO InvoiceLine SELECT InvoiceId, InvoiceId, 1, 0.99, 1 FROM Invoice;
INSERT INTO Playlist VALUES (1, 'All');
INSERT INTO PlaylistTrack VALUES (1, 1), (1, 2);
