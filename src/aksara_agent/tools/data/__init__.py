"""Tools for rows."""
