"""Under supervision: no way leads from reason to tool_execute but through approval_interrupt."""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from aksara_agent.graphs.wire import Graph, wire
from aksara_agent.nodes.routes import Wiring

SUPERVISED = Wiring("supervised", act="approval_interrupt")


def build_supervised(*, checkpointer: BaseCheckpointSaver[Any] | None = None) -> Graph:
    """Under supervision: no way leads from reason to tool_execute but through approval_interrupt."""
    return wire(SUPERVISED, checkpointer)
