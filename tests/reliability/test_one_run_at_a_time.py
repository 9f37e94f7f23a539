"""One run at a time: others are told that a session is busy, and may go on as soon as its process is dead."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crash_host import Case, run_fresh
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from test_stop_and_wake import stopped

from aksara_agent import AgentRuntime

SESSIONS, TURNS = 200, 2


def test_a_session_at_work_is_busy_until_its_process_is_killed(tmp_path: Path) -> None:
    case = Case(tmp_path, run_fresh)
    with stopped(case, "model-1:before") as (process, _):
        assert case.perform("message", text="And now?")["error"] == "SessionBusy"
        process.send_signal(signal.SIGKILL)  # nobody has asked for its status yet, so it is a zombie
        assert case.perform("message", text="And now?")["result"]["output"].startswith("You asked: Do the plan")


class NumberedModel(BaseChatModel):
    """Knows its number only from the first message of the conversation; takes a note, then says what it knows."""

    @property
    def _llm_type(self) -> str:
        return "numbered"

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Any:
        return self.bind(tools=list(tools), **options)

    def _generate(self, messages: list[BaseMessage], *rest: Any, **options: Any) -> ChatResult:
        said = [m for m in messages if m.type != "system"]
        number, asked = str(said[0].content), sum(m.type == "human" for m in said)
        answer = AIMessage(f"{number} in turn {asked}, with {len(said)} messages")
        if said[-1].type == "human":
            note = {"number": number, "turn": asked}
            answer = AIMessage("", tool_calls=[{"id": f"call-{asked}", "name": "take_note", "args": note}])
        return ChatResult(generations=[ChatGeneration(message=answer)])


async def test_two_hundred_sessions_at_once_are_neither_lost_nor_mixed(tmp_path: Path) -> None:
    notes: list[tuple[str, int]] = []

    async def take_note(number: str, turn: int) -> str:
        """Take a note."""
        await asyncio.sleep(0)
        notes.append((number, turn))
        return f"noted {number}"

    runtime = AgentRuntime(tmp_path, model=NumberedModel(), tools=[take_note])

    async def talk(number: int) -> list[Any]:
        session = runtime.start_session(f"session-{number}")
        return [await session.send(str(number)) for _ in range(TURNS)]

    results = await asyncio.gather(*(talk(number) for number in range(SESSIONS)))
    for number, turns in enumerate(results):
        assert [result.output for result in turns] == [
            f"{number} in turn 1, with 3 messages",
            f"{number} in turn 2, with 7 messages",
        ]
        for turn, result in enumerate(turns, 1):
            assert [(a.status, a.input) for a in result.actions] == [("done", {"number": str(number), "turn": turn})]
    assert sorted(notes) == sorted((str(n), turn) for n in range(SESSIONS) for turn in range(1, TURNS + 1))
    listed = {info["session_id"]: (info["runs"], info["last_status"]) for info in await _sessions(runtime)}
    assert listed == {f"session-{number}": (TURNS, "completed") for number in range(SESSIONS)}


async def _sessions(runtime: AgentRuntime) -> list[Any]:
    found = runtime.sessions()
    return list(await found if asyncio.iscoroutine(found) else found)
