"""Tools for files and commands."""
