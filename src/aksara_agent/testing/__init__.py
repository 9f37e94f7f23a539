"""Test doubles for agents: a chat model and an OpenAI-compatible server that answer from a script.

    from aksara_agent.testing import ScriptedModel, call, calls, says

    model = ScriptedModel(calls(call("list_models")), says("There are five models."))

`LoopbackServer` takes the same script, and faults besides.
"""

from aksara_agent.testing.errors import ScriptError
from aksara_agent.testing.faults import drops, fails, stalls
from aksara_agent.testing.loopback_server import LoopbackServer
from aksara_agent.testing.replies import Call, Entry, Reply, Usage, call, calls, says
from aksara_agent.testing.scripted_model import ScriptedModel

__all__ = [
    "Call",
    "Entry",
    "LoopbackServer",
    "Reply",
    "ScriptError",
    "ScriptedModel",
    "Usage",
    "call",
    "calls",
    "drops",
    "fails",
    "says",
    "stalls",
]
