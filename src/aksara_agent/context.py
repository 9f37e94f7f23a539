"""What a run is told from outside: the knobs, checked once, frozen, and shown by Studio as a form."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

PositiveInt = Annotated[int, Field(gt=0)]
PositiveFloat = Annotated[float, Field(gt=0)]


class Context(BaseModel):
    """The configuration of a run. Limits of ``None`` are no limits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project: str = Field(".", description="Folder of the backend project.")
    model: str | None = Field(
        None,
        description="'provider:name', e.g. 'openai:gpt-4o-mini'; empty or 'offline': rules without a language model.",
    )
    base_url: str | None = Field(None, description="An OpenAI-compatible endpoint, e.g. http://127.0.0.1:11434/v1.")
    temperature: float | None = Field(
        None, ge=0, le=2, description="Sampling temperature; empty: the provider's default."
    )
    tools: tuple[str, ...] | None = Field(
        None, description="Names of the tools to offer; empty: all that the policy allows."
    )
    allow_writes: bool = Field(True, description="Offer tools that change files or rows.")
    allow_system_tools: bool = Field(False, description="Offer tools that run commands.")
    allow_production_writes: bool = Field(
        False, description="Let tools change rows of a database that looks like production."
    )
    require_approval_for: tuple[str, ...] = Field(
        ("delete_record", "run_command"), description="Tools whose every call waits for a decision."
    )
    interactive: bool = Field(False, description="Ask before every action.")
    max_iterations: PositiveInt | None = Field(20, description="Think-act cycles in a run.")
    max_tool_calls: PositiveInt | None = Field(50, description="Tool calls in a run.")
    max_total_tokens: PositiveInt | None = Field(None, description="Tokens in a session.")
    max_output_tokens: PositiveInt | None = Field(None, description="Tokens in one answer of the model.")
    timeout_seconds: PositiveFloat | None = Field(300, description="Seconds for a run.")
    tool_timeout_seconds: PositiveFloat | None = Field(30, description="Seconds for one tool call.")
    retry_on_error: bool = Field(True, description="Ask the model again when a request fails in a way that may pass.")
    max_retries: int = Field(3, ge=0, description="How often a failed request to the model is repeated.")
    approval_timeout_seconds: PositiveFloat | None = Field(
        None, description="Seconds that an approval callback may take; then the run waits for a later decision."
    )
    checkpoints: str = Field(
        "sqlite",
        repr=False,
        description="Where sessions are kept: 'sqlite' (.aksara/ in the project), 'memory', a path or a URL.",
    )
    _resources: Any = PrivateAttr(default=None)
