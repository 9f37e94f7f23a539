"""One run: drive a graph to its end, answer its questions, and gather what it did into a result."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, cast

from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command, StateSnapshot

from aksara_agent.approval import Approver, ApproverFailed, decide
from aksara_agent.errors import ApprovalPending, SessionTakenOver, StoreError
from aksara_agent.events import AnyEvent, Approval, Complete, from_dict
from aksara_agent.graphs.wire import Graph
from aksara_agent.resources import Resources, with_resources
from aksara_agent.results import AgentResult, StopReason, files_of, findings_of, no_usage, suggestions_of
from aksara_agent.state import State
from aksara_agent.store.database import Claim
from aksara_agent.store.sessions import HEARTBEAT_SECONDS
from aksara_agent.store.store import Store
from aksara_agent.transcript import last_text

RUN = "aksara_run"


@dataclass
class Run:
    """A task on its way through a graph, on a session that this process has claimed."""

    graph: Graph
    resources: Resources
    store: Store
    claim: Claim
    run_id: str
    approver: Approver | None = None

    @staticmethod
    def first_step(task: str, run_id: str) -> dict[str, Any]:
        """What starts a new run: a person's message, whose id is the run's."""
        return {"messages": [HumanMessage(task, id=run_id)]}

    async def begin(self, mode: str, task: str) -> None:
        """Record the run before anything of it happens. Raises ApprovalPending for a session that waits."""
        snapshot = await self.snapshot()
        if snapshot.interrupts:
            raise ApprovalPending(
                f"Session {self.claim.session_id} waits for approval of {_names(requests_of(snapshot))}. Decide with "
                "runtime.resume(session_id, decisions=…) first; the new message was not sent."
            )
        settings = self.resources.context.model_dump(mode="json")
        runs = self.store.runs
        await self.store.database.run(lambda: runs.begin(self.claim, self.run_id, mode, task, settings))

    async def events(self, step: Any) -> AsyncGenerator[AnyEvent]:
        """Everything that happens, as it happens; the last event carries the result."""
        started, no_answer = time.perf_counter(), None
        async with self._alive():
            while True:
                async with aclosing(self._advance(step)) as happening:
                    async for event in happening:
                        yield event
                snapshot = await self.snapshot()
                if not snapshot.interrupts:
                    break
                yield Approval(requests=requests_of(snapshot), run_id=self.run_id)
                if self.approver is None:
                    break
                try:
                    step = await self._answer(snapshot)
                except ApproverFailed as failed:
                    no_answer = str(failed)
                    break
        result = await self._result(snapshot, (time.perf_counter() - started) * 1000)
        result.error = no_answer or result.error
        await self.store.database.run(lambda: self.store.runs.finish(self.claim, self.run_id, result.stop_reason))
        yield Complete(output=result.output, result=result, run_id=self.run_id, iteration=result.iterations)

    async def snapshot(self) -> StateSnapshot:
        """Where the graph stands."""
        return await self.graph.aget_state(self.config)

    @property
    def config(self) -> RunnableConfig:
        """The session's thread; the epoch lets the saver refuse a run that was taken over.

        LangGraph keeps the run's id with each checkpoint, for ``run_of``.
        """
        thread, epoch = self.claim.session_id, self.claim.epoch
        return {"configurable": {"thread_id": thread, "epoch": epoch, RUN: self.run_id}}

    async def _advance(self, step: Any) -> AsyncGenerator[AnyEvent]:
        """Let the graph go until it ends or asks. Every step is on disk before the next one begins."""
        context = with_resources(self.resources)
        stream = self.graph.astream(step, self.config, context=context, stream_mode="custom", durability="sync")
        async with aclosing(cast(AsyncGenerator[dict[str, Any]], stream)) as written:
            async for event in written:
                yield from_dict(event)

    async def _answer(self, snapshot: StateSnapshot) -> Command[Any]:
        """Put the waiting requests to the approver. The time that a person takes does not count as the run's.

        The new start goes with the resources: as an update of the state it would stand twice in the same step
        after a crash, which LangGraph refuses.
        """
        assert self.approver is not None
        asked, seconds = time.time(), self.resources.context.approval_timeout_seconds
        answers = {i.id: await decide(i.value, self.approver, seconds) for i in snapshot.interrupts}
        started_at = max(snapshot.values.get("started_at", 0.0), self.resources.since) + time.time() - asked
        self.resources = replace(self.resources, since=started_at)
        return Command(resume=answers)

    @asynccontextmanager
    async def _alive(self) -> AsyncIterator[None]:
        """Show that this process lives while the run goes on."""
        beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def _beat(self) -> None:
        with suppress(SessionTakenOver):  # the next write of the run will find out and end it
            while True:
                await asyncio.sleep(HEARTBEAT_SECONDS)
                with suppress(StoreError):  # a missed beat ends no run; if the store stays away, its own writes tell
                    await self.store.database.run(lambda: self.store.sessions.renew(self.claim))

    async def _result(self, snapshot: StateSnapshot, duration_ms: float) -> AgentResult:
        state = cast(State, snapshot.values)
        actions = await self.resources.journal.actions(self.run_id)
        waiting = requests_of(snapshot)
        reason: StopReason = "interrupted" if waiting else state.get("stop_reason") or "aborted"
        exported = files_of(actions, "exported")
        return AgentResult(
            success=reason == "completed",
            output=last_text(state.get("messages", [])),
            error=_waiting_text(waiting) if waiting else state.get("error"),
            stop_reason=reason,
            run_id=self.run_id,
            session_id=self.claim.session_id,
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


async def result_of(events: AsyncGenerator[AnyEvent]) -> AgentResult:
    """Wait for the end of a run."""
    async with aclosing(events) as happening:
        async for event in happening:
            if event.type == "complete":
                return event.result
    raise AssertionError("a run always completes")


def run_of(snapshot: StateSnapshot) -> str | None:
    """The run that wrote this checkpoint. Not ``values["run_id"]``, which follows only with the first thought."""
    written_by: str | None = (snapshot.metadata or {}).get(RUN)  # type: ignore[assignment]
    return written_by or snapshot.values.get("run_id")


def requests_of(snapshot: StateSnapshot) -> list[dict[str, Any]]:
    """The calls that wait for a decision."""
    return [request for interrupt in snapshot.interrupts for request in interrupt.value["action_requests"]]


def _waiting_text(requests: list[dict[str, Any]]) -> str:
    return (
        f"Waiting for approval of {_names(requests)}. Give an approval_callback, "
        "or decide with runtime.resume(session_id, decisions=…)."
    )


def _names(requests: list[dict[str, Any]]) -> str:
    return ", ".join(request["name"] for request in requests)
