"""The run that is killed: a model that goes by what it reads, and tools whose every real effect can be counted."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crash_points import CALL, Switch
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from aksara_agent.tools import Tool, ToolContext
from aksara_agent.tools.system.write_file import WriteFile

PLAN: list[list[tuple[str, dict[str, str]]]] = [
    [("read_notes", {"label": "first"})],
    [
        ("write_file", {"path": "one.txt", "content": "first\n"}),
        ("append_ledger", {"label": "parallel"}),
        ("save_row", {"label": "row"}),
    ],
    [("write_file", {"path": "one.txt", "content": "second\n"}), ("read_notes", {"label": "second"})],
    [("deploy", {"label": "deploy"})],
    [("append_ledger", {"label": "last"}), ("write_file", {"path": "deep/two.txt", "content": "two\n"})],
]
CALLS = {f"call-{step}-{n}": made for step, calls in enumerate(PLAN) for n, made in enumerate(calls)}
FILES = {"one.txt": "second\n", "deep/two.txt": "two\n"}
LABELS = {"append_ledger": ["{}"], "deploy": ["{}"], "save_row": ["{} begins", "{} ends"]}


class Watched(Tool, abstract=True):
    """A tool that passes the places ``before`` and ``after`` of its call."""

    def __init__(self, outside: Path, switch: Switch) -> None:
        self.outside, self.switch = outside, switch

    async def run(self, arguments: dict[str, Any], context: ToolContext) -> Any:
        CALL.set(context.call_id)
        self.reach("before")
        output = await super().run(arguments, context)
        self.reach("after")
        return output

    def reach(self, place: str) -> None:
        self.switch.reach(f"{CALL.get()}:{place}")

    def append(self, line: str) -> None:
        """One line in the ledger that no journal knows of: the proof that an effect really happened."""
        ledger = os.open(self.outside / "ledger.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(ledger, f"{line}\n".encode())
            self.reach("middle")
            os.fsync(ledger)
        finally:
            os.close(ledger)


class WatchedWriteFile(Watched, WriteFile):
    """The built-in tool, watched."""


class ReadNotes(Watched):
    name, description, effect = "read_notes", "Read the notes.", "read"

    async def execute(self, label: str) -> str:
        self.reach("middle")
        return f"notes {label}"


class AppendLedger(Watched):
    name, description, effect = "append_ledger", "Append a line to the ledger outside the project.", "external"

    def execute(self, label: str) -> str:  # a plain function, so it runs in a thread
        self.append(label)
        return f"appended {label}"


class Deploy(Watched):
    name, description, effect = "deploy", "Deploy; needs approval.", "external"

    async def execute(self, label: str) -> str:
        self.append(label)
        return f"deployed {label}"


class SaveRow(Watched):
    name, description, effect = "save_row", "Save a row in two steps; not through the workspace.", "write"

    async def execute(self, context: ToolContext, label: str) -> str:
        self.append(f"{label} begins")
        others = {"when-another-is-done": ["call-1-1"], "when-the-others-are-done": ["call-1-0", "call-1-1"]}
        if (point := self.switch.point or "") in others:
            for call_id in others[point]:
                await self._wait_for(call_id, context)
            self.switch.reach(point)
        self.append(f"{label} ends")
        return f"saved {label}"

    async def _wait_for(self, call_id: str, context: ToolContext) -> None:
        while (other := await context.journal.find(context.run_id, call_id)) is None or other.status != "done":
            await asyncio.sleep(0.001)


def tools_of(outside: Path, switch: Switch) -> list[Tool]:
    """The tools of the run."""
    return [kind(outside, switch) for kind in (WatchedWriteFile, ReadNotes, AppendLedger, Deploy, SaveRow)]


class PlannedModel(BaseChatModel):
    """Answers from the messages alone, so that a process that goes on gets the right next answer.

    With ``stubborn`` it asks once more for each call whose outcome it was told is unknown. What it hears is
    kept in ``heard.json``.
    """

    switch: Any
    outside: Path
    stubborn: bool = False

    @property
    def _llm_type(self) -> str:
        return "planned"

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Any:
        return self.bind(tools=list(tools), **options)

    def _generate(self, messages: list[BaseMessage], *rest: Any, **options: Any) -> ChatResult:
        raise NotImplementedError("the runtime asks with ainvoke")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **options: Any,
    ) -> ChatResult:
        made = [call["id"] or "" for m in messages if isinstance(m, AIMessage) for call in m.tool_calls]
        step = len({identity.split("-")[1] for identity in made if identity.startswith("call-")})
        self.switch.reach(f"model-{step}:before")
        (self.outside / "heard.json").write_text(json.dumps(heard(messages)))
        answer = self._small_talk(messages) or self._repeat(messages, made) or _planned(step)
        self.switch.reach(f"model-{step}:after")
        return ChatResult(generations=[ChatGeneration(message=answer)])

    @staticmethod
    def _small_talk(messages: list[BaseMessage]) -> AIMessage | None:
        """The plan is the first message; to a later one it only says what it was asked."""
        asked = [str(message.content) for message in messages if isinstance(message, HumanMessage)]
        return AIMessage(f"You asked: {' / '.join(asked)}") if len(asked) > 1 else None

    def _repeat(self, messages: list[BaseMessage], made: list[str]) -> AIMessage | None:
        unknown = [i for i, text in heard(messages) if "is not known" in text and f"again-{i}" not in made]
        if not self.stubborn or not unknown:
            return None
        return _asking([(f"again-{i}", *CALLS[i]) for i in unknown if i in CALLS])


def heard(messages: Sequence[BaseMessage]) -> list[tuple[str, str]]:
    """What the model was told about each call."""
    return [(m.tool_call_id, str(m.content)) for m in messages if isinstance(m, ToolMessage)]


def _planned(step: int) -> AIMessage:
    if step == len(PLAN):
        return AIMessage("All done.")
    return _asking([(f"call-{step}-{n}", *call) for n, call in enumerate(PLAN[step])])


def _asking(calls: list[tuple[str, str, dict[str, str]]]) -> AIMessage:
    made = [{"id": identity, "name": name, "args": args, "type": "tool_call"} for identity, name, args in calls]
    return AIMessage("", tool_calls=made)
