"""What is valid and probably not meant: checks over a project's meaning, and edits that mend some of it. Pure."""
