"""The operator's database, which segctl only ever reads. One file an engine."""
