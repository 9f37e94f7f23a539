"""The four nodes that every mode is wired from."""
