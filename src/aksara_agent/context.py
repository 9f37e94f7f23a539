"""What a run is told from outside: the knobs, checked once, frozen, and shown by Studio as a form."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

PositiveInt = Annotated[int, Field(gt=0)]
PositiveFloat = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Strategy = Literal["retry", "skip", "abort", "ask"]


class Price(BaseModel):
    """What a model costs, in any currency, for a million tokens; ``cached_input`` where the provider says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: NotNegative
    output: NotNegative
    cached_input: NotNegative | None = None


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
    fallback_models: tuple[str, ...] = Field((), description="Models to go on with, in order, when one fails.")
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
    sandbox_mode: bool = Field(False, description="Run commands in a sandbox only; refused where there is none.")
    max_iterations: PositiveInt | None = Field(20, description="Think-act cycles in a run.")
    max_tool_calls: PositiveInt | None = Field(50, description="Tool calls in a run.")
    max_input_tokens: PositiveInt | None = Field(
        None, description="Tokens in one request to the model; beyond them the conversation is condensed."
    )
    max_total_tokens: PositiveInt | None = Field(None, description="Tokens in a session.")
    max_cost: PositiveFloat | None = Field(None, description="Cost of a session, in the currency of the prices.")
    prices: dict[str, Price] = Field({}, description="Price per million tokens, by model name.")
    max_output_tokens: PositiveInt | None = Field(None, description="Tokens in one answer of the model.")
    timeout_seconds: PositiveFloat | None = Field(300, description="Seconds for a run.")
    tool_timeout_seconds: PositiveFloat | None = Field(30, description="Seconds for one tool call.")
    retry_on_error: bool = Field(True, description="Try again what failed in a way that may pass.")
    max_retries: int = Field(3, ge=0, description="How often a request to the model, or a tool call, is repeated.")
    error_strategy: Strategy | None = Field(
        None, description="What becomes of every failure; empty: it depends on the kind of failure."
    )
    approval_timeout_seconds: PositiveFloat | None = Field(
        None, description="Seconds that an approval callback may take; then the run waits for a later decision."
    )
    checkpoints: str = Field(
        "sqlite",
        repr=False,
        description="Where sessions are kept: 'sqlite' (.aksara/ in the project), 'memory', a path or a URL.",
    )
    log_actions: bool = Field(False, description="Write each event to .aksara/actions.jsonl.")
    log_reasoning: bool = Field(False, description="Write what the model says there too.")
    _resources: Any = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        """Refuse settings that contradict each other."""
        if self.error_strategy == "retry" and not (self.retry_on_error and self.max_retries):
            off = "max_retries=0" if self.retry_on_error else "retry_on_error=False"
            raise ValueError(f"error_strategy='retry' contradicts {off}; change one of them")
        if self.max_cost is not None and not self.prices:
            raise ValueError("max_cost needs prices={model name: {'input': …, 'output': …}} per million tokens")
        if self.log_reasoning and not self.log_actions:
            raise ValueError("log_reasoning=True needs log_actions=True: both go to the same file")
        return self
