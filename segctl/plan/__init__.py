"""What would change, as a document. Never sees a connection, a file or a clock."""
