"""Runs that are kept in a database (SQLite) and trained whether somebody watches or not."""
