"""An id of its own for every tool call: the journal, approvals and answers know a call by nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage


def with_own_ids(answer: AIMessage, messages: Sequence[BaseMessage]) -> AIMessage:
    """The answer with new ids for calls that have none, or one that the conversation already knows.

    Some servers leave the id empty or count from ``call_0`` in each answer; such a call would pass for an
    earlier one that is done.
    """
    taken = {
        call["id"] for m in messages if isinstance(m, AIMessage) for call in (*m.tool_calls, *m.invalid_tool_calls)
    }
    calls = [_renamed(call, taken) for call in answer.tool_calls]
    invalid = [_renamed(call, taken) for call in answer.invalid_tool_calls]
    if calls == answer.tool_calls and invalid == answer.invalid_tool_calls:
        return answer
    return answer.model_copy(update={"tool_calls": calls, "invalid_tool_calls": invalid})


def _renamed(call: Any, taken: set[str | None]) -> Any:
    if call["id"] and call["id"] not in taken:
        taken.add(call["id"])
        return call
    return {**call, "id": f"{call['id'] or 'call'}-{uuid.uuid4().hex[:12]}"}
