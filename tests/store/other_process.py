"""What tests let another process do with a store, told by JSON on the command line; it answers in JSON lines.

Run by its path, because tests are no package.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from aksara_agent import AgentRuntime
from aksara_agent.store.store import open_store
from aksara_agent.testing import ScriptedModel, call, calls


def claim(project: str, checkpoints: str, session_id: str) -> None:
    """Take a session and stay at work until killed."""
    store = open_store(checkpoints, Path(project))
    tell({"epoch": store.sessions.claim(session_id, "single").epoch})
    sys.stdin.read()


def ask(project: str, checkpoints: str, paths: list[str]) -> None:
    """A supervised run that wants to write files and stops to ask."""
    wanted = calls(*(call("write_file", path=path, content="from the model") for path in paths))
    runtime = AgentRuntime(project, model=ScriptedModel(wanted), checkpoints=checkpoints)
    result = asyncio.run(runtime.execute("Write", mode="supervised"))
    tell({"session_id": result.session_id, "run_id": result.run_id, "approvals": result.approvals})


def tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    name, arguments = json.loads(sys.argv[1])
    {"claim": claim, "ask": ask}[name](**arguments)
