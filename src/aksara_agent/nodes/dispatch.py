"""From tool calls to the tasks that carry them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from langgraph.types import Send

from aksara_agent.policy import Verdict, judge
from aksara_agent.remembered import is_remembered
from aksara_agent.resources import Resources
from aksara_agent.signature import signature
from aksara_agent.state import Call, Decision, State, ToolTask


def verdicts_on(calls: Sequence[Call], state: State, resources: Resources, *, supervised: bool) -> list[Verdict]:
    """What is to become of each call."""
    return [_verdict(call, state, resources, supervised) for call in calls]


def _verdict(call: Call, state: State, resources: Resources, supervised: bool) -> Verdict:
    """The policy's verdict, and what a person has said before about this tool or a crash has left open."""
    tool = resources.tools.get(call["name"])
    if tool is None or "problem" in call:
        return "allow"  # it cannot run, and needs no consent to fail
    verdict = judge(tool.name, tool.effect, resources.context, supervised=supervised)
    if verdict != "deny" and signature(tool.name, call["args"]) in state.get("unknown", ()):
        return "ask"  # whatever was approved for the session was approved for calls that had not happened yet
    if verdict == "ask" and is_remembered(tool.name, call["args"], state.get("always", ())):
        return "allow"
    return verdict


def sends(calls: Sequence[Call], state: State, decisions: Mapping[str, Decision] | None = None) -> list[Send]:
    """One task a call, so that each result is durable by itself."""
    tasks: list[ToolTask] = [
        {
            "call": call,
            "run_id": state["run_id"],
            "iteration": state["iterations"],
            "started_at": state["started_at"],
            "decision": (decisions or {}).get(call["id"]),
            "tokens": state["usage"]["total_tokens"],
        }
        for call in calls
    ]
    return [Send("tool_execute", task) for task in tasks]
