"""Runs inside the project's interpreter: Python 3.8, standard library, the project's own SQLAlchemy."""
