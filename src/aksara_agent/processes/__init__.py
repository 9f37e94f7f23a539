"""Running commands so that nothing of them is left, whatever they start and however they end."""

from aksara_agent.processes.run import Completed, run_process

__all__ = ["Completed", "run_process"]
