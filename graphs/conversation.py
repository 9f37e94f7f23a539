"""The conversation graph for LangGraph Studio; the server brings its own checkpointer."""

from aksara_agent.graphs import build_conversation

graph = build_conversation()
