"""The autonomous graph for LangGraph Studio; the server brings its own checkpointer."""

from aksara_agent.graphs import build_autonomous

graph = build_autonomous()
