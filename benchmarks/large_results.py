"""Memory and disk of a run with many large tool results, compared with what the tools returned."""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says
from aksara_agent.tools import register_tool

RESULTS, FEW, SIZE = 2_000, 20, 20_000
MAX_MEMORY, MAX_DISK = 3.0, 6.0  # times what the tools returned; the result itself holds it once


@register_tool(effect="read")
def page(number: int) -> str:
    """A page of text."""
    return f"{number} " + "x" * SIZE


class Forgetful(ScriptedModel):
    """Keeps no request, so that only the runtime's own memory is measured."""

    def _next_reply(self, messages: list[Any], tools: list[dict[str, Any]] | None) -> Any:
        reply = super()._next_reply(messages, tools)
        self._script.requests[-1] = None
        return reply


async def run(results: int, root: Path) -> dict[str, float]:
    """One run that reads so many pages."""
    model = Forgetful(*(calls(call("page", number=number)) for number in range(results)), says("Read."))
    unlimited: Any = {"max_iterations": None, "max_tool_calls": None, "timeout_seconds": None}
    async with AgentRuntime(root, model=model, tools=["page"], **unlimited) as runtime:
        result = await runtime.execute("Read everything")
        assert result.success and len(result.actions) == results
    disk = sum(file.stat().st_size for file in (root / ".aksara").iterdir())
    return {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "disk": disk}


def measured(results: int) -> dict[str, float]:
    """The same in a process of its own."""
    done = subprocess.run([sys.executable, __file__, str(results)], check=True, capture_output=True, text=True)
    numbers: dict[str, float] = json.loads(done.stdout)
    return numbers


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    few, many = measured(FEW), measured(RESULTS)
    returned = (RESULTS - FEW) * SIZE
    missed = 0
    print(f"{RESULTS} results of {SIZE / 1000:.0f} kB: {RESULTS * SIZE / 1e6:.0f} MB")
    for name, goal in (("memory", MAX_MEMORY), ("disk", MAX_DISK)):
        grown = many[name] - few[name]
        missed += grown > goal * returned
        print(f"{name:8} grew by {grown / 1e6:6.0f} MB, {grown / returned:.2f} × of that (goal {goal:.1f})")
    return min(missed, 1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(asyncio.run(run(int(sys.argv[1]), Path(folder)))))
    else:
        sys.exit(main())
