"""The command line: ``aksara-agent`` and ``aksara ai agent``."""
