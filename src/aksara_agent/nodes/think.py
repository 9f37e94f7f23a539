"""Asking the model: between the hooks, within the run's time, streaming what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langgraph.types import StreamWriter

from aksara_agent import limits
from aksara_agent.events import ErrorHappened, Stamp, Thinking
from aksara_agent.hooks import Hook, call
from aksara_agent.models.ask import ask
from aksara_agent.models.failures import failure_of
from aksara_agent.nodes.call_ids import with_own_ids
from aksara_agent.resources import Resources
from aksara_agent.state import Failure, State

MODEL = "model"  # the id of a failure that is the model's


class BlockedByHook(Exception):
    """before_model raised or returned nonsense, so the model was not asked."""


async def think(
    messages: Sequence[BaseMessage], state: State, resources: Resources, mode: str, write: StreamWriter
) -> AIMessage:
    """The model's answer. Raises BlockedByHook, and what the provider raises."""
    stamp: Stamp = {"run_id": state["run_id"], "iteration": state["iterations"] + 1}
    hooks, number = resources.hooks, state["fallback"]
    if hooks.before_model:
        messages = await _before(hooks.before_model, messages)

    def tell(text: str) -> None:
        write(Thinking(content=text, **stamp).to_dict())

    seconds = limits.remaining(resources.deadline(state["started_at"]))
    with resources.trace.chat(resources.model_name(number), stream=resources.stream) as step:
        answer = await ask(resources.chat(mode, number), messages, tell, stream=resources.stream, seconds=seconds)
        step.answered(answer)
    if hooks.after_model:
        answer, problem = await _after(hooks.after_model, answer)
        if problem:
            write(ErrorHappened(error=problem, kind="hook", **stamp).to_dict())
    return with_own_ids(answer, state["messages"])


def failed(error: Exception, tokens: int, resources: Resources) -> Failure:
    """The failure of a request of so many tokens, for the router; the live exception waits for the error handler."""
    resources.raised[MODEL] = error
    failure = failure_of(error)
    return {**failure, "message": resources.redactor.hide(failure["message"]), "id": MODEL, "prompt_tokens": tokens}


async def _before(hook: Hook, messages: Sequence[BaseMessage]) -> Sequence[BaseMessage]:
    """The messages as the hook wants them."""
    try:
        changed = await call(hook, list(messages))
    except Exception as error:
        raise BlockedByHook(f"before_model raised {type(error).__name__}: {error}") from error
    if changed is None:
        return messages
    if not isinstance(changed, list) or not all(isinstance(message, BaseMessage) for message in changed):
        raise BlockedByHook(f"before_model returned {changed!r:.200}; return None or a list of messages.")
    return changed


async def _after(hook: Hook, answer: AIMessage) -> tuple[AIMessage, str | None]:
    """The answer as the hook wants it, and what was wrong with the hook."""
    try:
        changed: Any = await call(hook, answer)
    except Exception as error:
        return answer, f"after_model raised {type(error).__name__}: {error}. The answer stands as it is."
    if changed is None or isinstance(changed, AIMessage):
        return changed or answer, None
    return answer, f"after_model returned {changed!r:.200}; return None or an AIMessage. The answer stands as it is."
