"""How we know the user's backend: a static scan that imports nothing, and a worker in its own interpreter."""

from aksara_agent.project.project import Project

__all__ = ["Project"]
