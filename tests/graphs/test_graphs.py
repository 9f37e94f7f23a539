"""The four prebuilt graphs: their nodes, their drawings, and use without AgentRuntime."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.memory import InMemorySaver

from aksara_agent.context import Context
from aksara_agent.graphs import build_autonomous, build_conversation, build_single, build_supervised
from aksara_agent.graphs.wire import Graph

ROOT = Path(__file__).parents[2]
BUILDERS = [build_single, build_conversation, build_autonomous, build_supervised]


@pytest.mark.parametrize("build", BUILDERS)
def test_every_mode_has_exactly_the_four_nodes(build: Callable[..., Graph]) -> None:
    nodes = set(build().get_graph().nodes) - {"__start__", "__end__"}
    assert nodes == {"reason", "tool_execute", "approval_interrupt", "error_router"}


def test_in_supervised_no_edge_leads_from_reason_to_tool_execute() -> None:
    edges = {(edge.source, edge.target) for edge in build_supervised().get_graph().edges}
    assert ("reason", "tool_execute") not in edges
    assert ("approval_interrupt", "tool_execute") in edges


def test_the_drawings_in_graphs_readme_are_up_to_date() -> None:
    draw = runpy.run_path(str(ROOT / "graphs/draw.py"))
    assert (ROOT / "graphs/README.md").read_text() == draw["readme"](), "run: python graphs/draw.py"


@pytest.mark.parametrize("name", ["single", "conversation", "autonomous", "supervised"])
def test_studio_finds_a_graph_without_a_checkpointer_in_each_file(name: str) -> None:
    graph = runpy.run_path(str(ROOT / "graphs" / f"{name}.py"))["graph"]
    assert graph.checkpointer is None
    assert graph.name == name


async def test_a_graph_runs_by_itself_from_a_plain_context(tmp_path: Path) -> None:
    context = Context(project=str(tmp_path), model="offline")
    state = await build_single().ainvoke({"messages": [HumanMessage("Which models exist?")]}, context=context)
    assert "I found no models" in state["messages"][-1].text
    assert state["stop_reason"] == "completed"


async def test_a_conversation_continues_on_a_checkpointer_of_the_user_s_own(tmp_path: Path) -> None:
    graph = build_conversation(checkpointer=InMemorySaver())
    context = Context(project=str(tmp_path), model="offline")
    for _ in range(2):
        state = await graph.ainvoke(
            {"messages": [{"role": "user", "content": "Which models exist?"}]},
            {"configurable": {"thread_id": "1"}},
            context=context,
        )
    assert [message.type for message in state["messages"]] == ["human", "ai", "tool", "ai"] * 2
    assert len({message.id for message in state["messages"]}) == 8


def test_the_context_form_describes_each_knob() -> None:
    schema = build_single().get_context_jsonschema()
    assert schema is not None
    assert {"project", "model", "tools", "allow_writes", "max_iterations"} <= set(schema["properties"])
    assert all("description" in knob for knob in schema["properties"].values())


def test_the_input_form_asks_for_messages_alone() -> None:
    assert set(build_single().get_input_jsonschema()["properties"]) == {"messages"}
