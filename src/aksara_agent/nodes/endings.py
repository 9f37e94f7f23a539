"""How a run ends before or instead of another thought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.graph import END
from langgraph.types import Command

from aksara_agent import limits
from aksara_agent.nodes import goal
from aksara_agent.nodes.counters import counters
from aksara_agent.resources import Resources
from aksara_agent.results import StopReason
from aksara_agent.state import State
from aksara_agent.transcript import RUNTIME, calls_of

REJECTIONS_BEFORE_STOP = 3
GO_ON = "Go on until the goal is reached, then call goal_reached with your evidence."


async def ending(state: State, resources: Resources) -> Command[Any] | None:
    """The end of the run, when a limit, a person or the goal has come; None while it may think on."""
    if stop := limits.reached(state, resources.context):
        return end(state, *stop)
    if _rejected_too_often(state):
        return end(state, "rejected", f"The same call was rejected {REJECTIONS_BEFORE_STOP} times.")
    if _says_goal_reached(state):
        objection = await goal.objection(resources, _seconds_left(state["started_at"], resources))
        return go_on(counters(state), objection) if objection else end(state, "completed")
    return None


async def after_answer(update: dict[str, Any], resources: Resources) -> Command[Any]:
    """In a run towards a goal an answer ends nothing, unless the user's check says that the goal is reached."""
    if resources.check is None:
        return go_on(update, GO_ON)
    objection = await goal.objection(resources, _seconds_left(update["started_at"], resources))
    return go_on(update, objection) if objection else Command(goto=END, update={**update, "stop_reason": "completed"})


def go_on(update: dict[str, Any], text: str) -> Command[Any]:
    """Tell the model why it must think on."""
    messages = [*update.get("messages", ()), HumanMessage(text, name=RUNTIME)]
    return Command(goto="reason", update={**update, "messages": messages})


def refuse(answer: AIMessage, state: State, most: int, update: Mapping[str, Any]) -> Command[Any]:
    """End before these calls, each of them answered, so that the conversation can go on later."""
    text = f"Not carried out: the run may make {most} tool calls (max_tool_calls)."
    refused = [ToolMessage(text, tool_call_id=c["id"], name=c["name"], status="error") for c in calls_of(answer)]
    error = f"Stopped after {state['tool_calls']} tool calls: the model asked for more, max_tool_calls is {most}."
    messages = [*update.get("messages", ()), answer, *refused]
    return end(state, "max_tool_calls", error, **{**update, "messages": messages})


def end(state: State, reason: StopReason, error: str | None = None, **update: Any) -> Command[Any]:
    """End the run with its reason."""
    return Command(goto=END, update={**counters(state), "stop_reason": reason, "error": error, **update})


def _seconds_left(started_at: float, resources: Resources) -> float | None:
    return limits.remaining(resources.deadline(started_at))


def _rejected_too_often(state: State) -> bool:
    rejected = state.get("rejected") or ["none"]
    return Counter(rejected)[rejected[-1]] >= REJECTIONS_BEFORE_STOP


def _says_goal_reached(state: State) -> bool:
    last = state["messages"][-1]
    return isinstance(last, ToolMessage) and last.name == "goal_reached" and last.status == "success"
