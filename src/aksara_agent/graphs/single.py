"""One task: reason and act until the model answers without a tool call."""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from aksara_agent.graphs.wire import Graph, wire
from aksara_agent.nodes.routes import Wiring

SINGLE = Wiring("single")


def build_single(*, checkpointer: BaseCheckpointSaver[Any] | None = None) -> Graph:
    """One task: reason and act until the model answers without a tool call."""
    return wire(SINGLE, checkpointer)
