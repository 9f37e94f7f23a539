"""How a run ended, as the exit code of the process."""

from __future__ import annotations

from aksara_agent.results import AgentResult

FAILED, WRONG_USAGE, STOPPED_BY_PERSON = 1, 2, 130
_CODES = {
    "completed": 0,
    "max_iterations": 3,
    "max_tool_calls": 3,
    "max_input_tokens": 3,
    "max_total_tokens": 3,
    "max_cost": 3,
    "loop_detected": 3,
    "rejected": 4,
    "interrupted": 4,
    "timeout": 124,
    "cancelled": STOPPED_BY_PERSON,
}


def exit_code(result: AgentResult) -> int:
    """0 for success; what else there is stands in ``aksara-agent --help``."""
    return _CODES.get(result.stop_reason, FAILED)
