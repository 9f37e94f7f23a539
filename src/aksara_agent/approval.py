"""Approval requests and decisions, in the words and shapes of LangChain's human-in-the-loop."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypedDict, cast, get_args

from aksara_agent.errors import ConfigurationError
from aksara_agent.signature import signature
from aksara_agent.state import Call, Decision
from aksara_agent.tools.base import Tool

DecisionType = Literal["approve", "edit", "reject", "respond"]
Approver = Callable[[str, dict[str, Any]], Any]


class ActionRequest(TypedDict):
    """One call that waits for a decision; ``id`` and ``signature`` say which call exactly."""

    name: str
    args: dict[str, Any]
    description: str
    id: str
    signature: str


class ReviewConfig(TypedDict):
    """Which decisions a call may get."""

    action_name: str
    allowed_decisions: list[DecisionType]


class Request(TypedDict):
    """What an approval interrupt carries; Studio and agent-chat-ui show it as cards."""

    action_requests: list[ActionRequest]
    review_configs: list[ReviewConfig]


def request_for(calls: Sequence[Call], tools: Mapping[str, Tool]) -> Request:
    """The request for these calls."""
    allowed = list(get_args(DecisionType))
    return {
        "action_requests": [
            {
                "name": call["name"],
                "args": call["args"],
                "description": tools[call["name"]].description,
                "id": call["id"],
                "signature": signature(call["name"], call["args"]),
            }
            for call in calls
        ],
        "review_configs": [{"action_name": c["name"], "allowed_decisions": allowed} for c in calls],
    }


def decisions_for(calls: Sequence[Call], answer: Any) -> dict[str, Decision]:
    """The decision on each call, by call id. Raises ConfigurationError unless there is exactly one a call."""
    decisions = answer.get("decisions") if isinstance(answer, Mapping) else None
    if not isinstance(decisions, list) or len(decisions) != len(calls):
        raise ConfigurationError(
            f"{len(calls)} calls wait for a decision; answer {{'decisions': […]}} with one for each, in order."
        )
    return {call["id"]: _bound(checked_decision(d), call) for call, d in zip(calls, decisions, strict=True)}


def _bound(decision: Decision, call: Call) -> Decision:
    """The decision, if it is about this call: an answer to another question must not pass."""
    mark = signature(call["name"], call["args"])
    if decision.get("id", call["id"]) != call["id"] or decision.get("signature", mark) != mark:
        raise ConfigurationError(f"The decision is about another call than {call['name']}({call['args']}).")
    return decision


def checked_decision(decision: Any) -> Decision:
    """A decision as we use it, from a bool or a mapping. Raises ConfigurationError for anything else."""
    if isinstance(decision, bool):
        return {"type": "approve"} if decision else {"type": "reject"}
    kind = decision.get("type") if isinstance(decision, Mapping) else None
    if kind not in get_args(DecisionType):
        raise ConfigurationError(
            f"{decision!r} is not a decision. Use True, False or {{'type': one of {get_args(DecisionType)}}}."
        )
    edited = decision.get("edited_action")
    if kind == "edit" and not (isinstance(edited, Mapping) and isinstance(edited.get("args"), Mapping)):
        raise ConfigurationError("An 'edit' decision needs edited_action={'name': …, 'args': {…}}.")
    return cast(Decision, dict(decision))


async def decide(request: Request, approver: Approver) -> dict[str, list[Decision]]:
    """Put each call of a request to the approver, in order, and gather the answer for the graph."""
    decisions = []
    for action in request["action_requests"]:
        answer = approver(action["name"], action["args"])
        decisions.append(checked_decision(await answer if inspect.isawaitable(answer) else answer))
    return {"decisions": decisions}
