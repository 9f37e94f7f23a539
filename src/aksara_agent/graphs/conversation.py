"""A conversation: one turn is one task, on a thread that remembers the earlier ones."""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from aksara_agent.graphs.wire import Graph, wire
from aksara_agent.nodes.routes import Wiring

CONVERSATION = Wiring("conversation")


def build_conversation(*, checkpointer: BaseCheckpointSaver[Any] | None = None) -> Graph:
    """A conversation: one turn is one task, on a thread that remembers the earlier ones."""
    return wire(CONVERSATION, checkpointer)
