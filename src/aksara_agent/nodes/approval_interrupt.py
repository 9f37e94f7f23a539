"""The waiting node: put the calls that need consent to a person, and pass on what was decided."""

from __future__ import annotations

from functools import partial
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite, interrupt

from aksara_agent.approval import bound_to_preview, decisions_for, request_about, request_for, strategies_from
from aksara_agent.context import Context
from aksara_agent.nodes.counters import completed
from aksara_agent.nodes.dispatch import sends, verdicts_on
from aksara_agent.nodes.routes import Wiring
from aksara_agent.remembered import remember
from aksara_agent.resources import Resources, resources_for
from aksara_agent.state import Call, State
from aksara_agent.tools.base import ToolContext
from aksara_agent.transcript import calls_of
from aksara_agent.workspace import Workspace


async def approval_interrupt(state: State, runtime: Runtime[Context], *, wiring: Wiring) -> Command[Any]:
    """Pause until a person has decided on the calls that need it, then let all calls of the step go.

    Everything before ``interrupt`` is pure: on resume LangGraph runs the node again from its first line.
    """
    if state.get("failures"):
        return _ask_about_failures(state)
    resources = await resources_for(runtime)
    calls = calls_of(state["messages"][-1])
    verdicts = verdicts_on(calls, state, resources, supervised=wiring.supervised)
    asked = [call for call, verdict in zip(calls, verdicts, strict=True) if verdict == "ask"]
    decisions = {}
    if asked:
        looking = partial(_looking, state=state, resources=resources)
        request = await request_for(asked, resources.tools, looking, resources.redactor)
        decisions = decisions_for(asked, interrupt(request))
        for action in request["action_requests"]:  # a client that sends bare decisions has approved what we see now
            decisions[action["id"]] = bound_to_preview(decisions[action["id"]], action)
    always = [remember(call["name"], a) for call in asked if (a := decisions[call["id"]].get("always"))]
    return Command(goto=sends(calls, completed(state), decisions), update={"always": always})


def _ask_about_failures(state: State) -> Command[Any]:
    """Pause until a person has said what is to become of what failed; the router then does it."""
    asked = [failure for failure in state["failures"] if failure.get("strategy") == "ask"]
    request = request_about(asked)
    answers = iter(strategies_from(request, interrupt(request)))
    decided = [{**f, "strategy": next(answers) if f in asked else f["strategy"]} for f in state["failures"]]
    return Command(goto="error_router", update={"failures": Overwrite(decided)})


def _looking(call: Call, state: State, resources: Resources) -> ToolContext:
    """The context for a preview; its workspace records nothing, because nothing is to be written."""
    workspace = Workspace(resources.project.root)
    journal, run_id = resources.journal, completed(state)["run_id"]
    return ToolContext(resources.project, workspace, journal, run_id, call["id"], resources.context)
