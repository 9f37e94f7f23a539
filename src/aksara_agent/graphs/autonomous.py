"""Towards a goal: an answer alone does not end the run, a reached goal or a limit does."""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from aksara_agent.graphs.wire import Graph, wire
from aksara_agent.nodes.routes import Wiring

AUTONOMOUS = Wiring("autonomous", answer="reason")


def build_autonomous(*, checkpointer: BaseCheckpointSaver[Any] | None = None) -> Graph:
    """Towards a goal: an answer alone does not end the run, a reached goal or a limit does."""
    return wire(AUTONOMOUS, checkpointer)
