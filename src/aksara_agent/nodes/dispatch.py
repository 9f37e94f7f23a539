"""From tool calls to the tasks that carry them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from langgraph.types import Send

from aksara_agent import limits
from aksara_agent.policy import Verdict, judge
from aksara_agent.resources import Resources
from aksara_agent.state import Call, Decision, State, ToolTask


def verdicts_on(calls: Sequence[Call], resources: Resources, *, supervised: bool) -> list[Verdict]:
    """The policy's verdict on each call; one that cannot run at all needs no consent to fail."""
    return [
        judge(call["name"], resources.tools[call["name"]].effect, resources.context, supervised=supervised)
        if call["name"] in resources.tools and "problem" not in call
        else "allow"
        for call in calls
    ]


def sends(
    calls: Sequence[Call], state: State, resources: Resources, decisions: Mapping[str, Decision] | None = None
) -> list[Send]:
    """One task a call, so that each result is durable by itself."""
    deadline = limits.deadline(state, resources.context)
    tasks: list[ToolTask] = [
        {
            "call": call,
            "run_id": state["run_id"],
            "iteration": state["iterations"],
            "deadline": deadline,
            "decision": (decisions or {}).get(call["id"]),
        }
        for call in calls
    ]
    return [Send("tool_execute", task) for task in tasks]
