"""Approval requests and decisions, in the words and shapes of LangChain's human-in-the-loop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypedDict, cast, get_args

from aksara_agent.errors import ConfigurationError
from aksara_agent.signature import signature
from aksara_agent.state import Call, Decision
from aksara_agent.tools.base import Preview, Tool, ToolContext

DecisionType = Literal["approve", "edit", "reject", "respond"]
Approver = Callable[..., Any]  # (tool_name, params) or (tool_name, params, request) to a bool or a decision


class ApproverFailed(Exception):
    """The approver gave no decision; the question stays open."""


class ActionRequest(TypedDict):
    """One call that waits for a decision; ``id`` and ``signature`` say which call exactly, ``fingerprint`` of what."""

    name: str
    args: dict[str, Any]
    description: str
    preview: str | None
    id: str
    signature: str
    fingerprint: str | None


class ReviewConfig(TypedDict):
    """Which decisions a call may get."""

    action_name: str
    allowed_decisions: list[DecisionType]


class Request(TypedDict):
    """What an approval interrupt carries; Studio and agent-chat-ui show it as cards."""

    action_requests: list[ActionRequest]
    review_configs: list[ReviewConfig]


async def request_for(
    calls: Sequence[Call], tools: Mapping[str, Tool], context_of: Callable[[Call], ToolContext]
) -> Request:
    """The request for these calls, each with a preview where its tool has one."""
    allowed = list(get_args(DecisionType))
    return {
        "action_requests": [await _action_request(call, tools[call["name"]], context_of(call)) for call in calls],
        "review_configs": [{"action_name": call["name"], "allowed_decisions": allowed} for call in calls],
    }


async def _action_request(call: Call, tool: Tool, context: ToolContext) -> ActionRequest:
    try:
        seen = await tool.foresee(call["args"], context)
    except Exception as error:  # a preview that breaks must not hide the question
        seen = Preview(f"(no preview: {error})")
    preview = seen.text if seen else None
    return {
        "name": call["name"],
        "args": call["args"],
        "description": f"{tool.description}\n\n```diff\n{preview}\n```" if preview else tool.description,
        "preview": preview,
        "id": call["id"],
        "signature": signature(call["name"], call["args"]),
        "fingerprint": seen.fingerprint if seen else None,
    }


def bound_to_preview(decision: Decision, request: Mapping[str, Any]) -> Decision:
    """The decision; an approval holds for what the request has shown, and for nothing that came later."""
    if decision["type"] != "approve" or not request.get("fingerprint"):
        return decision
    return cast(Decision, {"fingerprint": request["fingerprint"], **decision})


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
    always = decision.get("always", False)
    patterns = always.values() if isinstance(always, Mapping) else ()
    if not isinstance(always, bool | Mapping) or not all(isinstance(pattern, str) for pattern in patterns):
        raise ConfigurationError(f"always={always!r}: use True, or patterns by argument, e.g. {{'path': 'docs/*'}}.")
    edited = decision.get("edited_action")
    if kind == "edit" and not (isinstance(edited, Mapping) and isinstance(edited.get("args"), Mapping)):
        raise ConfigurationError("An 'edit' decision needs edited_action={'name': …, 'args': {…}}.")
    return cast(Decision, dict(decision))


async def decide(request: Request, approver: Approver, seconds: float | None = None) -> dict[str, list[Decision]]:
    """Put each call of a request to the approver, in order, and gather the answer for the graph.

    Raises ApproverFailed when the approver raises, answers with no decision, or takes longer than ``seconds``.
    """
    decisions = []
    for action in request["action_requests"]:
        try:
            async with asyncio.timeout(seconds):
                decisions.append(bound_to_preview(checked_decision(await _ask(approver, action)), action))
        except TimeoutError:
            raise ApproverFailed(f"The approval callback did not answer within {seconds:g} seconds.") from None
        except Exception as error:  # the user's own code
            raise ApproverFailed(f"The approval callback failed: {type(error).__name__}: {error}") from error
    return {"decisions": decisions}


async def _ask(approver: Approver, action: ActionRequest) -> Any:
    """Call the approver; one that takes a third parameter gets the whole request, preview and all.

    A plain function may wait for a person, so it runs in a thread.
    """
    arguments: tuple[Any, ...] = (action["name"], action["args"])
    if len(inspect.signature(approver).parameters) > len(arguments):
        arguments = (*arguments, action)
    if inspect.iscoroutinefunction(approver):
        return await approver(*arguments)
    answer = await asyncio.to_thread(approver, *arguments)
    return await answer if inspect.isawaitable(answer) else answer
