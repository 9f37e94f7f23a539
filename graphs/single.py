"""The single graph for LangGraph Studio; the server brings its own checkpointer."""

from aksara_agent.graphs import build_single

graph = build_single()
