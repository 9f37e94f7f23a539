"""Tools of the run itself."""
