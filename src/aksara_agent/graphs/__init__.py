"""The four prebuilt graphs, one a mode: four wirings of the same four nodes."""

from aksara_agent.graphs.autonomous import build_autonomous
from aksara_agent.graphs.conversation import build_conversation
from aksara_agent.graphs.single import build_single
from aksara_agent.graphs.supervised import build_supervised

__all__ = ["build_autonomous", "build_conversation", "build_single", "build_supervised"]
