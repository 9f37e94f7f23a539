"""Approval requests and decisions, in the words and shapes of LangChain's human-in-the-loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, cast, get_args

from aksara_agent.context import Strategy
from aksara_agent.errors import ConfigurationError
from aksara_agent.redaction import Redactor
from aksara_agent.signature import signature
from aksara_agent.state import Call, Decision, Failure
from aksara_agent.tools.base import Preview, Tool, ToolContext

DecisionType = Literal["approve", "edit", "reject", "respond"]
ABOUT_A_FAILURE: dict[str, Decision] = {
    "retry": {"type": "approve"},
    "skip": {"type": "reject"},
    "abort": {"type": "reject", "abort": True},
}


class ActionRequest(TypedDict):
    """One call that waits for a decision; ``id`` and ``signature`` say which call exactly, ``fingerprint`` of what.

    ``error`` says that it was made and failed: the decision is then what to do about that.
    """

    name: str
    args: dict[str, Any]
    description: str
    preview: str | None
    id: str
    signature: str
    fingerprint: NotRequired[str | None]
    error: NotRequired[str]


class ReviewConfig(TypedDict):
    """Which decisions a call may get."""

    action_name: str
    allowed_decisions: list[DecisionType]


class Request(TypedDict):
    """What an approval interrupt carries; Studio and agent-chat-ui show it as cards."""

    action_requests: list[ActionRequest]
    review_configs: list[ReviewConfig]


async def request_for(
    calls: Sequence[Call],
    tools: Mapping[str, Tool],
    context_of: Callable[[Call], ToolContext],
    redactor: Redactor | None = None,
) -> Request:
    """The request for these calls, each with a preview where its tool has one; secrets stay hidden in it."""
    hiding = redactor or Redactor()
    allowed = list(get_args(DecisionType))
    return {
        "action_requests": [await _action_request(c, tools[c["name"]], context_of(c), hiding) for c in calls],
        "review_configs": [{"action_name": call["name"], "allowed_decisions": allowed} for call in calls],
    }


async def _action_request(call: Call, tool: Tool, context: ToolContext, redactor: Redactor) -> ActionRequest:
    try:
        seen = await tool.foresee(redactor.reveal_data(call["args"]), context)
    except Exception as error:  # a preview that breaks must not hide the question
        seen = Preview(f"(no preview: {error})")
    preview = redactor.hide(seen.text) if seen else None
    return {
        "name": call["name"],
        "args": call["args"],
        "description": f"{tool.description}\n\n```diff\n{preview}\n```" if preview else tool.description,
        "preview": preview,
        "id": call["id"],
        "signature": signature(call["name"], call["args"]),
        "fingerprint": seen.fingerprint if seen else None,
    }


def request_about(failures: Sequence[Failure]) -> Request:
    """The request about failures: approve to try again, reject to go on without, "abort" to end the run."""
    return {
        "action_requests": [_failed_request(failure) for failure in failures],
        "review_configs": [
            {"action_name": _failed_name(f), "allowed_decisions": ["approve", "reject"] if _again(f) else ["reject"]}
            for f in failures
        ],
    }


def _failed_request(failure: Failure) -> ActionRequest:
    name, args = _failed_name(failure), failure["task"]["call"]["args"] if "task" in failure else {}
    choices = "Approve to try again, reject to go on without it." if _again(failure) else "Reject to go on without it."
    return {
        "name": name,
        "args": args,
        "description": f"{name} failed: {failure['message']}\n\n{choices}",
        "preview": None,
        "id": failure.get("id", name),
        "signature": signature(name, args),
        "error": failure["message"],
    }


def _failed_name(failure: Failure) -> str:
    return failure["task"]["call"]["name"] if "task" in failure else "model"


def _again(failure: Failure) -> bool:
    return "task" not in failure or failure.get("harmless", False)


def strategies_from(request: Request, answer: Any) -> list[Strategy]:
    """What a person wants to be done about each failure of a request."""
    calls: list[Call] = [{"id": r["id"], "name": r["name"], "args": r["args"]} for r in request["action_requests"]]
    decided = decisions_for(calls, answer).values()
    return ["abort" if d.get("abort") else "retry" if d["type"] == "approve" else "skip" for d in decided]


def checked_decisions(request: Request, decisions: Sequence[Any]) -> list[Decision]:
    """The decisions, if they are what the request asks for. Raises ConfigurationError."""
    asked, reviews = request["action_requests"], request["review_configs"]
    _one_for_each(asked, decisions)
    return [bound_to_preview(checked_decision(d, a, r), a) for d, a, r in zip(decisions, asked, reviews, strict=True)]


def bound_to_preview(decision: Decision, request: Mapping[str, Any]) -> Decision:
    """The decision; an approval holds for what the request has shown, and for nothing that came later."""
    if decision["type"] != "approve" or not request.get("fingerprint"):
        return decision
    return cast(Decision, {"fingerprint": request["fingerprint"], **decision})


def decisions_for(calls: Sequence[Call], answer: Any) -> dict[str, Decision]:
    """The decision on each call, by call id. Raises ConfigurationError unless there is exactly one a call."""
    decisions: Any = answer.get("decisions") if isinstance(answer, Mapping) else None
    _one_for_each(calls, decisions)
    return {call["id"]: _bound(checked_decision(d), call) for call, d in zip(calls, decisions, strict=True)}


def _one_for_each(calls: Sequence[Any], decisions: Any) -> None:
    if not isinstance(decisions, list | tuple) or len(decisions) != len(calls):
        raise ConfigurationError(
            f"{len(calls)} calls wait for a decision; answer {{'decisions': […]}} with one for each, in order."
        )


def _bound(decision: Decision, call: Call) -> Decision:
    """The decision, if it is about this call: an answer to another question must not pass."""
    mark = signature(call["name"], call["args"])
    if decision.get("id", call["id"]) != call["id"] or decision.get("signature", mark) != mark:
        raise ConfigurationError(f"The decision is about another call than {call['name']}({call['args']}).")
    return decision


def checked_decision(decision: Any, asked: ActionRequest | None = None, review: ReviewConfig | None = None) -> Decision:
    """A decision as we use it, from a bool or a mapping, about a failure also from "retry", "skip" or "abort".

    Raises ConfigurationError for anything else, and for what the request does not allow.
    """
    failed = asked is not None and "error" in asked
    if isinstance(decision, bool):
        decision = {"type": "approve"} if decision else {"type": "reject"}
    elif failed and isinstance(decision, str):
        decision = ABOUT_A_FAILURE.get(decision, decision)
    kind = decision.get("type") if isinstance(decision, Mapping) else None
    if kind not in get_args(DecisionType):
        raise ConfigurationError(
            f"{decision!r} is not a decision. Use True, False or {{'type': one of {get_args(DecisionType)}}}"
            + (", or 'retry', 'skip', 'abort'." if failed else ".")
        )
    always = decision.get("always", False)
    patterns = always.values() if isinstance(always, Mapping) else ()
    if not isinstance(always, bool | Mapping) or not all(isinstance(pattern, str) for pattern in patterns):
        raise ConfigurationError(f"always={always!r}: use True, or patterns by argument, e.g. {{'path': 'docs/*'}}.")
    edited = decision.get("edited_action")
    if kind == "edit" and not (isinstance(edited, Mapping) and isinstance(edited.get("args"), Mapping)):
        raise ConfigurationError("An 'edit' decision needs edited_action={'name': …, 'args': {…}}.")
    if review and kind not in review["allowed_decisions"]:
        allowed = ", ".join(review["allowed_decisions"])
        raise ConfigurationError(f"{review['action_name']} can get one of these decisions: {allowed}; not {kind}.")
    return cast(Decision, dict(decision))
