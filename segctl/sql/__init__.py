"""From rules to questions for the warehouse: facts, atoms, algebra, and the statements that read facts."""
