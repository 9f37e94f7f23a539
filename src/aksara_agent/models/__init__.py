"""Chat models: which one, how it is asked, how it fails."""
