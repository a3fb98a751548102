"""A first catalog from a database that segctl has never seen: guesses that a person can see and correct."""
