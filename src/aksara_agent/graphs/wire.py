"""The four nodes and the edges that all modes share."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from aksara_agent.context import Context
from aksara_agent.nodes.approval_interrupt import approval_interrupt
from aksara_agent.nodes.error_router import error_router
from aksara_agent.nodes.reason import reason
from aksara_agent.nodes.routes import Wiring
from aksara_agent.nodes.tool_execute import tool_execute
from aksara_agent.state import Outcome, State, Task, ToolTask

Graph = CompiledStateGraph[State, Context, Task, Outcome]
AFTER_APPROVAL = ("tool_execute", "error_router")  # the second, when the question was what to do about a failure
AFTER_ERROR = ("reason", "tool_execute", "approval_interrupt", END)
STEPS_WITHOUT_LIMIT = 1_000_000  # our own limits end a run with its partial result; LangGraph's would raise


def wire(wiring: Wiring, checkpointer: BaseCheckpointSaver[Any] | None) -> Graph:
    """Compile the graph of a mode: reason, ask where needed, act, recover, reason again."""
    graph = StateGraph(State, context_schema=Context, input_schema=Task, output_schema=Outcome)
    graph.add_node("reason", partial(reason, wiring=wiring), destinations=wiring.after_reason)
    graph.add_node("approval_interrupt", partial(approval_interrupt, wiring=wiring), destinations=AFTER_APPROVAL)
    graph.add_node("tool_execute", cast(Any, tool_execute), input_schema=ToolTask)
    graph.add_node("error_router", error_router, destinations=AFTER_ERROR)
    graph.add_edge(START, "reason")
    graph.add_edge("tool_execute", "reason")
    compiled = graph.compile(checkpointer=checkpointer, name=wiring.mode)
    return compiled.with_config(recursion_limit=STEPS_WITHOUT_LIMIT)
