"""Tools that read and write source code."""
