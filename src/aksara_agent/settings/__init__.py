"""Where the configuration comes from: argument > environment > project settings > defaults."""

from aksara_agent.settings.load import Loaded, load_context, load_settings

__all__ = ["Loaded", "load_context", "load_settings"]
