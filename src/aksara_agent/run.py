"""One run: drive a graph to its end, answer its questions, and gather what it did into a result."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, cast

from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from aksara_agent.approval import Approver, decide
from aksara_agent.events import AnyEvent, Approval, Complete, from_dict
from aksara_agent.graphs.wire import Graph
from aksara_agent.resources import Resources, with_resources
from aksara_agent.results import AgentResult, StopReason, files_of, findings_of, no_usage, suggestions_of
from aksara_agent.state import State
from aksara_agent.transcript import last_text


@dataclass
class Run:
    """A task on its way through a graph."""

    graph: Graph
    resources: Resources
    task: str
    session_id: str
    approver: Approver | None = None
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    async def events(self) -> AsyncGenerator[AnyEvent]:
        """Everything that happens, as it happens; the last event carries the result."""
        started = time.perf_counter()
        step: Any = {"messages": [HumanMessage(self.task, id=self.run_id)]}
        while step is not None:
            async for event in self.graph.astream(
                step, self._config, context=with_resources(self.resources), stream_mode="custom"
            ):
                yield from_dict(cast(dict[str, Any], event))
            step = None
            if waiting := await self._waiting():
                requests = [request for interrupt in waiting for request in interrupt.value["action_requests"]]
                yield Approval(requests=requests, run_id=self.run_id)
                step = await self._answer(waiting)
        result = await self._result((time.perf_counter() - started) * 1000)
        yield Complete(output=result.output, result=result, run_id=self.run_id, iteration=result.iterations)

    @property
    def _config(self) -> RunnableConfig:
        return {"configurable": {"thread_id": self.session_id}}

    async def _waiting(self) -> list[Any]:
        """The approval requests at which the graph has paused."""
        return list((await self.graph.aget_state(self._config)).interrupts)

    async def _answer(self, waiting: list[Any]) -> Command[Any] | None:
        """What to resume with; None leaves the run interrupted, to be answered by someone else later."""
        if self.approver is None:
            return None
        return Command(resume={interrupt.id: await decide(interrupt.value, self.approver) for interrupt in waiting})

    async def _result(self, duration_ms: float) -> AgentResult:
        snapshot = await self.graph.aget_state(self._config)
        state = cast(State, snapshot.values)
        actions = await self.resources.journal.actions(self.run_id)
        waiting = [request for interrupt in snapshot.interrupts for request in interrupt.value["action_requests"]]
        reason: StopReason = "interrupted" if waiting else state.get("stop_reason") or "aborted"
        exported = files_of(actions, "exported")
        return AgentResult(
            success=reason == "completed",
            output=last_text(state["messages"]),
            error=_waiting_text(waiting) if waiting else state.get("error"),
            stop_reason=reason,
            run_id=self.run_id,
            session_id=self.session_id,
            iterations=state.get("iterations", 0),
            actions=actions,
            duration_ms=duration_ms,
            usage=state.get("usage") or no_usage(),
            findings=findings_of(actions),
            suggestions=suggestions_of(actions),
            created_files=files_of(actions, "created"),
            modified_files=files_of(actions, "modified"),
            output_file=exported[-1] if exported else None,
            approvals=waiting,
        )


def _waiting_text(requests: list[dict[str, Any]]) -> str:
    names = ", ".join(request["name"] for request in requests)
    return f"Waiting for approval of {names}. Give an approval_callback to decide on it."
