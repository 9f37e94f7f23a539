"""What people pass in: typed for their editor, and checked before anything starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict, get_args

from aksara_agent.context import Strategy
from aksara_agent.errors import ConfigurationError, did_you_mean
from aksara_agent.nodes.routes import Mode

MAX_TASK_CHARACTERS = 200_000


class SettingsArguments(TypedDict, total=False):
    """The settings that AgentRuntime and execute take by keyword; see Context for what each means."""

    base_url: str | None
    temperature: float | None
    allow_writes: bool
    allow_system_tools: bool
    allow_production_writes: bool
    require_approval_for: Sequence[str]
    interactive: bool
    sandbox_mode: bool
    max_iterations: int | None
    max_tool_calls: int | None
    max_input_tokens: int | None
    max_output_tokens: int | None
    max_total_tokens: int | None
    max_cost: float | None
    prices: Mapping[str, Mapping[str, float]]
    timeout_seconds: float | None
    tool_timeout_seconds: float | None
    retry_on_error: bool
    max_retries: int
    error_strategy: Strategy | None
    approval_timeout_seconds: float | None
    checkpoints: str
    log_actions: bool
    log_reasoning: bool


def checked_task(task: str | None, goal: str | None = None) -> str:
    """The words of the task. Raises ConfigurationError when there are none, or far too many."""
    if task is not None and goal is not None:
        raise ConfigurationError("Give a task or a goal, not both.")
    text = goal if task is None else task
    if not isinstance(text, str):
        raise ConfigurationError(f"The task must be a string, not {type(text).__name__}.")
    if not text.strip():
        raise ConfigurationError("The task is empty. Say what you want, e.g. 'Review the Post model'.")
    if len(text) > MAX_TASK_CHARACTERS:
        raise ConfigurationError(
            f"The task has {len(text):,} characters, at most {MAX_TASK_CHARACTERS:,} are taken. "
            "Put the text into a file of the project and name the file in the task."
        )
    return text


def checked_mode(mode: str) -> Mode:
    """The mode, if there is such a one. Raises ConfigurationError that names the four."""
    if mode not in get_args(Mode):
        raise ConfigurationError(f"Unknown mode {mode!r}. {did_you_mean(str(mode), get_args(Mode))}")
    return mode  # type: ignore[return-value]
