"""Secrets out of what the model, the log and the checkpoints see, and back into what is written to files."""

from aksara_agent.redaction.redactor import Redactor

__all__ = ["Redactor"]
