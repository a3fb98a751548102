"""From answers to members: columns, atoms, rules over bits, algebra over bitmaps. Pure."""
