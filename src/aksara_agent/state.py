"""What the graphs remember: messages and primitives, so that any checkpointer can keep them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Annotated, Any, Literal, NotRequired, TypeVar

from langchain_core.messages import AnyMessage, BaseMessage, convert_to_messages
from langgraph.channels import DeltaChannel
from typing_extensions import TypedDict  # pydantic needs these before Python 3.12

from aksara_agent.results import StopReason, Usage

T = TypeVar("T")


class Call(TypedDict):
    """A tool call that the model asked for. ``problem`` says why it cannot be run as it is."""

    id: str
    name: str
    args: dict[str, Any]
    problem: NotRequired[str]


class Decision(TypedDict):
    """A person's answer to an approval request, in the words of LangChain's human-in-the-loop.

    ``always`` approves the later calls of the tool in this session too: all (True), or those whose arguments
    match glob patterns ({"path": "docs/*"}). ``id`` and ``signature``, when given,
    must be those of the request, so that an answer to another question is refused. ``fingerprint`` stands for
    what the preview showed: when that has changed, the call is not carried out. ``abort`` ends the run.
    """

    type: Literal["approve", "edit", "reject", "respond"]
    message: NotRequired[str]
    abort: NotRequired[bool]
    edited_action: NotRequired[dict[str, Any]]
    always: NotRequired[bool | dict[str, str]]
    fingerprint: NotRequired[str]
    id: NotRequired[str]
    signature: NotRequired[str]


class ToolTask(TypedDict):
    """One call on its way to ``tool_execute``."""

    call: Call
    run_id: str
    iteration: int
    started_at: float
    decision: NotRequired[Decision | None]
    attempt: NotRequired[int]
    tokens: NotRequired[int]


class Failure(TypedDict):
    """Something that went wrong and waits for ``error_router``; without a task it was the model.

    ``harmless`` says that the call can be made again without an effect happening twice. ``strategy`` is what a
    person has decided. ``prompt_tokens`` is about how long the request was.
    """

    kind: str
    message: str
    id: NotRequired[str]
    retry_after: NotRequired[float | None]
    task: NotRequired[ToolTask]
    harmless: NotRequired[bool]
    strategy: NotRequired[str]
    prompt_tokens: NotRequired[int]


class Summary(TypedDict):
    """What stands for the messages up to and with the one whose id is ``upto``."""

    upto: str
    text: str
    done: list[str]
    notes: list[str]


def append_messages(current: list[BaseMessage] | None, writes: Sequence[Any]) -> list[BaseMessage]:
    """Add messages at the end; one with a known id replaces its elder.

    A message without an id gets one from its position: the channel replays writes when a thread is
    loaded, and must come to the same ids each time.
    """
    messages = list(current or ())
    position = {message.id: index for index, message in enumerate(messages)}
    for write in writes:
        for message in convert_to_messages(write if isinstance(write, list) else [write]):
            if message.id is None:
                message = message.model_copy(update={"id": _free_id(len(messages), position)})
            if message.id in position:
                messages[position[message.id]] = message
            else:
                position[message.id] = len(messages)
                messages.append(message)
    return messages


def _free_id(number: int, taken: Container[str | None]) -> str:
    """An id from the position, and from a later one where a caller has used it."""
    while f"message-{number}" in taken:
        number += 1
    return f"message-{number}"


def collect(current: list[T] | None, new: list[T] | None) -> list[T]:
    """Gather what parallel calls say; ``None`` clears it."""
    return [] if new is None else [*(current or ()), *new]


class Task(TypedDict):
    """What a run starts from."""

    messages: Annotated[list[AnyMessage], DeltaChannel(append_messages, snapshot_frequency=50)]


class Outcome(TypedDict, total=False):
    """What a run ends with; ``stop_reason`` says why it ended, ``error`` what went wrong."""

    messages: Annotated[list[AnyMessage], DeltaChannel(append_messages, snapshot_frequency=50)]
    stop_reason: StopReason | None
    error: str | None
    usage: Usage


class State(Outcome, total=False):
    """The whole memory of a session. ``run_id`` is the id of the message that started the run.

    ``rejected`` and ``unknown`` are the signatures of calls that a person rejected and of calls whose
    outcome a crash left unknown; ``always`` holds the approvals that were given for the whole session.
    ``told`` names what the model has been warned of. ``input_budget`` is how many tokens a request may have since
    one was too long, ``token_ratio`` how many times more the provider counts than we estimate.
    """

    run_id: str
    started_at: float
    iterations: int
    tool_calls: int
    model_attempts: int
    fallback: int
    told: list[str]
    input_budget: int | None
    token_ratio: float
    summary: Summary | None
    rejected: Annotated[list[str], collect]
    unknown: Annotated[list[str], collect]
    always: Annotated[list[str], collect]
    failures: Annotated[list[Failure], collect]
