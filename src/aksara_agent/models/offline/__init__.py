"""The offline model: rules instead of a language model, and honest about it."""

from aksara_agent.models.offline.model import OfflineModel

__all__ = ["OfflineModel"]
