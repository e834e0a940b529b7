"""Check runs: the runner, the walls around the program, the program itself, and what suites are given."""
