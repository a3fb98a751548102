"""Results → text for a terminal, a file or a CI log. A view returns a string; it prints and reads nothing."""
