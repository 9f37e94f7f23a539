"""The supervised graph for LangGraph Studio; the server brings its own checkpointer."""

from aksara_agent.graphs import build_supervised

graph = build_supervised()
